/* Memberships against a table of yes and no. */
#include "ip4/group.h"

#include <string.h>

#include "tests/dice.h"
#include "tests/table.h"

enum {
    SOCKETS = 5,
    IFACES = 3,
    GROUPS = 20, /* 300 memberships could be: more than fit */
    STEPS = 100000
};

static bool model[SOCKETS][IFACES][GROUPS];

static struct ip4 group_of(uint32_t n)
{
    return (struct ip4){0xef010100 + n};
}

static unsigned count_model(void)
{
    unsigned n = 0;
    for (size_t i = 0; i < sizeof model; i++)
        n += ((const bool *)model)[i];
    return n;
}

static void compare(const struct groups *groups, const char *sockets)
{
    assert_int_equal(groups->count, count_model());
    for (unsigned iface = 0; iface < IFACES; iface++) {
        const struct iface where = {.number = iface};
        for (uint32_t g = 0; g < GROUPS; g++) {
            bool anybody = false;
            for (int s = 0; s < SOCKETS; s++) {
                anybody |= model[s][iface][g];
                assert_int_equal(group_is_heard(groups, &where, group_of(g), (const void *)(sockets + s)),
                                 model[s][iface][g]);
            }
            assert_int_equal(group_is_joined(groups, &where, group_of(g)), anybody);
        }
    }
}

static void step(struct groups *groups, struct dice *dice, const char *sockets)
{
    uint32_t s = dice_below(dice, SOCKETS), iface = dice_below(dice, IFACES), g = dice_below(dice, GROUPS);
    const void *socket = sockets + s;
    bool *is_member = &model[s][iface][g];
    uint32_t what = dice_below(dice, 100);
    if (what < 70) {
        enum tapir_result expected = *is_member ? TAPIR_EXISTS : count_model() == 256 ? TAPIR_FULL : TAPIR_OK;
        assert_int_equal(group_join(groups, group_of(g), iface, socket), expected);
        *is_member |= expected == TAPIR_OK;
    } else if (what < 98) {
        assert_int_equal(group_leave(groups, group_of(g), iface, socket),
                         *is_member ? TAPIR_OK : TAPIR_MISSING);
        *is_member = false;
    } else if (what < 99) {
        group_forget_socket(groups, socket);
        memset(model[s], 0, sizeof model[s]);
    } else {
        group_forget_iface(groups, iface);
        for (s = 0; s < SOCKETS; s++)
            memset(model[s][iface], 0, sizeof model[s][iface]);
    }
}

static void any_order_of_joining_and_leaving(void **state)
{
    (void)state;
    static struct groups groups;
    static const char sockets[SOCKETS]; /* their addresses stand for sockets */
    struct dice dice = dice_of(7);
    for (int i = 0; i < STEPS; i++) {
        step(&groups, &dice, sockets);
        if (i % 50 == 0)
            compare(&groups, sockets);
    }
}

static void only_groups_can_be_joined(void **state)
{
    (void)state;
    static struct groups groups;
    static const uint32_t others[] = {0, 0x0a000101, 0xdfffffff, 0xf0000000, 0xffffffff};
    static const uint32_t allowed[] = {0xe0000000, 0xe0000001, 0xefffffff};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(group_join(&groups, (struct ip4){others[i]}, 0, NULL), TAPIR_INVALID);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(group_join(&groups, (struct ip4){allowed[i]}, 0, NULL), TAPIR_OK);
}

/* RFC 1122 3.3.7, RFC 1256 4.3. */
static void some_groups_are_everybodys(void **state)
{
    (void)state;
    static const struct groups none;
    struct iface host = {.number = 1}, router = {.number = 2};
    settings_put(&router.settings, TAPIR_SET_FORWARDING, 1);
    const struct ip4 hosts = {0xe0000001}, routers = {0xe0000002};
    assert_true(group_is_joined(&none, &host, hosts) && group_is_heard(&none, &host, hosts, NULL));
    assert_true(group_is_joined(&none, &router, hosts) && group_is_heard(&none, &router, hosts, NULL));
    assert_false(group_is_joined(&none, &host, routers) || group_is_heard(&none, &host, routers, NULL));
    assert_true(group_is_joined(&none, &router, routers) && group_is_heard(&none, &router, routers, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("IPR-21", any_order_of_joining_and_leaving),
        cmocka_unit_test(only_groups_can_be_joined),
        PROVES("IPR-20", some_groups_are_everybodys),
    };
    return cmocka_run_group_tests_name("group", tests, NULL, NULL);
}
