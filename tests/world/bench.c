/* The bench: a stack, its slots, its doors and its time. */
#include "tests/world/bench.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/blocks.h"
#include "tests/harvest.h"
#include "tests/world/bench_inside.h"

enum {
    BATCH = 16,
    SLOT = 4096,
    TURNS = 1000 /* calls at one instant after which it does not end */
};

/* ---- memory ---- */

static void *allocate(void *context, size_t size)
{
    struct bench *bench = context;
    bench->memory += size;
    /* Dirty on purpose: who wants zeros must write them. All of it takes too long for every test. */
    void *block = block_take(size);
    return block == NULL || !bench->marked ? block : memset(block, 0xa5, size);
}

static void release(void *context, void *block, size_t size)
{
    struct bench *bench = context;
    bench->memory -= size;
    block_give(block, size);
}

void *bench_grow(void *array, uint64_t n, size_t stride)
{
    bool full = n == 0 || (n >= 16 && (n & (n - 1)) == 0);
    array = full ? realloc(array, (size_t)(n < 16 ? 16 : 2 * n) * stride) : array;
    assert_non_null(array);
    return array;
}

/* ---- slots: each a block of its own, so that a sanitizer sees who uses one that went home ---- */

struct slot_home {
    struct tapir_pool face;
    struct bench *bench;
    enum tap on;
};

static void give(struct tapir_pool *pool, struct tapir_packet *packet)
{
    struct slot_home *home = (void *)pool;
    home->bench->slots_out[home->on]--;
    free(packet);
    free(home);
}

static struct tapir_packet *take_slot(struct bench *bench, enum tap on, size_t size)
{
    size_t room = size <= SLOT / 2 ? SLOT : (size + SLOT) / 64 * 64;
    struct slot_home *home = malloc(sizeof *home);
    void *slot = aligned_alloc(64, room);
    assert_true(home != NULL && slot != NULL);
    memset(slot, 0xa5, room);
    *home = (struct slot_home){{give}, bench, on};
    bench->slots_out[on]++;
    return tapir_packet_init(slot, room, &home->face);
}

/* ---- what comes out ---- */

static bool is_final(enum tapir_verdict verdict)
{
    enum tapir_kind kind = tapir_fate(verdict)->kind;
    return verdict != TAPIR_UNSETTLED && (kind == TAPIR_PASSED || kind == TAPIR_REFUSED);
}

static void note_born(struct bench *bench, const struct tapir_packet *packet)
{
    while (bench->n_born < packet->number) {
        bench->born = bench_grow(bench->born, ++bench->n_born, sizeof *bench->born);
        bench->born[bench->n_born] = TAPIR_UNSETTLED;
    }
    if (bench->born[packet->number] != TAPIR_UNSETTLED)
        fail_msg("born packet %llu got a second verdict: %s", (unsigned long long)packet->number,
                 tapir_fate(packet->verdict)->name);
    assert_true(is_final(packet->verdict));
    bench->born[packet->number] = packet->verdict;
}

static void note_received(struct bench *bench, const struct tapir_packet *packet)
{
    assert_in_range(packet->number, 1, bench->n_frames);
    struct given_frame *frame = &bench->frames[packet->number];
    if (tapir_fate(packet->verdict)->kind == TAPIR_HELD) {
        frame->holds++;
        return;
    }
    if (frame->verdict != TAPIR_UNSETTLED || !is_final(packet->verdict))
        fail_msg("frame %llu: %s after %s", (unsigned long long)packet->number,
                 tapir_fate(packet->verdict)->name, tapir_fate(frame->verdict)->name);
    bool goes_on = packet->verdict == TAPIR_IP4_REASSEMBLED || packet->verdict == TAPIR_IP4_COALESCED;
    assert_int_equal(packet->into != 0, goes_on);
    frame->into = packet->into;
    frame->verdict = packet->verdict;
    frame->answer = packet->answer;
    frame->entry = packet->entry;
}

static void note_verdict(struct bench *bench, const struct tapir_packet *packet)
{
    bench->entry = packet->entry;
    if (packet->within.origin == TAPIR_BORN)
        note_born(bench, packet);
    else
        note_received(bench, packet);
}

