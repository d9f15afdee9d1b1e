/* Lookups in the trie: the longest prefix, one, many at once, a very one, the next one. Updates: route/lpm.c.
 */
#include "route/lpm_node.h"

#include "wire/addr.h"

enum {
    BATCH =
        32 /* walks at once: more than a core has misses in flight, few enough to stay in its first cache */
};

/* For each slot: the places 1 to 63 of the prefixes around it. */
#define UP(place, n) LPM_BIT((place) >> (n))
#define AROUND(a)                                                                              \
    (UP(64 | (a), 1) | UP(64 | (a), 2) | UP(64 | (a), 3) | UP(64 | (a), 4) | UP(64 | (a), 5) | \
     UP(64 | (a), 6))
#define AROUND4(a)  AROUND(a), AROUND((a) + 1), AROUND((a) + 2), AROUND((a) + 3)
#define AROUND16(a) AROUND4(a), AROUND4((a) + 4), AROUND4((a) + 8), AROUND4((a) + 12)
static const uint64_t around[64] = {AROUND16(0), AROUND16(16), AROUND16(32), AROUND16(48)};

/* Where the value lies of the longest prefix that ends in this node and is around a slot. False: there is none. Its length costs
 * no branch: which it is is chance, and a wrong guess costs more than all of this. */
static inline bool match(const struct lpm_node *node, unsigned slot, const uint32_t **at)
{
    uint64_t full = node->full << (63 - slot); /* up to the slot, whose own bit is the highest now */
    uint64_t own = -(full >> 63);              /* all bits, if that is set: all of `part` comes before it */
    uint64_t matches = (node->part & around[slot]) | own;
    if (matches == 0)
        return false;
    unsigned place = lpm_count_bits(node->part << __builtin_clzll(matches)) + lpm_count_bits(full & own);
    *at = lpm_values(node) + place - 1;
    return true;
}

/* The match in the last node that has one, of the first `n` on the way of an address, which begins at depth `base`. */
static inline bool match_up(const struct lpm_node *const path[], unsigned n, unsigned base,
                            struct ip4 address, const uint32_t **at)
{
    while (n-- > 0)
        if (match(path[n], lpm_slot(address, base + n * LPM_STRIDE), at))
            return true;
    return false;
}

/* The same on its whole way from a node on: down as far as there are nodes, then up, since most ways end in the node that
 * matches. */
static inline bool match_below(const struct lpm_node *node, unsigned base, struct ip4 address,
                               const uint32_t **at)
{
    const struct lpm_node *path[LPM_LEVELS];
    for (unsigned n = 0;;) {
        unsigned slot = lpm_slot(address, base + n * LPM_STRIDE);
        path[n++] = node;
        if (!lpm_has_child(node, slot))
            return match_up(path, n, base, address, at);
        node = lpm_child(node, slot);
    }
}

/* Where the value of the longest short prefix lies; none: where a 0 lies. */
static const uint32_t *match_short(const struct lpm *lpm, struct ip4 address)
{
    static const uint32_t none = 0;
    const uint32_t *at = &none;
    match_below(&lpm->root, 0, address, &at);
    return at;
}

uint32_t lpm_lookup(const struct lpm *lpm, struct ip4 address)
{
    const struct lpm_node *top = lpm_top(lpm, address);
    const uint32_t *at;
    if (top != NULL && match_below(top, LPM_TOP, address, &at))
        return *at;
    return *match_short(lpm, address);
}

/* ---- many at once -------------------------------------------------------------------------------------- */

/* One of the walks of a batch: the nodes on its way, and where its value lies. */
struct walk {
    const struct lpm_node *path[LPM_LEVELS];
    const uint32_t *at;
    struct ip4 address;
};

/* From the last node of its way, at a level, when that has no match: up, else to the short prefixes. */
static void walk_up(struct walk *walk, const struct lpm *lpm, unsigned level)
{
    if (!match_up(walk->path, level, LPM_TOP, walk->address, &walk->at))
        walk->at = match_short(lpm, walk->address);
}

/* From its node at a level down to the child. False: there is none, and where the value lies is known. */
static inline bool walk_down(struct walk *walk, const struct lpm *lpm, unsigned level)
{
    const struct lpm_node *node = walk->path[level];
    unsigned slot = lpm_slot(walk->address, LPM_TOP + level * LPM_STRIDE);
    if (lpm_has_child(node, slot)) {
        const struct lpm_node *child = walk->path[level + 1] = lpm_child(node, slot);
        __builtin_prefetch(child);
        return true;
    }
    if (!match(node, slot, &walk->at))
        walk_up(walk, lpm, level);
    __builtin_prefetch(walk->at);
    return false;
}

static inline bool walk_begin(struct walk *walk, const struct lpm *lpm, struct ip4 address)
{
    walk->address = address;
    walk->path[0] = lpm->tops[lpm_top_place(address)];
    if (walk->path[0] != NULL)
        return walk_down(walk, lpm, 0);
    walk->at = match_short(lpm, address);
    return false;
}

/* The address before it is the same: packets of a flow come together. */
static inline bool is_again(const struct ip4 addresses[], size_t i)
{
    return i > 0 && ip4_equal(addresses[i], addresses[i - 1]);
}

/* All that go on take a step before any takes the next, so that each finds its node in the cache. */
static void walk_all(struct walk *going[], size_t n, const struct lpm *lpm)
{
    for (unsigned level = 1; n > 0; level++) {
        size_t left = 0;
        for (size_t i = 0; i < n; i++) {
            going[left] = going[i];
            left += walk_down(going[left], lpm, level);
        }
        n = left;
    }
}

static void lookup_some(const struct lpm *lpm, const struct ip4 addresses[], uint32_t values[], size_t n)
{
    struct walk walks[BATCH], *going[BATCH];
    size_t left = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_again(addresses, i)) {
            walks[i].at = &values[i - 1]; /* which is written when this one is read */
            continue;
        }
        going[left] = &walks[i];
        left += walk_begin(&walks[i], lpm, addresses[i]);
    }
    walk_all(going, left, lpm);
    for (size_t i = 0; i < n; i++)
        values[i] = *walks[i].at;
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
