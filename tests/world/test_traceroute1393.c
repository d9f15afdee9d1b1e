/* RFC 1393, retired by RFC 6814 and RFC 6918: its option is one that nobody knows, its message a type that nobody serves. */
#include "tests/world/trial.h"

/* Number 82, 12 octets: identification, hops out and back, and the asker. */
#define ASKED .options = "\x52\x0c\0\7\0\0\xff\xff\x0a\0\1\x0a", .options_size = 12

static const struct trial trials[] = {
    {.sentence = "an echo request with option 82 is answered, and no message 30 is sent",
     .ids = "TRT-1",
     .frame = {ASKED},
     .expected = {.reaction = IS_ECHOED}},
    {.sentence = "a datagram with option 82 is forwarded as it is, and no message 30 is sent",
     .ids = "TRT-1",
     .frame = {ASKED, .to = HOST_B, .carries = UDP},
     .expected = {.reaction = IS_FORWARDED}},
    {.sentence = "without a route it earns what any other earns",
     .ids = "TRT-1",
     .frame = {ASKED, .to = IP(10, 99, 9, 9)},
     .expected = {.reaction = IS_ERROR, .type = 3, .code = 0},
     .verdict = TAPIR_IP4_NO_ROUTE},
    {.sentence = "message 30 is silently dropped",
     .ids = "TRT-1",
     .frame = {.carries = ICMP, .icmp_type = 30, .data = 12},
     .expected = {.reaction = SILENCE},
     .verdict = TAPIR_ICMP4_TYPE,
     .control = {.carries = ICMP, .icmp_type = 8, .data = 12},
     .control_expected = {.reaction = IS_ECHOED}},
};

int main(void)
{
    return RUN_TABLE("traceroute of RFC 1393", trials, bench_try);
}
