/* Errors with extensions, RFC 4884 and RFC 5837: as we send them, and as they reach a socket. */
#include <string.h>

#include "tests/table.h"
#include "tests/world/bench.h"

#define TELLS "set icmp.extensions.interface on"

static const struct row {
    const char *sentence;
    const char *given;
    struct frame frame;
    int type, code;
    int words;  /* octet 5; 0: no extension */
    int quote;  /* octets of the packet in the quote */
    int mtu;    /* of code 4 */
    int object; /* octets of the object */
    int told;   /* c-type */
} rows[] = {
    {"by default octet 5 is zero in time exceeded (EXT-1, SEC-4)",
     "",
     {.to = HOST_B, .ttl = 1, .data = 32},
     11,
     0,
     0,
     60,
     0,
     0,
     0},
    {"by default octet 5 is zero in unreachable (EXT-1)",
     "",
     {.carries = UDP, .to_port = 9999, .data = 300},
     3,
     3,
     0,
     328,
     0,
     0,
     0},
    {"60 octets become 128 and tell all (EXT-2, EXT-7)",
     TELLS,
     {.to = HOST_B, .ttl = 1, .data = 32},
     11,
     0,
     32,
     60,
     0,
     28,
     0x0f},
    {"an unreachable port (EXT-1, EXT-2)",
     TELLS,
     {.carries = UDP, .to_port = 9999, .data = 4},
     3,
     3,
     32,
     32,
     0,
     28,
     0x0f},
    {"no route (EXT-1)", TELLS, {.to = IP(10, 99, 9, 9)}, 3, 0, 32, 36, 0, 28, 0x0f},
    {"a parameter problem (EXT-1)",
     TELLS,
     {.to = HOST_B, .options = "\x88\x03\0\0", .options_size = 4, .total_more = 4},
     12,
     0,
     32,
     40,
     0,
     28,
     0x0f},
    {"exactly 128 octets need no padding (EXT-2)",
     TELLS,
     {.to = HOST_B, .ttl = 1, .data = 100},
     11,
     0,
     32,
     128,
     0,
     28,
     0x0f},
    {"129 octets are padded to 132 (EXT-2)",
     TELLS,
     {.to = HOST_B, .ttl = 1, .data = 101},
     11,
     0,
     33,
     129,
     0,
     28,
     0x0f},
    {"131 octets are padded to 132 (EXT-2)",
     TELLS,
     {.to = HOST_B, .ttl = 1, .data = 103},
     11,
     0,
     33,
     131,
     0,
     28,
     0x0f},
    {"a long packet is quoted less, 576 in all (EXT-4)",
     TELLS,
     {.to = HOST_B, .ttl = 1, .data = 1000},
     11,
     0,
     129,
     516,
     0,
     28,
     0x0f},
    {"516 octets are quoted whole (EXT-4)",
     TELLS,
     {.to = HOST_B, .ttl = 1, .data = 488},
     11,
     0,
     129,
     516,
     0,
     28,
     0x0f},
    {"517 octets lose one (EXT-4)",
     TELLS,
     {.to = HOST_B, .ttl = 1, .data = 489},
     11,
     0,
     129,
     516,
     0,
     28,
     0x0f},
    {"too big tells the MTU beside it (EXT-5)",
     "mtu b 600; " TELLS,
     {.to = HOST_B, .fragment = IS_DF, .data = 700},
     3,
     4,
     129,
     516,
     600,
     28,
     0x0f},
    {"the other interface is told as itself (EXT-7)",
     TELLS,
     {.on = TAP_B, .to = HOST_A, .ttl = 1},
     11,
     0,
     32,
     36,
     0,
     28,
     0x0f},
    {"without the index (EXT-1, EXT-7)",
     "set icmp.extensions.index off; " TELLS,
     {.to = HOST_B, .ttl = 1},
     11,
     0,
     32,
     36,
     0,
     24,
     0x07},
    {"without the address (EXT-1, EXT-7)",
     "set icmp.extensions.address off; " TELLS,
     {.to = HOST_B, .ttl = 1},
     11,
     0,
     32,
     36,
     0,
     20,
     0x0b},
    {"without the name (EXT-1, EXT-7)",
     "set icmp.extensions.name off; " TELLS,
     {.to = HOST_B, .ttl = 1},
     11,
     0,
     32,
     36,
     0,
     20,
     0x0d},
    {"without the MTU (EXT-1, EXT-7)",
     "set icmp.extensions.mtu off; " TELLS,
     {.to = HOST_B, .ttl = 1},
     11,
     0,
     32,
     36,
     0,
     24,
     0x0e},
    {"without any of them there is no extension (EXT-1)",
     "set icmp.extensions.mtu off; set icmp.extensions.name off; set icmp.extensions.address off; "
     "set icmp.extensions.index off; " TELLS,
     {.to = HOST_B, .ttl = 1},
     11,
     0,
     0,
     36,
     0,
     0,
     0},
    {"less told leaves more for the quote (EXT-4)",
     "set icmp.extensions.mtu off; set icmp.extensions.name off; set icmp.extensions.address off; " TELLS,
     {.to = HOST_B, .ttl = 1, .data = 1000},
     11,
     0,
     134,
     536,
     0,
     8,
     0x08},
};

