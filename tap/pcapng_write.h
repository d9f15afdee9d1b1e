/* Writes pcapng: frames of several interfaces in one file, with comments.
 *
 * One section; an interface description for each interface, times in nanoseconds; an enhanced packet block for
 * each frame; at the end what each interface saw and dropped. Always little-endian, and nothing of the host or
 * its clock is in it: the same calls give the same octets everywhere. draft-ietf-opsawg-pcapng. Next:
 * tap/pcapng.h. */
#ifndef TAP_PCAPNG_WRITE_H
#define TAP_PCAPNG_WRITE_H

#include "tap/pcapfile.h"

enum {
    PCAPNG_COMMENT = 65535 /* octets of the longest comment; more is cut */
};

enum pcapng_direction {
    PCAPNG_UNKNOWN,
    PCAPNG_INBOUND,
    PCAPNG_OUTBOUND
};

struct pcapng_packet {
    unsigned interface; /* as pcapng_interface numbered it */
    tapir_instant time; /* nanoseconds since 1970; need not follow that of the packet before */
    const uint8_t *data;
    uint32_t size;    /* octets, up to PCAPFILE_FRAME */
    uint32_t on_wire; /* octets that it had, never less */
    enum pcapng_direction direction;
    uint64_t id;         /* the same packet has the same wherever it is seen; 0: not told */
    const char *comment; /* UTF-8, or NULL */
};

struct pcapng_writer;

/* Creates or overwrites `path` ("-": stdout). NULL: `error` says in one line why. */
struct pcapng_writer *pcapng_create(const char *path, char error[PCAPFILE_ERROR]);

/* Describes an interface of Ethernet, before its first packet; `name`: as "r1:lan", or NULL. Returns its number,
 * from 0 in the order of the calls. */
unsigned pcapng_interface(struct pcapng_writer *writer, const char *name);

/* Appends a packet. Errors show in pcapng_finish. */
void pcapng_write(struct pcapng_writer *writer, const struct pcapng_packet *packet);

/* That many more packets of the interface were dropped. */
void pcapng_dropped(struct pcapng_writer *writer, unsigned interface, uint64_t n);

/* Writes the statistics (received: what was written, both ways), flushes and closes. False: not everything could
 * be written; `error` says why. NULL is fine. */
bool pcapng_finish(struct pcapng_writer *writer, char error[PCAPFILE_ERROR]);

#endif
