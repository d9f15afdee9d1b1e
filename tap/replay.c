#include "tap/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tap/journey.h"
#include "tap/world.h"

#define NS_PER_SECOND INT64_C(1000000000)

enum {
    REPLAY_SLOTS =
        8, /* one frame is inside at a time; those it meets in an out lane leave in the same turn */
    REPLAY_TURNS = 1000000, /* turns at one instant before we call it a bug */
    SLOT_ALIGNMENT = 64
};

/* Stands before an interface of the node: hands over the frame that is due, and what its link has, if it has
 * one. */
struct gate {
    struct device device; /* first: the device's pointer is the gate's */
    struct replay *replay;
    struct device *link; /* or NULL */
    const struct pcapfile_frame *loaded;
    struct pcapfile_writer *out; /* or NULL */
    uint64_t sent;               /* frames that left here */
};

struct replay {
    const struct replay_plan *plan;
    struct replay_result *result;
    char *error;              /* the caller's: the first fault */
    char why[PCAPFILE_ERROR]; /* of the call that has just failed */
    struct inputs inputs;
    struct gate *gates; /* one for each interface of the node */
    struct pool pool;
    void *memory;
    struct world *world;
    struct node *node;
    struct journeys *book;
    FILE *verdicts;
    tapir_instant now, first;
    int status;
    bool handed; /* the frame that arrives next at the node was read from a file */
};

/* The first fault is the one that is told. */
static bool fail(struct replay *replay, int status, const char *why)
{
    if (replay->status == 0) {
        replay->status = status;
        snprintf(replay->error, PCAPFILE_ERROR, "%s", why);
    }
    return false;
}

/* ---- gates --------------------------------------------------------------------------------------------- */

static size_t gate_rx(struct device *device, struct tapir_packet *packets[], size_t max, tapir_instant now)
{
    struct gate *gate = (void *)device;
    const struct pcapfile_frame *frame = gate->loaded;
    if (frame == NULL)
        return gate->link == NULL ? 0 : gate->link->ops->rx_batch(gate->link, packets, max, now);
    struct tapir_packet *packet = max == 0 ? NULL : pool_take(&gate->replay->pool);
    if (packet == NULL)
        return 0;
    if (frame->size > 0)
        memcpy(packet->data, frame->data, frame->size);
    packet->size = frame->size;
    packet->tailroom -= frame->size;
    packets[0] = packet;
    gate->loaded = NULL;
    gate->replay->handed = true;
    return 1;
}

static void gate_tx(struct device *device, struct tapir_packet *const packets[], size_t n, tapir_instant now)
{
    struct gate *gate = (void *)device;
    if (gate->link != NULL)
        gate->link->ops->tx_batch(gate->link, packets, n, now);
}

static int gate_fd(const struct device *device)
{
    (void)device;
    return -1;
}

static tapir_instant gate_deadline(const struct device *device)
{
    const struct gate *gate = (const void *)device;
    if (gate->loaded != NULL)
        return gate->replay->now;
    return gate->link == NULL ? TAPIR_NEVER : gate->link->ops->deadline(gate->link);
}

static void gate_close(struct device *device)
{
    (void)device;
}

static const struct device_ops gate_ops = {gate_rx, gate_tx, gate_fd, gate_deadline, gate_close};

static bool gates_open(struct replay *replay)
{
    size_t n = node_spec(replay->node)->n_interfaces, stride = pool_stride(PCAPFILE_FRAME);
    replay->memory = aligned_alloc(SLOT_ALIGNMENT, REPLAY_SLOTS * stride);
    replay->gates = calloc(n + 1, sizeof *replay->gates);
    if (replay->memory == NULL || replay->gates == NULL)
        return fail(replay, 2, "out of memory");
    pool_init(&replay->pool, replay->memory, REPLAY_SLOTS, PCAPFILE_FRAME);
    for (unsigned i = 0; i < n; i++) {
        replay->gates[i] = (struct gate){.device = {.ops = &gate_ops, .up = true, .pool = &replay->pool},
                                         .replay = replay,
                                         .link = node_device(replay->node, i)};
        node_attach(replay->node, i, &replay->gates[i].device);
    }
    return true;
}

/* ---- what the node tells ------------------------------------------------------------------------------- */

