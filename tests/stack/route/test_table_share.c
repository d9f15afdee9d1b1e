/* Next hops that share, and the way back: the table against a model that looks at every route. */
#include "tests/table.h"

#include <stdlib.h>

#include "core/siphash.h"
#include "route/table.h"
#include "tests/stack/heap.h"

enum {
    HOPS = 16,
    FLOWS = 4000,
    NET = 0x0a080000, /* 10.8/16, by next hops 10.0.1.1 to 10.0.1.16, every second on interface 2 */
};

struct set {
    struct memory memory;
    struct route_table table;
};

static void add(struct set *set, struct tapir_route route)
{
    assert_int_equal(route_add(&set->table, &route), TAPIR_OK);
}

static struct tapir_route hop(uint32_t n, uint32_t metric, uint8_t tos)
{
    return (struct tapir_route){
        .prefix = {{NET}, 16}, .via = {0x0a000001 + n + (n % 2 << 8)}, .metric = metric, .tos = tos};
}

static struct set *set_create(void)
{
    struct set *set = calloc(1, sizeof *set);
    assert_non_null(set);
    set->memory = heap_memory();
    route_table_init(&set->table, &set->memory, 1000);
    add(set, (struct tapir_route){.prefix = {{0x0a000000}, 24}, .kind = TAPIR_ROUTE_CONNECTED, .iface = 1});
    add(set, (struct tapir_route){.prefix = {{0x0a000100}, 24}, .kind = TAPIR_ROUTE_CONNECTED, .iface = 2});
    return set;
}

static void set_destroy(struct set *set)
{
    route_table_free(&set->table);
    assert_int_equal(set->memory.used, 0);
    free(set);
}

/* The next hop of a flow, by its last octet; -1: none. */
static int hop_of(const struct set *set, uint32_t flow, uint8_t tos)
{
    static const uint8_t key[16] = {1, 2, 3};
    enum route_absence absence;
    const struct route *route = route_lookup(&set->table, (struct route_query){{NET + 1}, tos}, &absence);
    if (route == NULL)
        return -1;
    if ((route->choice & ROUTE_EQUAL) != 0)
        route = route_share(&set->table, route, siphash_words(key, &flow, 1));
    return (int)(route->via.value & 0xff) - 1;
}

static void hops_of(const struct set *set, int hops[FLOWS])
{
    for (uint32_t flow = 0; flow < FLOWS; flow++)
        hops[flow] = hop_of(set, flow, 0);
}

static void flows_are_shared_evenly(void **state)
{
    (void)state;
    for (uint32_t n = 2; n <= HOPS; n++) {
        struct set *set = set_create();
        for (uint32_t i = n; i-- > 0;)
            add(set, hop(i, 7, 0));
        unsigned share[HOPS] = {0};
        for (uint32_t flow = 0; flow < FLOWS; flow++)
            share[hop_of(set, flow, 0)]++;
        for (uint32_t i = 0; i < n; i++) /* a fifth is four deviations and more */
            assert_in_range(share[i], FLOWS / n * 7 / 10, FLOWS / n * 13 / 10);
        set_destroy(set);
    }
}

/* Who comes takes a share from all and moves no other flow; who goes or falls gives his to the rest, and nothing else
 * moves. */
static void only_the_flows_of_a_hop_move_with_it(void **state)
{
    (void)state;
    static int before[FLOWS], after[FLOWS];
    struct set *set = set_create();
    for (uint32_t i = 0; i < 6; i++)
        add(set, hop(i, 0, 0));
    hops_of(set, before);
    for (uint32_t gone = 0; gone < 6; gone++) {
        struct tapir_route route = hop(gone, 0, 0);
        assert_int_equal(route_remove(&set->table, &route), TAPIR_OK);
        hops_of(set, after);
        for (int flow = 0; flow < FLOWS; flow++) {
            assert_int_equal(after[flow] == before[flow], before[flow] != (int)gone);
            assert_int_not_equal(after[flow], gone);
        }
        add(set, route);
        hops_of(set, after);
        assert_memory_equal(before, after, sizeof before);
    }
    for (unsigned iface = 1; iface <= 2; iface++) {
        route_iface_up(&set->table, iface, false);
        hops_of(set, after);
        for (int flow = 0; flow < FLOWS; flow++) {
            assert_int_equal(after[flow] % 2, 2 - (int)iface); /* interface 1 has the even ones */
            if (before[flow] % 2 != (int)iface - 1)
                assert_int_equal(after[flow], before[flow]);
        }
        route_iface_up(&set->table, iface, true);
    }
    set_destroy(set);
}

static void only_the_lowest_metric_that_works_shares(void **state)
{
    (void)state;
    struct set *set = set_create();
    for (uint32_t i = 0; i < 8; i++)
        add(set, hop(i, i < 2 ? 10 : 20, 0)); /* 0 and 1 are better, one on each interface */
    unsigned seen = 0;
    for (uint32_t flow = 0; flow < FLOWS; flow++)
        seen |= 1U << hop_of(set, flow, 0);
    assert_int_equal(seen, 3);
    route_iface_up(&set->table, 1, false);
    for (uint32_t flow = 0; flow < FLOWS; flow++)
        assert_int_equal(hop_of(set, flow, 0), 1);
    struct tapir_route better = hop(1, 10, 0);
    assert_int_equal(route_remove(&set->table, &better), TAPIR_OK);
    seen = 0;
    for (uint32_t flow = 0; flow < FLOWS; flow++)
        seen |= 1U << hop_of(set, flow, 0);
    assert_int_equal(seen, 1U << 3 | 1U << 5 | 1U << 7);
    set_destroy(set);
}

