/* tapir_list: every table, in portions of any size, and what each row says. */
#include "tests/stack/stage_snapshot.h"

static const struct tapir_op ops[] = {
    ADD_IFACE(0),
    ADD_IFACE(3),
    ADD_ADDRESS(0, A4(10, 0, 0, 1), 24),
    ADD_ADDRESS(3, A4(10, 0, 3, 1), 31),
    ADD_ADDRESS(0, A4(10, 0, 0, 2), 24),
    ADD_ROUTE(A4(10, 9, 0, 0), 16, A4(10, 0, 0, 5)),
    ADD_ROUTE(A4(10, 9, 0, 0), 16, A4(10, 0, 0, 6)),
    ADD_KIND(0, 0, TAPIR_ROUTE_UNREACHABLE),
    ADD_NEIGHBOR(0, A4(10, 0, 0, 9)),
    ADD_NEIGHBOR(3, A4(10, 0, 3, 0)),
    LINK(3, false),
};

static const struct row {
    const char *sentence;
    enum tapir_table table;
    const char *text;
} rows[] = {
    {"interfaces come by number", TAPIR_TABLE_INTERFACES,
     "interface 0 if0 mtu 1500 mac 0 up 1 waiting 0\n"
     "interface 3 if3 mtu 1500 mac 3 up 0 waiting 0\n"},
    {"addresses come in the order in which they were added", TAPIR_TABLE_ADDRESSES,
     "address 0 0a000001/24 state 1\n"
     "address 3 0a000301/31 state 1\n"
     "address 0 0a000002/24 state 1\n"},
    {"routes come by prefix, those of addresses among them", TAPIR_TABLE_ROUTES,
     "route 00000000/0 kind 4 via 00000000 metric 0 tos 0 iface 0\n"
     "route 0a000000/24 kind 1 via 00000000 metric 0 tos 0 iface 0\n"
     "route 0a000000/32 kind 3 via 00000000 metric 0 tos 0 iface 0\n"
     "route 0a000001/32 kind 2 via 00000000 metric 0 tos 0 iface 0\n"
     "route 0a000002/32 kind 2 via 00000000 metric 0 tos 0 iface 0\n"
     "route 0a0000ff/32 kind 3 via 00000000 metric 0 tos 0 iface 0\n"
     "route 0a000300/31 kind 1 via 00000000 metric 0 tos 0 iface 3\n"
     "route 0a000301/32 kind 2 via 00000000 metric 0 tos 0 iface 3\n"
     "route 0a090000/16 kind 0 via 0a000005 metric 0 tos 0 iface 0\n"
     "route 0a090000/16 kind 0 via 0a000006 metric 0 tos 0 iface 0\n"},
    {"neighbors come with their state", TAPIR_TABLE_NEIGHBORS,
     "neighbor 0 0a000009 mac 9 state 4 held 0\n"
     "neighbor 3 0a000300 mac 9 state 4 held 0\n"},
    {"limits come with what is used of them", TAPIR_TABLE_LIMITS,
     "limit interfaces use 2 of 4\n"
     "limit addresses use 3 of 6\n"
     "limit neighbors use 2 of 8\n"
     "limit sockets use 0 of 2\n"
     "limit store.small use 0 of 4\n"
     "limit store.medium use 0 of 4\n"
     "limit store.large use 0 of 1\n"
     "limit reassembly use 0 of 4194304\n"
     "limit exceptions use 0 of 512\n"},
    {"without a lesson there are no exceptions", TAPIR_TABLE_EXCEPTIONS, ""},
};

