/* The clerk who judges each frame that leaves any bench: he is shown frames that really left, then the same ones forged. So
 * what he looks at (bench_check.c) holds for all that the suite makes the stack say. */
#include <string.h>

#include "tests/dissect.h"
#include "tests/world/arp_frames.h"
#include "tests/world/bench_inside.h"

/* Which frame that left is forged. */
enum said {
    A_REPLY,     /* to an echo request of 40 octets of data */
    A_SHORT_ONE, /* to one without data */
    AN_ERROR,    /* port unreachable */
    A_PROBLEM,   /* parameter problem */
    TOO_BIG,     /* with an MTU */
    TO_ALL,      /* UDP to 255.255.255.255 */
    TRANSIT,
    AN_ANSWER,  /* an ARP reply */
    A_QUESTION, /* an ARP request */
    A_REDIRECT
};

static const struct row {
    const char *sentence;
    enum said said;
    unsigned at;        /* the octet where the forgery begins */
    const char *octets; /* NULL: not forged */
    unsigned size;
    bool twice;          /* it leaves once more */
    bool unasked;        /* it had no cause */
    bool sums_stay;      /* the checksums are not mended */
    const char *opinion; /* a part of what he says; NULL: nothing is wrong */
} rows[] = {
    {.sentence = "a reply as it left is right", .said = A_REPLY},
    {.sentence = "an error as it left is right", .said = AN_ERROR},
    {.sentence = "a broadcast as it left is right", .said = TO_ALL},
    {.sentence = "an ARP reply as it left is right", .said = AN_ANSWER},
    {"a unicast in a broadcast frame is caught (ETH-9)", A_REPLY, 0, "\xff\xff\xff\xff\xff\xff", 6,
     .opinion = "is_group_mac"},
    {"a unicast in a multicast frame is caught (ETH-9)", A_REPLY, 0, "\x01\x00\x5e\x00\x00\x01", 6,
     .opinion = "is_group_mac"},
    {"transit in a broadcast frame is caught (ETH-9)", TRANSIT, 0, "\xff\xff\xff\xff\xff\xff", 6,
     .opinion = "is_group_mac"},
    {"a broadcast in a frame for one is caught (ETH-8)", TO_ALL, 0, "\x02\x00\x0a\x00\x01\x0a", 6,
     .opinion = "is_group_mac"},
    {"a trailer type is caught (ETH-10)", A_REPLY, 12, "\x10\x01", 2, .opinion = "neither IPv4 nor ARP"},
    {"a length instead of a type is caught (ETH-4)", A_REPLY, 12, "\x00\x2e", 2,
     .opinion = "neither IPv4 nor ARP"},
    {"padding that is not zero is caught (ETH-5, SEC-9)", A_SHORT_ONE, 59, "\xa5", 1, .opinion = "padding"},
    {"an answer from another's address is caught", A_REPLY, 26, "\x0a\x00\x01\x4d", 4, .opinion = "is_own"},
    {"an answer from loopback is caught (IPR-12)", A_REPLY, 26, "\x7f\x00\x00\x01", 4, .opinion = "is_own"},
    {"an answer to somebody else is caught (ERR-7)", AN_ERROR, 30, "\x0a\x00\x01\x4d", 4,
     .opinion = "is_asker"},
    {"a TTL of 0 is caught (IPR-16)", A_REPLY, 22, "\x00", 1, .opinion = "TTL is 0"},
    {"the reserved flag is caught (IPR-17)", A_REPLY, 20, "\x80", 1, .opinion = "IS_RESERVED"},
    {"ECN in what we say is caught (ERR-18)", A_REPLY, 15, "\x03", 1, .opinion = "tos & 3"},
    {"a wrong header checksum is caught", A_REPLY, 24, "\x12\x34", 2, .sums_stay = true,
     .opinion = "header checksum"},
    {"a wrong ICMP checksum is caught (ERR-1)", AN_ERROR, 36, "\x12\x34", 2, .sums_stay = true,
     .opinion = "ICMP checksum"},
    {"an unused octet of an error that is not zero is caught (ERR-4)", AN_ERROR, 38, "\x01", 1,
     .opinion = "rest == 0"},
    {"an unused octet of parameter problem that is not zero is caught (ERR-4, PP-1)", A_PROBLEM, 41, "\x01",
     1, .opinion = "rest"},
    {"an unused octet of too big that is not zero is caught (ERR-4)", TOO_BIG, 38, "\x01", 1,
     .opinion = "rest"},
    {"a quote of other octets is caught (ERR-6)", AN_ERROR, 62, "\x00\x01\x02\x03", 4, .opinion = "memcmp"},
    {"a second answer to one packet is caught (ERR-23, SEC-2)", AN_ERROR, .twice = true,
     .opinion = "answers == 1"},
    {"a reply longer than the request is caught (SEC-2)", A_SHORT_ONE, 16, "\x00\x1e", 2, .opinion = "size"},
    {.sentence = "a redirect as it left is right", .said = A_REDIRECT},
    {"a redirect to a router on another link is caught (RED-1)", A_REDIRECT, 38, "\x0a\x00\x02\x0a", 4,
     .opinion = "is_neighbor"},
    {"a redirect to ourselves is caught (RED-1)", A_REDIRECT, 38, "\x0a\x00\x01\x01", 4, .opinion = "is_own"},
    {"a redirect to the broadcast is caught (RED-1)", A_REDIRECT, 38, "\x0a\x00\x01\xff", 4,
     .opinion = "is_to_many"},
    {"a redirect for a network is caught (RED-2)", A_REDIRECT, 35, "\x00", 1, .opinion = "icmp_code == 1"},
    {"an error that nobody earned is caught (ERR-7)", AN_ERROR, .unasked = true, .opinion = "types"},
    {"a reply that nobody asked for is caught (SEC-2)", A_REPLY, .unasked = true, .opinion = "types"},
    {"a transit packet with another octet is caught", TRANSIT, 50, "\x77", 1, .opinion = "memcmp"},
    {"a transit packet with its old TTL is caught", TRANSIT, 22, "\x40", 1, .opinion = "before[8] - 1"},
    {"an ARP reply to all is caught (ARP-23)", AN_ANSWER, 0, "\xff\xff\xff\xff\xff\xff", 6,
     .opinion = "to_mac"},
    {"an ARP reply for another host is caught", AN_ANSWER, 28, "\x0a\x00\x02\x0a", 4, .opinion = "sender"},
    {"an ARP reply to another than who asked is caught (ARP-2)", AN_ANSWER, 38, "\x0a\x00\x01\x4d", 4,
     .opinion = "target"},
    {"an ARP request in another's name is caught (ARP-1)", A_QUESTION, 28, "\x0a\x00\x01\x4d", 4,
     .opinion = "is_own"},
    {"an ARP request for the broadcast is caught (ETH-8)", A_QUESTION, 38, "\x0a\x00\x01\xff", 4,
     .opinion = "is_to_many"},
};

