/* The pcapng format: what reader and writer share.
 *
 *      0      4        8                      n - 4
 *     | type | length | body ...             | length |     a block; n, its length, is a multiple of 4
 *     | code | size | value ... up to 4 |                   an option, two octets of code and two of size
 *
 * A section begins with its header block, whose third word tells the byte order of all its numbers; then come
 * a description for each interface and blocks for frames, in any order that describes an interface first.
 * draft-ietf-opsawg-pcapng sections 3 and 4. Next: tap/pcapng_read.h, tap/pcapng_write.h. */
#ifndef TAP_PCAPNG_H
#define TAP_PCAPNG_H

#include <stdint.h>

enum {
    PCAPNG_SECTION = 0x0a0d0d0a, /* types of blocks; this one is the same in both byte orders */
    PCAPNG_INTERFACE = 1,
    PCAPNG_PACKET = 2, /* obsolete */
    PCAPNG_SIMPLE = 3,
    PCAPNG_STATISTICS = 5,
    PCAPNG_ENHANCED = 6
};

enum {
    PCAPNG_ORDER = 0x1a2b3c4d, /* the third word of a section */
    PCAPNG_MAJOR = 1,
    PCAPNG_FRAMING = 12 /* octets of a block around its body */
};

enum {
    PCAPNG_OPT_END = 0, /* options of every block */
    PCAPNG_OPT_COMMENT = 1,
    PCAPNG_SHB_USERAPPL = 4,
    PCAPNG_IF_NAME = 2,
    PCAPNG_IF_TSRESOL = 9,
    PCAPNG_IF_TSOFFSET = 14,
    PCAPNG_EPB_FLAGS = 2,
    PCAPNG_EPB_PACKETID = 5,
    PCAPNG_ISB_IFRECV = 4,
    PCAPNG_ISB_IFDROP = 5
};

/* Octets up to the next multiple of four. */
static inline uint32_t pcapng_padded(uint32_t size)
{
    return (size + 3) & ~UINT32_C(3);
}

#endif
