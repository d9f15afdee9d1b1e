/* The 8 octets of each message. Their checksums: test_icmp4.c. */
#include "tests/stack/wire/exact.h"
#include "wire/icmp4.h"
#include "wire/icmp4_information.h"
#include "wire/icmp4_mask.h"
#include "wire/icmp4_param_problem.h"
#include "wire/icmp4_redirect.h"
#include "wire/icmp4_time_exceeded.h"
#include "wire/icmp4_timestamp.h"
#include "wire/icmp4_unreach.h"

static void timestamp(void **state)
{
    (void)state;
    struct exact message = exact_hex("0d 05 00 00 12 34 56 78 10 11 12 13 05 26 5b ff f0 f1 f2 f3 99 99");
    struct icmp4_timestamp timestamp;
    assert_true(icmp4_timestamp_parse(message.data, message.size - 2, &timestamp));
    assert_true(icmp4_timestamp_parse(message.data, message.size, &timestamp));
    assert_int_equal(timestamp.type, ICMP4_TIMESTAMP);
    assert_int_equal(timestamp.identifier, 0x1234);
    assert_int_equal(timestamp.sequence, 0x5678);
    assert_int_equal(timestamp.originate, 0x10111213);
    assert_int_equal(timestamp.receive, 86399999);
    assert_int_equal(timestamp.transmit, 0xf0f1f2f3);
    timestamp.type = ICMP4_TIMESTAMP_REPLY;
    timestamp.transmit = 0x80000007;
    struct exact reply = exact_new(ICMP4_TIMESTAMP_SIZE);
    icmp4_timestamp_build(reply.data, &timestamp);
    exact_assert(reply.data, reply.size, "0e 00 00 00 12 34 56 78 10 11 12 13 05 26 5b ff 80 00 00 07");
    exact_free(reply);
    exact_free(message);
}

static void timestamp_short(void **state)
{
    (void)state;
    struct exact message = exact_hex("0d 00 00 00 12 34 ff fe 00 00 00 01 00 00 00 00 00 00 00");
    struct icmp4_timestamp timestamp;
    assert_false(icmp4_timestamp_parse(message.data, message.size, &timestamp));
    exact_free(message);
}

static void information(void **state)
{
    (void)state;
    struct exact message = exact_hex("0f 09 00 00 12 34 56 78");
    struct icmp4_information information;
    icmp4_information_parse(message.data, &information);
    assert_int_equal(information.type, ICMP4_INFORMATION);
    assert_int_equal(information.identifier, 0x1234);
    assert_int_equal(information.sequence, 0x5678);
    information.type = ICMP4_INFORMATION_REPLY;
    icmp4_information_build(message.data, &information);
    exact_assert(message.data, message.size, "10 00 00 00 12 34 56 78");
    exact_free(message);
}

static void mask(void **state)
{
    (void)state;
    struct exact message = exact_hex("11 00 00 00 12 34 56 78 ff fe f0 00");
    struct icmp4_mask mask;
    assert_true(icmp4_mask_parse(message.data, message.size, &mask));
    assert_false(icmp4_mask_parse(message.data, message.size - 1, &mask));
    assert_int_equal(mask.type, ICMP4_ADDRESS_MASK);
    assert_int_equal(mask.identifier, 0x1234);
    assert_int_equal(mask.sequence, 0x5678);
    assert_int_equal(mask.mask.value, 0xfffef000);
    mask.type = ICMP4_ADDRESS_MASK_REPLY;
    mask.mask.value = 0xfcfdfe80;
    icmp4_mask_build(message.data, &mask);
    exact_assert(message.data, message.size, "12 00 00 00 12 34 56 78 fc fd fe 80");
    exact_free(message);
}

static const struct mask_row {
    const char *sentence;
    uint32_t mask;
    int length; /* -1: none */
} masks[] = {
    {"no ones are length 0", 0, 0},
    {"one is the shortest", 0x80000000, 1},
    {"twenty-four", 0xffffff00, 24},
    {"thirty-one", 0xfffffffe, 31},
    {"thirty-two are the longest", 0xffffffff, 32},
    {"a hole is no mask", 0xff00ff00, -1},
    {"ones at the other end are no mask", 0x000000ff, -1},
    {"a mask without its first one is none", 0x7fffffff, -1},
};

static void check_mask(void **state)
{
    const struct mask_row *row = *state;
    uint8_t length;
    assert_int_equal(icmp4_mask_length((struct ip4){row->mask}, &length), row->length >= 0);
    if (row->length >= 0)
        assert_int_equal(length, row->length);
}

