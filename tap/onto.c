#include "tap/onto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap/inputs.h"
#include "tap/loop.h"

enum {
    BURST = 64, /* frames between two looks at signals and at what the kernel sends */
    SLOT_ALIGNMENT = 64
};

#define WAIT_MOST 1e18 /* 31 years: so that no time to come overflows */

struct onto {
    const struct onto_plan *plan;
    struct onto_result *result;
    struct loop *loop;
    struct device *device;
    struct inputs inputs;
    struct pool pool; /* of the frame that is written: that of a device knows nothing longer than its MTU */
    void *memory;
    tapir_instant first; /* time stamp of the first frame */
    tapir_instant start, now;
    unsigned in_a_row; /* frames since the last look */
};

/* When a frame of this time stamp is due, on the clock of the loop. */
static tapir_instant due_at(const struct onto *onto, tapir_instant stamp)
{
    if (onto->plan->speed <= 0)
        return onto->start;
    double later = (double)(stamp.ns - onto->first.ns) / onto->plan->speed;
    return (tapir_instant){onto->start.ns + (int64_t)(later < WAIT_MOST ? later : WAIT_MOST)};
}

static void drain(struct device *device, tapir_instant now)
{
    struct tapir_packet *packets[DEVICE_BATCH];
    size_t n;
    while ((n = device->ops->rx_batch(device, packets, DEVICE_BATCH, now)) > 0)
        for (size_t i = 0; i < n; i++)
            device->pool->face.give(&device->pool->face, packets[i]);
}

/* Sleeps until `due`. Among many frames that are due it looks about now and then. False: a signal ends it. */
static bool wait_turn(struct onto *onto, tapir_instant due)
{
    while (due.ns > onto->now.ns || onto->in_a_row >= BURST) {
        if (!loop_wait(onto->loop, due))
            return false;
        onto->now = loop_now();
        onto->in_a_row = 0;
        drain(onto->device, onto->now);
    }
    onto->in_a_row++;
    return true;
}

static void write_frame(struct onto *onto, const struct pcapfile_frame *frame)
{
    struct tapir_packet *packet = pool_take(&onto->pool);
    if (frame->size > 0)
        memcpy(packet->data, frame->data, frame->size);
    packet->size = frame->size;
    packet->tailroom -= frame->size;
    onto->device->ops->tx_batch(onto->device, &packet, 1, onto->now);
}

/* Returns 0 or 2, with `error`. */
static int play(struct onto *onto, char error[PCAPFILE_ERROR])
{
    struct input *input = inputs_first(&onto->inputs);
    onto->start = onto->now = loop_now();
    onto->first = input == NULL ? onto->now : input->due;
    for (; input != NULL; input = inputs_first(&onto->inputs)) {
        if (!wait_turn(onto, due_at(onto, input->due))) {
            onto->result->ended = true;
            return 0;
        }
        write_frame(onto, &input->head);
        onto->result->span_ns = input->due.ns - onto->first.ns;
        if (!inputs_advance(&onto->inputs, input, error))
            return 2;
    }
    return 0;
}

static void conclude(struct onto *onto)
{
    struct onto_result *result = onto->result;
    result->took_ns = loop_now().ns - onto->start.ns;
    result->written = onto->device->sent;
    result->refused = onto->device->lost;
    result->cut = onto->inputs.cut;
    result->backward = onto->inputs.backward;
    result->left_out = onto->inputs.left_out;
}

/* For tap/inputs the device is the one interface of a network, with the MAC of the kernel's end: that is who receives. */
static int open_and_play(struct onto *onto, const struct alter *alter, char error[PCAPFILE_ERROR])
{
    struct network_interface interface = {.mac = tap_mac(onto->device)};
    struct network_node node = {.interfaces = &interface, .n_interfaces = 1};
    const struct network network = {.nodes = &node, .n_nodes = 1};
    struct replay_file files[ONTO_FILES];
    for (size_t i = 0; i < onto->plan->n_paths; i++)
        files[i] = (struct replay_file){.path = onto->plan->paths[i]};
    int code = 2;
    if (inputs_open(&onto->inputs, &network, files, onto->plan->n_paths, alter, error)) {
        code = play(onto, error);
        conclude(onto);
    }
    inputs_close(&onto->inputs);
    return code == 0 && onto->result->refused > 0 ? 1 : code;
}

/* The MTU is nobody's business here: a capture may hold what it likes. */
static bool open_device(struct onto *onto, char error[PCAPFILE_ERROR])
{
    const struct loop_listener nobody = {NULL, NULL, NULL};
    const struct network_loop by_epoll = {.engine = NETWORK_ENGINE_EPOLL}; /* each frame at its own time */
    const struct tap_spec spec = {.name = onto->plan->tap, .netns = onto->plan->netns};
    onto->memory = aligned_alloc(SLOT_ALIGNMENT, pool_stride(PCAPFILE_FRAME));
    if (onto->memory == NULL) {
        snprintf(error, PCAPFILE_ERROR, "out of memory");
        return false;
    }
    pool_init(&onto->pool, onto->memory, 1, PCAPFILE_FRAME);
    onto->loop = loop_create(&by_epoll, &nobody, error, PCAPFILE_ERROR);
    if (onto->loop == NULL)
        return false;
    onto->device = loop_open_tap(onto->loop, &spec, spec.netns, error, PCAPFILE_ERROR);
    return onto->device != NULL;
}

int onto_run(const struct onto_plan *plan, struct onto_result *result, char error[PCAPFILE_ERROR])
{
    struct onto onto = {.plan = plan, .result = result};
    *result = (struct onto_result){0};
    struct alter *alter = alter_create(&plan->alter, error);
    int code = 2;
    if (alter != NULL && open_device(&onto, error))
        code = open_and_play(&onto, alter, error);
    loop_destroy(onto.loop);
    free(onto.memory);
    alter_destroy(alter);
    return code;
}