static void see(struct bench *bench, unsigned iface, const struct tapir_packet *packet)
{
    bench->sights = bench_grow(bench->sights, bench->n_sights, sizeof *bench->sights);
    struct sight *sight = &bench->sights[bench->n_sights++];
    *sight = (struct sight){.at_ns = bench->now_ns,
                            .on = iface == 0 ? TAP_A : TAP_B,
                            .forwarded = packet->within.origin == TAPIR_RECEIVED,
                            .number = packet->number,
                            .cause = packet->cause,
                            .offload = packet->offload,
                            .bytes = malloc(packet->size),
                            .size = packet->size};
    assert_non_null(sight->bytes);
    memcpy(sight->bytes, packet->data, packet->size);
    bench_check_sight(bench, sight);
}

/* What was refused must go with the bytes that it came with; but a frame that waited for its device was ready to leave. */
static void check_intact(const struct bench *bench, const struct tapir_packet *packet)
{
    bool waited = packet->verdict == TAPIR_OUT_DOWN || packet->verdict == TAPIR_STACK_CLOSED;
    if (packet->within.origin != TAPIR_RECEIVED || waited)
        return;
    const struct given_frame *frame = &bench->frames[packet->number];
    bool as_it_came = packet->size == frame->size && memcmp(packet->data, frame->bytes, frame->size) == 0;
    bool completed = packet->size == frame->size && memcmp(packet->data, frame->wire, frame->size) == 0;
    if (!as_it_came && !completed)
        fail_msg("frame %llu comes back with other bytes", (unsigned long long)packet->number);
}

static void drain(struct bench *bench)
{
    struct tapir_packet *packets[BATCH];
    unsigned iface;
    for (size_t n; (n = tapir_output(bench->stack, &iface, packets, BATCH)) > 0;
         tapir_release(bench->stack, packets, n))
        for (size_t i = 0; i < n; i++) {
            note_verdict(bench, packets[i]);
            see(bench, iface, packets[i]);
        }
    for (size_t n; (n = tapir_settled(bench->stack, packets, BATCH)) > 0;
         tapir_release(bench->stack, packets, n))
        for (size_t i = 0; i < n; i++) {
            note_verdict(bench, packets[i]);
            check_intact(bench, packets[i]);
        }
}

/* ---- conservation ---- */

static void check_conservation(const struct bench *bench)
{
    const struct tapir_counters *c = tapir_counters(bench->stack);
    for (int origin = 0; origin < TAPIR_ORIGIN_COUNT; origin++) {
        uint64_t final = 0;
        for (enum tapir_verdict v = 1; v < TAPIR_VERDICT_COUNT; v++)
            final += is_final(v) ? c->verdicts[v][origin] : 0;
        assert_int_equal(final, c->settled[origin]);
        assert_int_equal(c->packets[origin], c->settled[origin] + c->held[origin] + c->waiting[origin]);
    }
    assert_int_equal(c->packets[TAPIR_RECEIVED], bench->n_frames);
}

/* After each call: both doors, the slots, the sums. */
static void finish_call(struct bench *bench)
{
    check_conservation(bench);
    drain(bench);
    check_conservation(bench);
    /* Only what waits for a device that is paused may still be inside. */
    assert_int_equal(bench->slots_out[TAP_A] + bench->slots_out[TAP_B],
                     tapir_counters(bench->stack)->waiting[TAPIR_RECEIVED]);
}

/* ---- the service and time ---- */

/* Answers from the address that was asked, when that is one of ours. Port 0 wants no answer. */
static bool wants_answer(const struct bench *bench, const struct tapir_message *asked)
{
    return asked->error == TAPIR_OK && asked->source_port != 0 &&
           bench_is_own(bench, asked->destination.value);
}

static void serve(struct bench *bench)
{
    struct tapir_message asked, answer;
    for (; bench->echo != NULL && tapir_peek(bench->echo, &asked) == TAPIR_OK; tapir_consume(bench->echo)) {
        if (!wants_answer(bench, &asked) || tapir_reserve(bench->echo, asked.size, &answer) != TAPIR_OK)
            continue;
        if (asked.size > 0)
            memcpy(answer.data, asked.data, asked.size);
        answer.source = asked.destination;
        answer.destination = asked.source;
        answer.destination_port = asked.source_port;
        answer.tos = asked.tos & 0xfc;
        assert_int_equal(tapir_commit(bench->echo, &answer), TAPIR_OK);
    }
}