static void each_type_of_service_shares_alone(void **state)
{
    (void)state;
    struct set *set = set_create();
    for (uint32_t i = 0; i < 6; i++)
        add(set, hop(i, 5, i < 3 ? 0 : 8));
    unsigned seen[2] = {0};
    for (uint32_t flow = 0; flow < FLOWS; flow++) {
        seen[0] |= 1U << hop_of(set, flow, 4);
        seen[1] |= 1U << hop_of(set, flow, 8);
    }
    assert_int_equal(seen[0], 7);
    assert_int_equal(seen[1], 7 << 3);
    set_destroy(set);
}

static void a_refusal_shares_with_nobody(void **state)
{
    (void)state;
    struct set *set = set_create();
    enum route_absence absence;
    add(set, hop(0, 0, 0));
    add(set, (struct tapir_route){.prefix = {{NET}, 16}, .kind = TAPIR_ROUTE_PROHIBIT});
    const struct route *route = route_lookup(&set->table, (struct route_query){{NET}, 0}, &absence);
    assert_int_equal(route->kind, TAPIR_ROUTE_PROHIBIT);
    assert_int_equal(route->choice, 0);
    set_destroy(set);
}

/* ---- the way back: rows of one prefix each; interface 1 has next hops 10.0.0.x, interface 2 10.0.1.x ---- */

static const struct back {
    const char *sentence;
    struct tapir_route routes[3];
    unsigned down;
    bool by[3]; /* any, interface 1, interface 2 */
} backs[] = {
    {"nobody knows the way", {{.prefix.length = 33}}, 0, {false, false, false}},
    {"a route by interface 1", {{.via = {0x0a000001}}}, 0, {true, true, false}},
    {"a route by interface 2", {{.via = {0x0a000101}}}, 0, {true, false, true}},
    {"two that share", {{.via = {0x0a000001}}, {.via = {0x0a000101}}}, 0, {true, true, true}},
    {"the better one counts",
     {{.via = {0x0a000001}, .metric = 1}, {.via = {0x0a000101}}},
     0,
     {true, false, true}},
    {"the better one is down",
     {{.via = {0x0a000001}, .metric = 1}, {.via = {0x0a000101}}},
     2,
     {true, true, false}},
    {"all are down", {{.via = {0x0a000001}}}, 1, {false, false, false}},
    {"each type of service has its best",
     {{.via = {0x0a000001}, .metric = 1},
      {.via = {0x0a000101}, .metric = 9, .tos = 8},
      {.kind = TAPIR_ROUTE_PROHIBIT, .tos = 4}},
     0,
     {true, true, true}},
    {"two that share, one of them down",
     {{.via = {0x0a000001}}, {.via = {0x0a000101}}},
     2,
     {true, true, false}},
    {"and the other one down", {{.via = {0x0a000001}}, {.via = {0x0a000101}}}, 1, {true, false, true}},
    {"the best of a type of service is down, the next one takes its place",
     {{.via = {0x0a000001}},
      {.via = {0x0a000001}, .metric = 1, .tos = 8},
      {.via = {0x0a000101}, .metric = 2, .tos = 8}},
     1,
     {true, false, true}},
    {"the best of a type of service is down, and others have theirs",
     {{.via = {0x0a000101}}, {.via = {0x0a000001}, .tos = 8}, {.via = {0x0a000101}, .metric = 2, .tos = 8}},
     1,
     {true, false, true}},
    {"a blackhole", {{.kind = TAPIR_ROUTE_BLACKHOLE}}, 0, {false, false, false}},
    {"a prohibited network", {{.kind = TAPIR_ROUTE_PROHIBIT}}, 0, {false, false, false}},
    {"an unreachable network", {{.kind = TAPIR_ROUTE_UNREACHABLE}}, 0, {false, false, false}},
    {"a blackhole that wins",
     {{.kind = TAPIR_ROUTE_BLACKHOLE}, {.via = {0x0a000001}}},
     0,
     {false, false, false}},
    {"a blackhole that waits",
     {{.kind = TAPIR_ROUTE_BLACKHOLE, .metric = 1}, {.via = {0x0a000001}}},
     0,
     {true, true, false}},
};

static void check_back(void **state)
{
    const struct back *row = *state;
    struct set *set = set_create();
    for (int i = 0; i < 3; i++) {
        struct tapir_route route = row->routes[i];
        if (route.prefix.length == 33 || (route.kind == TAPIR_ROUTE_UNICAST && route.via.value == 0))
            continue;
        route.prefix = (struct ip4_prefix){{NET}, 16};
        add(set, route);
    }
    if (row->down != 0)
        route_iface_up(&set->table, row->down, false);
    assert_int_equal(route_leads_back(&set->table, (struct ip4){NET + 7}, TAPIR_EVERYWHERE, 0), row->by[0]);
    assert_int_equal(route_leads_back(&set->table, (struct ip4){NET + 7}, TAPIR_EVERYWHERE, 16), row->by[0]);
    assert_false(route_leads_back(&set->table, (struct ip4){NET + 7}, TAPIR_EVERYWHERE, 17));
    for (unsigned iface = 1; iface <= 2; iface++)
        assert_int_equal(route_leads_back(&set->table, (struct ip4){NET + 7}, iface, 0), row->by[iface]);
    set_destroy(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flows_are_shared_evenly),
        cmocka_unit_test(only_the_flows_of_a_hop_move_with_it),
        cmocka_unit_test(only_the_lowest_metric_that_works_shares),
        PROVES("FWD-8", each_type_of_service_shares_alone),
        cmocka_unit_test(a_refusal_shares_with_nobody),
    };
    return RUN_TABLE("the way back", backs, check_back) +
           cmocka_run_group_tests_name("next hops that share", tests, NULL, NULL);
}
