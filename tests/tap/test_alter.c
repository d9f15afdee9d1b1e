/* What is done to the frames of a capture. The oracle is hand-written bytes; rewriting has a test of its own. */
#include "tap/alter.h"

#include <string.h>

#include "tests/table.h"

#define BYTES(text)   text, sizeof(text) - 1
#define FOREIGN       "\x02\0\0\0\0\x99"
#define OURS          "\x02\0\0\0\0\x01"
#define SOURCE        "\x02\0\0\0\0\x07"
#define ECHO(address) "\x08\0\x45\0\0\x1c\0\0\0\0\x40\x01" address "\x08\x08\x08\x08\x08\0\xf7\xff\0\0\0\0"
#define BEFORE        ECHO("\x5f\xd2\xc0\0\x02\x01")   /* 192.0.2.1 */
#define AFTER         ECHO("\x16\x86\x0a\x4d\x01\x01") /* 10.77.1.1 */

static const struct rewrite rule = {{{0xc0000200}, 24}, {{0x0a4d0100}, 24}};

static const struct {
    const char *sentence;
    struct alter_plan plan;
    const char *before;
    size_t size;
    const char *after; /* NULL: it is left out */
} frames[] = {
    {"without a plan a frame goes in as it is", {0}, BYTES(FOREIGN SOURCE BEFORE), FOREIGN SOURCE BEFORE},
    {"a filter takes a frame",
     {.filter = "icmp and src net 192.0.2.0/24"},
     BYTES(FOREIGN SOURCE BEFORE),
     FOREIGN SOURCE BEFORE},
    {"a filter leaves a frame out", {.filter = "udp"}, BYTES(FOREIGN SOURCE BEFORE), NULL},
    {"an empty filter takes all", {.filter = ""}, BYTES(FOREIGN SOURCE BEFORE), FOREIGN SOURCE BEFORE},
    {"the filter sees a frame as it was captured",
     {.filter = "src host 192.0.2.1 and ether dst 02:00:00:00:00:99", &rule, 1, ALTER_MAC_ROUTER},
     BYTES(FOREIGN SOURCE BEFORE),
     OURS SOURCE AFTER},
    {"rewriting alone keeps the MAC",
     {.rewrites = &rule, .n_rewrites = 1},
     BYTES(FOREIGN SOURCE BEFORE),
     FOREIGN SOURCE AFTER},
    {"to the router goes what was for anybody",
     {.destination = ALTER_MAC_ROUTER},
     BYTES(FOREIGN SOURCE BEFORE),
     OURS SOURCE BEFORE},
    {"broadcast stays",
     {.destination = ALTER_MAC_ROUTER},
     BYTES("\xff\xff\xff\xff\xff\xff" SOURCE BEFORE),
     "\xff\xff\xff\xff\xff\xff" SOURCE BEFORE},
    {"a group stays",
     {.destination = ALTER_MAC_ROUTER},
     BYTES("\x01\0\x5e\0\0\x01" SOURCE BEFORE),
     "\x01\0\x5e\0\0\x01" SOURCE BEFORE},
    {"half a MAC stays", {.destination = ALTER_MAC_ROUTER}, BYTES("\x02\x09\0\0\0"), "\x02\x09\0\0\0"},
    {"six octets are a MAC", {.destination = ALTER_MAC_ROUTER}, BYTES(FOREIGN), OURS},
    {"no octets at all", {.destination = ALTER_MAC_ROUTER}, "", 0, ""},
};

static void check_frame(void **state)
{
    const __typeof__(frames[0]) *row = *state;
    static uint8_t room[PCAPFILE_FRAME];
    char error[PCAPFILE_ERROR];
    struct alter *alter = alter_create(&row->plan, error);
    assert_non_null(alter);
    /* As it is read, and once more where tap/adapt has put it. */
    for (int in_room = 0; in_room < 2; in_room++) {
        struct pcapfile_frame frame = {.data = (const uint8_t *)row->before,
                                       .size = (uint32_t)row->size,
                                       .on_wire = (uint32_t)row->size,
                                       .link_type = 1};
        if (in_room)
            frame.data = memcpy(room, row->before, row->size);
        assert_int_equal(alter_takes(alter, &frame), row->after != NULL);
        if (row->after == NULL)
            continue;
        alter_frame(alter, &frame, (struct mac){{2, 0, 0, 0, 0, 1}}, room);
        assert_int_equal(frame.size, row->size);
        assert_memory_equal(frame.data, row->after, row->size);
    }
    alter_destroy(alter);
}

static const struct {
    const char *sentence;
    const char *filter, *complaint;
} filters[] = {
    {"a filter that is no expression", "icmp and and", "filter \"icmp and and\": "},
    {"a filter with a word that nobody knows", "icpm", "filter \"icpm\": "},
    {"a filter with a newline", "icmp and\nand", "expressions are those of: man pcap-filter"},
};

static void check_filter(void **state)
{
    const __typeof__(filters[0]) *row = *state;
    char error[PCAPFILE_ERROR] = "";
    assert_null(alter_create(&(struct alter_plan){.filter = row->filter}, error));
    assert_non_null(strstr(error, row->complaint));
}

static void longest_first(void **state)
{
    (void)state;
    const struct rewrite rules[] = {{{{0}, 0}, {{0}, 0}}, {{{0x0a000000}, 8}, {{0x0b000000}, 8}}, rule};
    struct alter_plan plan = {.rewrites = rules, .n_rewrites = 3};
    char error[PCAPFILE_ERROR];
    static uint8_t room[PCAPFILE_FRAME];
    struct alter *alter = alter_create(&plan, error);
    struct pcapfile_frame frame = {.data = (const uint8_t *)FOREIGN SOURCE BEFORE, .size = 42, .on_wire = 42};
    alter_frame(alter, &frame, (struct mac){{0}}, room);
    assert_memory_equal(frame.data, FOREIGN SOURCE AFTER, 42);
    alter_destroy(alter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"rules are sorted, whatever their order", longest_first, NULL, NULL, NULL},
    };
    return RUN_TABLE("what is done to frames", frames, check_frame) +
           RUN_TABLE("wrong filters", filters, check_filter) +
           cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
