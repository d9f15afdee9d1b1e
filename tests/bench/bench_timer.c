/* What a queue of timers costs: the one of core/timer.h beside three others, in one run.
 *
 *   forest    core/timer.h: heap-ordered trees, joined like a binary counter
 *   pairing   an intrusive pairing heap with two-pass combining
 *   4-ary     an implicit heap of four children with back indices (needs an array for all timers)
 *   wheel     a radix wheel of 64 slots and 10 levels, its next exact deadline found by a look through one
 * slot
 *
 * Mixes over n armed timers, each to be reached within 60 s: re-arm a random one; cancel a random one and arm
 * it again; let the first one fire and arm it again; the first take after n armings (the longest that a
 * caller waits). Printed as ns an operation, and as a ratio to touching a random timer's memory in the same
 * run. Results and what follows from them: docs/decisions/timers.md. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/time.h"
#include "core/timer.h"

#define SPAN (60 * TIME_SECOND)

enum {
    MOST = 1000000,
    STEPS = 1000000,
    CROWD_STEPS = 500
};

struct queue {
    const char *name;
    void (*arm)(struct timer *timer, int64_t deadline);
    void (*cancel)(struct timer *timer);
    struct timer *(*take)(void); /* the first, due or not */
    int64_t (*deadline)(void);
};

static int64_t clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * TIME_SECOND + now.tv_nsec;
}

static uint64_t seed;

static uint64_t draw(uint64_t bound)
{
    seed = seed * 6364136223846793005 + 1442695040888963407;
    return (seed >> 24) % bound;
}

static bool fires_before(const struct timer *a, const struct timer *b)
{
    if (a->deadline.ns != b->deadline.ns)
        return a->deadline.ns < b->deadline.ns;
    return a->serial < b->serial;
}

/* ---- forest ---- */

static struct timers forest;

static void forest_arm(struct timer *timer, int64_t deadline)
{
    timer_arm(&forest, timer, (tapir_instant){deadline});
}

static void forest_cancel(struct timer *timer)
{
    timer_cancel(&forest, timer);
}

static struct timer *forest_take(void)
{
    return timer_take_due(&forest, (tapir_instant){INT64_MAX - 1});
}

static int64_t forest_deadline(void)
{
    return timer_deadline(&forest).ns;
}

/* ---- pairing heap ---- */

static struct timer *pairing_root;
static uint64_t serial;

static struct timer *pairing_join(struct timer *a, struct timer *b)
{
    if (a == NULL || b == NULL)
        return a == NULL ? b : a;
    struct timer *first = fires_before(a, b) ? a : b, *second = first == a ? b : a;
    second->next = first->child;
    if (second->next != NULL)
        second->next->link = &second->next;
    first->child = second;
    second->link = &first->child;
    return first;
}

static struct timer *pairing_combine(struct timer *list)
{
    struct timer *pairs = NULL, *all = NULL;
    while (list != NULL) {
        struct timer *a = list, *b = a->next;
        list = b == NULL ? NULL : b->next;
        a = pairing_join(a, b);
        a->next = pairs;
        pairs = a;
    }
    while (pairs != NULL) {
        struct timer *next = pairs->next;
        all = pairing_join(all, pairs);
        pairs = next;
    }
    return all;
}

static void pairing_place(struct timer *root)
{
    pairing_root = root;
    if (root == NULL)
        return;
    root->next = NULL;
    root->link = &pairing_root;
}

static void pairing_cancel(struct timer *timer)
{
    if (timer->link == NULL)
        return;
    *timer->link = timer->next;
    if (timer->next != NULL)
        timer->next->link = timer->link;
    pairing_place(pairing_join(pairing_root, pairing_combine(timer->child)));
    timer->link = NULL;
}

static void pairing_arm(struct timer *timer, int64_t deadline)
{
    pairing_cancel(timer);
    timer->deadline.ns = deadline;
    timer->serial = ++serial;
    timer->child = NULL;
    pairing_place(pairing_join(pairing_root, timer));
}

static struct timer *pairing_take(void)
{
    struct timer *timer = pairing_root;
    pairing_cancel(timer);
    return timer;
}

static int64_t pairing_deadline(void)
{
    return pairing_root->deadline.ns;
}

/* ---- 4-ary heap; `serial` keeps the arming order, `next` is misused for the place ---- */

static struct timer **heap;
static size_t heap_size;

static size_t heap_place(const struct timer *timer)
{
    return (size_t)(uintptr_t)timer->next;
}

static void heap_put(struct timer *timer, size_t place)
{
    heap[place] = timer;
    timer->next = (void *)(uintptr_t)place;
}

