#include "tap/rerun.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RERUN_SLOTS = DEVICE_BATCH + 8, /* one batch is inside at a time */
    SLOT_ALIGNMENT = 64
};

/* A frame of the turn that is on; its octets stand in the turn's. */
struct read_frame {
    unsigned iface;
    size_t offset;
    uint32_t size;
};

/* What the tape has of one turn: it is read as a whole, since frames and what came of them alternate there. */
struct turn {
    uint8_t *octets;
    struct read_frame *frames;
    struct tape_record *expected; /* SENT and SETTLED, in order */
    size_t n_octets, octets_room, n_frames, frames_room, n_expected, expected_room;
    size_t next; /* of the expected ones */
};

struct player {
    struct device device; /* first: the device's pointer is the player's */
    struct rerun *rerun;
    unsigned iface;
    bool has_frames; /* in the turn that is on */
};

struct rerun {
    const char *path; /* of the tape */
    struct tape_reader *reader;
    struct tape_record record; /* that comes next */
    struct turn turn;
    struct player *players;
    struct pool pool;
    void *memory;
    struct node *node;
    const struct node_watcher *watcher;
    struct rerun_result *result;
    char *error;
    int status;
};

static void fail(struct rerun *rerun, int status, const char *why)
{
    if (rerun->status != 0)
        return;
    rerun->status = status;
    if (why != rerun->error)
        snprintf(rerun->error, TAPE_ERROR, "%s", why);
}

/* ---- a turn of the tape -------------------------------------------------------------------------------- */

/* Room for `more` beyond `n`. */
static bool grow(struct rerun *rerun, void *list, size_t n, size_t more, size_t *room, size_t size)
{
    void **block = list;
    if (n + more <= *room)
        return true;
    size_t larger = 2 * (n + more);
    void *moved = realloc(*block, larger * size);
    if (moved == NULL) {
        fail(rerun, 2, "out of memory");
        return false;
    }
    *block = moved;
    *room = larger;
    return true;
}

/* Only an operation may be for all of them. */
static bool has_interface(const struct rerun *rerun, const struct tape_record *record)
{
    bool is_for_all = record->kind == TAPE_APPLY && record->iface == TAPIR_EVERYWHERE;
    return is_for_all || record->iface < node_spec(rerun->node)->n_interfaces;
}

static void next(struct rerun *rerun)
{
    char why[TAPE_ERROR];
    tape_next(rerun->reader, &rerun->record, rerun->error);
    if (rerun->record.kind == TAPE_BAD)
        fail(rerun, 2, rerun->error);
    if (rerun->record.kind == TAPE_END || rerun->record.kind == TAPE_BAD ||
        has_interface(rerun, &rerun->record))
        return;
    snprintf(why, sizeof why,
             "%.200s: names an interface that the network file does not have; it is of another file",
             rerun->path);
    fail(rerun, 2, why);
}

static void keep_frame(struct rerun *rerun)
{
    struct turn *turn = &rerun->turn;
    const struct tape_record *record = &rerun->record;
    if (!grow(rerun, &turn->octets, turn->n_octets, record->size + 1, &turn->octets_room, 1) ||
        !grow(rerun, &turn->frames, turn->n_frames, 1, &turn->frames_room, sizeof *turn->frames))
        return;
    memcpy(turn->octets + turn->n_octets, record->data, record->size);
    turn->frames[turn->n_frames++] = (struct read_frame){record->iface, turn->n_octets, record->size};
    turn->n_octets += record->size;
    rerun->players[record->iface].has_frames = true;
    device_ring(&rerun->players[record->iface].device);
}

static void keep_carrier(struct rerun *rerun)
{
    struct device *device = &rerun->players[rerun->record.iface].device;
    device->up = rerun->record.flag;
    device_ring(device);
}

static void keep_expected(struct rerun *rerun)
{
    struct turn *turn = &rerun->turn;
    if (grow(rerun, &turn->expected, turn->n_expected, 1, &turn->expected_room, sizeof *turn->expected))
        turn->expected[turn->n_expected++] = rerun->record;
}

