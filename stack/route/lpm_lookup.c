/* Lookups in the trie: the longest prefix, one, many at once, a very one, the next one. Updates: route/lpm.c.
 */
#include "route/lpm_node.h"

#include "wire/addr.h"

enum {
    BATCH =
        32 /* walks at once: more than a core has misses in flight, few enough to stay in its first cache */
};

/* For the upper five bits of a slot: the places 1 to 63 of the prefixes around it. */
#define UP(place, n) LPM_BIT((place) >> (n))
#define AROUND(a)                                                                              \
    (UP(32 | (a), 0) | UP(32 | (a), 1) | UP(32 | (a), 2) | UP(32 | (a), 3) | UP(32 | (a), 4) | \
     UP(32 | (a), 5))
#define AROUND4(a) AROUND(a), AROUND((a) + 1), AROUND((a) + 2), AROUND((a) + 3)
static const uint64_t around[32] = {AROUND4(0),  AROUND4(4),  AROUND4(8),  AROUND4(12),
                                    AROUND4(16), AROUND4(20), AROUND4(24), AROUND4(28)};

/* Place of the highest bit; x is not 0. */
static unsigned highest(uint64_t x)
{
    return 63 - (unsigned)__builtin_clzll(x);
}

/* Does a prefix that ends in this node lie around the slot? */
static bool matches(const struct lpm_node *node, unsigned slot)
{
    return ((node->full >> slot & 1) | (node->part & around[slot >> 1])) != 0;
}

/* The value of the longest prefix around a slot that has one. */
static inline const uint32_t *match(const struct lpm_node *node, unsigned slot)
{
    unsigned partly = highest((node->part & around[slot >> 1]) | 1);
    return lpm_value(node, lpm_has_prefix(node, 64 + slot) ? 64 + slot : partly);
}

/* A node, and the slot in it whose longest prefix is the match. NULL: there is none. */
struct found {
    const struct lpm_node *node;
    unsigned slot;
};

/* The deepest match from a node on, which lies at `depth`. */
static struct found find_below(const struct lpm_node *node, unsigned depth, struct ip4 address)
{
    struct found found = {0};
    for (;; depth += LPM_STRIDE) {
        unsigned slot = lpm_slot(address, depth);
        if (matches(node, slot))
            found = (struct found){node, slot};
        if (!lpm_has_child(node, slot))
            return found;
        node = lpm_child(node, slot);
    }
}

/* Where a match lies; no match: where a 0 lies. */
static inline const uint32_t *value_of(struct found found)
{
    static const uint32_t none = 0;
    return found.node == NULL ? &none : match(found.node, found.slot);
}

uint32_t lpm_lookup(const struct lpm *lpm, struct ip4 address)
{
    const struct lpm_node *top = lpm_top(lpm, address);
    struct found found = {0};
    if (top != NULL)
        found = find_below(top, LPM_TOP, address);
    if (found.node == NULL)
        found = find_below(&lpm->root, 0, address);
    return *value_of(found);
}

/* ---- many at once -------------------------------------------------------------------------------------- */

/* One of the walks of a batch: the node where it is, and the deepest match yet. */
struct walk {
    const struct lpm_node *node;
    struct found found;
    struct ip4 address;
};

/* `a` if `first`, else `b`; never by a branch, since which it is is chance: each wrong guess costs more than the whole step. */
static inline uintptr_t pick(bool first, uintptr_t a, uintptr_t b)
{
    return b ^ ((a ^ b) & -(uintptr_t)first);
}

/* Goes on to the child at a slot. False: there is none. */
static inline bool walk_on(struct walk *walk, const struct lpm_node *node, unsigned slot)
{
    if (!lpm_has_child(node, slot))
        return false;
    walk->node = lpm_child(node, slot);
    __builtin_prefetch(walk->node);
    return true;
}