static void on_arrived(void *context, struct node *node, const struct tapir_packet *packet, uint64_t number)
{
    struct replay *replay = context;
    (void)packet;
    if (node != replay->node)
        return;
    journey_number(replay->book, number, replay->handed);
    replay->handed = false;
}

static void on_settled(void *context, struct node *node, const struct tapir_packet *packet)
{
    struct replay *replay = context;
    if (node == replay->node)
        journey_settled(replay->book, packet, node_now(node));
}

static void on_sent(void *context, struct node *node, const struct tapir_packet *packet)
{
    struct replay *replay = context;
    if (node != replay->node || replay->gates == NULL)
        return;
    struct gate *gate = &replay->gates[packet->iface];
    journey_sent(replay->book, packet, ++gate->sent, node_now(node));
    if (gate->out == NULL)
        return;
    pcapfile_write(gate->out, node_now(node), packet->data, packet->size);
    replay->result->written++;
}

/* ---- virtual time -------------------------------------------------------------------------------------- */

/* Everything that is due at `now`. */
static void work(struct replay *replay, tapir_instant now)
{
    if (now.ns > replay->now.ns)
        replay->now = now;
    for (int turns = 0; world_turn(replay->world, replay->now, true); turns++)
        if (turns == REPLAY_TURNS) {
            fail(replay, 1, "the stack has work for ever at one instant: a bug of tapir");
            return;
        }
}

/* Goes from deadline to deadline, as long as they are before `end`. */
static void pass(struct replay *replay, tapir_instant end)
{
    for (tapir_instant due = world_deadline(replay->world); due.ns < end.ns && replay->status != 1;
         due = world_deadline(replay->world))
        work(replay, due);
}

static void feed(struct replay *replay, struct input *input)
{
    replay->now = input->due;
    journey_begin(replay->book, input->iface, input->frames, input->head.time);
    replay->gates[input->iface].loaded = &input->head;
    work(replay, replay->now);
    if (replay->gates[input->iface].loaded != NULL) {
        replay->gates[input->iface].loaded = NULL;
        fail(replay, 1, "the stack keeps slots that are not its own: a bug of tapir");
    }
    if (!inputs_advance(&replay->inputs, input, replay->why))
        fail(replay, 2, replay->why);
}

/* Goes on until nothing is left to wait for. */
static void rest(struct replay *replay, tapir_instant end)
{
    while (!world_is_idle(replay->world) && replay->status != 1) {
        tapir_instant due = world_deadline(replay->world);
        if (due.ns > end.ns) {
            replay->now = end;
            return;
        }
        work(replay, due);
    }
}

static void run(struct replay *replay)
{
    const struct replay_plan *plan = replay->plan;
    tapir_instant end = TAPIR_NEVER;
    if (plan->until_ns >= 0 && plan->until_ns < INT64_MAX - replay->first.ns)
        end.ns = replay->first.ns + plan->until_ns;
    struct input *input = inputs_first(&replay->inputs);
    while (input != NULL && input->due.ns <= end.ns) {
        pass(replay, input->due);
        feed(replay, input);
        input = replay->status == 0 ? inputs_first(&replay->inputs) : NULL;
    }
    if (input != NULL) {
        pass(replay, (tapir_instant){end.ns + 1});
        replay->now = end;
        return;
    }
    tapir_instant tail = {replay->now.ns + REPLAY_TAIL_SECONDS * NS_PER_SECOND};
    rest(replay, tail.ns < end.ns ? tail : end);
}

/* ---- beginning and end --------------------------------------------------------------------------------- */

/* Instants are nanoseconds since 1970: the wall clock is known to every node. */
static void tell_clock(struct replay *replay)
{
    struct tapir_op op = {.kind = TAPIR_OP_CLOCK, .clock = {0}};
    for (size_t i = 0; i < world_nodes(replay->world); i++)
        tapir_apply(node_stack(world_node(replay->world, i)), &op, 1, NULL, replay->now);
}

