/* Echo: ECHO-1 to ECHO-11, SEC-1, SEC-2. */
#include "tests/world/bench.h"

static const struct trial trials[] = {
    {.sentence = "an echo request is answered with the same data", .ids = "ECHO-1", .expected = {IS_ECHOED}},
    {.sentence = "a request to another host's MAC is not for us",
     .ids = "ETH-7",
     .frame = {.to_mac = 0x02deadbeef01},
     .verdict = TAPIR_ETHER_NOT_OURS,
     .control_expected = {IS_ECHOED}},
    {.sentence = "a packet whose TTL runs out earns time exceeded",
     .ids = "FWD-4 TEX-1",
     .frame = {.to = HOST_B, .ttl = 1},
     .expected = {IS_ERROR, .type = 11},
     .verdict = TAPIR_IP4_TTL},
    {.sentence = "a packet for the other side is forwarded",
     .ids = "FWD-4",
     .frame = {.to = HOST_B, .ttl = 2},
     .expected = {IS_FORWARDED}},
};

int main(void)
{
    return RUN_TABLE("echo", trials, bench_try);
}
