/* Blocks and options of a pcapng stream, one at a time.
 *
 * The bodies of blocks that describe sections, interfaces and frames are kept until the next one; those of all
 * others are skipped. No length is trusted, memory is bounded. `error` is one line that names the frame or the
 * block, but not the file. draft-ietf-opsawg-pcapng section 3. Next: tap/pcapng_read.c. */
#ifndef TAP_PCAPNG_BLOCK_H
#define TAP_PCAPNG_BLOCK_H

#include <stdio.h>

#include "tap/pcapfile.h"

enum {
    PCAPNG_BLOCK = 1 << 20 /* octets of the longest body that is kept */
};

/* The mend of a file that is damaged. */
#define PCAPNG_KEEP "; what stands before it can be kept with: editcap FILE NEWFILE"

struct pcapng_block {
    FILE *file;              /* the caller's; the rest begins as zeros */
    uint64_t number, frames; /* blocks and frames that have begun so far */
    bool big_endian;
    uint32_t type, size; /* its size is that of the body */
    uint8_t body[PCAPNG_BLOCK];
};

struct pcapng_option {
    uint16_t code, size;
    uint8_t *value;
};

/* Reads one block; the first of all must begin a section. END: the file ends where a block may end. */
enum pcapfile_result pcapng_next_block(struct pcapng_block *block, char error[PCAPFILE_ERROR]);

/* It holds a frame: an enhanced, simple or obsolete packet block. */
bool pcapng_has_frame(uint32_t type);

/* Numbers of its body, in the byte order of its section. */
uint16_t pcapng_get16(const struct pcapng_block *block, const uint8_t *at);
uint32_t pcapng_get32(const struct pcapng_block *block, const uint8_t *at);
uint64_t pcapng_get64(const struct pcapng_block *block, const uint8_t *at);

/* Reads the option at `*at` of the body and goes on behind it. END: there is none any more. */
enum pcapfile_result pcapng_next_option(struct pcapng_block *block, uint32_t *at,
                                        struct pcapng_option *option, char error[PCAPFILE_ERROR]);

/* Puts all comments among the options from `at` of the body together, a line each, and writes over the options
 * with that. `*comment` stays as it is without any. END, or BAD. */
enum pcapfile_result pcapng_comments(struct pcapng_block *block, uint32_t at, const char **comment,
                                     char error[PCAPFILE_ERROR]);

/* Writes what is wrong with the block, or with its frame; returns BAD. */
enum pcapfile_result pcapng_bad(const struct pcapng_block *block, char error[PCAPFILE_ERROR],
                                const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
