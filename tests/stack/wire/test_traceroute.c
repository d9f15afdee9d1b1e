/* The option and the message of RFC 1393, octet by octet. */
#include "tests/stack/wire/exact.h"
#include "wire/icmp4_traceroute.h"
#include "wire/ip4_opt_traceroute.h"

static const struct row {
    const char *sentence, *options;
    unsigned at; /* of the option; 0: none is found */
} rows[] = {
    {"an option alone", "52 0c 12 34 00 05 ff ff 0a 00 01 0a", 20},
    {"one behind others", "01 94 04 00 00 52 0c 12 34 00 05 ff ff 0a 00 01 0a 00 00 00", 25},
    {"the first of two", "52 0c 12 34 00 05 ff ff 0a 00 01 0a 52 0c 00 00 00 00 00 00 00 00 00 00", 20},
    {"one of another length is none", "52 08 12 34 00 05 ff ff", 0},
    {"the second, when the first has another length",
     "52 08 12 34 00 05 ff ff 52 0c 12 34 00 05 ff ff 0a 00 01 0a", 28},
    {"none behind the end", "00 52 0c 12 34 00 05 ff ff 0a 00 01 0a 00 00 00", 0},
    {"one that leaves the header is none", "01 01 01 01 52 0c 12 34", 0},
};

static void check(void **state)
{
    const struct row *row = *state;
    char text[200] = "45 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ";
    struct exact header = exact_hex(strcat(text, row->options));
    struct ip4_opt opt;
    struct ip4_opt_traceroute traceroute;
    bool found = ip4_opt_traceroute_find(header.data, (uint8_t)header.size, &opt, &traceroute);
    assert_int_equal(found, row->at != 0);
    if (found) {
        assert_int_equal(opt.at, row->at);
        assert_int_equal(traceroute.identifier, 0x1234);
        assert_int_equal(traceroute.hops_out, 5);
        assert_int_equal(traceroute.hops_back, 0xffff);
        assert_int_equal(traceroute.originator.value, 0x0a00010a);
        uint8_t option[IP4_OPT_TRACEROUTE_SIZE];
        ip4_opt_traceroute_build(option, &traceroute);
        assert_memory_equal(option, header.data + row->at, sizeof option);
    }
    exact_free(header);
}

static const struct count {
    const char *sentence;
    uint16_t out, back, out_then, back_then;
} counts[] = {
    {"out", 0, 0xffff, 1, 0xffff},
    {"out, full", 0xffff, 0xffff, 0xffff, 0xffff},
    {"back", 7, 0, 7, 1},
    {"back, full", 7, 0xfffe, 7, 0xfffe},
    {"out, for the last time", 0xfffe, 0xffff, 0xffff, 0xffff},
    {"back, for the last time", 7, 0xfffd, 7, 0xfffe},
};

static void check_count(void **state)
{
    const struct count *row = *state;
    struct ip4_opt_traceroute traceroute = {.hops_out = row->out, .hops_back = row->back};
    ip4_opt_traceroute_count(&traceroute);
    assert_int_equal(traceroute.hops_out, row->out_then);
    assert_int_equal(traceroute.hops_back, row->back_then);
}

static void the_message_is_20_octets(void **state)
{
    (void)state;
    uint8_t message[ICMP4_TRACEROUTE_SIZE];
    memset(message, 0xa5, sizeof message);
    icmp4_traceroute_build(message, &(struct icmp4_traceroute){1, 0x1234, 5, 0xffff, 0x01020304, 1500});
    exact_assert(message, sizeof message, "1e 01 00 00 12 34 00 00 00 05 ff ff 01 02 03 04 00 00 05 dc");
    struct icmp4_traceroute read;
    assert_true(icmp4_traceroute_parse(message, sizeof message, &read));
    assert_int_equal(read.code, 1);
    assert_int_equal(read.identifier, 0x1234);
    assert_int_equal(read.hops_out, 5);
    assert_int_equal(read.hops_back, 0xffff);
    assert_int_equal(read.speed, 0x01020304);
    assert_int_equal(read.mtu, 1500);
    assert_false(icmp4_traceroute_parse(message, sizeof message - 1, &read));
}

int main(void)
{
    const struct CMUnitTest tests[] = {PROVES("TRT-2", the_message_is_20_octets)};
    return RUN_TABLE("found", rows, check) + RUN_TABLE("counted", counts, check_count) +
           cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
