/* tapir_apply: each operation, each fault with its words, and all or none. */
#include "tests/stack/stage_snapshot.h"

#define IF0_ADDRESS A4(10, 0, 0, 1)
#define IF1_ADDRESS A4(10, 0, 1, 1)
#define GATEWAY     A4(10, 0, 0, 2)
#define FAR         A4(10, 9, 0, 0)
#define FIXED       A4(10, 0, 0, 9)

/* What every row begins with. */
static const struct tapir_op base[] = {ADD_IFACE(0),
                                       ADD_IFACE(1),
                                       ADD_ADDRESS(0, IF0_ADDRESS, 24),
                                       ADD_ADDRESS(1, IF1_ADDRESS, 24),
                                       ADD_ROUTE(FAR, 16, GATEWAY),
                                       ADD_KIND(A4(10, 8, 0, 0), 16, TAPIR_ROUTE_PROHIBIT),
                                       ADD_NEIGHBOR(0, FIXED),
                                       SET(1, IP_TTL, 33)};

static void begin(struct stage_set *set)
{
    *set = (struct stage_set){0};
    assert_true(set_create_small(set));
    set_apply(set, base, COUNT(base));
}

static size_t length_of(const struct tapir_op ops[], size_t most)
{
    static const struct tapir_op none;
    size_t n = 0;
    while (n < most && memcmp(&ops[n], &none, sizeof none) != 0)
        n++;
    return n;
}

/* ---- faults ---- */

enum {
    MOST = 8
};

