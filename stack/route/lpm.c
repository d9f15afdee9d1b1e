/* Updates of the trie: bodies that grow and shrink, branches that come and go. Lookups: route/lpm_lookup.c.
 */
#include <assert.h>
#include <string.h>

#include "route/lpm_node.h"

enum {
    NODE = sizeof(
        struct lpm_node), /* 32 octets: bodies with children are even, so no node lies in two cache lines */
    VALUE = sizeof(uint32_t)
};

static void flip_prefix(struct lpm_node *node, unsigned place)
{
    if (place < 64)
        node->part ^= LPM_BIT(place);
    else
        node->full ^= LPM_BIT(place & 63);
}

/* ---- bodies -------------------------------------------------------------------------------------------- */

static size_t body_size(const struct lpm_node *node)
{
    return lpm_count_bits(node->children) * (size_t)NODE +
           (lpm_count_bits(node->full) + lpm_count_bits(node->part)) * (size_t)VALUE;
}

/* Can `body` be made longer where it is? */
static bool extends(struct lpm *lpm, uint8_t *body, size_t size, size_t wanted, bool even)
{
    if (even && (uintptr_t)body % (2 * LPM_GRANULE) != 0)
        return false;
    return lpm_runs_extend(&lpm->runs, body, size, wanted);
}

/* Makes a gap at `at` in the body of a node; `even`: it will have children. False: no memory, nothing
 * changed. */
static bool body_open(struct lpm *lpm, struct lpm_node *node, const void *at, size_t gap, bool even)
{
    size_t size = body_size(node);
    uint8_t *old = node->body, *body = old;
    if (old == NULL) {
        node->body = lpm_runs_take(&lpm->runs, lpm->memory, gap, even);
        return node->body != NULL;
    }
    size_t head = (size_t)((const uint8_t *)at - old);
    if (!extends(lpm, old, size, size + gap, even))
        body = lpm_runs_take(&lpm->runs, lpm->memory, size + gap, even);
    if (body == NULL)
        return false;
    memmove(body + head + gap, old + head, size - head);
    if (body != old) {
        memcpy(body, old, head);
        lpm_runs_shrink(&lpm->runs, old, size, 0);
    }
    node->body = body;
    return true;
}

/* Closes a gap at `at` in the body of a node. It stays where it is and its tail goes back: this cannot fail.
 */
static void body_close(struct lpm *lpm, struct lpm_node *node, const void *at, size_t gap)
{
    size_t size = body_size(node), keep = size - gap;
    uint8_t *body = node->body;
    size_t head = (size_t)((const uint8_t *)at - body);
    memmove(body + head, body + head + gap, keep - head);
    lpm_runs_shrink(&lpm->runs, body, size, keep);
    if (keep == 0)
        node->body = NULL;
}

static bool put_value(struct lpm *lpm, struct lpm_node *node, unsigned place, uint32_t value)
{
    if (!lpm_has_prefix(node, place)) {
        const void *at = node->body == NULL ? NULL : lpm_value(node, place);
        if (!body_open(lpm, node, at, VALUE, node->children != 0))
            return false;
        flip_prefix(node, place);
        lpm->count++;
    }
    *lpm_value(node, place) = value;
    return true;
}

static bool put_child(struct lpm *lpm, struct lpm_node *node, unsigned slot, struct lpm_node child)
{
    const void *at = node->body == NULL ? NULL : lpm_child(node, slot);
    if (!body_open(lpm, node, at, NODE, true))
        return false;
    node->children |= LPM_BIT(slot);
    *lpm_child(node, slot) = child;
    return true;
}

/* ---- branches ------------------------------------------------------------------------------------------ */

/* Gives back nodes that hang on nothing yet: each has one child, the last one a value. */
static void branch_drop(struct lpm *lpm, struct lpm_node branch)
{
    while (branch.children != 0) {
        struct lpm_node child = *(struct lpm_node *)branch.body;
        lpm_runs_shrink(&lpm->runs, branch.body, NODE, 0);
        branch = child;
    }
    lpm_runs_shrink(&lpm->runs, branch.body, VALUE, 0);
    lpm->count--;
}

/* Makes the nodes from `depth` down to the end of the prefix, with its value. */
static bool branch_build(struct lpm *lpm, struct ip4_prefix prefix, uint32_t value, unsigned depth,
                         struct lpm_node *branch)
{
    *branch = (struct lpm_node){0};
    if (!put_value(lpm, branch, lpm_place(prefix), value))
        return false;
    for (unsigned d = lpm_depth(prefix); d > depth; d -= LPM_STRIDE) {
        struct lpm_node above = {0};
        if (!put_child(lpm, &above, lpm_slot(prefix.address, d - LPM_STRIDE), *branch)) {
            branch_drop(lpm, *branch);
            return false;
        }
        *branch = above;
    }
    return true;
}

