#include "tap/replay.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tap/capture.h"
#include "tap/gate.h"
#include "tap/journey_print.h"
#include "tap/journey_table.h"
#include "tap/story.h"
#include "tap/virtual.h"

#define NS_PER_SECOND INT64_C(1000000000)

enum {
    PROGRESS_EVERY = 100000 /* frames */
};

struct replay {
    const struct replay_plan *plan;
    struct replay_result *result;
    char *error;              /* the caller's: the first fault */
    char why[PCAPFILE_ERROR]; /* of the call that has just failed */
    struct inputs inputs;
    struct gates **gates; /* of each node that has an input or output; else NULL */
    struct virtual_time time;
    tapir_instant first;
    struct journeys *book;
    FILE *verdicts, *table;
    struct capture *capture;
    struct alter *alter;
    struct story story;
    size_t told; /* place in the book, plus one, of the frame whose story is wanted; 0: it has not come */
    int status;
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

/* ---- what the nodes tell ------------------------------------------------------------------------------- */

static size_t place_of(const struct replay *replay, const struct node *node)
{
    return (size_t)(node_spec(node) - replay->plan->network->nodes);
}

static void on_arrived(void *context, struct node *node, const struct tapir_packet *packet, uint64_t number)
{
    struct replay *replay = context;
    size_t place = place_of(replay, node);
    if (replay->capture != NULL)
        capture_arrived(replay->capture, place, packet, number);
    if (replay->gates[place] != NULL)
        journey_number(replay->book, place, gates_handed(replay->gates[place]));
}

static void on_settled(void *context, struct node *node, const struct tapir_packet *packet)
{
    struct replay *replay = context;
    size_t place = place_of(replay, node);
    if (replay->capture != NULL)
        capture_settled(replay->capture, place, packet);
    journey_settled(replay->book, place, packet, node_now(node));
}

static void on_sent(void *context, struct node *node, const struct tapir_packet *packet)
{
    struct replay *replay = context;
    size_t place = place_of(replay, node);
    if (replay->capture != NULL)
        capture_sent(replay->capture, place, packet, node_now(node));
    if (replay->gates[place] == NULL)
        return;
    struct gate *gate = gates_at(replay->gates[place], packet->iface);
    journey_sent(replay->book, place, packet, ++gate->sent, node_now(node));
    if (gate->out == NULL)
        return;
    pcapfile_write(gate->out, node_now(node), packet->data, packet->size);
    replay->result->written++;
}

/* ---- the run ------------------------------------------------------------------------------------------- */

/* Its story is wanted. */
static bool is_wanted(struct replay *replay, const struct input *input)
{
    const struct replay_plan *plan = replay->plan;
    if (plan->story == NULL || input != &replay->inputs.list[plan->teller] || input->frames != plan->told)
        return false;
    replay->told = replay->book->n;
    return true;
}

static void collect(struct replay *replay)
{
    const struct replay_plan *plan = replay->plan;
    if (replay->told > 0)
        story_collect(&replay->story,
                      node_stack(world_node(replay->time.world, plan->in[plan->teller].node)));
}

static void feed(struct replay *replay, struct input *input)
{
    struct gate *gate = gates_at(replay->gates[input->node], input->iface);
    journey_begin(replay->book, input->node, input->iface, input->frames, input->head.time);
    gate->is_traced = is_wanted(replay, input);
    gate_load(gate, &input->head, input->due);
    virtual_work(&replay->time, input->due);
    collect(replay);
    if (replay->plan->progress != NULL && replay->book->read % PROGRESS_EVERY == 0)
        fprintf(replay->plan->progress, "%" PRIu64 " frames read\n", replay->book->read);
    if (gate_unload(gate))
        fail(replay, 1, "the stack keeps slots that are not its own: a bug of tapir");
    if (!inputs_advance(&replay->inputs, input, replay->why))
        fail(replay, 2, replay->why);
}

/* Instants are nanoseconds since 1970: the wall clock is known to every node. */
static void tell_clock(struct replay *replay)
{
    struct tapir_op op = {.kind = TAPIR_OP_CLOCK, .clock = {0}};
    for (size_t i = 0; i < world_nodes(replay->time.world); i++)
        (void)node_apply(world_node(replay->time.world, i), &op, 1, replay->time.now);
}

/* The time until the next frame, which the network may need as long as that ends. */
static bool pass_gap(struct replay *replay, const struct input *input)
{
    struct virtual_time *time = &replay->time;
    tapir_instant limit = {time->now.ns + REPLAY_GAP_DAYS * 24 * 3600 * NS_PER_SECOND};
    bool is_long = input->due.ns > limit.ns;
    virtual_pass(time, is_long ? limit : input->due);
    if (is_long && world_deadline(time->world).ns < input->due.ns) {
        snprintf(replay->why, sizeof replay->why,
                 "%.200s: frame %" PRIu64
                 ": comes more than %d days after the one before, and the network has "
                 "work all the time; mend the clock with editcap -t, or end before it with --until",
                 input->path, input->frames, REPLAY_GAP_DAYS);
        return fail(replay, 2, replay->why);
    }
    collect(replay);
    return true;
}

static void run(struct replay *replay)
{
    const struct replay_plan *plan = replay->plan;
    struct virtual_time *time = &replay->time;
    tapir_instant end = TAPIR_NEVER;
    tell_clock(replay);
    if (plan->until_ns >= 0 && plan->until_ns < INT64_MAX - replay->first.ns)
        end.ns = replay->first.ns + plan->until_ns;
    struct input *input = inputs_first(&replay->inputs);
    while (input != NULL && input->due.ns <= end.ns) {
        if (pass_gap(replay, input))
            feed(replay, input);
        input = replay->status == 0 && !time->is_stuck ? inputs_first(&replay->inputs) : NULL;
    }
    if (input != NULL) {
        virtual_pass(time, (tapir_instant){end.ns + 1});
        time->now = end;
        return;
    }
    tapir_instant tail = {time->now.ns + REPLAY_TAIL_SECONDS * NS_PER_SECOND};
    virtual_rest(time, tail.ns < end.ns ? tail : end);
}

/* ---- beginning ----------------------------------------------------------------------------------------- */

static bool gates_open(struct replay *replay, const struct replay_file files[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct gates **gates = &replay->gates[files[i].node];
        if (*gates == NULL)
            *gates = gates_create(world_node(replay->time.world, files[i].node));
        if (*gates == NULL)
            return fail(replay, 2, "out of memory");
    }
    return true;
}

static bool world_open(struct replay *replay)
{
    static const uint8_t seed[16] = "tapir replays 1";
    const struct replay_plan *plan = replay->plan;
    const struct input *input = inputs_first(&replay->inputs);
    replay->first = replay->time.now = input == NULL ? (tapir_instant){0} : input->due;
    struct node_watcher watcher = {on_arrived, on_sent, on_settled, NULL, replay};
    replay->book = journeys_create(plan->network);
    replay->gates = calloc(plan->network->n_nodes + 1, sizeof(struct gates *));
    if (replay->book == NULL || replay->gates == NULL)
        return fail(replay, 2, "out of memory");
    if (plan->verdicts == NULL && plan->table == NULL && plan->story == NULL)
        journeys_only_count(replay->book);
    replay->time.world = world_create(plan->network, plan->seed == NULL ? seed : plan->seed, &watcher,
                                      replay->time.now, replay->why, sizeof replay->why);
    if (replay->time.world == NULL)
        return fail(replay, 2, replay->why);
    return gates_open(replay, plan->in, plan->n_in) && gates_open(replay, plan->out, plan->n_out);
}

/* ---- outputs ------------------------------------------------------------------------------------------- */

static bool outputs_open(struct replay *replay)
{
    const struct replay_plan *plan = replay->plan;
    for (size_t i = 0; i < plan->n_out; i++) {
        const struct replay_file *file = &plan->out[i];
        struct gate *gate = gates_at(replay->gates[file->node], file->iface);
        char name[CAPTURE_NAME];
        capture_name(&plan->network->nodes[file->node], file->iface, name);
        gate->out = pcapfile_create(file->path, name, replay->why);
        if (gate->out == NULL)
            return fail(replay, 2, replay->why);
    }
    return true;
}

/* Opens a file for text, if one is wanted. */
static bool text_open(struct replay *replay, const char *path, FILE **file)
{
    if (path == NULL)
        return true;
    *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
    if (*file != NULL)
        return true;
    snprintf(replay->why, sizeof replay->why, "%.400s: cannot be written: %s", path, strerror(errno));
    return fail(replay, 2, replay->why);
}

static void text_finish(struct replay *replay, FILE *file, const char *path,
                        bool (*write)(const struct journeys *, FILE *))
{
    if (file == NULL)
        return;
    errno = 0;
    bool written = write(replay->book, file);
    if (file != stdout)
        written &= fclose(file) == 0;
    if (written)
        return;
    snprintf(replay->why, sizeof replay->why, "%.400s: could not be written: %s", path,
             errno != 0 ? strerror(errno) : "write error");
    fail(replay, 2, replay->why);
}

static void story_finish(struct replay *replay)
{
    const struct replay_plan *plan = replay->plan;
    if (plan->story == NULL || replay->status != 0)
        return;
    collect(replay);
    if (replay->told == 0)
        fail(replay, 2, "the frame that --explain asks for is not there; name one of the input");
    else
        journeys_write_row(replay->book, replay->told - 1, plan->story);
    if (replay->told > 0 && !story_write(&replay->story, replay->first, plan->story))
        fail(replay, 2, "not all of the story could be written; is the disk full?");
}

static bool capture_open(struct replay *replay)
{
    const char *path = replay->plan->capture;
    if (path == NULL)
        return true;
    replay->capture = capture_create(path, replay->plan->network, replay->why);
    return replay->capture != NULL || fail(replay, 2, replay->why);
}

static void outputs_finish(struct replay *replay)
{
    const struct replay_plan *plan = replay->plan;
    if (!capture_finish(replay->capture, replay->why))
        fail(replay, 2, replay->why);
    replay->capture = NULL;
    for (size_t i = 0; i < plan->n_out; i++) {
        struct gates *gates = replay->gates == NULL ? NULL : replay->gates[plan->out[i].node];
        struct gate *gate = gates == NULL ? NULL : gates_at(gates, plan->out[i].iface);
        if (gate == NULL)
            continue;
        if (!pcapfile_finish(gate->out, replay->why))
            fail(replay, 2, replay->why);
        gate->out = NULL;
    }
    text_finish(replay, replay->verdicts, plan->verdicts, journeys_write);
    text_finish(replay, replay->table, plan->table, journeys_write_table);
}

/* ---- the end ------------------------------------------------------------------------------------------- */

/* What a person should know; the last line proves that nothing was lost. */
static void write_summary(const struct replay *replay, FILE *file)
{
    const struct replay_result *result = replay->result;
    if (result->backward > 0)
        fprintf(file, "warning: %" PRIu64 " time stamps go backwards; each counts as the one before\n",
                result->backward);
    if (result->cut > 0)
        fprintf(file,
                "warning: the capture holds only the beginning of %" PRIu64
                " frames; capture with a larger snapshot length\n",
                result->cut);
    if (result->left_out > 0)
        fprintf(file, "%" PRIu64 " frames left out by the filter\n", result->left_out);
    journeys_write_summary(replay->book, result->written, file);
}

static void settle_accounts(struct replay *replay)
{
    struct replay_result *result = replay->result;
    result->read = replay->book->read;
    result->verdicts = replay->book->verdicts;
    result->backward = replay->inputs.backward;
    result->cut = replay->inputs.cut;
    result->left_out = replay->inputs.left_out;
    if (replay->time.is_stuck)
        fail(replay, 1, "the stack has work for ever at one instant: a bug of tapir");
    if (!journeys_add_up(replay->book))
        fail(replay, 1, "frames and verdicts do not add up: a bug of tapir");
    if (replay->plan->summary != NULL)
        write_summary(replay, replay->plan->summary);
}

static void replay_free(struct replay *replay)
{
    world_destroy(replay->time.world, replay->time.now);
    for (size_t i = 0; replay->gates != NULL && i < replay->plan->network->n_nodes; i++)
        gates_destroy(replay->gates[i]);
    free(replay->gates);
    journeys_destroy(replay->book);
    inputs_close(&replay->inputs);
    alter_destroy(replay->alter);
    story_forget(&replay->story);
}

static bool captures_open(struct replay *replay)
{
    const struct replay_plan *plan = replay->plan;
    replay->alter = alter_create(&plan->alter, replay->why);
    if (replay->alter != NULL &&
        inputs_open(&replay->inputs, plan->network, plan->in, plan->n_in, replay->alter, replay->why))
        return true;
    return fail(replay, 2, replay->why);
}

int replay_run(const struct replay_plan *plan, struct replay_result *result, char error[PCAPFILE_ERROR])
{
    *result = (struct replay_result){0};
    error[0] = '\0';
    struct replay replay = {.plan = plan, .result = result, .error = error};
    if (captures_open(&replay) && world_open(&replay) && outputs_open(&replay) &&
        text_open(&replay, plan->verdicts, &replay.verdicts) &&
        text_open(&replay, plan->table, &replay.table) && capture_open(&replay)) {
        run(&replay);
        world_close(replay.time.world, replay.time.now);
        settle_accounts(&replay);
        story_finish(&replay);
    }
    outputs_finish(&replay);
    replay_free(&replay);
    return replay.status;
}
