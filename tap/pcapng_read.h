/* Reads pcapng: what libpcap does not hand on (comments, names of interfaces, link types that differ in one
 * file) and what it does.
 *
 * Both byte orders and several sections; enhanced, simple and obsolete packet blocks; all other blocks and
 * options are skipped, known or not. No length in the file is trusted, memory is bounded whatever it says, and
 * it is read once from front to back, so a pipe will do. Lengths of sections are not needed and not looked at.
 * draft-ietf-opsawg-pcapng. The face for every kind of capture: tap/pcapfile.h. Next: tap/pcapng_time.h. */
#ifndef TAP_PCAPNG_READ_H
#define TAP_PCAPNG_READ_H

#include <stdio.h>

#include "tap/pcapfile.h"

enum {
    PCAPNG_INTERFACES = 1 << 16, /* interfaces of one section */
    PCAPNG_NAME = 128            /* octets of the name of one, with the NUL; a longer one is cut */
};

struct pcapng_reader;

/* Reads the header of the first section; `file` stays the caller's. NULL: `error` says in one line why. This
 * line, like those of pcapng_next, does not name the file. */
struct pcapng_reader *pcapng_open(FILE *file, char error[PCAPFILE_ERROR]);

/* Reads up to the next frame. Its comment is all comments of its block, a line each; its time is
 * pcapng_time, not yet judged; a simple packet block has no time of its own and takes that of the frame before
 * it. BAD: `error` names the frame or the block, from 1, and nothing more can be read. */
enum pcapfile_result pcapng_next(struct pcapng_reader *reader, struct pcapfile_frame *frame,
                                 char error[PCAPFILE_ERROR]);

void pcapng_close(struct pcapng_reader *reader);

#endif
