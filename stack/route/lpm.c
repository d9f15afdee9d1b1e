/* Updates of the trie: bodies that grow and shrink, branches that come and go. Lookups: route/lpm_lookup.c.
 */
#include <assert.h>
#include <string.h>

#include "route/lpm_node.h"

enum {
    NODE = sizeof(struct lpm_node),
    VALUE = sizeof(uint32_t),
    NODES_GRANULE = 32, /* so that no node lies across two cache lines */
    VALUES_GRANULE = 8
};

static void flip_prefix(struct lpm_node *node, unsigned place)
{
    if (place < 64)
        node->part ^= LPM_BIT(place);
    else
        node->full ^= LPM_BIT(place & 63);
}

static bool is_empty(const struct lpm_node *node)
{
    return (node->full | node->part | node->children) == 0;
}

/* ---- bodies -------------------------------------------------------------------------------------------- */

static size_t body_size(const struct lpm_node *node)
{
    return lpm_count_bits(node->children) * (size_t)NODE +
           (lpm_count_bits(node->full) + lpm_count_bits(node->part)) * (size_t)VALUE;
}

static struct lpm_runs *runs_for(struct lpm *lpm, uint64_t children)
{
    return children != 0 ? &lpm->nodes : &lpm->values;
}

static bool same_run(const struct lpm_runs *from, const struct lpm_runs *to, size_t a, size_t b)
{
    return from == to && (a + from->granule - 1) / from->granule == (b + from->granule - 1) / from->granule;
}

/* Makes a gap at `at` in the body of a node whose children will be `children`. False: no memory. */
static bool body_open(struct lpm *lpm, struct lpm_node *node, uint64_t children, const void *at, size_t gap)
{
    size_t size = body_size(node);
    size_t head = size == 0 ? 0 : (size_t)((const uint8_t *)at - (uint8_t *)node->body);
    struct lpm_runs *from = runs_for(lpm, node->children), *to = runs_for(lpm, children);
    uint8_t *old = node->body, *body = old;
    if (size == 0 || !same_run(from, to, size, size + gap))
        body = lpm_runs_take(to, lpm->memory, size + gap);
    if (body == NULL)
        return false;
    if (size > 0)
        memmove(body + head + gap, old + head, size - head);
    if (size > 0 && body != old) {
        memcpy(body, old, head);
        lpm_runs_give(from, old, size);
    }
    node->body = body;
    return true;
}

/* What stays in place because there is no memory for a smaller run: its tail is free again. A run with
 * children may become one of values, the finer ones, never the other way round. */
static void body_trim(struct lpm_runs *runs, uint8_t *body, size_t keep, size_t size)
{
    size_t kept = (keep + runs->granule - 1) / runs->granule * runs->granule;
    if (size > kept)
        lpm_runs_give(runs, body + kept, size - kept);
}

/* Closes a gap at `at` in the body of a node whose children will be `children`. Cannot fail. */
static void body_close(struct lpm *lpm, struct lpm_node *node, uint64_t children, const void *at, size_t gap)
{
    size_t size = body_size(node), keep = size - gap;
    size_t head = (size_t)((const uint8_t *)at - (uint8_t *)node->body);
    struct lpm_runs *from = runs_for(lpm, node->children), *to = runs_for(lpm, children);
    uint8_t *old = node->body, *body = old;
    if (keep > 0 && !same_run(from, to, size, keep))
        body = lpm_runs_take(to, lpm->memory, keep);
    if (body == NULL)
        body = old;
    if (body != old)
        memcpy(body, old, head);
    memmove(body + head, old + head + gap, keep - head);
    if (keep == 0 || body != old)
        lpm_runs_give(from, old, size);
    else
        body_trim(to, body, keep, (size + from->granule - 1) / from->granule * from->granule);
    node->body = keep == 0 ? NULL : body;
}

