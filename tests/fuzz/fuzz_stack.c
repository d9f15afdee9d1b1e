/* A stack whose whole life is the input: shape, then steps until the octets end, watched by the oracle of
 * tests/storm.h.
 *
 *     1 octet   shape: router, tiny, operations, unobserved, talks
 *     then      a step: 1 octet of kind
 *               0      wait: 1 octet of scale, 1 of amount
 *               1      a random operation, drawn from 2 octets
 *               2      ARP answers
 *               3      a frame without an own header: 1 octet of interface, 2 of length, octets
 *               else   a frame that a device would bring: the same, with the MAC of the interface, and IPv4
 * or ARP with right checksums */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/storm.h"

struct input {
    const uint8_t *at;
    size_t left;
};

static uint8_t take(struct input *input)
{
    if (input->left == 0)
        return 0;
    input->left--;
    return *input->at++;
}

static size_t take_frame(struct input *input, uint8_t frame[STORM_FRAME])
{
    size_t size = (size_t)take(input) << 8;
    size = (size | take(input)) % 1601;
    if (size > input->left)
        size = input->left;
    if (size > 0)
        memcpy(frame, input->at, size);
    input->at += size;
    input->left -= size;
    return size;
}

static void wait(struct storm *storm, struct input *input)
{
    static const int64_t scales[] = {1, 1000, 1000000, 1000000000, INT64_C(60000000000)};
    int64_t scale = scales[take(input) % 5];
    storm_wait(storm, scale * take(input));
}

static void send(struct storm *storm, struct input *input, bool dressed)
{
    uint8_t frame[STORM_FRAME];
    unsigned iface = take(input) % (storm->shape.router ? STORM_IFACES : 1);
    size_t size = take_frame(input, frame);
    if (dressed && size >= 14) {
        if ((frame[0] & 1) == 0)
            storm_put_mac(frame, storm->mac[iface]);
        dissect_put16(frame + 12, frame[13] == 6 ? 0x0806 : 0x0800);
        dissect_mend(frame, size);
    }
    storm_send(storm, iface, frame, size);
}

static void step(struct storm *storm, struct input *input)
{
    switch (take(input) % 8) {
    case 0:
        wait(storm, input);
        return;
    case 1:
        storm->dice = dice_of((uint64_t)take(input) << 8 | take(input));
        if (storm->shape.operations)
            storm_operate(storm);
        return;
    case 2:
        storm_answer_arp(storm);
        return;
    case 3:
        send(storm, input, false);
        return;
    default:
        send(storm, input, true);
        return;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    uint8_t shape = take(&input);
    struct storm storm;
    storm_begin(&storm, &(struct storm_shape){.router = shape & 1,
                                              .tiny = (shape & 2) != 0,
                                              .operations = (shape & 4) != 0,
                                              .unobserved = (shape & 8) != 0,
                                              .talks = (shape & 16) != 0,
                                              .brief = true,
                                              .seed = 1});
    while (input.left > 0)
        step(&storm, &input);
    storm_end(&storm);
    return 0;
}
