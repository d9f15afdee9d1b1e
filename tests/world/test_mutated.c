/* Every frame that a test sends, with each octet changed, as it is and with its checksums made right again
 * (tests/storm.h says what is looked at). The frames are in tests/fuzz/corpus/frames.txt.
 *
 * Octets up to offset 80 take eight values with one bit changed and six others, TAPIR_LONG=1: all 255; the
 * rest two. */
#include "tests/table.h"

#include "tests/harvest.h"
#include "tests/storm.h"
#include "tests/world/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADERS = 80,
    FLIPS = 8,
    VALUES = 14
};

static const struct row {
    const char *sentence;
    bool router, tiny;
} rows[] = {
    {"a host takes every frame of the tests with any octet changed", false, false},
    {"a router takes every frame of the tests with any octet changed", true, false},
    {"a router with hardly any room takes every frame of the tests with any octet changed", true, true},
};

/* The network of the bench, whose frames these are; errors are not limited, so that all of them are made. */
static size_t network(bool router, struct tapir_op ops[16])
{
    size_t n = 0;
    for (unsigned i = 0; i < (router ? 2U : 1U); i++) {
        ops[n] = (struct tapir_op){.kind = TAPIR_OP_INTERFACE, .iface = i};
        ops[n].interface.mac = (struct mac){{0x02, 0xda, 0, 0, 0, (uint8_t)(i + 1)}};
        ops[n++].interface.mtu = STORM_MTU;
        ops[n++] =
            (struct tapir_op){.kind = TAPIR_OP_ADDRESS, .iface = i, .address = {{0x0a000101 + (i << 8)}, 24}};
    }
    static const struct tapir_route routes[] = {
        {.prefix = {{0}, 0}, .via = {0x0a0001fe}},
        {.prefix = {{0x0a090000}, 16}, .via = {0x0a000102}},
        {.prefix = {{0x0a080000}, 16}, .kind = TAPIR_ROUTE_PROHIBIT},
    };
    for (size_t i = 0; i < (router ? 3U : 1U); i++)
        ops[n++] = (struct tapir_op){.kind = TAPIR_OP_ROUTE, .route = routes[i]};
    ops[n++] = (struct tapir_op){
        .kind = TAPIR_OP_SET, .iface = TAPIR_EVERYWHERE, .set = {TAPIR_SET_FORWARDING, router}};
    ops[n++] =
        (struct tapir_op){.kind = TAPIR_OP_SET, .iface = TAPIR_EVERYWHERE, .set = {TAPIR_SET_ICMP_RATE, 0}};
    return n;
}

static void send_both(struct storm *storm, unsigned iface, uint8_t *frame, size_t size)
{
    uint8_t mended[HARVEST_FRAME];
    if (dice_once_in(&storm->dice, 128)) {
        storm_answer_arp(storm);
        storm_wait(storm, 1 + (int64_t)(dice_next(&storm->dice) % (uint64_t)(500 * MS)));
        if (storm->has_lost)
            storm_restore(storm);
    }
    storm_send(storm, iface, frame, size);
    memcpy(mended, frame, size);
    dissect_mend(mended, size);
    storm_send(storm, iface, mended, size);
}

static void mutate(struct storm *storm, unsigned iface, uint8_t *frame, size_t size, bool all)
{
    for (size_t at = 0; at < size; at++) {
        uint8_t octet = frame[at];
        unsigned n = at >= HEADERS ? 2 : all ? 255 : VALUES;
        for (unsigned i = 0; i < n; i++) {
            uint8_t change = (uint8_t)(all ? i + 1 : 1U << i % 8);
            if (!all && (i >= FLIPS || at >= HEADERS))
                change = (uint8_t)(1 + dice_below(&storm->dice, 255));
            frame[at] = octet ^ change;
            send_both(storm, iface, frame, size);
        }
        frame[at] = octet;
    }
}

static void check(void **state)
{
    const struct row *row = *state;
    struct tapir_op ops[16];
    const char *path = "tests/fuzz/corpus/frames.txt";
    struct storm_shape shape = {.router = row->router, .tiny = row->tiny, .seed = 1, .network = ops};
    shape.n_network = network(row->router, ops);
    struct storm storm;
    storm_begin(&storm, &shape);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("%s is not there; run from the top of the tree", path);
    char line[2 * HARVEST_FRAME + 16];
    uint8_t frame[HARVEST_FRAME];
    size_t frames = 0;
    for (unsigned iface; fgets(line, sizeof line, file) != NULL; frames++) {
        int size = harvest_parse(line, &iface, frame);
        assert_in_range(size, 0, HARVEST_FRAME);
        send_both(&storm, row->router ? iface : 0, frame, (size_t)size);
        mutate(&storm, row->router ? iface : 0, frame, (size_t)size, getenv("TAPIR_LONG") != NULL);
    }
    fclose(file);
    storm_flush(&storm);
    print_message("%zu frames, %llu sent, %llu errors, %llu echo replies, %llu forwarded\n", frames,
                  (unsigned long long)tapir_counters(storm.stack)->packets[TAPIR_RECEIVED],
                  (unsigned long long)storm.errors, (unsigned long long)storm.replies,
                  (unsigned long long)storm.forwarded);
    assert_true(frames >= 50 && storm.errors > 100 && storm.replies > 100);
    storm_end(&storm);
}

int main(void)
{
    return RUN_TABLE("mutated", rows, check);
}