static bool world_open(struct replay *replay)
{
    static const uint8_t seed[16] = "tapir replays 1";
    const struct input *input = inputs_first(&replay->inputs);
    replay->first = replay->now = input == NULL ? (tapir_instant){0} : input->due;
    struct node_watcher watcher = {on_arrived, on_sent, on_settled, NULL, replay};
    replay->book = journeys_create(&replay->plan->network->nodes[replay->plan->node]);
    if (replay->book == NULL)
        return fail(replay, 2, "out of memory");
    replay->world =
        world_create(replay->plan->network, seed, &watcher, replay->now, replay->why, sizeof replay->why);
    if (replay->world == NULL)
        return fail(replay, 2, replay->why);
    replay->node = world_node(replay->world, replay->plan->node);
    tell_clock(replay);
    return gates_open(replay);
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat of_a, of_b;
    return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && S_ISREG(of_a.st_mode) &&
           of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

/* Opening `path` for writing would destroy nothing that is read, nor one of the first `n_out` outputs. */
static bool is_free(struct replay *replay, const char *path, size_t n_out)
{
    const struct replay_plan *plan = replay->plan;
    bool taken = false;
    for (size_t i = 0; i < plan->n_in; i++)
        taken |= is_same_file(path, plan->in[i].path);
    for (size_t i = 0; i < n_out; i++)
        taken |= is_same_file(path, plan->out[i].path);
    if (taken)
        snprintf(replay->why, sizeof replay->why,
                 "%.400s: is another input or output of this run; name another file", path);
    return !taken || fail(replay, 2, replay->why);
}

static bool outputs_open(struct replay *replay)
{
    const struct replay_plan *plan = replay->plan;
    for (size_t i = 0; i < plan->n_out; i++) {
        struct gate *gate = &replay->gates[plan->out[i].iface];
        if (!is_free(replay, plan->out[i].path, i))
            return false;
        gate->out = pcapfile_create(plan->out[i].path, replay->why);
        if (gate->out == NULL)
            return fail(replay, 2, replay->why);
    }
    if (plan->verdicts == NULL)
        return true;
    if (!is_free(replay, plan->verdicts, plan->n_out))
        return false;
    replay->verdicts = strcmp(plan->verdicts, "-") == 0 ? stdout : fopen(plan->verdicts, "w");
    if (replay->verdicts != NULL)
        return true;
    snprintf(replay->why, sizeof replay->why, "%.400s: cannot be written: %s", plan->verdicts,
             strerror(errno));
    return fail(replay, 2, replay->why);
}

static void outputs_finish(struct replay *replay)
{
    for (size_t i = 0; replay->gates != NULL && i < node_spec(replay->node)->n_interfaces; i++) {
        if (!pcapfile_finish(replay->gates[i].out, replay->why))
            fail(replay, 2, replay->why);
        replay->gates[i].out = NULL;
    }
    if (replay->verdicts == NULL)
        return;
    bool written = journeys_write(replay->book, replay->verdicts);
    if (replay->verdicts != stdout)
        written &= fclose(replay->verdicts) == 0;
    if (!written)
        fail(replay, 2, "not all verdicts could be written; is the disk full?");
}

static void settle_accounts(struct replay *replay)
{
    struct replay_result *result = replay->result;
    result->read = journeys_read(replay->book);
    result->backward = replay->inputs.backward;
    result->cut = replay->inputs.cut;
    result->verdicts = journeys_verdicts(replay->book);
    if (!journeys_add_up(replay->book))
        fail(replay, 1, "frames and verdicts do not add up: a bug of tapir");
}

static void replay_free(struct replay *replay)
{
    world_destroy(replay->world, replay->now);
    journeys_destroy(replay->book);
    inputs_close(&replay->inputs);
    free(replay->gates);
    free(replay->memory);
}

int replay_run(const struct replay_plan *plan, struct replay_result *result, char error[PCAPFILE_ERROR])
{
    *result = (struct replay_result){0};
    error[0] = '\0';
    struct replay replay = {.plan = plan, .result = result, .error = error};
    if (!inputs_open(&replay.inputs, plan->in, plan->n_in, replay.why)) {
        fail(&replay, 2, replay.why);
    } else if (world_open(&replay) && outputs_open(&replay)) {
        run(&replay);
        world_close(replay.world, replay.now);
        settle_accounts(&replay);
    }
    outputs_finish(&replay);
    replay_free(&replay);
    return replay.status;
}
