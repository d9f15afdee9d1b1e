/* rtnetlink against `ip`, in a network namespace of the test's own. Skipped without the right to make one. */
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap/rtnl.h"
#include "tests/table.h"

static struct rtnl *rtnl;

static int enter_private_namespace(void **state)
{
    (void)state;
    if (access("/dev/net/tun", R_OK | W_OK) != 0 || unshare(CLONE_NEWNET) != 0)
        return 0;
    rtnl = rtnl_open();
    return rtnl != NULL && system("ip tuntap add d0 mode tap") == 0 ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    if (rtnl != NULL)
        rtnl_close(rtnl);
    return 0;
}

static bool holds(const char *command)
{
    return system(command) == 0;
}

static int index_of(const char *name)
{
    if (rtnl == NULL)
        skip();
    return (int)if_nametoindex(name);
}

static void a_device_is_found_by_its_name(void **state)
{
    struct rtnl_link link;
    (void)state;
    int index = index_of("d0");
    assert_true(holds("ip link set d0 mtu 1334"));
    assert_true(rtnl_lookup(rtnl, "d0", &link));
    assert_int_equal(link.index, index);
    assert_string_equal(link.name, "d0");
    assert_int_equal(link.mtu, 1334);
    assert_false(link.up);
    assert_false(rtnl_lookup(rtnl, "d1", &link));
}

static void a_device_is_set_up_with_its_mtu_and_without_ip6(void **state)
{
    struct rtnl_link link;
    (void)state;
    int index = index_of("d0");
    assert_true(rtnl_quiet(rtnl, index));
    assert_true(rtnl_mtu(rtnl, index, 2000));
    assert_true(rtnl_up(rtnl, index));
    assert_true(rtnl_lookup(rtnl, "d0", &link));
    assert_true(link.up);
    assert_int_equal(link.mtu, 2000);
    assert_true(holds("grep -q '^1$' /proc/sys/net/ipv6/conf/d0/addr_gen_mode"));
}

static void an_address_is_added_once_and_removed_once(void **state)
{
    const struct ip4_prefix address = {{0x0a000001}, 24};
    (void)state;
    int index = index_of("d0");
    assert_int_equal(rtnl_address(rtnl, index, address, false), RTNL_DONE);
    assert_true(holds("ip addr show dev d0 | grep -q 'inet 10.0.0.1/24'"));
    assert_int_equal(rtnl_address(rtnl, index, address, false), RTNL_ALREADY);
    assert_int_equal(rtnl_address(rtnl, index, address, true), RTNL_DONE);
    assert_false(holds("ip addr show dev d0 | grep -q 'inet '"));
    assert_int_equal(rtnl_address(rtnl, index, address, true), RTNL_ALREADY);
}

static void another_default_route_is_kept(void **state)
{
    const struct ip4 gateway = {0x0a0000fe};
    (void)state;
    int index = index_of("d0");
    assert_true(holds("ip link set d0 up && ip addr add 10.0.0.1/24 dev d0"));
    assert_int_equal(rtnl_gateway(rtnl, index, gateway, false), RTNL_DONE);
    assert_true(holds("ip route | grep -q '^default via 10.0.0.254 dev d0'"));
    assert_int_equal(rtnl_gateway(rtnl, index, gateway, false), RTNL_ALREADY);
    assert_int_equal(rtnl_gateway(rtnl, index, gateway, true), RTNL_DONE);
    assert_false(holds("ip route | grep -q default"));
    assert_true(holds("ip route add default via 10.0.0.9"));
    assert_int_equal(rtnl_gateway(rtnl, index, gateway, false), RTNL_ALREADY);
    assert_true(holds("ip route | grep -q '^default via 10.0.0.9 '"));
    assert_int_equal(rtnl_gateway(rtnl, index, gateway, true), RTNL_ALREADY);
    assert_true(holds("ip route | grep -q '^default via 10.0.0.9 '"));
}

static void a_gateway_out_of_reach_is_a_failure_with_a_reason(void **state)
{
    (void)state;
    int index = index_of("d0");
    assert_true(holds("ip route flush default 2>/dev/null; ip route del default 2>/dev/null; true"));
    assert_int_equal(rtnl_gateway(rtnl, index, (struct ip4){0xc0000201}, false), RTNL_FAILED);
    assert_int_equal(errno, ENETUNREACH);
}

/* What is told about a device of that name until nothing is left; false: nothing was. */
static bool hear(const char *name, struct rtnl_link *last)
{
    struct rtnl_link link;
    bool lost, heard = false;
    while (rtnl_next(rtnl, &link, &lost))
        if (!lost && strcmp(link.name, name) == 0) {
            *last = link;
            heard = true;
        }
    return heard;
}

static void devices_that_come_change_and_go_are_told(void **state)
{
    struct rtnl_link link;
    (void)state;
    (void)index_of("d0");
    hear("d2", &link);
    assert_true(holds("ip tuntap add d2 mode tap"));
    assert_true(hear("d2", &link));
    assert_false(link.gone);
    assert_false(link.up);
    assert_true(holds("ip link set d2 up"));
    assert_true(hear("d2", &link));
    assert_true(link.up);
    assert_true(holds("ip link del d2"));
    assert_true(hear("d2", &link));
    assert_true(link.gone);
    assert_false(hear("d2", &link));
}

/* A bridge tells of a port that leaves it by RTM_DELLINK of its own family. */
static void leaving_a_bridge_is_not_being_removed(void **state)
{
    struct rtnl_link link;
    bool lost, heard = false;
    (void)state;
    (void)index_of("d0");
    if (!holds("ip link add b0 type bridge 2>/dev/null"))
        skip();
    assert_true(holds("ip link set d0 master b0 && ip link set d0 nomaster"));
    while (rtnl_next(rtnl, &link, &lost)) {
        heard |= strcmp(link.name, "d0") == 0;
        assert_false(link.gone);
    }
    assert_true(heard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_is_found_by_its_name),
        cmocka_unit_test(a_device_is_set_up_with_its_mtu_and_without_ip6),
        cmocka_unit_test(an_address_is_added_once_and_removed_once),
        cmocka_unit_test(another_default_route_is_kept),
        cmocka_unit_test(a_gateway_out_of_reach_is_a_failure_with_a_reason),
        cmocka_unit_test(devices_that_come_change_and_go_are_told),
        cmocka_unit_test(leaving_a_bridge_is_not_being_removed),
    };
    return cmocka_run_group_tests_name("rtnetlink", tests, enter_private_namespace, leave);
}
