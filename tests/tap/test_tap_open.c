/* TAP devices that cannot be opened, and what is said of them. Skipped without root or /dev/net/tun. */
#include <string.h>

#include "tests/tap/private.h"

static const struct refusal {
    const char *sentence, *prepare, *name, *says, *tidy;
} refusals[] = {
    {"a TUN is no TAP", "ip tuntap add t2 mode tun", "t2", "is no TAP", "ip link del t2"},
    {"a bridge is no TAP", "ip link add t2 type bridge", "t2", "ip link del t2", "ip link del t2"},
    {"the loopback device is no TAP", "true", "lo", "is no TAP", "true"},
    {"a name of 16 letters is too long", "true", "abcdefghijklmnop", "15", "true"},
    {"a name of 300 letters is too long", "true",
     "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuv"
     "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuv"
     "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuv",
     "15", "true"},
    {"a pattern is no name", "true", "tap%d", "no name", "true"},
    {"a path is no name", "true", "a/b", "no name", "true"},
    {"a blank is in no name", "true", "a b", "no name", "true"},
    {"nothing is no name", "true", "", "no name", "true"},
    {"a device that takes less than our MTU is refused (ETH-6)",
     "ip tuntap add t5 mode tap && ip link set t5 mtu 1399", "t5", "ip link set t5 mtu 1400",
     "ip link del t5"},
};

static void check_refusal(void **state)
{
    const struct refusal *row = *state;
    const struct tap_spec spec = {.name = row->name, .mtu = 1400};
    private_need();
    shell(row->prepare);
    assert_null(tap_open(&spec, &own, rtnl, error, sizeof error));
    assert_non_null(strstr(error, row->says));
    assert_null(strchr(error, '\n'));
    shell(row->tidy);
}

int main(void)
{
    if (private_enter(NULL) != 0)
        return 1;
    int failed = RUN_TABLE("what is refused", refusals, check_refusal);
    (void)private_leave(NULL);
    return failed;
}