static void tick(struct bench *bench)
{
    tapir_tick(bench->stack, (tapir_instant){bench->now_ns});
    finish_call(bench);
    serve(bench);
}

void bench_settle(struct bench *bench)
{
    serve(bench);
    for (int turn = 0; tapir_deadline(bench->stack).ns <= bench->now_ns; turn++) {
        assert_true(turn < TURNS);
        tick(bench);
    }
}

static void starve(struct bench *bench, size_t size)
{
    struct tapir_packet *packet;
    while ((packet = tapir_take(bench->stack, size)) != NULL) {
        assert_true(bench->n_taken < sizeof bench->taken / sizeof bench->taken[0]);
        bench->taken[bench->n_taken++] = packet;
    }
}

void bench_starve(struct bench *bench)
{
    starve(bench, 0);
}

void bench_starve_all(struct bench *bench)
{
    starve(bench, 0);
    starve(bench, 1500);
    starve(bench, 60000);
}

void bench_feed(struct bench *bench)
{
    tapir_release(bench->stack, bench->taken, bench->n_taken);
    bench->n_taken = 0;
}

void bench_run_until(struct bench *bench, int64_t ns)
{
    bench_settle(bench);
    for (tapir_instant next; (next = tapir_deadline(bench->stack)).ns <= ns; bench_settle(bench)) {
        bench->now_ns = next.ns;
        tick(bench);
    }
    bench->now_ns = ns;
    tick(bench);
    bench_settle(bench);
}

void bench_run(struct bench *bench, int64_t ns)
{
    bench_run_until(bench, bench->now_ns + ns);
}

/* ---- sending ---- */

static uint8_t *copy_of(const struct arrival *arrival)
{
    uint8_t *bytes = malloc(arrival->size + 1);
    assert_non_null(bytes);
    return arrival->size == 0 ? bytes : memcpy(bytes, arrival->bytes, arrival->size);
}

static void note_given(struct bench *bench, enum tap on, const struct arrival *arrival)
{
    bench->frames = bench_grow(bench->frames, ++bench->n_frames, sizeof *bench->frames);
    struct given_frame *frame = &bench->frames[bench->n_frames];
    *frame = (struct given_frame){.bytes = copy_of(arrival),
                                  .wire = copy_of(arrival),
                                  .size = arrival->size,
                                  .offload = arrival->offload,
                                  .on = on};
    bench_super_complete(frame->wire, frame->size, &frame->offload);
}

static struct tapir_packet *packet_of(struct bench *bench, enum tap on, const struct arrival *arrival)
{
    harvest(on, arrival->bytes, arrival->size);
    struct tapir_packet *packet = take_slot(bench, on, arrival->size);
    packet->traced = bench->traces;
    packet->offload = arrival->offload;
    assert_true(arrival->size <= packet->tailroom);
    if (arrival->size > 0)
        memcpy(packet->data, arrival->bytes, arrival->size);
    packet->size = (uint32_t)arrival->size;
    packet->tailroom -= packet->size;
    return packet;
}

uint64_t bench_send_batch(struct bench *bench, enum tap on, const struct arrival arrivals[], size_t n)
{
    struct tapir_packet *packets[256];
    assert_in_range(n, 1, 256);
    uint64_t first = bench->n_frames + 1;
    for (size_t i = 0; i < n; i++) {
        packets[i] = packet_of(bench, on, &arrivals[i]);
        note_given(bench, on, &arrivals[i]);
    }
    uint64_t number = tapir_input(bench->stack, on, packets, n, (tapir_instant){bench->now_ns});
    assert_int_equal(number, first);
    finish_call(bench);
    bench_settle(bench);
    return first;
}

uint64_t bench_send_bytes(struct bench *bench, enum tap on, const uint8_t *bytes, size_t size)
{
    return bench_send_batch(bench, on, &(struct arrival){.bytes = bytes, .size = size}, 1);
}

uint64_t bench_send(struct bench *bench, const struct frame *frame)
{
    uint8_t bytes[FRAME_MAX];
    return bench_send_bytes(bench, frame->on, bytes, frame_build(frame, bytes));
}