static const struct fault_row {
    const char *sentence;
    struct tapir_op ops[MOST]; /* the last one fails */
    enum tapir_result result;
    const char *why;
} faults[] = {
    {"an interface that is not there cannot be removed",
     {DEL_IFACE(3)},
     TAPIR_MISSING,
     "there is no interface of that number"},
    {"a link needs its interface", {LINK(3, false)}, TAPIR_MISSING, "there is no interface of that number"},
    {"an address needs its interface",
     {ADD_ADDRESS(3, A4(10, 3, 0, 1), 24)},
     TAPIR_MISSING,
     "there is no interface of that number"},
    {"a neighbor needs its interface",
     {ADD_NEIGHBOR(3, FIXED)},
     TAPIR_MISSING,
     "there is no interface of that number"},
    {"a setting of an interface needs it",
     {SET(3, IP_TTL, 9)},
     TAPIR_MISSING,
     "there is no interface of that number"},
    {"the number of an interface is bounded",
     {ADD_IFACE(4)},
     TAPIR_FULL,
     "the number is beyond limits.interfaces"},
    {"two interfaces cannot have one number",
     {ADD_IFACE(1)},
     TAPIR_EXISTS,
     "an interface of that number is there already"},
    {"an MTU is at least 68",
     {{.kind = TAPIR_OP_INTERFACE, .iface = 2, .interface = {.mac = {{2}}, .mtu = 67}}},
     TAPIR_INVALID,
     "the MTU is below 68, the least that IPv4 allows"},
    {"an interface has no group MAC",
     {{.kind = TAPIR_OP_INTERFACE, .iface = 2, .interface = {.mac = {{3}}, .mtu = 1500}}},
     TAPIR_INVALID,
     "the MAC cannot be a host's"},
    {"an interface has no zero MAC",
     {{.kind = TAPIR_OP_INTERFACE, .iface = 2, .interface = {.mtu = 1500}}},
     TAPIR_INVALID,
     "the MAC cannot be a host's"},
    {"an interface with addresses stays", {DEL_IFACE(1)}, TAPIR_BUSY, "the interface still has addresses"},
    {"an interface with neighbors set by hand stays",
     {DEL_ROUTE(FAR, 16, GATEWAY), DEL_ADDRESS(0, IF0_ADDRESS, 24), DEL_IFACE(0)},
     TAPIR_BUSY,
     "the interface still has neighbors set by hand"},
    {"a connected route cannot be added by hand",
     {ADD_KIND(FAR, 16, TAPIR_ROUTE_CONNECTED)},
     TAPIR_INVALID,
     "routes of this kind follow addresses"},
    {"a local route cannot be added by hand",
     {ADD_KIND(FAR, 32, TAPIR_ROUTE_LOCAL)},
     TAPIR_INVALID,
     "routes of this kind follow addresses"},
    {"a broadcast route cannot be removed by hand",
     {DEL_KIND(A4(10, 0, 0, 255), 32, TAPIR_ROUTE_BROADCAST)},
     TAPIR_INVALID,
     "routes of this kind follow addresses"},
    {"a route stands once", {ADD_ROUTE(FAR, 16, GATEWAY)}, TAPIR_EXISTS, "the route is there already"},
    {"a route that is not there cannot be removed",
     {DEL_ROUTE(FAR, 17, GATEWAY)},
     TAPIR_MISSING,
     "there is no such route"},
    {"a next hop lies in a connected network",
     {ADD_ROUTE(A4(10, 7, 0, 0), 16, A4(10, 66, 0, 1))},
     TAPIR_MISSING,
     "the next hop lies in none of the connected networks"},
    {"a next hop is not ourselves",
     {ADD_ROUTE(A4(10, 7, 0, 0), 16, IF0_ADDRESS)},
     TAPIR_INVALID,
     "the prefix has bits set beyond its length, or the next hop is an address of ours"},
    {"a prefix ends where its length says",
     {ADD_ROUTE(A4(10, 7, 0, 1), 16, GATEWAY)},
     TAPIR_INVALID,
     "the prefix has bits set beyond its length, or the next hop is an address of ours"},
    {"a prefix has at most 32 bits",
     {ADD_ROUTE(A4(10, 7, 0, 0), 33, GATEWAY)},
     TAPIR_INVALID,
     "the prefix has bits set beyond its length, or the next hop is an address of ours"},
    {"a kind of route must exist",
     {ADD_KIND(A4(10, 7, 0, 0), 16, (enum tapir_route_kind)99)},
     TAPIR_INVALID,
     "the prefix has bits set beyond its length, or the next hop is an address of ours"},
    {"nobody is at a group MAC",
     {{.kind = TAPIR_OP_NEIGHBOR, .neighbor = {{GATEWAY}, {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}}}},
     TAPIR_INVALID,
     "the MAC cannot be a host's"},
    {"nobody is at the zero MAC",
     {{.kind = TAPIR_OP_NEIGHBOR, .neighbor = {.address = {GATEWAY}}}},
     TAPIR_INVALID,
     "the MAC cannot be a host's"},
    {"a neighbor set by hand stands once",
     {ADD_NEIGHBOR(0, FIXED)},
     TAPIR_EXISTS,
     "the neighbor is there already"},
    {"a neighbor that is not there cannot be removed",
     {DEL_NEIGHBOR(1, FIXED)},
     TAPIR_MISSING,
     "there is no such permanent neighbor"},
    {"neighbors are bounded",
     {ADD_NEIGHBOR(0, A4(10, 0, 0, 11)), ADD_NEIGHBOR(0, A4(10, 0, 0, 12)), ADD_NEIGHBOR(0, A4(10, 0, 0, 13)),
      ADD_NEIGHBOR(0, A4(10, 0, 0, 14)), ADD_NEIGHBOR(0, A4(10, 0, 0, 15)), ADD_NEIGHBOR(0, A4(10, 0, 0, 16)),
      ADD_NEIGHBOR(0, A4(10, 0, 0, 17)), ADD_NEIGHBOR(0, A4(10, 0, 0, 18))},
     TAPIR_FULL,
     "limits.neighbors is reached"},
    {"a setting has its values",
     {SET(TAPIR_EVERYWHERE, IP_TTL, 0)},
     TAPIR_INVALID,
     "no such setting, or not one of its values"},
    {"a setting must exist",
     {{.kind = TAPIR_OP_SET, .iface = TAPIR_EVERYWHERE, .set = {TAPIR_SETTING_COUNT, 1}}},
     TAPIR_INVALID,
     "no such setting, or not one of its values"},
    {"the network itself is no host",
     {ADD_ADDRESS(1, A4(10, 5, 0, 0), 24)},
     TAPIR_INVALID,
     "the address cannot be a host's"},
    {"the broadcast is no host",
     {ADD_ADDRESS(1, A4(10, 5, 0, 255), 24)},
     TAPIR_INVALID,
     "the address cannot be a host's"},
    {"loopback is no host on a wire",
     {ADD_ADDRESS(1, A4(127, 0, 0, 1), 8)},
     TAPIR_INVALID,
     "the address cannot be a host's"},
    {"a group is no host",
     {ADD_ADDRESS(1, A4(224, 0, 0, 5), 24)},
     TAPIR_INVALID,
     "the address cannot be a host's"},
    {"class E is no host",
     {ADD_ADDRESS(1, A4(240, 0, 0, 5), 24)},
     TAPIR_INVALID,
     "the address cannot be a host's"},
    {"0/8 is no host", {ADD_ADDRESS(1, A4(0, 0, 0, 5), 24)}, TAPIR_INVALID, "the address cannot be a host's"},
    {"a length of 0 is no network",
     {ADD_ADDRESS(1, A4(10, 5, 0, 5), 0)},
     TAPIR_INVALID,
     "the address cannot be a host's"},
    {"a length of 33 is no network",
     {ADD_ADDRESS(1, A4(10, 5, 0, 5), 33)},
     TAPIR_INVALID,
     "the address cannot be a host's"},
    {"an address stands once, on whichever interface",
     {ADD_ADDRESS(1, IF0_ADDRESS, 24)},
     TAPIR_EXISTS,
     "the address is ours already"},
    {"addresses are bounded",
     {ADD_ADDRESS(0, A4(10, 5, 1, 1), 24), ADD_ADDRESS(0, A4(10, 5, 2, 1), 24),
      ADD_ADDRESS(0, A4(10, 5, 3, 1), 24), ADD_ADDRESS(0, A4(10, 5, 4, 1), 24),
      ADD_ADDRESS(0, A4(10, 5, 5, 1), 24)},
     TAPIR_FULL,
     "limits.addresses is reached"},
    {"an address that is not there cannot be removed",
     {DEL_ADDRESS(1, IF0_ADDRESS, 24)},
     TAPIR_MISSING,
     "the interface does not have the address"},
    {"an address of another length cannot be removed",
     {DEL_ADDRESS(0, IF0_ADDRESS, 25)},
     TAPIR_MISSING,
     "the interface does not have the address"},
    {"a network that routes lead through stays",
     {DEL_ADDRESS(0, IF0_ADDRESS, 24)},
     TAPIR_BUSY,
     "routes still lead through the network of the address"},
    {"an operation must exist", {{.kind = (enum tapir_op_kind)99}}, TAPIR_INVALID, "no such operation"},
};