static void check(void **state)
{
    const struct row *row = *state;
    struct stage_set set = {0};
    assert_true(set_create_small(&set));
    set_apply(&set, ops, COUNT(ops));
    for (size_t portion = 1; portion < 12; portion++) {
        char text[4096] = "";
        union tapir_row list[12];
        uint64_t cursor = 0;
        for (size_t n; (n = tapir_list(set.stack, row->table, &cursor, list, portion)) > 0;) {
            assert_true(n <= portion);
            for (size_t i = 0; i < n; i++)
                row_print(text + strlen(text), 256, row->table, &list[i]);
        }
        assert_string_equal(text, row->text);
        assert_int_equal(tapir_list(set.stack, row->table, &cursor, list, portion),
                         0); /* and stays at the end */
    }
    uint64_t cursor = 0;
    union tapir_row none;
    assert_int_equal(tapir_list(set.stack, row->table, &cursor, &none, 0), 0);
    set_destroy(&set);
}

static void check_empty(void **state)
{
    const struct row *row = *state;
    struct stage_set set = {0};
    assert_true(set_create_small(&set));
    uint64_t cursor = 0;
    union tapir_row list[12];
    size_t n = tapir_list(set.stack, row->table, &cursor, list, 12);
    assert_int_equal(n, row->table == TAPIR_TABLE_LIMITS ? 10 : 0);
    set_destroy(&set);
}

static const union tapir_row *limit_named(const struct stage_set *set, const char *name, union tapir_row *row)
{
    for (uint64_t cursor = 0; tapir_list(set->stack, TAPIR_TABLE_LIMITS, &cursor, row, 1) == 1;)
        if (strcmp(row->limit.name, name) == 0)
            return row;
    fail_msg("no limit of the name %s", name);
    return NULL;
}

static void test_limits_move(void **state)
{
    (void)state;
    struct stage_set set = {0};
    union tapir_row row;
    assert_true(set_create_small(&set));
    struct tapir_packet *packets[2] = {tapir_take(set.stack, 60), tapir_take(set.stack, 60)};
    assert_int_equal(limit_named(&set, "store.small", &row)->limit.use, 2);
    tapir_release(set.stack, packets, 2);
    assert_int_equal(limit_named(&set, "store.small", &row)->limit.use, 0);
    assert_int_equal(limit_named(&set, "store.small", &row)->limit.peak, 2);
    size_t memory = limit_named(&set, "memory", &row)->limit.use;
    assert_int_equal(memory, set.octets); /* to the octet */
    struct tapir_socket *socket = tapir_open(set.stack, TAPIR_UDP, NULL);
    assert_int_equal(limit_named(&set, "sockets", &row)->limit.use, 1);
    assert_true(limit_named(&set, "memory", &row)->limit.use >= memory + 131072 + 65536);
    tapir_shut(socket);
    assert_int_equal(limit_named(&set, "sockets", &row)->limit.use, 0);
    assert_int_equal(limit_named(&set, "memory", &row)->limit.use, memory);
    assert_true(row.limit.peak > memory);
    set_destroy(&set);
}

static void test_whole_name(void **state)
{
    (void)state;
    static const char name[] = "fifteen-octets.";
    struct stage_set set = {0};
    struct tapir_op op = ADD_IFACE(0);
    union tapir_row row;
    uint64_t cursor = 0;
    snprintf(op.interface.name, sizeof op.interface.name, "%s", name);
    assert_true(set_create_small(&set));
    set_apply(&set, &op, 1);
    assert_int_equal(tapir_list(set.stack, TAPIR_TABLE_INTERFACES, &cursor, &row, 1), 1);
    assert_string_equal(row.interface.name, name);
    set_destroy(&set);
}

static void test_no_such_table(void **state)
{
    (void)state;
    struct stage_set set = {0};
    union tapir_row row;
    uint64_t cursor = 0;
    assert_true(set_create_small(&set));
    assert_int_equal(tapir_list(set.stack, (enum tapir_table)99, &cursor, &row, 1), 0);
    set_destroy(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"limits follow what is used, and keep the peak", test_limits_move, NULL, NULL, NULL},
        {"an interface keeps a name of 15 octets, as long as one of Linux", test_whole_name, NULL, NULL,
         NULL},
        {"a table that is not there has no rows", test_no_such_table, NULL, NULL, NULL},
    };
    return RUN_TABLE("list", rows, check) + RUN_TABLE("list of a new stack", rows, check_empty) +
           cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
