/* A frame in the words of its protocols: a list of fields, each with its name, its value as text and the octets in which it
 * stands.
 *
 *     "Ethernet destination"  02:00:00:00:01:01    0 to 5
 *     "IPv4 TTL"              64                  22
 *     "quoted UDP checksum"   0x1c2e              68 to 69
 *
 * Every octet of the frame belongs to at least one field, whatever the frame is: what no table knows is the payload of the
 * layer before it. The same place has the same name in two frames, and no name comes twice in one. Next: tap/difference.h. */
#ifndef TAP_FIELDS_H
#define TAP_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FIELDS_MAX = 1024, /* of one frame; the last one then holds all that is left of it */
    FIELD_NAME = 56,
    FIELD_TEXT = 80
};

struct field {
    char name[FIELD_NAME]; /* layer, blank, name */
    char text[FIELD_TEXT];
    uint32_t at, size; /* octets of the frame */
    uint8_t layer;     /* octets of `name` that are the layer's */
    bool is_bytes;     /* no number but octets: the text may be only their beginning */
};

struct fields {
    size_t n;
    struct field list[FIELDS_MAX];
};

/* Takes an Ethernet frame of `size` octets apart. Nothing in it is an error. */
void fields_parse(const uint8_t *frame, size_t size, struct fields *fields);

/* The field of that name; NULL: there is none. */
const struct field *fields_find(const struct fields *fields, const char *name);

/* One line about a frame, cut at `room`: "ICMP echo reply (0), 10.77.1.1 to 10.77.1.10, 98 octets". */
void fields_summary(const struct fields *fields, size_t size, char *line, size_t room);

#endif