static void check_fault(void **state)
{
    const struct fault_row *row = *state;
    struct stage_set set;
    static struct snapshot before, after;
    begin(&set);
    snapshot_take(&set, &before);
    struct tapir_fault fault = {99, NULL};
    size_t n = length_of(row->ops, MOST);
    assert_int_equal(tapir_apply(set.stack, row->ops, n, &fault, NOW), row->result);
    assert_non_null(fault.why);
    assert_string_equal(fault.why, row->why);
    assert_int_equal(fault.op, n - 1);
    snapshot_take(&set, &after);
    expect_same_state(&before, &after);
    assert_int_equal(tapir_apply(set.stack, row->ops, n, NULL, NOW),
                     row->result); /* a fault need not be asked for */
    set_destroy(&set);
}

/* ---- all or none ---- */

static const struct row {
    const char *sentence;
    struct tapir_op ops[MOST]; /* all of them good */
} rows[] = {
    {"an added interface is taken back", {ADD_IFACE(2)}},
    {"an added interface with all that is its own is taken back",
     {ADD_IFACE(2), ADD_ADDRESS(2, A4(10, 2, 0, 1), 24), ADD_ROUTE(A4(10, 7, 0, 0), 16, A4(10, 2, 0, 2)),
      ADD_NEIGHBOR(2, A4(10, 2, 0, 3)), SET(2, ARP_HOLD, 3), LINK(2, false)}},
    {"a removed interface is put back", {DEL_ADDRESS(1, IF1_ADDRESS, 24), DEL_IFACE(1)}},
    {"a removed interface is put back after another took its number",
     {DEL_ADDRESS(1, IF1_ADDRESS, 24), DEL_IFACE(1), ADD_IFACE(1), SET(1, ARP_HOLD, 5), LINK(1, false)}},
    {"a removed interface that was down is put back down",
     {LINK(1, false), DEL_ADDRESS(1, IF1_ADDRESS, 24), DEL_IFACE(1), ADD_IFACE(1)}},
    {"a link that went down is up again", {LINK(0, false)}},
    {"a link that went down and up is up", {LINK(0, false), LINK(0, true), LINK(0, false)}},
    {"an added address goes with its routes", {ADD_ADDRESS(1, A4(10, 4, 0, 1), 24)}},
    {"an added address on a network that is there leaves the network", {ADD_ADDRESS(0, A4(10, 0, 0, 7), 24)}},
    {"a removed address comes back with its routes", {DEL_ADDRESS(1, IF1_ADDRESS, 24)}},
    {"removed addresses come back in their order",
     {DEL_ROUTE(FAR, 16, GATEWAY), DEL_ADDRESS(0, IF0_ADDRESS, 24), DEL_ADDRESS(1, IF1_ADDRESS, 24)}},
    {"an address that moved to another interface moves back",
     {DEL_ADDRESS(1, IF1_ADDRESS, 24), ADD_ADDRESS(0, IF1_ADDRESS, 24)}},
    {"an address comes back ready though new ones would be probed",
     {SET(TAPIR_EVERYWHERE, ARP_ACD, 1), DEL_ADDRESS(1, IF1_ADDRESS, 24)}},
    {"an address stays ready though the link would be probed anew",
     {SET(TAPIR_EVERYWHERE, ARP_ACD, 1), LINK(1, false)}},
    {"an address that is probed is forgotten", {SET(1, ARP_ACD, 1), ADD_ADDRESS(1, A4(10, 4, 0, 1), 24)}},
    {"an added route is taken back", {ADD_ROUTE(A4(10, 7, 0, 0), 16, GATEWAY)}},
    {"a removed route is put back", {DEL_ROUTE(FAR, 16, GATEWAY)}},
    {"a removed route of another kind is put back", {DEL_KIND(A4(10, 8, 0, 0), 16, TAPIR_ROUTE_PROHIBIT)}},
    {"a route that was replaced is as before",
     {DEL_ROUTE(FAR, 16, GATEWAY), ADD_ROUTE(FAR, 16, A4(10, 0, 0, 3))}},
    {"an added neighbor is taken back", {ADD_NEIGHBOR(1, A4(10, 0, 1, 9))}},
    {"a removed neighbor is put back with its MAC", {DEL_NEIGHBOR(0, FIXED)}},
    {"a removed neighbor is put back though its address has become ours",
     {ADD_ADDRESS(1, FIXED, 32), DEL_NEIGHBOR(0, FIXED)}},
    {"a setting of the node has its value again", {SET(TAPIR_EVERYWHERE, IP_TTL, 9)}},
    {"a setting of an interface is the node's again", {SET(0, IP_TTL, 9)}},
    {"a setting of an interface has its own value again", {SET(1, IP_TTL, 9), SET(1, IP_TTL, 10)}},
    {"settings of node and interface, one over the other, are as before",
     {SET(TAPIR_EVERYWHERE, IP_TTL, 9), SET(0, IP_TTL, 10), SET(TAPIR_EVERYWHERE, IP_TTL, 11)}},
    {"the wall clock is unknown again", {CLOCK(INT64_C(1700000000000000000))}},
};