/* Reads what belongs to the record that is on, up to the next turn, operation or close. */
static void take_turn(struct rerun *rerun)
{
    struct turn *turn = &rerun->turn;
    turn->n_octets = turn->n_frames = turn->n_expected = turn->next = 0;
    for (next(rerun); rerun->status == 0; next(rerun)) {
        if (rerun->record.kind == TAPE_CARRIER)
            keep_carrier(rerun);
        else if (rerun->record.kind == TAPE_READ)
            keep_frame(rerun);
        else if (rerun->record.kind == TAPE_SENT || rerun->record.kind == TAPE_SETTLED)
            keep_expected(rerun);
        else
            return;
    }
}

/* ---- the players --------------------------------------------------------------------------------------- */

static size_t player_rx(struct device *device, struct tapir_packet *packets[], size_t max, tapir_instant now)
{
    struct player *player = (void *)device;
    struct turn *turn = &player->rerun->turn;
    size_t n = 0;
    (void)now;
    for (size_t i = 0; i < turn->n_frames && n < max; i++) {
        const struct read_frame *frame = &turn->frames[i];
        struct tapir_packet *packet = frame->iface == player->iface ? pool_take(&player->rerun->pool) : NULL;
        if (packet == NULL)
            continue;
        if (frame->size > 0)
            memcpy(packet->data, turn->octets + frame->offset, frame->size);
        packet->size = frame->size;
        packet->tailroom -= frame->size;
        packets[n++] = packet;
    }
    player->has_frames = false;
    player->rerun->result->read += n;
    return n;
}

static void player_tx(struct device *device, struct tapir_packet *const packets[], size_t n,
                      tapir_instant now)
{
    (void)device;
    (void)now;
    device_release(packets, n);
}

static int player_fd(const struct device *device)
{
    (void)device;
    return -1;
}

static tapir_instant player_deadline(const struct device *device)
{
    const struct player *player = (const void *)device;
    return player->has_frames ? (tapir_instant){0} : TAPIR_NEVER;
}

static void player_close(struct device *device)
{
    (void)device;
}

static const struct device_ops player_ops = {player_rx,       player_tx,    player_fd,
                                             player_deadline, player_close, NULL};

static bool players_open(struct rerun *rerun)
{
    size_t n = node_spec(rerun->node)->n_interfaces;
    rerun->memory = aligned_alloc(SLOT_ALIGNMENT, RERUN_SLOTS * pool_stride(TAPE_FRAME));
    rerun->players = calloc(n + 1, sizeof *rerun->players);
    if (rerun->memory == NULL || rerun->players == NULL) {
        fail(rerun, 2, "out of memory");
        return false;
    }
    pool_init(&rerun->pool, rerun->memory, RERUN_SLOTS, TAPE_FRAME);
    for (unsigned i = 0; i < n; i++) {
        rerun->players[i] =
            (struct player){{.ops = &player_ops, .up = true, .pool = &rerun->pool}, rerun, i, false};
        node_attach(rerun->node, i, &rerun->players[i].device);
    }
    return true;
}

/* ---- comparing ----------------------------------------------------------------------------------------- */

/* The record that the next outcome must equal; NULL: there is none. */
static const struct tape_record *expected(struct rerun *rerun)
{
    struct turn *turn = &rerun->turn;
    return turn->next < turn->n_expected ? &turn->expected[turn->next++] : NULL;
}

static void on_sent(void *context, struct node *node, const struct tapir_packet *packet)
{
    struct rerun *rerun = context;
    const struct node_watcher *watcher = rerun->watcher;
    const struct tape_record *then = expected(rerun);
    rerun->result->sent++;
    if (watcher != NULL && watcher->sent != NULL)
        watcher->sent(watcher->context, node, packet);
    if (then != NULL && then->kind == TAPE_SENT && then->iface == packet->iface &&
        then->hash == tape_hash(packet))
        return;
    char why[TAPE_ERROR];
    snprintf(why, sizeof why, "frame %" PRIu64 " that is sent, by %s: it was another one then",
             rerun->result->sent, node_spec(node)->interfaces[packet->iface].name);
    fail(rerun, 1, why);
}