static inline bool walk_begin(struct walk *walk, const struct lpm *lpm, struct ip4 address)
{
    const struct lpm_node *top = lpm->tops[lpm_top_place(address)];
    unsigned slot = lpm_slot(address, LPM_TOP);
    walk->found.node = NULL;
    if (top == NULL)
        return false;
    walk->address = address;
    walk->found = (struct found){(const struct lpm_node *)pick(matches(top, slot), (uintptr_t)top, 0), slot};
    return walk_on(walk, top, slot);
}

static inline bool walk_step(struct walk *walk, unsigned depth)
{
    const struct lpm_node *node = walk->node;
    unsigned slot = lpm_slot(walk->address, depth);
    bool better = matches(node, slot);
    walk->found.node = (const struct lpm_node *)pick(better, (uintptr_t)node, (uintptr_t)walk->found.node);
    walk->found.slot = (unsigned)pick(better, slot, walk->found.slot);
    return walk_on(walk, node, slot);
}

/* The address before it is the same: packets of a flow come together. */
static inline bool is_again(const struct ip4 addresses[], size_t i)
{
    return i > 0 && ip4_equal(addresses[i], addresses[i - 1]);
}

/* All walks take a step before any takes the next, so that each finds its node in the cache. */
static void walk_all(const struct lpm *lpm, const struct ip4 addresses[], struct walk walks[], size_t n)
{
    uint8_t going[BATCH];
    size_t left = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_again(addresses, i))
            continue;
        going[left] = (uint8_t)i;
        left += walk_begin(&walks[i], lpm, addresses[i]);
    }
    n = left;
    for (unsigned depth = LPM_TOP + LPM_STRIDE; n > 0; depth += LPM_STRIDE) {
        left = 0;
        for (size_t i = 0; i < n; i++) {
            going[left] = going[i];
            left += walk_step(&walks[going[i]], depth);
        }
        n = left;
    }
}

static void lookup_some(const struct lpm *lpm, const struct ip4 addresses[], uint32_t values[], size_t n)
{
    struct walk walks[BATCH];
    const uint32_t *at[BATCH];
    walk_all(lpm, addresses, walks, n);
    for (size_t i = 0; i < n; i++) {
        if (is_again(addresses, i)) {
            at[i] = at[i - 1];
            continue;
        }
        struct found found = walks[i].found;
        if (found.node == NULL)
            found = find_below(&lpm->root, 0, addresses[i]);
        at[i] = value_of(found);
        __builtin_prefetch(at[i]);
    }
    for (size_t i = 0; i < n; i++)
        values[i] = *at[i];
}

void lpm_lookup_batch(const struct lpm *lpm, const struct ip4 addresses[], uint32_t values[], size_t n)
{
    if (n == 1 || lpm->tops == NULL) { /* nothing to overlap */
        for (size_t i = 0; i < n; i++)
            values[i] = lpm_lookup(lpm, addresses[i]);
        return;
    }
    for (size_t done = 0; done < n; done += BATCH)
        lookup_some(lpm, addresses + done, values + done, n - done < BATCH ? n - done : BATCH);
}

uint32_t lpm_exact(const struct lpm *lpm, struct ip4_prefix prefix)
{
    const struct lpm_node *node = lpm_base(prefix) == 0 ? &lpm->root : lpm_top(lpm, prefix.address);
    if (node == NULL)
        return 0;
    for (unsigned depth = lpm_base(prefix); depth < lpm_depth(prefix); depth += LPM_STRIDE) {
        unsigned slot = lpm_slot(prefix.address, depth);
        if (!lpm_has_child(node, slot))
            return 0;
        node = lpm_child(node, slot);
    }
    unsigned place = lpm_place(prefix);
    return lpm_has_prefix(node, place) ? *lpm_value(node, place) : 0;
}

/* ---- walking through ----------------------------------------------------------------------------------- */

/* Prefixes in order, as numbers: the address, then the length in six bits. */
static uint64_t key_of(struct ip4_prefix prefix)
{
    return (uint64_t)prefix.address.value << 6 | prefix.length;
}