static void check_all_or_none(void **state)
{
    const struct row *row = *state;
    static struct snapshot before, after;
    struct stage_set set;
    struct tapir_op ops[MOST + 1] = {0};
    struct tapir_fault fault;
    size_t n = length_of(row->ops, MOST);
    memcpy(ops, row->ops, sizeof row->ops);
    ops[n].kind = (enum tapir_op_kind)99;
    begin(&set);
    snapshot_take(&set, &before);
    assert_int_equal(tapir_apply(set.stack, ops, n + 1, &fault, NOW), TAPIR_INVALID);
    assert_int_equal(fault.op, n);
    snapshot_take(&set, &after);
    expect_same_state(&before, &after);
    assert_int_equal(tapir_deadline(set.stack).ns, INT64_MAX); /* no timer was left armed */
    set_apply(&set, ops, n); /* the control: without the last one they change something */
    snapshot_take(&set, &after);
    assert_memory_not_equal(&after, &before, sizeof after);
    set_destroy(&set);
}

/* ---- short of memory ---- */

/* Fails the first, the second ... allocation of a list until it succeeds: each time nothing has changed. */
static void check_short_of_memory(void **state)
{
    const struct row *row = *state;
    static struct snapshot before, after;
    size_t n = length_of(row->ops, MOST);
    for (unsigned fail_at = 1;; fail_at++) {
        struct stage_set set;
        begin(&set);
        snapshot_take(&set, &before);
        set.asked = 0;
        set.fail_at = fail_at;
        set.fails_on = true; /* taking back finds none either */
        struct tapir_fault fault = {0};
        enum tapir_result result = tapir_apply(set.stack, row->ops, n, &fault, NOW);
        bool reached = set.asked >= fail_at;
        set.fail_at = 0;
        if (result != TAPIR_OK) {
            assert_int_equal(result, TAPIR_FULL);
            assert_non_null(strstr(fault.why, "no memory"));
            snapshot_take(&set, &after);
            expect_same_state(&before, &after);
            set_apply(&set, row->ops, n); /* and now there is some */
        }
        set_destroy(&set);
        if (!reached)
            return;
        assert_true(fail_at < 100);
    }
}

