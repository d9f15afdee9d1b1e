/* Longest prefix match: from an address to the number that belongs to the longest prefix around it.
 *
 * A tree bitmap of six bits a level, in two parts: prefixes of up to 12 bits hang from `root`, with levels
 * at 0 and 6; longer ones hang from one of 4,096 `tops`, which their first 12 bits name, with levels at 12,
 * 18, 24 and 30. So most lookups read two nodes, and ask the short prefixes only where no long one matches.
 *
 * A node says in 128 bits which prefixes end within its six bits (lengths depth + 1 to depth + 6, so that a
 * /24 needs no node of its own) and in 64 bits which children there are; one pointer leads to its body, the
 * children and then the values, packed without gaps:
 *
 *     node, 32 octets:  | full 64 | part 64 | children 64 | body * |
 *     body:             | node | node | ... | value | value | value | ...
 *
 * An update rewrites one body, at most 64 nodes and 127 values (2.5 KiB), and makes or drops at most three
 * nodes; a short prefix touches none of the longer ones below it. An empty table holds no memory; the first
 * prefix of more than 12 bits takes 32 KiB for pointers. Measured figures and what was rejected:
 * docs/decisions/lpm.md. Next: route/table.h. */
#ifndef ROUTE_LPM_H
#define ROUTE_LPM_H

#include "route/lpm_runs.h"

/* Heap order of the prefixes that end in a node: 1 is the empty one (/0, only in the root), 2 and 3 are one
 * bit long, 64 to 127 are six bits long. */
struct lpm_node {
    uint64_t full;     /* 64 to 127: bit = the six bits */
    uint64_t part;     /* 1 to 63 */
    uint64_t children; /* bit = the six bits */
    void *body;        /* NULL: neither children nor values */
};

struct lpm {
    struct memory *memory;
    struct lpm_node root;   /* of prefixes of up to LPM_TOP bits */
    struct lpm_node **tops; /* of longer ones: 1 << LPM_TOP places, NULL where none is; NULL: none at all */
    struct lpm_runs runs;   /* bodies */
    uint32_t count;         /* prefixes */
};

/* Prepares an empty table; takes no memory until the first prefix comes. `memory` must outlive it. */
void lpm_init(struct lpm *lpm, struct memory *memory);

/* Gives all memory back; the table is empty then. */
void lpm_free(struct lpm *lpm);

/* Sets the value (not 0) of a prefix; bits beyond its length do not count. False: no memory, nothing has
 * changed. */
bool lpm_insert(struct lpm *lpm, struct ip4_prefix prefix, uint32_t value);

/* Takes a prefix out. Needs no memory. False: it was not there. */
bool lpm_remove(struct lpm *lpm, struct ip4_prefix prefix);

/* The value of the longest prefix around `address`; 0: there is none. */
uint32_t lpm_lookup(const struct lpm *lpm, struct ip4 address);

/* The same for `n` addresses at once, several times faster in a large table because the cache misses overlap.
 */
void lpm_lookup_batch(const struct lpm *lpm, const struct ip4 addresses[], uint32_t values[], size_t n);

/* The value of this very prefix; 0: it is not there. */
uint32_t lpm_exact(const struct lpm *lpm, struct ip4_prefix prefix);

/* Walks through the prefixes by address, then by length: finds the first one at or after `*cursor` (0: the
 * first of all; 38 bits) and moves the cursor beyond it. False: no more. The table may change between two
 * calls. */
bool lpm_next(const struct lpm *lpm, uint64_t *cursor, struct ip4_prefix *prefix, uint32_t *value);

#endif
