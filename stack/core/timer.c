#include "core/timer.h"

#include "core/time.h"

static bool fires_before(const struct timer *a, const struct timer *b)
{
    if (a->deadline.ns != b->deadline.ns)
        return time_before(a->deadline, b->deadline);
    return a->serial < b->serial;
}

/* Makes `*place` point to `timer`, and it back. */
static void put(struct timer **place, struct timer *timer)
{
    *place = timer;
    if (timer != NULL)
        timer->link = place;
}

/* Makes one tree of two: the later root becomes the first child of the other. */
static struct timer *join(struct timer *a, struct timer *b)
{
    struct timer *first = fires_before(a, b) ? a : b;
    struct timer *second = first == a ? b : a;
    put(&second->next, first->child);
    put(&first->child, second);
    first->rank++;
    return first;
}

/* Puts a tree in the place of its rank, joined with the one that stands there, like a carry in a binary
 * counter. */
static void plant(struct timers *timers, struct timer *tree)
{
    while (timers->tree[tree->rank] != NULL) {
        struct timer **place = &timers->tree[tree->rank];
        timers->planted &= ~(UINT64_C(1) << tree->rank);
        tree = join(tree, *place);
        *place = NULL;
    }
    timers->planted |= UINT64_C(1) << tree->rank;
    tree->next = NULL;
    put(&timers->tree[tree->rank], tree);
}

/* The children of a root that leaves become trees of their own: that is what takes are paid with. */
static void uproot(struct timers *timers, struct timer *root)
{
    timers->tree[root->rank] = NULL;
    timers->planted &= ~(UINT64_C(1) << root->rank);
    for (struct timer *child = root->child, *next; child != NULL; child = next) {
        next = child->next;
        plant(timers, child);
    }
}

/* Makes one tree of siblings, the ones of low rank first: so none gets a higher rank than their parent had.
 */
static struct timer *gather(struct timer *siblings)
{
    struct timer *reversed = NULL;
    for (struct timer *tree = siblings, *next; tree != NULL; tree = next) {
        next = tree->next;
        tree->next = reversed;
        reversed = tree;
    }
    struct timer *all = reversed;
    for (struct timer *tree = all != NULL ? all->next : NULL, *next; tree != NULL; tree = next) {
        next = tree->next;
        all = join(all, tree);
    }
    return all;
}

/* Inside a tree, the children of the one that leaves take its place. */
static void cut(struct timer *timer)
{
    struct timer *heirs = gather(timer->child);
    if (heirs == NULL) {
        put(timer->link, timer->next);
        return;
    }
    put(&heirs->next, timer->next);
    put(timer->link, heirs);
}

static struct timer *find_first(const struct timers *timers)
{
    struct timer *first = NULL;
    struct timer *const *root = timers->tree;
    for (uint64_t left = timers->planted; left != 0; left >>= 1, root++)
        if (*root != NULL && (first == NULL || fires_before(*root, first)))
            first = *root;
    return first;
}

void timer_arm(struct timers *timers, struct timer *timer, tapir_instant deadline)
{
    timer_cancel(timers, timer);
    timer->deadline = deadline;
    timer->serial = ++timers->serial;
    timer->child = NULL;
    timer->rank = 0;
    plant(timers, timer);
    if (timers->first == NULL || fires_before(timer, timers->first))
        timers->first = timer;
}

void timer_cancel(struct timers *timers, struct timer *timer)
{
    if (!timer_is_armed(timer))
        return;
    if (timer->link == &timers->tree[timer->rank])
        uproot(timers, timer);
    else
        cut(timer);
    timer->link = NULL;
    if (timer == timers->first)
        timers->first = find_first(timers);
}

struct timer *timer_take_due(struct timers *timers, tapir_instant now)
{
    struct timer *timer = timers->first;
    if (timer == NULL || !time_reached(now, timer->deadline))
        return NULL;
    timer_cancel(timers, timer);
    return timer;
}

tapir_instant timer_deadline(const struct timers *timers)
{
    return timers->first == NULL ? TAPIR_NEVER : timers->first->deadline;
}