/* The whole of it from nothing, so that tables grow for the first time. */
static void test_short_of_memory_at_first(void **state)
{
    (void)state;
    for (unsigned fail_at = 1;; fail_at++) {
        struct stage_set set = {0};
        static struct snapshot before, after;
        assert_true(set_create_small(&set));
        snapshot_take(&set, &before);
        set.fail_at = set.asked + fail_at;
        unsigned asked = set.asked;
        enum tapir_result result = tapir_apply(set.stack, base, COUNT(base), NULL, NOW);
        bool reached = set.asked >= asked + fail_at;
        set.fail_at = 0;
        if (result != TAPIR_OK) {
            assert_int_equal(result, TAPIR_FULL);
            snapshot_take(&set, &after);
            expect_same_state(&before, &after);
        }
        set_destroy(&set);
        if (!reached)
            return;
    }
}

static void test_routes_bounded(void **state)
{
    (void)state;
    struct stage_set set;
    struct tapir_fault fault;
    begin(&set);
    for (uint32_t i = 0;; i++) {
        const struct tapir_op op = ADD_KIND(A4(20, i, 0, 0), 16, TAPIR_ROUTE_BLACKHOLE);
        if (tapir_apply(set.stack, &op, 1, &fault, NOW) == TAPIR_OK)
            continue;
        assert_string_equal(fault.why, "no memory for the route, or limits.routes is reached");
        assert_int_equal(i, 40 - 10); /* four for each address, and two by hand */
        break;
    }
    const struct tapir_op address = ADD_ADDRESS(1, A4(10, 4, 0, 1), 24);
    static struct snapshot before, after;
    snapshot_take(&set, &before);
    assert_int_equal(tapir_apply(set.stack, &address, 1, &fault, NOW), TAPIR_FULL);
    assert_string_equal(fault.why, "no memory for the routes of the address, or limits.routes is reached");
    snapshot_take(&set, &after);
    expect_same_state(&before, &after);
    set_destroy(&set);
}

