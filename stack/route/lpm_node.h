/* The nodes of the trie from inside: which bit is which prefix, where children and values stand in a body.
 *
 * For lpm.c and lpm_lookup.c alone. Next: route/lpm.c (updates), route/lpm_lookup.c. */
#ifndef ROUTE_LPM_NODE_H
#define ROUTE_LPM_NODE_H

#include "route/lpm.h"

enum {
    LPM_STRIDE = 6,
    LPM_TOP = 12,  /* bits that name one of the tops, and its depth */
    LPM_LEVELS = 4 /* at most, from a root or a top down */
};

#define LPM_BIT(n) (UINT64_C(1) << (n))

/* Set bits: one instruction where the compiler may use it (PROCESSOR in the Makefile), else a call into its library. */
static inline unsigned lpm_count_bits(uint64_t x)
{
    return (unsigned)__builtin_popcountll(x);
}

/* The six bits of an address that a node at `depth` looks at: its slot there. */
static inline unsigned lpm_slot(struct ip4 address, unsigned depth)
{
    return address.value << depth >> (32 - LPM_STRIDE);
}

/* Which top an address lies below. */
static inline uint32_t lpm_top_place(struct ip4 address)
{
    return address.value >> (32 - LPM_TOP);
}

/* NULL: no long prefix begins as the address does. */
static inline struct lpm_node *lpm_top(const struct lpm *lpm, struct ip4 address)
{
    return lpm->tops == NULL ? NULL : lpm->tops[lpm_top_place(address)];
}

/* The depth of the node where a prefix ends. */
static inline unsigned lpm_depth(struct ip4_prefix prefix)
{
    return prefix.length == 0 ? 0 : (prefix.length - 1U) / LPM_STRIDE * LPM_STRIDE;
}

/* The depth where the way to a prefix begins: that of the root or of a top. */
static inline unsigned lpm_base(struct ip4_prefix prefix)
{
    return prefix.length > LPM_TOP ? LPM_TOP : 0;
}

/* Its place in the heap of that node. */
static inline unsigned lpm_place(struct ip4_prefix prefix)
{
    unsigned depth = lpm_depth(prefix), length = prefix.length - depth;
    return 1U << length | lpm_slot(prefix.address, depth) >> (LPM_STRIDE - length);
}

static inline bool lpm_is_empty(const struct lpm_node *node)
{
    return (node->full | node->part | node->children) == 0;
}

static inline bool lpm_has_prefix(const struct lpm_node *node, unsigned place)
{
    return ((place < 64 ? node->part : node->full) >> (place & 63) & 1) != 0;
}

static inline bool lpm_has_child(const struct lpm_node *node, unsigned slot)
{
    return (node->children >> slot & 1) != 0;
}

/* The child at a slot, or where it would stand. The node has a body. */
static inline struct lpm_node *lpm_child(const struct lpm_node *node, unsigned slot)
{
    return (struct lpm_node *)node->body + lpm_count_bits(node->children << (63 - slot) << 1);
}

/* The values in the body of a node, behind its children. */
static inline uint32_t *lpm_values(const struct lpm_node *node)
{
    return (uint32_t *)(void *)((struct lpm_node *)node->body + lpm_count_bits(node->children));
}

/* The value of a place, or where it would stand. The node has a body. */
static inline uint32_t *lpm_value(const struct lpm_node *node, unsigned place)
{
    uint64_t below = LPM_BIT(place & 63) - 1;
    unsigned rank = place < 64 ? lpm_count_bits(node->part & below)
                               : lpm_count_bits(node->part) + lpm_count_bits(node->full & below);
    return lpm_values(node) + rank;
}

#endif