static void check(void **state)
{
    const struct row *row = *state;
    uint8_t bytes[FRAME_MAX];
    struct bench *bench = bench_open(ROUTER, row->given);
    size_t size = frame_build(&row->frame, bytes);
    bench_send_bytes(bench, row->frame.on, bytes, size);
    const struct sight *sight = expect_icmp_error(bench, (unsigned)row->type, (unsigned)row->code);
    const uint8_t *icmp = sight->view.payload, *quote = icmp + 8;
    assert_int_equal(icmp[5], row->words);
    assert_int_equal(icmp[6] << 8 | icmp[7], row->mtu);
    assert_memory_equal(quote, bytes + 14, (size_t)row->quote);
    size_t padded = row->words == 0 ? (size_t)row->quote : (size_t)row->words * 4;
    for (size_t i = (size_t)row->quote; i < padded; i++)
        assert_int_equal(quote[i], 0);
    size_t extension = row->object == 0 ? 0 : 4 + (size_t)row->object;
    assert_int_equal(sight->view.total, 28 + padded + extension);
    assert_true(sight->view.total <= 576);
    if (extension > 0) {
        const uint8_t *at = quote + padded;
        assert_memory_equal(at, "\x20\0", 2);
        assert_int_equal(naive_checksum(at, extension, 0), 0);
        assert_int_equal(at[4] << 8 | at[5], row->object);
        assert_int_equal(at[6], 2);
        assert_int_equal(at[7], row->told);
    }
    expect_nothing(bench);
    bench_close(bench);
}

static void an_object_by_its_octets(void **state)
{
    (void)state;
    static const uint8_t object[] = {0, 28, 2, 0x0f, 0,   0,   0,   1, 0, 1, 0, 0, 10,        0,
                                     1, 1,  8, 't',  'a', 'p', 'A', 0, 0, 0, 0, 0, 1400 >> 8, 1400 & 255};
    struct bench *bench = bench_open(ROUTER, "mtu a 1400; " TELLS);
    bench_send(bench, &(struct frame){.to = HOST_B, .ttl = 1});
    const struct sight *sight = expect_icmp_error(bench, 11, 0);
    assert_memory_equal(sight->view.payload + 8 + 128 + 4, object, sizeof object);
    bench_close(bench);
}

static void a_redirect_has_none(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, TELLS);
    bench_send(bench, &(struct frame){.to = IP(10, 9, 0, 1)});
    assert_int_equal(expect_icmp_error(bench, 5, 1)->view.data_size, 36);
    bench_close(bench);
}

static void it_is_a_matter_of_the_interface(void **state)
{
    (void)state;
    struct bench *bench = bench_open(ROUTER, TELLS " on b");
    bench_send(bench, &(struct frame){.to = HOST_B, .ttl = 1});
    assert_int_equal(expect_icmp_error(bench, 11, 0)->view.data_size, 36);
    bench_send(bench, &(struct frame){.on = TAP_B, .to = HOST_A, .ttl = 1});
    assert_int_equal(expect_icmp_error(bench, 11, 0)->view.data_size, 128 + 32);
    bench_close(bench);
}