static void test_nothing(void **state)
{
    (void)state;
    struct stage_set set;
    begin(&set);
    unsigned asked = set.asked;
    assert_int_equal(tapir_apply(set.stack, NULL, 0, NULL, NOW), TAPIR_OK);
    assert_int_equal(set.asked, asked);
    set_destroy(&set);
}

/* ---- networks that addresses share ---- */

static bool has_route(const struct stage_set *set, uint32_t prefix, uint8_t length,
                      enum tapir_route_kind kind)
{
    union tapir_row row;
    for (uint64_t cursor = 0; tapir_list(set->stack, TAPIR_TABLE_ROUTES, &cursor, &row, 1) == 1;)
        if (row.route.prefix.address.value == prefix && row.route.prefix.length == length &&
            row.route.kind == kind)
            return true;
    return false;
}

static void apply_one(struct stage_set *set, struct tapir_op op)
{
    set_apply(set, &op, 1);
}

#define APPLY(set, ...) apply_one(set, (struct tapir_op)__VA_ARGS__)

static void test_secondary(void **state)
{
    (void)state;
    struct stage_set set;
    begin(&set);
    APPLY(&set, ADD_ADDRESS(0, A4(10, 0, 0, 7), 24));
    assert_true(has_route(&set, A4(10, 0, 0, 7), 32, TAPIR_ROUTE_LOCAL));
    APPLY(&set, DEL_ADDRESS(0, IF0_ADDRESS, 24)); /* though a route leads through the network: it stays */
    assert_false(has_route(&set, IF0_ADDRESS, 32, TAPIR_ROUTE_LOCAL));
    assert_true(has_route(&set, A4(10, 0, 0, 0), 24, TAPIR_ROUTE_CONNECTED));
    assert_true(has_route(&set, A4(10, 0, 0, 255), 32, TAPIR_ROUTE_BROADCAST));
    assert_true(has_route(&set, A4(10, 0, 0, 0), 32, TAPIR_ROUTE_BROADCAST));
    APPLY(&set, DEL_ROUTE(FAR, 16, GATEWAY));
    APPLY(&set, DEL_ADDRESS(0, A4(10, 0, 0, 7), 24));
    assert_false(has_route(&set, A4(10, 0, 0, 0), 24, TAPIR_ROUTE_CONNECTED));
    assert_false(has_route(&set, A4(10, 0, 0, 255), 32, TAPIR_ROUTE_BROADCAST));
    set_destroy(&set);
}

