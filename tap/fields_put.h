/* How the files that know a protocol say what stands where: tables of rows over the octets of a layer.
 *
 * Private to tap/fields*.c. Next: tap/fields_ip4.c, a layer with everything. */
#ifndef TAP_FIELDS_PUT_H
#define TAP_FIELDS_PUT_H

#include "tap/fields.h"

enum field_form {
    FIELD_DECIMAL,
    FIELD_SIGNED, /* of 4 octets */
    FIELD_HEX,
    FIELD_FLAG, /* "set", "not set" */
    FIELD_IP4,
    FIELD_MAC,
    FIELD_BYTES
};

/* What a number means; a list ends with a NULL. */
struct field_word {
    uint32_t value;
    const char *text;
};

struct field_row {
    const char *name;
    uint8_t at, size; /* octets of the layer; 1, 2 or 4 for numbers */
    enum field_form form;
    uint32_t mask;                  /* of the number; 0: all of it. It is shifted down to its lowest bit */
    uint8_t unit;                   /* the number counts so many octets; 0: one */
    const struct field_word *words; /* "TCP (6)"; or NULL */
};

/* What is left of a frame, seen by one layer. */
struct layer {
    struct fields *fields;
    const uint8_t *frame;
    size_t at, end;   /* octets of the frame */
    const char *name; /* "IPv4" */
    bool is_quoted;   /* inside an ICMP error */
    bool is_whole;    /* nothing was cut off, so checksums can be checked */
};

/* Octets of the layer, from its start. */
size_t layer_size(const struct layer *layer);
const uint8_t *layer_data(const struct layer *layer);

/* The layer of that name from octet `at` of this one on. */
struct layer layer_inside(const struct layer *layer, const char *name, size_t at);

/* Puts the rows. False: the layer ends before the last of them, and what there is of it was put as "rest". */
bool fields_put(const struct layer *layer, const struct field_row rows[], size_t n);

/* Puts one row whose octets are there, under a name that was made up. */
void fields_put_named(const struct layer *layer, const struct field_row *row, size_t base, const char *name);

/* Puts octets `at` to the end of the layer, if there are any. */
void fields_put_rest(const struct layer *layer, const char *name, size_t at);

/* Appends " (note)" to the text of a field of this layer. */
void fields_note(const struct layer *layer, const char *name, const char *note);

/* The number that a row means. */
uint32_t fields_number(const uint8_t *data, const struct field_row *row);

/* The word for a number, or NULL. */
const char *fields_word(const struct field_word *words, uint32_t value);

#define FIELDS_PUT(layer, rows) fields_put(layer, rows, sizeof(rows) / sizeof((rows)[0]))

/* The layers, each in a file of its own. */
void fields_ip4(const struct layer *layer);
void fields_icmp4(const struct layer *layer);
/* `pseudo`: the sum of the pseudo-header, see wire/checksum.h. */
void fields_udp(const struct layer *layer, uint64_t pseudo);
void fields_tcp(const struct layer *layer, uint64_t pseudo);

#endif