static void heap_up(struct timer *timer, size_t place)
{
    for (; place > 0 && fires_before(timer, heap[(place - 1) / 4]); place = (place - 1) / 4)
        heap_put(heap[(place - 1) / 4], place);
    heap_put(timer, place);
}

static void heap_down(struct timer *timer, size_t place)
{
    for (;;) {
        size_t best = place * 4 + 1;
        for (size_t child = best + 1; child < place * 4 + 5 && child < heap_size; child++)
            if (fires_before(heap[child], heap[best]))
                best = child;
        if (best >= heap_size || !fires_before(heap[best], timer))
            break;
        heap_put(heap[best], place);
        place = best;
    }
    heap_put(timer, place);
}

static void heap_cancel(struct timer *timer)
{
    if (timer->link == NULL)
        return;
    timer->link = NULL;
    size_t place = heap_place(timer);
    struct timer *last = heap[--heap_size];
    if (last == timer)
        return;
    if (fires_before(last, timer))
        heap_up(last, place);
    else
        heap_down(last, place);
}

static void heap_arm(struct timer *timer, int64_t deadline)
{
    heap_cancel(timer);
    timer->deadline.ns = deadline;
    timer->serial = ++serial;
    timer->link = &timer->next;
    heap_up(timer, heap_size++);
}

static struct timer *heap_take(void)
{
    struct timer *timer = heap[0];
    heap_cancel(timer);
    return timer;
}

static int64_t heap_deadline(void)
{
    return heap[0]->deadline.ns;
}

/* ---- radix wheel; `child` is misused for the previous one ---- */

static struct slot {
    struct timer *first, *last;
} wheel[11][64];
static uint64_t wheel_used[11];
static int64_t wheel_base;

static struct slot *wheel_slot(int64_t deadline, unsigned *level, unsigned *digit)
{
    uint64_t differs = (uint64_t)(deadline ^ wheel_base);
    *level = differs == 0 ? 0 : (unsigned)(63 - __builtin_clzll(differs)) / 6;
    *digit = (uint64_t)deadline >> 6 * *level & 63;
    return &wheel[*level][*digit];
}

static void wheel_append(struct timer *timer)
{
    unsigned level, digit;
    struct slot *slot = wheel_slot(timer->deadline.ns, &level, &digit);
    timer->next = NULL;
    timer->child = slot->last;
    *(slot->last == NULL ? &slot->first : &slot->last->next) = timer;
    slot->last = timer;
    timer->link = &slot->first;
    wheel_used[level] |= UINT64_C(1) << digit;
}

static void wheel_cancel(struct timer *timer)
{
    if (timer->link == NULL)
        return;
    struct slot *slot = (void *)timer->link;
    *(timer->child == NULL ? &slot->first : &timer->child->next) = timer->next;
    *(timer->next == NULL ? &slot->last : &timer->next->child) = timer->child;
    timer->link = NULL;
    size_t index = (size_t)(slot - &wheel[0][0]);
    if (slot->first == NULL)
        wheel_used[index / 64] &= ~(UINT64_C(1) << index % 64);
}

static void wheel_arm(struct timer *timer, int64_t deadline)
{
    wheel_cancel(timer);
    timer->deadline.ns = deadline;
    wheel_append(timer);
}

static struct slot *wheel_first_slot(unsigned *level)
{
    for (*level = 0; wheel_used[*level] == 0;)
        ++*level;
    return &wheel[*level][__builtin_ctzll(wheel_used[*level])];
}

static struct timer *wheel_least(const struct slot *slot)
{
    struct timer *least = slot->first;
    for (struct timer *timer = least->next; timer != NULL; timer = timer->next)
        if (timer->deadline.ns < least->deadline.ns)
            least = timer;
    return least;
}

static int64_t wheel_deadline(void)
{
    unsigned level;
    return wheel_least(wheel_first_slot(&level))->deadline.ns;
}

static struct timer *wheel_take(void)
{
    unsigned level;
    struct slot *slot = wheel_first_slot(&level);
    struct timer *least = wheel_least(slot);
    if (level > 0) {
        struct timer *list = slot->first;
        wheel_used[level] &= wheel_used[level] - 1;
        *slot = (struct slot){0};
        wheel_base = least->deadline.ns;
        for (struct timer *timer = list, *next; timer != NULL; timer = next) {
            next = timer->next;
            wheel_append(timer);
        }
    }
    wheel_cancel(least);
    return least;
}

