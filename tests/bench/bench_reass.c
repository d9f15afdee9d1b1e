/* What a fragment costs, whoever sends it: in memory, no device, through tapir_input. CVE-2018-5391.
 *
 *     bench_reass [rounds]
 *
 * Storms of fragments of 8 octets that never make a datagram whole, and the same number of whole datagrams for a closed port of
 * a protocol that nobody speaks, as the yardstick, interleaved round by round. In each storm the last quarter of the fragments
 * is timed beside the first: the cost must not grow with what is held. Medians of the rounds, nanoseconds a frame. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tapir.h"
#include "tests/bench/measure.h"
#include "tests/dissect.h"

enum {
    DATAGRAMS = 1000,
    PIECES = 64, /* of each datagram */
    FRAMES = DATAGRAMS * PIECES,
    ROUNDS_MAX = 100
};

static struct tapir *make_stack(void)
{
    struct tapir_config config = {.observe = false};
    struct tapir_memory memory = measure_memory();
    struct tapir *stack = tapir_create(&config, &memory, (tapir_instant){0});
    struct tapir_op ops[2] = {{.kind = TAPIR_OP_INTERFACE},
                              {.kind = TAPIR_OP_ADDRESS, .address = {{0x0a000001}, 24}}};
    ops[0].interface.mac = (struct mac){{2, 0, 0, 0, 0, 1}};
    ops[0].interface.mtu = 1500;
    if (stack == NULL || tapir_apply(stack, ops, 2, NULL, (tapir_instant){0}) != TAPIR_OK)
        exit(1);
    return stack;
}

/* Piece `n` of a storm: of datagram n % DATAGRAMS, by the order of the storm. */
enum order {
    WHOLE, /* no fragments at all */
    FORWARDS,
    BACKWARDS,
    GAPS, /* every other one, so that each is a range of its own */
    ORDERS
};

static const char *const names[ORDERS] = {"whole datagrams", "fragments, forwards", "fragments, backwards",
                                          "fragments with gaps"};

static void write_frame(uint8_t frame[60], enum order order, size_t n)
{
    size_t datagram = n % DATAGRAMS, piece = n / DATAGRAMS;
    size_t offset = order == BACKWARDS ? PIECES - piece : order == GAPS ? piece * 2 + 1 : piece + 1;
    memcpy(frame, "\2\0\0\0\0\1\2\0\0\0\0\x63\x08\0\x45\0\0\x1c\0\0\0\0\x40\x63\0\0\x0a\0\0\x63\x0a\0\0\1",
           34);
    dissect_put16(frame + 18, (uint32_t)datagram);
    frame[29] = (uint8_t)(10 + datagram % 100);
    if (order != WHOLE)
        dissect_put16(frame + 20, 0x2000 + (uint32_t)offset);
    dissect_mend(frame, 60);
}

/* Nanoseconds a frame of the quarters of one storm. */
static void storm(enum order order, double quarters[4])
{
    static uint8_t frames[FRAMES / 4][60];
    struct tapir *stack = make_stack();
    for (size_t quarter = 0; quarter < 4; quarter++) {
        for (size_t i = 0; i < FRAMES / 4; i++)
            write_frame(frames[i], order, quarter * (FRAMES / 4) + i);
        double start = measure_now_ns();
        for (size_t i = 0; i < FRAMES / 4; i++) {
            struct tapir_packet *packet = tapir_take(stack, 60);
            memcpy(packet->data, frames[i], 60);
            packet->size = 60;
            tapir_input(stack, 0, &packet, 1, (tapir_instant){1});
        }
        quarters[quarter] = (measure_now_ns() - start) / (FRAMES / 4);
    }
    tapir_destroy(stack);
}

int main(int argc, char **argv)
{
    size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 9;
    static double first[ORDERS][ROUNDS_MAX], last[ORDERS][ROUNDS_MAX];
    rounds = rounds < 1 ? 1 : rounds > ROUNDS_MAX ? ROUNDS_MAX : rounds;
    for (size_t round = 0; round < rounds; round++)
        for (int order = 0; order < ORDERS; order++) {
            double quarters[4];
            storm((enum order)order, quarters);
            first[order][round] = quarters[0];
            last[order][round] = quarters[3];
        }
    double yardstick = measure_median(last[WHOLE], rounds);
    printf("%d datagrams in %d pieces of 8 octets, medians of %zu rounds\n", DATAGRAMS, PIECES, rounds);
    for (int order = 0; order < ORDERS; order++) {
        double a = measure_median(first[order], rounds), b = measure_median(last[order], rounds);
        printf(
            "%-22s %7.1f ns a frame in the first quarter, %7.1f in the last: ratio %.2f (goal: at most 2), %.1f of a whole datagram\n",
            names[order], a, b, b / a, b / yardstick);
    }
    return 0;
}
