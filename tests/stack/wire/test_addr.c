#include "tests/stack/wire/exact.h"
#include "wire/addr.h"

/* ---- kinds of addresses: the letters of those that are true ---- */

static const struct kind {
    const char *sentence;
    uint32_t address;
    const char *kinds;
} kinds[] = {
    {"0.0.0.0 is no address, in this network", 0x00000000, "zn"},
    {"0.255.255.255 is the last of this network", 0x00ffffff, "n"},
    {"1.0.0.0 is a plain address", 0x01000000, ""},
    {"10.0.0.1 is a plain address", 0x0a000001, ""},
    {"126.255.255.255 is below loopback", 0x7effffff, ""},
    {"127.0.0.0 is loopback", 0x7f000000, "l"},
    {"127.255.255.255 is loopback", 0x7fffffff, "l"},
    {"128.0.0.0 is above loopback", 0x80000000, ""},
    {"169.253.255.255 is below link-local", 0xa9fdffff, ""},
    {"169.254.0.0 is link-local", 0xa9fe0000, "k"},
    {"169.254.255.255 is link-local", 0xa9feffff, "k"},
    {"169.255.0.0 is above link-local", 0xa9ff0000, ""},
    {"223.255.255.255 is the last unicast address", 0xdfffffff, ""},
    {"224.0.0.0 is a group of the link", 0xe0000000, "mg"},
    {"224.0.0.255 is the last group of the link", 0xe00000ff, "mg"},
    {"224.0.1.0 is a group that routers forward", 0xe0000100, "m"},
    {"239.255.255.255 is the last group", 0xefffffff, "m"},
    {"240.0.0.0 is class E", 0xf0000000, "e"},
    {"255.255.255.254 is class E and no broadcast", 0xfffffffe, "e"},
    {"255.255.255.255 is limited broadcast, in class E", 0xffffffff, "eb"},
};

static void check_kind(void **state)
{
    const struct kind *row = *state;
    struct ip4 a = {row->address};
    assert_int_equal(ip4_is_zero(a), strchr(row->kinds, 'z') != NULL);
    assert_int_equal(ip4_is_this_net(a), strchr(row->kinds, 'n') != NULL);
    assert_int_equal(ip4_is_loopback(a), strchr(row->kinds, 'l') != NULL);
    assert_int_equal(ip4_is_link_local(a), strchr(row->kinds, 'k') != NULL);
    assert_int_equal(ip4_is_multicast(a), strchr(row->kinds, 'm') != NULL);
    assert_int_equal(ip4_is_local_group(a), strchr(row->kinds, 'g') != NULL);
    assert_int_equal(ip4_is_class_e(a), strchr(row->kinds, 'e') != NULL);
    assert_int_equal(ip4_is_limited_broadcast(a), strchr(row->kinds, 'b') != NULL);
}

/* ---- prefixes ---- */

static const struct prefix {
    const char *sentence;
    struct ip4_prefix prefix;
    uint32_t mask, network, last;
    bool has_broadcast;
    uint32_t inside, outside; /* outside 0: everything is inside */
} prefixes[] = {
    {"10.0.1.1/24 ends at 10.0.1.255",
     {{0x0a000101}, 24},
     0xffffff00,
     0x0a000100,
     0x0a0001ff,
     true,
     0x0a0001fe,
     0x0a000200},
    {"0.0.0.0/0 holds every address", {{0}, 0}, 0, 0, 0xffffffff, true, 0xdeadbeef, 0},
    {"128.0.0.0/1 is the upper half",
     {{0x80000000}, 1},
     0x80000000,
     0x80000000,
     0xffffffff,
     true,
     0xffffffff,
     0x7fffffff},
    {"a /30 is the smallest network with a broadcast",
     {{0x0a000101}, 30},
     0xfffffffc,
     0x0a000100,
     0x0a000103,
     true,
     0x0a000103,
     0x0a000104},
    {"a /31 joins two hosts and has no broadcast",
     {{0x0a000101}, 31},
     0xfffffffe,
     0x0a000100,
     0x0a000101,
     false,
     0x0a000100,
     0x0a000102},
    {"a /32 is one host",
     {{0x0a000101}, 32},
     0xffffffff,
     0x0a000101,
     0x0a000101,
     false,
     0x0a000101,
     0x0a000100},
};

static void check_prefix(void **state)
{
    const struct prefix *row = *state;
    assert_int_equal(ip4_mask(row->prefix.length).value, row->mask);
    assert_int_equal(ip4_network(row->prefix).value, row->network);
    assert_int_equal(ip4_broadcast(row->prefix).value, row->last);
    assert_int_equal(ip4_has_broadcast(row->prefix), row->has_broadcast);
    assert_true(ip4_in_prefix((struct ip4){row->inside}, row->prefix));
    if (row->outside != 0)
        assert_false(ip4_in_prefix((struct ip4){row->outside}, row->prefix));
}

/* ---- Ethernet ---- */

static const struct hardware {
    const char *sentence;
    struct mac mac;
    bool broadcast, group, zero;
} hardware[] = {
    {"ff:ff:ff:ff:ff:ff is broadcast, and a group",
     {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}},
     true,
     true,
     false},
    {"ff:ff:ff:ff:ff:fe is a group only", {{0xff, 0xff, 0xff, 0xff, 0xff, 0xfe}}, false, true, false},
    {"01:00:5e:00:00:01 is a group", {{0x01, 0x00, 0x5e, 0x00, 0x00, 0x01}}, false, true, false},
    {"02:00:00:00:00:01 is one host, locally named", {{0x02, 0, 0, 0, 0, 0x01}}, false, false, false},
    {"00:00:00:00:00:00 is none", {{0}}, false, false, true},
    {"00:00:00:00:00:01 is one host", {{0, 0, 0, 0, 0, 0x01}}, false, false, false},
};

static void check_hardware(void **state)
{
    const struct hardware *row = *state;
    assert_int_equal(mac_is_broadcast(row->mac), row->broadcast);
    assert_int_equal(mac_is_group(row->mac), row->group);
    assert_int_equal(mac_is_zero(row->mac), row->zero);
    uint8_t octets[6];
    mac_put(octets, row->mac);
    assert_memory_equal(octets, row->mac.octet, 6);
    assert_true(mac_equal(mac_get(octets), row->mac));
}

static const struct group {
    const char *sentence;
    uint32_t group;
    struct mac mac;
} groups[] = {
    {"224.0.0.1 maps to 01:00:5e:00:00:01", 0xe0000001, {{0x01, 0x00, 0x5e, 0x00, 0x00, 0x01}}},
    {"239.255.255.255 maps to 01:00:5e:7f:ff:ff", 0xefffffff, {{0x01, 0x00, 0x5e, 0x7f, 0xff, 0xff}}},
    {"the 24th bit of 224.128.1.2 is lost", 0xe0800102, {{0x01, 0x00, 0x5e, 0x00, 0x01, 0x02}}},
};

static void check_group(void **state)
{
    const struct group *row = *state;
    assert_true(mac_equal(mac_of_group((struct ip4){row->group}), row->mac));
}

int main(void)
{
    return RUN_TABLE("addr: kinds", kinds, check_kind) + RUN_TABLE("addr: prefixes", prefixes, check_prefix) +
           RUN_TABLE("addr: hardware", hardware, check_hardware) +
           RUN_TABLE("addr: groups", groups, check_group);
}