static void say_to_all(struct bench *bench)
{
    struct tapir_message message;
    assert_int_equal(tapir_reserve(bench->echo, 4, &message), TAPIR_OK);
    memcpy(message.data, "ping", 4);
    message.destination.value = UINT32_MAX;
    message.destination_port = 4000;
    message.iface = TAP_A;
    assert_int_equal(tapir_commit(bench->echo, &message), TAPIR_OK);
    bench_settle(bench);
}

static void make(struct bench *bench, enum said said)
{
    static const struct frame frames[] = {
        [A_REPLY] = {.data = 40},
        [A_SHORT_ONE] = {.data = ZERO},
        [AN_ERROR] = {.carries = UDP, .to_port = 9999, .data = 40},
        [A_PROBLEM] = {.total_more = 4, .data = 40},
        [TOO_BIG] = {.to = HOST_B, .data = 1400, .fragment = IS_DF},
        [TRANSIT] = {.to = HOST_B, .data = 40},
        [A_QUESTION] = {.to = IP(10, 0, 2, 99)},
        [A_REDIRECT] = {.to = IP(10, 9, 0, 1)},
    };
    if (said == TO_ALL)
        say_to_all(bench);
    else if (said == AN_ANSWER)
        bench_send_arp(bench, &(struct arp_frame){0});
    else
        bench_send(bench, &frames[said]);
}

/* The frame that left, as the clerk had it before he saw it. */
static struct sight *take(struct bench *bench, enum said said)
{
    assert_int_equal(bench->n_sights, said == A_REDIRECT ? 2 : 1); /* what earned it goes on behind it */
    struct sight *sight = &bench->sights[0];
    if (sight->cause != 0)
        bench->frames[sight->cause].answers = 0;
    return sight;
}

static void check(void **state)
{
    const struct row *row = *state;
    struct bench *bench = bench_open(ROUTER, "mtu b 576");
    make(bench, row->said);
    struct sight *sight = take(bench, row->said);
    if (row->octets != NULL) {
        memcpy(sight->bytes + row->at, row->octets, row->size);
        if (!row->sums_stay)
            dissect_mend(sight->bytes, sight->size);
    }
    if (row->unasked)
        sight->cause = 0;
    const char *opinion = bench_opinion(bench, sight);
    if (row->twice)
        opinion = bench_opinion(bench, sight);
    if (row->opinion == NULL)
        assert_null(opinion);
    else if (opinion == NULL || strstr(opinion, row->opinion) == NULL)
        fail_msg("he says: %s", opinion == NULL ? "nothing" : opinion);
    bench_close(bench);
}

int main(void)
{
    return RUN_TABLE("the clerk", rows, check);
}
