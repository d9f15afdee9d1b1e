/* Links that come and go, from tapir_apply: what waits for them, what ARP is asked for, and which addresses are probed anew. */
#include "tests/stack/stage_snapshot.h"

#define HOME A4(192, 0, 2, 1)

static const struct tapir_op base[] = {ADD_IFACE(0), ADD_IFACE(1), ADD_ADDRESS(1, HOME, 24),
                                       ADD_NEIGHBOR(1, A4(192, 0, 2, 2))};

static void apply_link(struct stage_set *set, unsigned iface, bool up)
{
    const struct tapir_op op = LINK(iface, up);
    set_apply(set, &op, 1);
}

static uint64_t waiting(const struct stage_set *set)
{
    return tapir_counters(set->stack)->waiting[TAPIR_BORN];
}

static uint64_t held(const struct stage_set *set)
{
    return tapir_counters(set->stack)->held[TAPIR_BORN];
}

/* A datagram to each: the first one waits at the paused device, the second one for ARP, with the question in line too. */
static struct tapir_socket *begin(struct stage_set *set)
{
    struct tapir_message message;
    *set = (struct stage_set){0};
    assert_true(set_create_small(set));
    set_apply(set, base, COUNT(base));
    tapir_pause(set->stack, 1, true);
    struct tapir_socket *socket = tapir_open(set->stack, TAPIR_UDP, NULL);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(tapir_reserve(socket, 4, &message), TAPIR_OK);
        memcpy(message.data, "ping", 4);
        message.destination.value = A4(192, 0, 2, 2) + i;
        message.destination_port = 9;
        assert_int_equal(tapir_commit(socket, &message), TAPIR_OK);
    }
    tapir_tick(set->stack, NOW);
    assert_int_equal(waiting(set), 2);
    assert_int_equal(held(set), 1);
    return socket;
}

static void end(struct stage_set *set, struct tapir_socket *socket)
{
    tapir_shut(socket);
    for (struct tapir_packet *packet; tapir_settled(set->stack, &packet, 1) == 1;)
        tapir_release(set->stack, &packet, 1);
    set_destroy(set);
}

static void test_down(void **state)
{
    (void)state;
    struct stage_set set;
    struct tapir_socket *socket = begin(&set);
    const uint64_t(*verdicts)[TAPIR_ORIGIN_COUNT] = tapir_counters(set.stack)->verdicts;
    apply_link(&set, 1, true); /* it is up already */
    apply_link(&set, 0, false);
    assert_int_equal(waiting(&set), 2);
    assert_int_equal(held(&set), 1);
    apply_link(&set, 1, false);
    assert_int_equal(waiting(&set) + held(&set), 0);
    assert_int_equal(verdicts[TAPIR_OUT_DOWN][TAPIR_BORN], 2);
    assert_int_equal(verdicts[TAPIR_NEIGHBOR_FLUSHED][TAPIR_BORN], 1);
    end(&set, socket);
}

static void test_down_and_gone(void **state)
{
    (void)state;
    struct stage_set set;
    struct tapir_socket *socket = begin(&set);
    static const struct tapir_op ops[] = {LINK(0, false), DEL_IFACE(0)};
    set_apply(&set, ops, COUNT(ops));
    assert_int_equal(waiting(&set), 2);
    end(&set, socket);
}

/* An interface that goes takes along what waited for it, though there is another one of its number at once. */
static void test_gone(void **state)
{
    (void)state;
    static const struct tapir_op ops[] = {DEL_NEIGHBOR(1, A4(192, 0, 2, 2)), DEL_ADDRESS(1, HOME, 24),
                                          DEL_IFACE(1), ADD_IFACE(1)};
    for (size_t n = 3; n <= COUNT(ops); n++) {
        struct stage_set set;
        struct tapir_socket *socket = begin(&set);
        set_apply(&set, ops, n);
        assert_int_equal(waiting(&set) + held(&set), 0);
        assert_int_equal(tapir_counters(set.stack)->verdicts[TAPIR_OUT_DOWN][TAPIR_BORN], 2);
        assert_int_equal(tapir_counters(set.stack)->verdicts[TAPIR_NEIGHBOR_FLUSHED][TAPIR_BORN], 1);
        end(&set, socket);
    }
}

/* An interface that is put back after all is as far away for its routes as it was. */
static void test_put_back(void **state)
{
    (void)state;
    static const struct tapir_op ops[] = {DEL_NEIGHBOR(1, A4(192, 0, 2, 2)),
                                          DEL_ADDRESS(1, HOME, 24),
                                          DEL_IFACE(1),
                                          {.kind = (enum tapir_op_kind)99}};
    for (int up = 0; up < 2; up++) {
        enum route_absence absence;
        struct stage_set set = {0};
        assert_true(set_create_small(&set));
        set_apply(&set, base, COUNT(base));
        apply_link(&set, 1, up == 1);
        assert_int_equal(tapir_apply(set.stack, ops, COUNT(ops), NULL, NOW), TAPIR_INVALID);
        route_lookup(&set.stack->ip4.routes, (struct route_query){{A4(192, 0, 2, 77)}, 0}, &absence);
        assert_int_equal(absence, up == 1 ? ROUTE_FOUND : ROUTE_DOWN);
        set_destroy(&set);
    }
}