static void on_settled(void *context, struct node *node, const struct tapir_packet *packet)
{
    struct rerun *rerun = context;
    const struct node_watcher *watcher = rerun->watcher;
    const struct tape_record *then = expected(rerun);
    rerun->result->settled++;
    if (watcher != NULL && watcher->settled != NULL)
        watcher->settled(watcher->context, node, packet);
    if (then != NULL && then->kind == TAPE_SETTLED && then->number == packet->number &&
        then->origin == (enum tapir_origin)packet->within.origin && then->verdict == packet->verdict &&
        then->answer == packet->answer)
        return;
    char why[TAPE_ERROR];
    snprintf(why, sizeof why, "packet %" PRIu64 " is settled as %s: then it was %s", packet->number,
             tapir_fate(packet->verdict)->name,
             then == NULL || then->kind != TAPE_SETTLED ? "not" : tapir_fate(then->verdict)->name);
    fail(rerun, 1, why);
}

static void on_arrived(void *context, struct node *node, const struct tapir_packet *packet, uint64_t number)
{
    const struct rerun *rerun = context;
    if (rerun->watcher != NULL && rerun->watcher->arrived != NULL)
        rerun->watcher->arrived(rerun->watcher->context, node, packet, number);
}

static void compare_rest(struct rerun *rerun)
{
    if (rerun->turn.next < rerun->turn.n_expected)
        fail(rerun, 1, "something that was sent or settled then is missing now");
}

/* ---- the run ------------------------------------------------------------------------------------------- */

/* The turn, operation or close that is next, with all that came of it. */
static void step(struct rerun *rerun)
{
    struct tape_record record = rerun->record;
    take_turn(rerun);
    if (rerun->status != 0)
        return;
    if (record.kind == TAPE_TURN) {
        rerun->result->turns++;
        node_turn(rerun->node, record.now, record.flag);
    } else if (record.kind == TAPE_APPLY) {
        (void)node_apply(rerun->node, &record.op, 1, record.now);
    } else if (record.kind == TAPE_CLOSE) {
        node_close(rerun->node, record.now);
        rerun->result->is_closed = true;
    } else {
        fail(rerun, 2, "the tape does not begin with a turn; the file is damaged");
    }
    compare_rest(rerun);
}

static void run(struct rerun *rerun)
{
    next(rerun);
    while (rerun->status == 0 && rerun->record.kind != TAPE_END && !rerun->result->is_closed)
        step(rerun);
}

static void rerun_free(struct rerun *rerun)
{
    node_destroy(rerun->node, (tapir_instant){0});
    tape_reader_close(rerun->reader);
    free(rerun->turn.octets);
    free(rerun->turn.frames);
    free(rerun->turn.expected);
    free(rerun->players);
    free(rerun->memory);
}

int rerun_node(const struct network_node *spec, const char *tape, const struct node_watcher *watcher,
               struct rerun_result *result, char error[TAPE_ERROR])
{
    uint8_t seed[16];
    tapir_instant start;
    *result = (struct rerun_result){0};
    error[0] = '\0';
    struct rerun rerun = {.path = tape, .watcher = watcher, .result = result, .error = error};
    rerun.reader = tape_open(tape, seed, &start, error);
    if (rerun.reader == NULL)
        return 2;
    const struct node_watcher own = {on_arrived, on_sent, on_settled, NULL, &rerun};
    rerun.node = node_create(spec, seed, &own, start, error, TAPE_ERROR);
    if (rerun.node == NULL)
        rerun.status = 2;
    else if (players_open(&rerun))
        run(&rerun);
    rerun_free(&rerun);
    return rerun.status;
}
