/* Neighbors set by hand from tapir_apply: who may be one, and which interface has any. */
#include "tests/stack/stage_snapshot.h"

static const struct tapir_op base[] = {ADD_IFACE(0), ADD_IFACE(1), ADD_IFACE(2),
                                       ADD_ADDRESS(0, A4(10, 0, 0, 1), 24),
                                       ADD_ADDRESS(1, A4(10, 0, 1, 1), 31)};

/* ---- who may be a neighbor ---- */

static const struct row {
    const char *sentence;
    uint32_t address;
    unsigned iface;
    bool valid;
} rows[] = {
    {"a host of the network", A4(10, 0, 0, 2), 0, true},
    {"a host of another network", A4(192, 0, 2, 1), 0, true},
    {"the other end of a /31", A4(10, 0, 1, 0), 1, true},
    {"the unspecified address", 0, 0, false},
    {"the end of 0/8", A4(0, 255, 255, 255), 0, false},
    {"behind it", A4(1, 0, 0, 0), 0, true},
    {"loopback", A4(127, 0, 0, 1), 0, false},
    {"before loopback", A4(126, 255, 255, 255), 0, true},
    {"behind loopback", A4(128, 0, 0, 0), 0, true},
    {"the first group", A4(224, 0, 0, 0), 0, false},
    {"before it", A4(223, 255, 255, 255), 0, true},
    {"the last group", A4(239, 255, 255, 255), 0, false},
    {"class E", A4(240, 0, 0, 1), 0, false},
    {"the limited broadcast", A4(255, 255, 255, 255), 0, false},
    {"ourselves", A4(10, 0, 0, 1), 0, false},
    {"ourselves, on another interface", A4(10, 0, 0, 1), 1, false},
    {"the broadcast of the network", A4(10, 0, 0, 255), 0, false},
    {"its zero host", A4(10, 0, 0, 0), 0, false},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct stage_set set = {0};
    struct tapir_fault fault = {0};
    const struct tapir_op add = ADD_NEIGHBOR(row->iface, row->address),
                          drop = DEL_NEIGHBOR(row->iface, row->address);
    assert_true(set_create_small(&set));
    set_apply(&set, base, COUNT(base));
    assert_int_equal(tapir_apply(set.stack, &add, 1, &fault, NOW), row->valid ? TAPIR_OK : TAPIR_INVALID);
    if (!row->valid)
        assert_string_equal(fault.why, "the address cannot be a neighbor's");
    assert_int_equal(tapir_apply(set.stack, &drop, 1, &fault, NOW), row->valid ? TAPIR_OK : TAPIR_MISSING);
    set_destroy(&set);
}

/* ---- which interface has neighbors set by hand, whatever their order ---- */

static void check_order(const unsigned ifaces[3])
{
    struct stage_set set = {0};
    bool has[3] = {false};
    assert_true(set_create_small(&set));
    set_apply(&set, base, 3);
    for (uint32_t i = 0; i < 3; i++) {
        const struct tapir_op add = ADD_NEIGHBOR(ifaces[i], A4(10, 0, 0, 20 + i));
        set_apply(&set, &add, 1);
        has[ifaces[i]] = true;
    }
    for (unsigned iface = 0; iface < 3; iface++) {
        const struct tapir_op drop = DEL_IFACE(iface);
        struct tapir_fault fault = {0};
        assert_int_equal(tapir_apply(set.stack, &drop, 1, &fault, NOW), has[iface] ? TAPIR_BUSY : TAPIR_OK);
        if (has[iface])
            assert_string_equal(fault.why, "the interface still has neighbors set by hand");
    }
    set_destroy(&set);
}

static void test_orders(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 27; i++)
        check_order((const unsigned[]){i / 9, i / 3 % 3, i % 3});
}

/* The MAC that comes back is that of the neighbor, not that of the operation. */
static void test_mac_comes_back(void **state)
{
    (void)state;
    struct stage_set set = {0};
    static struct snapshot before, after;
    const struct tapir_op ops[] = {
        DEL_NEIGHBOR(0, A4(10, 0, 0, 9)),
        {.kind = TAPIR_OP_NEIGHBOR, .neighbor = {{A4(10, 0, 0, 9)}, {{2, 8, 8, 8, 8, 8}}}},
        {.kind = (enum tapir_op_kind)99}};
    const struct tapir_op add = ADD_NEIGHBOR(0, A4(10, 0, 0, 9));
    assert_true(set_create_small(&set));
    set_apply(&set, base, COUNT(base));
    set_apply(&set, &add, 1);
    snapshot_take(&set, &before);
    assert_int_equal(tapir_apply(set.stack, ops, COUNT(ops), NULL, NOW), TAPIR_INVALID);
    snapshot_take(&set, &after);
    expect_same_state(&before, &after);
    set_destroy(&set);
}

/* ---- interfaces ---- */

static void test_least_mtu(void **state)
{
    (void)state;
    struct stage_set set = {0};
    union tapir_row row;
    uint64_t cursor = 0;
    const struct tapir_op op = {
        .kind = TAPIR_OP_INTERFACE, .iface = 3, .interface = {.mac = {{2}}, .mtu = 68}};
    assert_true(set_create_small(&set));
    set_apply(&set, &op, 1);
    assert_int_equal(tapir_list(set.stack, TAPIR_TABLE_INTERFACES, &cursor, &row, 1), 1);
    assert_int_equal(row.interface.mtu, 68);
    set_destroy(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"an interface is busy while it has neighbors set by hand, in any order", test_orders, NULL, NULL,
         NULL},
        {"a neighbor that was replaced has its own MAC again", test_mac_comes_back, NULL, NULL, NULL},
        {"the last interface may have the least MTU", test_least_mtu, NULL, NULL, NULL},
    };
    return RUN_TABLE("who may be a neighbor", rows, check) +
           cmocka_run_group_tests_name("neighbors", tests, NULL, NULL);
}
