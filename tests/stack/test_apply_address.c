/* Addresses from tapir_apply: what an address was comes back with it, whichever of its lives it was in; and what router
 * advertisements list. */
#include "tests/stack/stage_snapshot.h"

#define ADVERTISE(n, a, removes)                                                                   \
    {                                                                                              \
        .kind = TAPIR_OP_ADVERTISE, .iface = (n), .address = {.address = {a}}, .remove = (removes) \
    }

#define FIRST  A4(10, 0, 0, 1)
#define SECOND A4(10, 0, 1, 1)

static const struct tapir_op base[] = {ADD_IFACE(2), ADD_IFACE(1), ADD_ADDRESS(2, FIRST, 24),
                                       ADD_ADDRESS(1, SECOND, 24)};

static const struct tapir_op nonsense = {.kind = (enum tapir_op_kind)99};

/* ---- an address that was removed comes back as it was ---- */

static const struct life {
    const char *sentence;
    struct address was;
    int64_t fires; /* 0: no timer is armed */
} lives[] = {
    {"an address that was never probed", {.state = TAPIR_ADDRESS_READY}, 0},
    {"one that waits for its first probe", {.state = TAPIR_ADDRESS_TENTATIVE}, 5000},
    {"one that was probed twice", {.state = TAPIR_ADDRESS_TENTATIVE, .sent = 2}, 7000},
    {"one that was announced once", {.state = TAPIR_ADDRESS_READY, .sent = 1}, 9000},
    {"one that was given up", {.state = TAPIR_ADDRESS_CONFLICT, .defended = true, .conflict = {77}}, 0},
    {"one that was defended",
     {.state = TAPIR_ADDRESS_READY, .sent = 2, .defended = true, .conflict = {900}},
     0},
    {"one that is left out of advertisements", {.state = TAPIR_ADDRESS_READY, .unadvertised = true}, 0},
    {"one that was advertised", {.state = TAPIR_ADDRESS_READY, .advertised = true}, 0},
};

static void live(struct stage_set *set, uint32_t place, const struct life *life)
{
    struct address *address = &set->stack->ip4.addresses.list[place];
    address_become(&set->stack->ip4.addresses, address, life->was.state);
    address->sent = life->was.sent;
    address->defended = life->was.defended;
    address->conflict = life->was.conflict;
    address->unadvertised = life->was.unadvertised;
    address->advertised = life->was.advertised;
    if (life->fires != 0)
        timer_arm(&set->stack->core.timers, &address->timer, (tapir_instant){life->fires});
}

static void check_life(void **state)
{
    const struct life *life = *state;
    static const struct tapir_op ops[][2] = {{DEL_ADDRESS(2, FIRST, 24), {0}},
                                             {DEL_ADDRESS(1, SECOND, 24), {0}}};
    static struct snapshot before, after;
    for (uint32_t place = 0; place < 2; place++) {
        struct stage_set set = {0};
        struct tapir_op list[] = {ops[place][0], nonsense};
        assert_true(set_create_small(&set));
        set_apply(&set, base, COUNT(base));
        live(&set, place, life);
        live(&set, 1 - place, &lives[2]); /* the other one is as it is */
        snapshot_take(&set, &before);
        assert_int_equal(tapir_apply(set.stack, list, 2, NULL, NOW), TAPIR_INVALID);
        snapshot_take(&set, &after);
        expect_same_state(&before, &after);
        assert_int_equal(tapir_deadline(set.stack).ns,
                         life->fires != 0 && life->fires < 7000 ? life->fires : 7000);
        set_destroy(&set);
    }
}

/* ---- what router advertisements list ---- */

static const struct advertised_row {
    const char *sentence;
    struct tapir_op ops[3];
    size_t n;
    enum tapir_result result; /* of the last one */
    const char *why;
} advertised[] = {
    {"an address is left out", {ADVERTISE(2, FIRST, true)}, 1, TAPIR_OK, NULL},
    {"and listed again", {ADVERTISE(2, FIRST, true), ADVERTISE(2, FIRST, false)}, 2, TAPIR_OK, NULL},
    {"it is listed at first", {ADVERTISE(2, FIRST, false)}, 1, TAPIR_EXISTS, "the address is listed already"},
    {"it is left out once",
     {ADVERTISE(1, SECOND, true), ADVERTISE(1, SECOND, true)},
     2,
     TAPIR_MISSING,
     "the address is left out already"},
    {"it is listed once",
     {ADVERTISE(2, FIRST, true), ADVERTISE(2, FIRST, false), ADVERTISE(2, FIRST, false)},
     3,
     TAPIR_EXISTS,
     "the address is listed already"},
    {"it must be an address of the interface",
     {ADVERTISE(1, FIRST, true)},
     1,
     TAPIR_MISSING,
     "the interface does not have the address"},
    {"and stand at its end",
     {ADVERTISE(2, SECOND, false)},
     1,
     TAPIR_MISSING,
     "the interface does not have the address"},
};

static void check_advertised(void **state)
{
    const struct advertised_row *row = *state;
    static struct snapshot before, after;
    struct stage_set set = {0};
    struct tapir_fault fault = {99, NULL};
    assert_true(set_create_small(&set));
    set_apply(&set, base, COUNT(base));
    snapshot_take(&set, &before);
    assert_int_equal(tapir_apply(set.stack, row->ops, row->n, &fault, NOW), row->result);
    snapshot_take(&set, &after);
    if (row->result == TAPIR_OK) { /* the first address is in or out, the other one untouched */
        assert_int_equal(after.addresses[0].unadvertised, row->ops[row->n - 1].remove);
        assert_false(after.addresses[1].unadvertised);
        struct tapir_op list[] = {ADVERTISE(2, FIRST, true), nonsense};
        list[0].remove = !row->ops[row->n - 1].remove;
        assert_int_equal(tapir_apply(set.stack, list, 2, NULL, NOW), TAPIR_INVALID);
        before = after;
        snapshot_take(&set, &after);
    } else {
        assert_string_equal(fault.why, row->why);
        assert_int_equal(fault.op, row->n - 1);
    }
    expect_same_state(&before, &after);
    set_destroy(&set);
}

/* ---- interfaces that have addresses, at whichever place of the list ---- */

static void test_busy(void **state)
{
    (void)state;
    static const struct tapir_op drop[] = {DEL_IFACE(2), DEL_IFACE(1), DEL_ADDRESS(2, FIRST, 24)};
    struct stage_set set = {0};
    struct tapir_fault fault = {0};
    assert_true(set_create_small(&set));
    set_apply(&set, base, COUNT(base));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(tapir_apply(set.stack, &drop[i], 1, &fault, NOW), TAPIR_BUSY);
        assert_string_equal(fault.why, "the interface still has addresses");
    }
    set_apply(&set, &drop[2], 1);
    set_apply(&set, &drop[0], 1);
    assert_int_equal(tapir_apply(set.stack, &drop[1], 1, &fault, NOW), TAPIR_BUSY);
    set_destroy(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"an interface is busy while it has an address", test_busy, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("addresses", tests, NULL, NULL) +
           RUN_TABLE("a removed address is as it was", lives, check_life) +
           RUN_TABLE("what is advertised", advertised, check_advertised);
}