/* ---- tops ---------------------------------------------------------------------------------------------- */

static const size_t tops_size = sizeof(struct lpm_node *) << LPM_TOP;

/* The top of an address, made where there is none. NULL: no memory. */
static struct lpm_node *top_make(struct lpm *lpm, struct ip4 address)
{
    if (lpm->tops == NULL)
        lpm->tops = memory_allocate(lpm->memory, tops_size);
    if (lpm->tops == NULL)
        return NULL;
    struct lpm_node **top = &lpm->tops[lpm_top_place(address)];
    if (*top != NULL)
        return *top;
    *top = lpm_runs_take(&lpm->runs, lpm->memory, NODE, true);
    if (*top != NULL)
        **top = (struct lpm_node){0};
    return *top;
}

/* One that holds nothing goes, and all memory when no prefix is left. */
static void shed(struct lpm *lpm, struct ip4_prefix prefix)
{
    if (lpm->count == 0) {
        lpm_runs_free(&lpm->runs, lpm->memory);
        memory_release(lpm->memory, lpm->tops, tops_size);
        lpm->tops = NULL;
        return;
    }
    struct lpm_node *top = lpm_base(prefix) == 0 ? NULL : lpm_top(lpm, prefix.address);
    if (top == NULL || !lpm_is_empty(top))
        return;
    lpm_runs_shrink(&lpm->runs, top, NODE, 0);
    lpm->tops[lpm_top_place(prefix.address)] = NULL;
}

static bool give_up(struct lpm *lpm, struct ip4_prefix prefix)
{
    shed(lpm, prefix);
    return false;
}

/* ---- updates ------------------------------------------------------------------------------------------- */

/* Walks down towards the node where the prefix ends, as far as there are nodes. Fills `path`, whose first is given. */
static unsigned descend(struct ip4_prefix prefix, struct lpm_node *path[LPM_LEVELS])
{
    unsigned level = 0;
    for (unsigned depth = lpm_base(prefix); depth < lpm_depth(prefix); depth += LPM_STRIDE) {
        unsigned slot = lpm_slot(prefix.address, depth);
        if (!lpm_has_child(path[level], slot))
            break;
        path[level + 1] = lpm_child(path[level], slot);
        level++;
    }
    return level;
}

/* The depth of the node at a level of the way to a prefix. */
static unsigned depth_at(struct ip4_prefix prefix, unsigned level)
{
    return lpm_base(prefix) + level * LPM_STRIDE;
}

void lpm_init(struct lpm *lpm, struct memory *memory)
{
    *lpm = (struct lpm){.memory = memory};
    lpm_runs_init(&lpm->runs);
}

void lpm_free(struct lpm *lpm)
{
    lpm->count = 0;
    shed(lpm, (struct ip4_prefix){0});
    lpm_init(lpm, lpm->memory);
}

bool lpm_insert(struct lpm *lpm, struct ip4_prefix prefix, uint32_t value)
{
    assert(prefix.length <= 32 && value != 0);
    struct lpm_node *path[LPM_LEVELS] = {&lpm->root}, branch;
    if (lpm_base(prefix) > 0)
        path[0] = top_make(lpm, prefix.address);
    if (path[0] == NULL)
        return give_up(lpm, prefix);
    unsigned level = descend(prefix, path), depth = depth_at(prefix, level);
    if (depth == lpm_depth(prefix))
        return put_value(lpm, path[level], lpm_place(prefix), value) || give_up(lpm, prefix);
    if (!branch_build(lpm, prefix, value, depth + LPM_STRIDE, &branch))
        return give_up(lpm, prefix);
    if (put_child(lpm, path[level], lpm_slot(prefix.address, depth), branch))
        return true;
    branch_drop(lpm, branch);
    return give_up(lpm, prefix);
}

bool lpm_remove(struct lpm *lpm, struct ip4_prefix prefix)
{
    assert(prefix.length <= 32);
    struct lpm_node *path[LPM_LEVELS] = {lpm_base(prefix) == 0 ? &lpm->root : lpm_top(lpm, prefix.address)};
    if (path[0] == NULL)
        return false;
    unsigned level = descend(prefix, path), place = lpm_place(prefix);
    struct lpm_node *node = path[level];
    if (depth_at(prefix, level) != lpm_depth(prefix) || !lpm_has_prefix(node, place))
        return false;
    body_close(lpm, node, lpm_value(node, place), VALUE);
    flip_prefix(node, place);
    for (; level > 0 && lpm_is_empty(path[level]); level--) {
        struct lpm_node *above = path[level - 1];
        uint64_t gone = LPM_BIT(lpm_slot(prefix.address, depth_at(prefix, level - 1)));
        body_close(lpm, above, path[level], NODE);
        above->children &= ~gone;
    }
    lpm->count--;
    shed(lpm, prefix);
    return true;
}