static void a_host_tells_too(void **state)
{
    (void)state;
    struct bench *bench = bench_open(HOST, TELLS);
    bench_send(bench, &(struct frame){.carries = UDP, .to_port = 9999});
    assert_int_equal(expect_icmp_error(bench, 3, 3)->view.data_size, 128 + 32);
    bench_close(bench);
}

/* ---- received ---- */

static const struct notice {
    const char *sentence;
    int type, words;
    const char *extension;
    int size;
    enum tapir_verdict verdict;
} notices[] = {
    {"no extension (EXT-6)", 3, 0, "", 0, TAPIR_ICMP4_NOTICED},
    {"an empty extension (EXT-6)", 3, 32, "\x20\0\0\0", 4, TAPIR_ICMP4_NOTICED},
    {"labels and a class that nobody knows (EXT-6)", 3, 32, "\x20\0\0\0\0\x08\1\1\0\1\1\1\0\x08\xc8\1abcd",
     20, TAPIR_ICMP4_NOTICED},
    {"the same in time exceeded (EXT-6)", 11, 32, "\x20\0\0\0\0\x08\1\1\0\1\1\1\0\x08\xc8\1abcd", 20,
     TAPIR_ICMP4_NOTICED},
    {"a wrong sum: no extension, but an error (EXT-6)", 3, 32, "\x20\0\1\1\0\xff\1\1\0\1\1\1", 12,
     TAPIR_ICMP4_NOTICED},
    {"an object beyond the end (EXT-6)", 3, 32, "\x20\0\0\0\0\x0c\1\1\0\1\1\1", 12, TAPIR_ICMP4_EXTENSION},
    {"an object of length 0 (EXT-6)", 3, 32, "\x20\0\0\0\0\0\1\1\0\1\1\1", 12, TAPIR_ICMP4_EXTENSION},
    {"a length beyond the message is not believed (EXT-6)", 3, 255, "\x20\0\0\0\0\x08\1\1\0\1\1\1", 12,
     TAPIR_ICMP4_NOTICED},
    {"an interface in role 0 (EXT-9)", 3, 32, "\x20\0\0\0\0\x08\2\x08\0\0\0\1", 12, TAPIR_ICMP4_NOTICED},
    {"two interfaces in role 0 (EXT-9)", 3, 32, "\x20\0\0\0\0\x08\2\x08\0\0\0\1\0\x08\2\x08\0\0\0\2", 20,
     TAPIR_ICMP4_EXTENSION},
    {"two interfaces in two roles (EXT-9)", 3, 32, "\x20\0\0\0\0\x08\2\x08\0\0\0\1\0\x08\2\x88\0\0\0\2", 20,
     TAPIR_ICMP4_NOTICED},
    {"two in role 0 of a parameter problem (EXT-9)", 12, 32,
     "\x20\0\0\0\0\x08\2\x08\0\0\0\1\0\x08\2\x08\0\0\0\2", 20, TAPIR_ICMP4_EXTENSION},
};

/* The service's answer to host A, as its quote: padded to 128 octets, the extension behind it. */
static void check_notice(void **state)
{
    const struct notice *row = *state;
    uint8_t frame[FRAME_MAX], data[200] = {0};
    struct bench *bench = bench_open(HOST, "");
    const struct frame sent = {.from = DUT_A, .to = HOST_A, .carries = UDP, .from_port = 7, .to_port = 5000};
    frame_build(&sent, frame);
    memcpy(data, frame + 14, 36);
    memcpy(data + 128, row->extension, (size_t)row->size);
    uint64_t number =
        bench_send(bench, &(struct frame){.carries = ICMP,
                                          .icmp_type = row->type,
                                          .icmp_code = row->type == 3 ? 3 : ZERO,
                                          .rest = row->words == 0 ? ZERO : (int64_t)row->words << 16,
                                          .bytes = data,
                                          .data = 128 + row->size});
    expect_verdict(bench, number, row->verdict);
    expect_nothing(bench);
    bench_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("EXT-7 EXT-8", an_object_by_its_octets),
        PROVES("EXT-1", a_redirect_has_none),
        PROVES("EXT-1", it_is_a_matter_of_the_interface),
        PROVES("EXT-1", a_host_tells_too),
    };
    return RUN_TABLE("extensions sent", rows, check) +
           RUN_TABLE("extensions received", notices, check_notice) +
           cmocka_run_group_tests_name("extensions", tests, NULL, NULL);
}
