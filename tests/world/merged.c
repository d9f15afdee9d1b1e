/* A batch through two routers, with super-frames and without. */
#include "tests/world/merged.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    ROOM = ETHER + 14000
};

/* ---- a batch through both ---- */

static uint8_t room[BATCH_MAX][ROOM];
static struct arrival batch[BATCH_MAX];
static size_t n_batch;

void batch_begin(void)
{
    n_batch = 0;
}

struct arrival *batch_add(const struct super *super, size_t i)
{
    assert_true(n_batch < BATCH_MAX);
    batch[n_batch] = single_arrival(super, i, room[n_batch]);
    return &batch[n_batch++];
}

void batch_add_whole(const struct super *super)
{
    assert_true(n_batch < BATCH_MAX && super->data < ROOM - 200);
    batch[n_batch] = super_arrival(super, room[n_batch]);
    n_batch++;
}

uint8_t *batch_datagram(const struct arrival *arrival)
{
    return room[arrival - batch] + ETHER;
}

size_t batch_size(void)
{
    return n_batch;
}

uint64_t batch_send(struct bench *bench)
{
    return bench_send_batch(bench, TAP_A, batch, n_batch);
}

/* ---- through a router ---- */

static void keep(struct router *router, const uint8_t *datagram, size_t size)
{
    assert_true(router->n < LEFT_MAX);
    uint8_t *copy = malloc(size);
    assert_non_null(copy);
    router->datagrams[router->n] = memcpy(copy, datagram, size);
    router->sizes[router->n++] = size;
}

/* The segments of a super-frame are, one after the other, those whose verdict says that they went into it. */
static void check_into(const struct router *router, const struct sight *sight, size_t i,
                       const uint8_t *segment, size_t size)
{
    const struct bench *bench = router->bench;
    for (uint64_t n = router->first; n <= bench->n_frames; n++) {
        if (bench->frames[n].into != sight->number || i-- > 0)
            continue;
        expect_verdict(bench, n, TAPIR_IP4_COALESCED);
        const uint8_t *given = bench->frames[n].wire + ETHER;
        assert_memory_equal(given + 20, segment + 20, size - 20);
        assert_memory_equal(given, segment, 8);
        return;
    }
    fail_msg("a super-frame carries more than says so");
}

static size_t take_apart(struct router *router, const struct sight *sight)
{
    static uint8_t segment[SUPER_MAX];
    const struct view *view = &sight->view;
    if (sight->offload.segment == 0) {
        keep(router, view->datagram, view->total);
        return 1;
    }
    size_t n = super_split_count(view->datagram, view->total, &sight->offload);
    for (size_t i = 0; i < n; i++) {
        size_t size = super_split(view->datagram, view->total, &sight->offload, i, segment);
        if (!sight->forwarded)
            check_into(router, sight, i, segment, size);
        keep(router, segment, size);
    }
    return n;
}

static void send_batch(struct router *router)
{
    router->first = batch_send(router->bench);
    size_t length = 0, gone = 0;
    for (const struct sight *sight; (sight = bench_next(router->bench)) != NULL;) {
        size_t n = take_apart(router, sight);
        gone += n > 1 && !sight->forwarded ? n : 0;
        length += (size_t)snprintf(router->groups + length, sizeof router->groups - length, "%s%zu",
                                   length == 0 ? "" : " ", n);
    }
    assert_int_equal(count_of(router->bench, TAPIR_IP4_COALESCED, TAPIR_RECEIVED), gone);
    assert_int_equal(count_of(router->bench, TAPIR_FORWARDED, TAPIR_RECEIVED) +
                         count_of(router->bench, TAPIR_IP4_SEGMENTED, TAPIR_RECEIVED),
                     n_batch - gone);
}

void close_router(struct router *router)
{
    for (size_t i = 0; i < router->n; i++)
        free(router->datagrams[i]);
    bench_close(router->bench);
}

/* ---- the same frames, in the same order within a flow ---- */

static bool is_fragment(const uint8_t *datagram)
{
    return (dissect_get(datagram + 6, 2) & 0x3fff) != 0;
}

/* Of one flow; a fragment may be of any flow of its protocol. */
static bool have_order(const uint8_t *a, const uint8_t *b)
{
    if (memcmp(a + 12, b + 12, 8) != 0 || a[9] != b[9])
        return false;
    bool have_ports = (a[9] == 6 || a[9] == 17) && !is_fragment(a) && !is_fragment(b);
    return !have_ports || memcmp(a + 20, b + 20, 4) == 0;
}

static void compare(const struct router *with, const struct router *without)
{
    size_t place[LEFT_MAX];
    bool is_taken[LEFT_MAX] = {false};
    assert_int_equal(with->n, without->n);
    for (size_t i = 0; i < without->n; i++) {
        size_t k = 0;
        while (k < with->n && (is_taken[k] || with->sizes[k] != without->sizes[i] ||
                               memcmp(with->datagrams[k], without->datagrams[i], with->sizes[k]) != 0))
            k++;
        if (k == with->n)
            fail_msg("frame %zu did not leave as it leaves a router without offloads", i);
        is_taken[k] = true;
        place[i] = k;
        for (size_t before = 0; before < i; before++)
            if (place[before] > k && have_order(without->datagrams[before], without->datagrams[i]))
                fail_msg("frame %zu of a flow was overtaken by %zu", before, i);
    }
}

struct router *try_batch(const char *given)
{
    static struct router with, without;
    without = (struct router){.bench = bench_open(ROUTER, "mtu b 14000")};
    with = (struct router){.bench = bench_open(ROUTER, given)};
    if (strstr(given, "deaf") != NULL)
        bench_starve_all(with.bench);
    send_batch(&without);
    send_batch(&with);
    compare(&with, &without);
    bench_feed(with.bench);
    close_router(&without);
    return &with;
}