uint64_t bench_send_arp_reply(struct bench *bench, enum tap on, int64_t ip)
{
    uint8_t frame[42] = {[12] = 8, 6, 0, 1, 8, 0, 6, 4, 0, 2};
    int64_t fields[] = {on == TAP_A ? MAC_A : MAC_B, MAC_OF(ip), MAC_OF(ip), ip, on == TAP_A ? MAC_A : MAC_B,
                        on == TAP_A ? DUT_A : DUT_B};
    static const int at[] = {0, 6, 22, 28, 32, 38}, octets[] = {6, 6, 6, 4, 6, 4};
    for (int f = 0; f < 6; f++)
        for (int i = 0; i < octets[f]; i++)
            frame[at[f] + i] = (uint8_t)((uint64_t)fields[f] >> (8 * (octets[f] - 1 - i)));
    return bench_send_bytes(bench, on, frame, sizeof frame);
}

/* ---- life ---- */

struct bench *bench_open(enum bench_kind kind, const char *given)
{
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench->kind = kind;
    bench->now_ns = 1000 * SECONDS;
    bench->frames = bench_grow(NULL, 0, sizeof *bench->frames);
    bench->born = bench_grow(NULL, 0, sizeof *bench->born);
    bench->marked = given != NULL && strstr(given, "marked") != NULL;
    struct tapir_config config = {.seed = "tapir on a bench", .observe = true};
    struct tapir_memory memory = {allocate, release, bench, false};
    bench->stack = tapir_create(&config, &memory, (tapir_instant){bench->now_ns});
    assert_non_null(bench->stack);
    bench_set_up(bench, given == NULL ? "" : given);
    if (!bench->deaf) {
        bench->echo = tapir_open(bench->stack, TAPIR_UDP, NULL);
        assert_non_null(bench->echo);
        assert_int_equal(tapir_bind(bench->echo, (struct ip4){0}, 7), TAPIR_OK);
    }
    return bench;
}

/* Names of the verdicts that this stack reached; one short write for each, so that programs may share the
 * file. */
static void note_reached(const struct bench *bench)
{
    const char *path = getenv("TAPIR_VERDICTS");
    static bool noted[TAPIR_VERDICT_COUNT];
    int file = path == NULL ? -1 : open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0)
        return;
    for (enum tapir_verdict v = 1; v < TAPIR_VERDICT_COUNT; v++) {
        if (noted[v] || count_of(bench, v, TAPIR_RECEIVED) + count_of(bench, v, TAPIR_BORN) == 0)
            continue;
        char line[64];
        int size = snprintf(line, sizeof line, "%s\n", tapir_fate(v)->name);
        noted[v] = write(file, line, (size_t)size) == size;
    }
    close(file);
}

static void check_all_settled(const struct bench *bench)
{
    for (uint64_t i = 1; i <= bench->n_frames; i++)
        if (bench->frames[i].verdict == TAPIR_UNSETTLED)
            fail_msg("frame %llu never got a verdict", (unsigned long long)i);
    const struct tapir_counters *c = tapir_counters(bench->stack);
    assert_int_equal(c->packets[TAPIR_BORN], bench->n_born);
    for (uint64_t i = 1; i <= bench->n_born; i++)
        assert_int_not_equal(bench->born[i], TAPIR_UNSETTLED);
    for (int origin = 0; origin < TAPIR_ORIGIN_COUNT; origin++)
        assert_int_equal(c->held[origin] + c->waiting[origin], 0);
}

void bench_close(struct bench *bench)
{
    tapir_close(bench->stack, (tapir_instant){bench->now_ns});
    finish_call(bench);
    check_all_settled(bench);
    note_reached(bench);
    tapir_destroy(bench->stack);
    assert_int_equal(bench->memory, 0);
    for (uint64_t i = 1; i <= bench->n_frames; i++) {
        free(bench->frames[i].bytes);
        free(bench->frames[i].wire);
    }
    for (uint64_t i = 0; i < bench->n_sights; i++)
        free(bench->sights[i].bytes);
    free(bench->frames);
    free(bench->sights);
    free(bench->born);
    free(bench);
}

enum tapir_verdict verdict_of(const struct bench *bench, uint64_t number)
{
    return bench->frames[number].verdict;
}

enum tapir_verdict answer_of(const struct bench *bench, uint64_t number)
{
    return bench->frames[number].answer;
}

uint64_t count_of(const struct bench *bench, enum tapir_verdict verdict, enum tapir_origin origin)
{
    return tapir_counters(bench->stack)->verdicts[verdict][origin];
}