static const struct queue queues[] = {
    {"forest", forest_arm, forest_cancel, forest_take, forest_deadline},
    {"pairing", pairing_arm, pairing_cancel, pairing_take, pairing_deadline},
    {"4-ary", heap_arm, heap_cancel, heap_take, heap_deadline},
    {"wheel", wheel_arm, wheel_cancel, wheel_take, wheel_deadline},
};

static volatile int64_t sink;

static double touch(struct timer *timer, size_t n, size_t ops)
{
    int64_t start = clock_ns();
    for (size_t i = 0; i < ops; i++)
        timer[draw(n)].deadline.ns++;
    return (double)(clock_ns() - start) / (double)ops;
}

struct result {
    double rearm, cycle, fire, crowd, worst_us;
};

/* All deadlines in one second, a minute ahead, as after a burst of new neighbors: re-arm one within it and
 * ask for the first. Few steps, since one of the four takes milliseconds. */
static double measure_crowd(const struct queue *queue, struct timer *timer, size_t n, int64_t now)
{
    int64_t second = (now + SPAN) >> 30 << 30;
    for (size_t i = 0; i < n; i++)
        queue->arm(&timer[i], second + (int64_t)draw((uint64_t)TIME_SECOND));
    int64_t start = clock_ns();
    for (size_t i = 0; i < CROWD_STEPS; i++) {
        queue->arm(&timer[draw(n)], second + (int64_t)draw((uint64_t)TIME_SECOND));
        sink += queue->deadline();
    }
    return (double)(clock_ns() - start) / CROWD_STEPS;
}

/* The driver asks for the next deadline after each step, as a loop does before it sleeps. */
static struct result measure(const struct queue *queue, struct timer *timer, size_t n)
{
    struct result result;
    memset(timer, 0, n * sizeof *timer);
    for (size_t i = 0; i < n; i++)
        queue->arm(&timer[i], (int64_t)draw((uint64_t)SPAN) + 1);
    int64_t before = clock_ns();
    struct timer *first = queue->take();
    sink += queue->deadline();
    result.worst_us = (double)(clock_ns() - before) / 1000;
    int64_t now = first->deadline.ns;
    queue->arm(first, now + SPAN);

    int64_t start = clock_ns();
    for (size_t i = 0; i < STEPS; i++) {
        struct timer *due = queue->take();
        now = due->deadline.ns;
        queue->arm(due, now + (int64_t)draw((uint64_t)SPAN) + 1);
        sink += queue->deadline();
    }
    result.fire = (double)(clock_ns() - start) / STEPS;
    start = clock_ns();
    for (size_t i = 0; i < STEPS; i++) {
        queue->arm(&timer[draw(n)], now + (int64_t)draw((uint64_t)SPAN) + 1);
        if (i % 16 == 0)
            sink += queue->deadline();
    }
    result.rearm = (double)(clock_ns() - start) / STEPS;
    start = clock_ns();
    for (size_t i = 0; i < STEPS; i++) {
        struct timer *one = &timer[draw(n)];
        queue->cancel(one);
        queue->arm(one, now + (int64_t)draw((uint64_t)SPAN) + 1);
        if (i % 16 == 0)
            sink += queue->deadline();
    }
    result.cycle = (double)(clock_ns() - start) / STEPS;
    result.crowd = measure_crowd(queue, timer, n, now);
    for (size_t i = 0; i < n; i++)
        queue->cancel(&timer[i]);
    return result;
}

int main(void)
{
    static const size_t sizes[] = {1000, 100000, MOST};
    heap = malloc(MOST * sizeof *heap);
    struct timer *timer = calloc(MOST, sizeof *timer);
    if (heap == NULL || timer == NULL)
        return 1;
    for (size_t i = 0; i < 3; i++) {
        double unit = touch(timer, sizes[i], STEPS);
        printf("%zu timers, touching one: %.1f ns\n", sizes[i], unit);
        printf("  %-8s %17s %17s %17s %19s %20s\n", "", "re-arm", "cancel + arm", "fire + arm",
               "re-arm in crowd", "first take after n");
        for (size_t k = 0; k < sizeof queues / sizeof queues[0]; k++) {
            seed = 1;
            wheel_base = 0;
            struct result r = measure(&queues[k], timer, sizes[i]);
            printf("  %-8s %8.0f ns %4.1fx %8.0f ns %4.1fx %8.0f ns %4.1fx %16.0f ns %17.1f us\n",
                   queues[k].name, r.rearm, r.rearm / unit, r.cycle, r.cycle / unit, r.fire, r.fire / unit,
                   r.crowd, r.worst_us);
        }
    }
    return 0;
}