static const struct unreach {
    const char *sentence;
    const char *received;
    struct icmp4_unreach unreach;
    const char *sent;
} unreaches[] = {
    {"code 4 tells the next hop's MTU", "03 04 f7 47 00 00 05 b4", {4, 1460}, "03 04 00 00 00 00 05 b4"},
    {"code 4 of an old router tells none", "03 04 fc fb 00 00 00 00", {4, 0}, "03 04 00 00 00 00 00 00"},
    {"code 3 has no MTU, whatever stands there",
     "03 03 f7 48 00 00 05 b4",
     {3, 0},
     "03 03 00 00 00 00 00 00"},
    {"code 13 has no MTU", "03 0d fc f2 00 00 00 00", {13, 0}, "03 0d 00 00 00 00 00 00"},
};

static void check_unreach(void **state)
{
    const struct unreach *row = *state;
    struct exact message = exact_hex(row->received);
    struct icmp4_unreach unreach;
    icmp4_unreach_parse(message.data, &unreach);
    assert_int_equal(unreach.code, row->unreach.code);
    assert_int_equal(unreach.mtu, row->unreach.mtu);
    icmp4_unreach_build(message.data, &unreach);
    exact_assert(message.data, message.size, row->sent);
    exact_free(message);
}

static void unreach_unused(void **state)
{
    (void)state;
    uint8_t message[ICMP4_HEADER];
    icmp4_unreach_build(message, &(struct icmp4_unreach){ICMP4_UNREACH_PORT, 1500});
    exact_assert(message, sizeof message, "03 03 00 00 00 00 00 00");
}

static void redirect(void **state)
{
    (void)state;
    struct exact message = exact_hex("05 01 ef fb 0a 00 01 02");
    struct icmp4_redirect redirect;
    icmp4_redirect_parse(message.data, &redirect);
    assert_int_equal(redirect.code, ICMP4_REDIRECT_HOST);
    assert_int_equal(redirect.gateway.value, 0x0a000102);
    redirect = (struct icmp4_redirect){ICMP4_REDIRECT_TOS_HOST, {0xc0a80001}};
    icmp4_redirect_build(message.data, &redirect);
    exact_assert(message.data, message.size, "05 03 00 00 c0 a8 00 01");
    exact_free(message);
}

static void time_exceeded(void **state)
{
    (void)state;
    struct exact message = exact_hex("0b 01 f4 fe ee ee ee ee");
    struct icmp4_time_exceeded exceeded;
    icmp4_time_exceeded_parse(message.data, &exceeded);
    assert_int_equal(exceeded.code, ICMP4_TIME_EXCEEDED_REASSEMBLY);
    icmp4_time_exceeded_build(message.data, &exceeded);
    exact_assert(message.data, message.size, "0b 01 00 00 00 00 00 00");
    exact_free(message);
}

static void param_problem(void **state)
{
    (void)state;
    struct exact message = exact_hex("0c 00 de ff 15 ee ee ee");
    struct icmp4_param_problem problem;
    icmp4_param_problem_parse(message.data, &problem);
    assert_int_equal(problem.code, ICMP4_PARAM_PROBLEM_POINTER);
    assert_int_equal(problem.pointer, 21);
    icmp4_param_problem_build(message.data, &problem);
    exact_assert(message.data, message.size, "0c 00 00 00 15 00 00 00");
    exact_free(message);
}

int main(void)
{
    const struct CMUnitTest more[] = {
        {"an MTU is not sent with another code", unreach_unused, NULL, NULL, NULL},
        {"timestamp has three times (TS-1)", timestamp, NULL, NULL, NULL},
        {"a timestamp of 19 octets is none (TS-7)", timestamp_short, NULL, NULL, NULL},
        {"information has identifier and sequence (INF-2)", information, NULL, NULL, NULL},
        {"address mask has its mask (AM-2)", mask, NULL, NULL, NULL},
        {"redirect tells where to go instead", redirect, NULL, NULL, NULL},
        {"time exceeded has a code, the rest is zero", time_exceeded, NULL, NULL, NULL},
        {"parameter problem has its pointer in octet 4", param_problem, NULL, NULL, NULL},
    };
    return RUN_TABLE("icmp4: unreachable", unreaches, check_unreach) +
           RUN_TABLE("icmp4: masks", masks, check_mask) +
           cmocka_run_group_tests_name("icmp4: messages", more, NULL, NULL);
}