/* A network within a network: they share a broadcast, or a zero host, but not a length. */
static void test_nested(void **state)
{
    (void)state;
    struct stage_set set;
    begin(&set);
    APPLY(&set, ADD_ADDRESS(0, A4(10, 0, 0, 130), 25)); /* its broadcast is that of the /24 too */
    APPLY(&set, ADD_ADDRESS(0, A4(10, 0, 0, 3), 28));   /* and its zero host */
    assert_true(has_route(&set, A4(10, 0, 0, 128), 25, TAPIR_ROUTE_CONNECTED));
    APPLY(&set, DEL_ADDRESS(0, A4(10, 0, 0, 130), 25));
    assert_true(has_route(&set, A4(10, 0, 0, 255), 32, TAPIR_ROUTE_BROADCAST));
    assert_false(has_route(&set, A4(10, 0, 0, 128), 32, TAPIR_ROUTE_BROADCAST));
    APPLY(&set, DEL_ROUTE(FAR, 16, GATEWAY));
    APPLY(&set, DEL_ADDRESS(0, IF0_ADDRESS, 24));
    assert_false(has_route(&set, A4(10, 0, 0, 255), 32, TAPIR_ROUTE_BROADCAST));
    assert_true(has_route(&set, A4(10, 0, 0, 0), 32, TAPIR_ROUTE_BROADCAST));
    APPLY(&set, DEL_ADDRESS(0, A4(10, 0, 0, 3), 28));
    assert_false(has_route(&set, A4(10, 0, 0, 0), 32, TAPIR_ROUTE_BROADCAST));
    set_destroy(&set);
}

static void test_point_to_point(void **state)
{
    (void)state;
    struct stage_set set;
    begin(&set);
    APPLY(&set, ADD_ADDRESS(1, A4(10, 4, 0, 0), 31)); /* both are hosts */
    assert_true(has_route(&set, A4(10, 4, 0, 0), 31, TAPIR_ROUTE_CONNECTED));
    assert_false(has_route(&set, A4(10, 4, 0, 1), 32, TAPIR_ROUTE_BROADCAST));
    APPLY(&set, ADD_ROUTE(A4(10, 7, 0, 0), 16, A4(10, 4, 0, 1)));
    APPLY(&set, ADD_ADDRESS(1, A4(10, 6, 0, 255), 32));
    assert_true(has_route(&set, A4(10, 6, 0, 255), 32, TAPIR_ROUTE_LOCAL));
    assert_false(has_route(&set, A4(10, 6, 0, 255), 32, TAPIR_ROUTE_BROADCAST));
    APPLY(&set, DEL_ADDRESS(1, A4(10, 6, 0, 255), 32));
    assert_false(has_route(&set, A4(10, 6, 0, 255), 32, TAPIR_ROUTE_LOCAL));
    assert_false(has_route(&set, A4(10, 6, 0, 255), 32, TAPIR_ROUTE_CONNECTED));
    set_destroy(&set);
}

/* An interface that was removed while it was down leaves no memory of that to the next one of its number. */
static void test_number_used_again(void **state)
{
    (void)state;
    struct stage_set set;
    begin(&set);
    enum route_absence none;
    static const struct tapir_op again[] = {LINK(1, false), DEL_ADDRESS(1, IF1_ADDRESS, 24), DEL_IFACE(1),
                                            ADD_IFACE(1), ADD_ADDRESS(1, IF1_ADDRESS, 24)};
    set_apply(&set, again, COUNT(again));
    assert_non_null(route_lookup(&set.stack->ip4.routes, (struct route_query){{A4(10, 0, 1, 77)}, 0}, &none));
    set_destroy(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"without memory at first nothing changes", test_short_of_memory_at_first, NULL, NULL, NULL},
        {"routes are bounded, those of addresses too", test_routes_bounded, NULL, NULL, NULL},
        {"an empty list is fine and asks for nothing", test_nothing, NULL, NULL, NULL},
        {"a network stays as long as one of its addresses does", test_secondary, NULL, NULL, NULL},
        {"networks within networks share their broadcasts", test_nested, NULL, NULL, NULL},
        {"a /31 and a /32 have no broadcast", test_point_to_point, NULL, NULL, NULL},
        {"the number of an interface can be used again", test_number_used_again, NULL, NULL, NULL},
    };
    return RUN_TABLE("apply faults", faults, check_fault) +
           RUN_TABLE("all or none", rows, check_all_or_none) +
           RUN_TABLE("short of memory", rows, check_short_of_memory) +
           cmocka_run_group_tests_name("apply", tests, NULL, NULL);
}