static enum tapir_address_state state_of(const struct stage_set *set)
{
    union tapir_row row;
    uint64_t cursor = 0;
    assert_int_equal(tapir_list(set->stack, TAPIR_TABLE_ADDRESSES, &cursor, &row, 1), 1);
    return row.address.state;
}

static void test_probed_anew(void **state)
{
    (void)state;
    static const struct tapir_op probes = SET(TAPIR_EVERYWHERE, ARP_ACD, 1);
    struct stage_set set = {0};
    assert_true(set_create_small(&set));
    set_apply(&set, base, COUNT(base));
    set_apply(&set, &probes, 1);
    apply_link(&set, 1, true); /* it was up */
    assert_int_equal(state_of(&set), TAPIR_ADDRESS_READY);
    apply_link(&set, 1, false);
    assert_int_equal(state_of(&set), TAPIR_ADDRESS_READY);
    apply_link(&set, 1, false); /* it was down */
    assert_int_equal(state_of(&set), TAPIR_ADDRESS_READY);
    assert_int_equal(tapir_deadline(set.stack).ns, INT64_MAX);
    apply_link(&set, 0, false);
    apply_link(&set, 0, true); /* another one */
    assert_int_equal(state_of(&set), TAPIR_ADDRESS_READY);
    apply_link(&set, 1, true);
    assert_int_equal(state_of(&set), TAPIR_ADDRESS_TENTATIVE);
    assert_in_range(tapir_deadline(set.stack).ns, NOW.ns, NOW.ns + INT64_C(1000000000));
    set_destroy(&set);
}

static uint8_t takes_of(const struct stage_set *set)
{
    return iface_lookup(&set->stack->ip4.link.ifaces, 1)->takes;
}

/* What a device takes beyond whole frames: said with the carrier, and undone by a list that fails. */
static void test_takes(void **state)
{
    (void)state;
    const uint8_t all = TAPIR_TAKES(TAPIR_OFFLOAD_CHECKSUM) | TAPIR_TAKES(TAPIR_OFFLOAD_TCP);
    const struct tapir_op ops[] = {
        {.kind = TAPIR_OP_LINK, .iface = 1, .link = {true, all}},
        {.kind = TAPIR_OP_LINK, .iface = 1, .link = {false, 0}},
        {.kind = (enum tapir_op_kind)99},
        {.kind = TAPIR_OP_LINK, .iface = 1, .link = {true, 0}},
    };
    struct stage_set set = {0};
    assert_true(set_create_small(&set));
    set_apply(&set, base, COUNT(base));
    assert_int_equal(takes_of(&set), 0);
    set_apply(&set, &ops[0], 1);
    assert_int_equal(takes_of(&set), all);
    static const struct tapir_op lame = {
        .kind = TAPIR_OP_LINK, .iface = 1, .link = {true, TAPIR_TAKES(TAPIR_OFFLOAD_UDP)}};
    assert_int_equal(tapir_apply(set.stack, &lame, 1, NULL, NOW), TAPIR_INVALID);
    assert_int_equal(tapir_apply(set.stack, &ops[1], 2, NULL, NOW), TAPIR_INVALID);
    assert_int_equal(takes_of(&set), all);
    assert_true(iface_lookup(&set.stack->ip4.link.ifaces, 1)->up);
    static const struct tapir_op gone[] = {DEL_NEIGHBOR(1, A4(192, 0, 2, 2)),
                                           DEL_ADDRESS(1, HOME, 24),
                                           DEL_IFACE(1),
                                           {.kind = (enum tapir_op_kind)99}};
    assert_int_equal(tapir_apply(set.stack, gone, COUNT(gone), NULL, NOW), TAPIR_INVALID);
    assert_int_equal(takes_of(&set), all); /* put back as it was */
    set_apply(&set, &ops[3], 1);
    assert_int_equal(takes_of(&set), 0);
    set_apply(&set, &ops[0], 1);
    set_apply(&set, gone, 3);
    static const struct tapir_op again = ADD_IFACE(1);
    set_apply(&set, &again, 1);
    assert_int_equal(takes_of(&set), 0); /* another one of its number */
    set_destroy(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"what waits for a link, and for ARP on it, goes when it goes down, and only then", test_down, NULL,
         NULL, NULL},
        {"a link may go down and its interface away in one list", test_down_and_gone, NULL, NULL, NULL},
        {"what waits for an interface goes with it", test_gone, NULL, NULL, NULL},
        {"an interface that is put back is as it was for routes", test_put_back, NULL, NULL, NULL},
        {"addresses are probed anew when their link comes up, and only then", test_probed_anew, NULL, NULL,
         NULL},
        {"what a device takes is set with its link, and comes back when a list fails", test_takes, NULL, NULL,
         NULL},
    };
    return cmocka_run_group_tests_name("links", tests, NULL, NULL);
}