/* The least length of a prefix that begins with a slot. */
static unsigned shortest(unsigned slot, unsigned depth)
{
    if (slot != 0)
        return LPM_STRIDE - (unsigned)__builtin_ctz(slot);
    return depth == 0 ? 0 : 1;
}

/* The first prefix that begins where the slot of `address` does and is not before `from`. */
static const uint32_t *first_at(const struct lpm_node *node, unsigned depth, struct ip4 address,
                                uint64_t from, struct ip4_prefix *prefix)
{
    unsigned slot = lpm_slot(address, depth);
    for (unsigned length = shortest(slot, depth); length <= LPM_STRIDE && depth + length <= 32; length++) {
        *prefix = (struct ip4_prefix){address, (uint8_t)(depth + length)};
        prefix->address = ip4_network(*prefix);
        unsigned place = lpm_place(*prefix);
        if (lpm_has_prefix(node, place) && key_of(*prefix) >= from)
            return lpm_value(node, place);
    }
    return NULL;
}

/* The beginning of the slot after the one of a node at `depth` in which `address` lies. */
static uint64_t next_slot(uint64_t address, unsigned depth)
{
    unsigned width = depth + LPM_STRIDE < 32 ? 32 - depth - LPM_STRIDE : 0;
    return ((address >> width) + 1) << width;
}

/* Does a node at `depth` begin at `address`? */
static bool begins_at(unsigned depth, uint64_t address)
{
    return (address & (UINT64_C(0xffffffff) >> depth)) == 0;
}

/* The first prefix that is not before `from` and begins before `end`, below a node that lies at `base`. Looks at one slot after the
 * other: down to its child, or on to the next one, which lies higher up when the node has no more. */
static const uint32_t *first_below(const struct lpm_node *root, unsigned base, uint64_t from, uint64_t end,
                                   struct ip4_prefix *prefix)
{
    const struct lpm_node *path[LPM_LEVELS] = {root};
    unsigned level = 0;
    for (uint64_t address = from >> 6; address < end;) {
        struct ip4 here = {(uint32_t)address};
        unsigned depth = base + level * LPM_STRIDE, slot = lpm_slot(here, depth);
        const uint32_t *value = first_at(path[level], depth, here, from, prefix);
        if (value != NULL)
            return value;
        if (lpm_has_child(path[level], slot)) {
            path[level + 1] = lpm_child(path[level], slot);
            level++;
            continue;
        }
        address = next_slot(address, depth);
        while (level > 0 && begins_at(base + level * LPM_STRIDE, address))
            level--;
    }
    return NULL;
}

/* The first long prefix that is not before `from`. */
static const uint32_t *first_long(const struct lpm *lpm, uint64_t from, struct ip4_prefix *prefix)
{
    const unsigned width = 32 - LPM_TOP;
    for (uint64_t i = from >> 6 >> width; lpm->tops != NULL && i < 1 << LPM_TOP; i++) {
        uint64_t begin = i << width << 6;
        const uint32_t *value = NULL;
        if (lpm->tops[i] != NULL)
            value = first_below(lpm->tops[i], LPM_TOP, from > begin ? from : begin, (i + 1) << width, prefix);
        if (value != NULL)
            return value;
    }
    return NULL;
}

bool lpm_next(const struct lpm *lpm, uint64_t *cursor, struct ip4_prefix *prefix, uint32_t *value)
{
    struct ip4_prefix longer;
    const uint32_t *found = first_below(&lpm->root, 0, *cursor, UINT64_C(1) << 32, prefix);
    const uint32_t *other = first_long(lpm, *cursor, &longer);
    if (other != NULL && (found == NULL || key_of(longer) < key_of(*prefix))) {
        found = other;
        *prefix = longer;
    }
    if (found == NULL)
        return false;
    *value = *found;
    *cursor = key_of(*prefix) + 1;
    return true;
}