static bool put_value(struct lpm *lpm, struct lpm_node *node, unsigned place, uint32_t value)
{
    if (!lpm_has_prefix(node, place)) {
        const void *at = node->body == NULL ? NULL : lpm_value(node, place);
        if (!body_open(lpm, node, node->children, at, VALUE))
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
    if (!body_open(lpm, node, node->children | LPM_BIT(slot), at, NODE))
        return false;
    node->children |= LPM_BIT(slot);
    *lpm_child(node, slot) = child;
    return true;
}

/* ---- updates ------------------------------------------------------------------------------------------- */

/* Gives back nodes that hang on nothing yet: each has one child, the last one a value. */
static void branch_drop(struct lpm *lpm, struct lpm_node branch)
{
    while (branch.children != 0) {
        struct lpm_node child = *(struct lpm_node *)branch.body;
        lpm_runs_give(&lpm->nodes, branch.body, NODE);
        branch = child;
    }
    lpm_runs_give(&lpm->values, branch.body, VALUE);
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

/* Walks down towards the node where the prefix ends, as far as there are nodes. Fills `path`, the root first.
 */
static unsigned descend(struct lpm_node *root, struct ip4_prefix prefix, struct lpm_node *path[LPM_LEVELS])
{
    unsigned level = 0;
    path[0] = root;
    for (unsigned depth = 0; depth < lpm_depth(prefix); depth += LPM_STRIDE) {
        unsigned slot = lpm_slot(prefix.address, depth);
        if (!lpm_has_child(path[level], slot))
            break;
        path[level + 1] = lpm_child(path[level], slot);
        level++;
    }
    return level;
}

/* When no prefix is left, all chunks go back. */
static void shed(struct lpm *lpm)
{
    if (lpm->count > 0)
        return;
    lpm_runs_free(&lpm->nodes, lpm->memory);
    lpm_runs_free(&lpm->values, lpm->memory);
}

static bool give_up(struct lpm *lpm)
{
    shed(lpm);
    return false;
}

void lpm_init(struct lpm *lpm, struct memory *memory)
{
    *lpm = (struct lpm){.memory = memory};
    lpm_runs_init(&lpm->nodes, NODES_GRANULE);
    lpm_runs_init(&lpm->values, VALUES_GRANULE);
}

void lpm_free(struct lpm *lpm)
{
    lpm->count = 0;
    shed(lpm);
    lpm_init(lpm, lpm->memory);
}

bool lpm_insert(struct lpm *lpm, struct ip4_prefix prefix, uint32_t value)
{
    assert(prefix.length <= 32 && value != 0);
    struct lpm_node *path[LPM_LEVELS], branch;
    unsigned level = descend(&lpm->root, prefix, path), depth = level * LPM_STRIDE;
    if (depth == lpm_depth(prefix))
        return put_value(lpm, path[level], lpm_place(prefix), value);
    if (!branch_build(lpm, prefix, value, depth + LPM_STRIDE, &branch))
        return give_up(lpm);
    if (put_child(lpm, path[level], lpm_slot(prefix.address, depth), branch))
        return true;
    branch_drop(lpm, branch);
    return give_up(lpm);
}

bool lpm_remove(struct lpm *lpm, struct ip4_prefix prefix)
{
    assert(prefix.length <= 32);
    struct lpm_node *path[LPM_LEVELS];
    unsigned level = descend(&lpm->root, prefix, path), place = lpm_place(prefix);
    struct lpm_node *node = path[level];
    if (level * LPM_STRIDE != lpm_depth(prefix) || !lpm_has_prefix(node, place))
        return false;
    body_close(lpm, node, node->children, lpm_value(node, place), VALUE);
    flip_prefix(node, place);
    for (; level > 0 && is_empty(path[level]); level--) {
        struct lpm_node *above = path[level - 1];
        uint64_t gone = LPM_BIT(lpm_slot(prefix.address, (level - 1) * LPM_STRIDE));
        body_close(lpm, above, above->children & ~gone, path[level], NODE);
        above->children &= ~gone;
    }
    lpm->count--;
    shed(lpm);
    return true;
}
