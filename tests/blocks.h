/* Blocks of memory for the stacks that tests make, dirty as far as it costs little.
 *
 * A stack reserves tens of megabytes and touches little of them. A heap under AddressSanitizer writes an octet for each eight
 * of a block, twice, which was most of the time of the tests; so a large block is a mapping of its own. Behind it
 * lies memory that nobody may touch, before it too but for the rest of its first page, and so are the last 64 blocks that were given
 * back: any build ends who tries. Smaller blocks are the heap's, and AddressSanitizer's.
 *
 * Next: tests/world/bench.c. */
#ifndef TESTS_BLOCKS_H
#define TESTS_BLOCKS_H

#include <stddef.h>

enum {
    BLOCK_LARGE = 65536 /* a larger one is dirty at its begin alone */
};

/* A block aligned to 16, or NULL. */
void *block_take(size_t size);

/* Takes the block back with the size that was asked for. */
void block_give(void *block, size_t size);

#endif
