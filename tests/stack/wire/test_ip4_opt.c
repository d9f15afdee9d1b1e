#include "tests/stack/wire/exact.h"
#include "wire/ip4.h"
#include "wire/ip4_opt.h"

static const struct row {
    const char *sentence;
    const char *options;
    const char *found; /* type at length, of each option */
    enum tapir_verdict verdict;
    uint8_t pointer;
} rows[] = {
    {"no options", "", "", TAPIR_UNSETTLED, 0},
    {"EOL alone", "00 00 00 00", "", TAPIR_UNSETTLED, 0},
    {"what follows EOL is ignored", "01 01 01 00 07 00 ff 83", "01 14 01 01 15 01 01 16 01", TAPIR_UNSETTLED,
     0},
    {"NOPs up to the end need no EOL", "01 01 01 01", "01 14 01 01 15 01 01 16 01 01 17 01", TAPIR_UNSETTLED,
     0},
    {"router alert fills its header", "94 04 00 00", "94 14 04", TAPIR_UNSETTLED, 0},
    {"an unknown option is walked by its length", "5e 03 aa 01", "5e 14 03 01 17 01", TAPIR_UNSETTLED, 0},
    {"an option of type and length alone", "82 02 44 02", "82 14 02 44 16 02", TAPIR_UNSETTLED, 0},
    {"an option of length 0", "07 00 00 00", "", TAPIR_IP4_OPTION_LENGTH, 21},
    {"an option of length 1", "07 01 00 00", "", TAPIR_IP4_OPTION_LENGTH, 21},
    {"an option of length 255", "07 ff 00 00", "", TAPIR_IP4_OPTION_LENGTH, 21},
    {"an option one octet beyond the header", "07 05 04 00", "", TAPIR_IP4_OPTION_LENGTH, 21},
    {"a broken option behind a good one", "82 02 83 03", "82 14 02", TAPIR_IP4_OPTION_LENGTH, 23},
    {"a type without room for its length is pointed at itself", "01 01 01 83", "01 14 01 01 15 01 01 16 01",
     TAPIR_IP4_OPTION_LENGTH, 23},
    {"a length in the last octet is pointed at", "01 01 83 03", "01 14 01 01 15 01", TAPIR_IP4_OPTION_LENGTH,
     23},
    {"nine addresses of record route fill the longest header",
     "07 27 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
     "00 00 00 00 "
     "00 00",
     "07 14 27", TAPIR_UNSETTLED, 0},
};

/* The header of 20 octets is never read here. */
static struct exact with_options(const char *text)
{
    struct exact options = exact_hex(text);
    uint8_t header[IP4_HEADER_MAX] = {0x45};
    memcpy(header + 20, options.data, options.size);
    struct exact whole = exact_copy(header, 20 + options.size);
    exact_free(options);
    return whole;
}

static void check(void **state)
{
    const struct row *row = *state;
    struct exact header = with_options(row->options);
    uint8_t size = (uint8_t)header.size, found[3 * 40], n = 0, pointer = 0;
    struct ip4_opt opt = {0};
    enum ip4_opt_step step;
    while ((step = ip4_opt_next(header.data, size, &opt)) == IP4_OPT_FOUND) {
        found[n++] = opt.type;
        found[n++] = opt.at;
        found[n++] = opt.length;
    }
    exact_assert(found, n, row->found);
    assert_int_equal(step, row->verdict == TAPIR_UNSETTLED ? IP4_OPT_DONE : IP4_OPT_BROKEN);
    assert_int_equal(ip4_opt_check(header.data, size, &pointer), row->verdict);
    assert_int_equal(pointer, row->pointer);
    exact_free(header);
}

/* Every pair of first octets, in each size of header: it ends, reads nothing beyond, and points into the
 * header. */
static void any_octets(void **state)
{
    (void)state;
    for (unsigned value = 0; value <= 0xffff; value++) {
        uint8_t bytes[28] = {
            [20] = (uint8_t)(value >> 8), (uint8_t)value, 1, 7, (uint8_t)(value >> 8), 3, 0, 0};
        uint8_t size = value % 2 == 0 ? 24 : 28, pointer = 0;
        struct exact header = exact_copy(bytes, size);
        if (ip4_opt_check(header.data, size, &pointer) != TAPIR_UNSETTLED)
            assert_in_range(pointer, 20, size - 1);
        exact_free(header);
    }
}

int main(void)
{
    const struct CMUnitTest more[] = {
        {"any octets are walked to an end within the header", any_octets, NULL, NULL, NULL},
    };
    return RUN_TABLE("ip4_opt: walk", rows, check) + cmocka_run_group_tests_name("ip4_opt", more, NULL, NULL);
}
