/* A million random frames through hosts and routers: no report of a sanitizer, nothing lost, no answer that
 * an RFC forbids (tests/storm.h says what is looked at).
 *
 * TAPIR_FRAMES_RANDOM: how many frames in all, 1,000,000. TAPIR_SEED: of the first stack, 1. */
#include "tests/table.h"

#include "tests/storm.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    STACKS = 8 /* for each row */
};

static const struct row {
    const char *sentence;
    struct storm_shape shape;
} rows[] = {
    {"a host takes whatever comes", {.router = false}},
    {"a router takes whatever comes", {.router = true}},
    {"a host with hardly any room takes whatever comes", {.tiny = true}},
    {"a router with hardly any room takes whatever comes", {.router = true, .tiny = true}},
    {"a host takes whatever comes while its network changes", {.operations = true}},
    {"a router takes whatever comes while its network changes", {.router = true, .operations = true}},
    {"a router with hardly any room takes whatever comes while its network changes",
     {.router = true, .tiny = true, .operations = true}},
    {"a router whose memory is short takes whatever comes while its network changes",
     {.router = true, .operations = true, .poor = true}},
    {"a host whose sockets talk takes whatever comes", {.talks = true}},
    {"a router whose sockets talk takes whatever comes while its network changes",
     {.router = true, .operations = true, .talks = true}},
    {"a router with hardly any room, whose sockets talk, takes whatever comes",
     {.router = true, .tiny = true, .talks = true}},
    {"a router that nobody observes takes whatever comes",
     {.router = true, .operations = true, .unobserved = true}},
};

/* What all storms together must meet, so that nobody takes their silence for success. */
static const enum tapir_verdict features[] = {TAPIR_ICMP4_ECHOED,
                                              TAPIR_ICMP4_TIMESTAMPED,
                                              TAPIR_ICMP4_INFORMED,
                                              TAPIR_ICMP4_MASK_TOLD,
                                              TAPIR_ICMP4_MASK_LEARNT,
                                              TAPIR_ICMP4_PROBED,
                                              TAPIR_ICMP4_DELIVERED,
                                              TAPIR_ICMP4_NOTICED,
                                              TAPIR_ICMP4_MTU_LEARNED,
                                              TAPIR_ICMP4_MTU_DOUBTED,
                                              TAPIR_ICMP4_REDIRECTED,
                                              TAPIR_ICMP4_REDIRECT_SENDER,
                                              TAPIR_ICMP4_SOLICITED,
                                              TAPIR_ICMP4_ADVERTISED,
                                              TAPIR_ICMP4_QUENCH,
                                              TAPIR_ICMP4_EXTENSION,
                                              TAPIR_QUENCHED,
                                              TAPIR_IP4_FRAGMENTED,
                                              TAPIR_IP4_REASSEMBLED,
                                              TAPIR_IP4_FRAGMENT_TIMEOUT,
                                              TAPIR_IP4_FRAGMENT_OVERLAP,
                                              TAPIR_NEIGHBOR_FAILED,
                                              TAPIR_UDP_DELIVERED};

static uint64_t reached[TAPIR_VERDICT_COUNT], sent;

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

/* From nanoseconds to hours, mostly short. */
static int64_t some_time(struct dice *dice)
{
    static const int64_t most[] = {
        1, 1000, 1000000, 50000000, 200000000, 1000000000, INT64_C(20000000000), INT64_C(7200000000000)};
    uint32_t scale = dice_below(dice, 100);
    int64_t limit = most[scale < 90 ? scale % 5 : scale < 97 ? 5 : scale < 99 ? 6 : 7];
    return (int64_t)(dice_next(dice) % (uint64_t)limit) + 1;
}

static void blow(struct storm *storm, uint64_t frames)
{
    uint8_t frame[STORM_FRAME];
    unsigned iface = 0;
    for (uint64_t i = 0; i < frames; i++) {
        if (dice_once_in(&storm->dice, 40)) {
            storm_answer_arp(storm);
            storm_wait(storm, some_time(&storm->dice));
            if (storm->has_lost && dice_once_in(&storm->dice, 8))
                storm_restore(storm);
            iface = dice_below(&storm->dice, storm->shape.router ? STORM_IFACES : 1);
        }
        if (storm->shape.operations && dice_once_in(&storm->dice, 200))
            storm_operate(storm);
        storm_send(storm, iface, frame, storm_frame(&storm->dice, iface, frame));
    }
}

static void check(void **state)
{
    const struct row *row = *state;
    uint64_t frames = number_of("TAPIR_FRAMES_RANDOM", 1000000) / (sizeof rows / sizeof rows[0]) / STACKS;
    struct storm_shape shape = row->shape;
    uint64_t forwarded = 0, replies = 0, errors = 0, resets = 0, datagrams = 0, forgotten = 0, talked = 0;
    for (uint64_t i = 0; i < STACKS; i++) {
        struct storm storm;
        shape.seed = number_of("TAPIR_SEED", 1) + i;
        storm_begin(&storm, &shape);
        blow(&storm, frames);
        storm_end(&storm);
        forwarded += storm.forwarded;
        replies += storm.replies;
        errors += storm.errors;
        resets += storm.resets;
        datagrams += storm.datagrams;
        forgotten += storm.forgotten;
        talked += storm.talked;
        for (int verdict = 0; verdict < TAPIR_VERDICT_COUNT; verdict++)
            reached[verdict] += storm.reached[verdict];
        sent += frames;
    }
    print_message(
        "forwarded %llu, echo replies %llu, errors %llu, resets %llu, datagrams %llu, forgotten %llu\n",
        (unsigned long long)forwarded, (unsigned long long)replies, (unsigned long long)errors,
        (unsigned long long)resets, (unsigned long long)datagrams, (unsigned long long)forgotten);
    assert_true(forgotten * 100 <= frames);
    assert_true(frames < 10000 || (replies > 0 && errors > 0 && resets > 0 && datagrams > 0));
    assert_true(frames < 10000 || (talked > 0) == shape.talks);
    assert_true(frames < 10000 || (forwarded > 0) == shape.router || shape.operations);
}

static void every_feature_was_met(void **state)
{
    (void)state;
    for (size_t i = 0; sent >= 500000 && i < sizeof features / sizeof features[0]; i++)
        if (reached[features[i]] == 0)
            fail_msg("no storm ever met %s", tapir_fate(features[i])->name);
}

int main(void)
{
    const struct CMUnitTest last[] = {cmocka_unit_test(every_feature_was_met)};
    return RUN_TABLE("random", rows, check) +
           cmocka_run_group_tests_name("random features", last, NULL, NULL);
}
