/* The identification, as seen by who receives our datagrams: what repeats, and what can be told from it. */
#include "ip4/id.h"

#include <stdlib.h>
#include <string.h>

#include "tests/table.h"

enum {
    ALL = 65536,
    TRIPLES = 1000
};

static struct ip4_ids ids;
static bool seen[ALL];

static void begin(uint8_t seed)
{
    const uint8_t octets[16] = {seed};
    struct rand_state random;
    rand_init(&random, octets, 0);
    ip4_id_init(&ids, &random);
    memset(seen, 0, sizeof seen);
}

/* The next one of triple `triple`: each has a destination of its own. */
static uint16_t next(uint32_t triple)
{
    return ip4_id_next(&ids, (struct ip4){0x0a000001}, (struct ip4){0xc0000200 + triple}, 17);
}

/* A triple that shares its counter with triple 0: a datagram to it changes what triple 0 gets next. */
static uint32_t companion(void)
{
    for (uint32_t triple = 1; triple < 100 * IP4_ID_COUNTERS; triple++) {
        const struct ip4_ids before = ids;
        uint16_t alone = next(0);
        ids = before;
        next(triple);
        bool is_shared = next(0) != alone;
        ids = before;
        if (is_shared)
            return triple;
    }
    fail_msg("no two triples share a counter");
    return 0;
}

/* How many of `n` draws are different. */
static unsigned different(const uint16_t draws[], unsigned n)
{
    unsigned count = 0;
    memset(seen, 0, sizeof seen);
    for (unsigned i = 0; i < n; i++) {
        count += !seen[draws[i]];
        seen[draws[i]] = true;
    }
    return count;
}

static void one_triple_has_all_65536_before_one_repeats(void **state)
{
    (void)state;
    for (uint8_t seed = 0; seed < 8; seed++) {
        begin(seed);
        for (unsigned i = 0; i < ALL; i++) {
            uint16_t id = next(seed);
            assert_false(seen[id]);
            seen[id] = true;
        }
    }
}

static void a_companion_only_makes_a_triple_skip(void **state)
{
    (void)state;
    begin(1);
    uint32_t other = companion();
    for (unsigned i = 0; i < ALL / 2; i++) {
        uint16_t id = next(0);
        assert_false(seen[id]);
        seen[id] = true;
        next(other);
    }
}

static void what_follows_is_the_same_with_a_companion_but_for_what_it_skips(void **state)
{
    (void)state;
    begin(1);
    uint32_t other = companion();
    const struct ip4_ids before = ids;
    uint16_t alone[300];
    for (unsigned i = 0; i < 300; i++)
        alone[i] = next(0);
    ids = before;
    for (unsigned i = 0; i < 300; i += 3) {
        assert_int_equal(next(0), alone[i]);
        next(other);
        next(other);
    }
}

static void the_same_seed_numbers_alike_and_another_does_not(void **state)
{
    (void)state;
    uint16_t first[TRIPLES];
    unsigned alike = 0;
    begin(7);
    for (unsigned i = 0; i < TRIPLES; i++)
        first[i] = next(i % 10);
    begin(7);
    for (unsigned i = 0; i < TRIPLES; i++)
        assert_int_equal(next(i % 10), first[i]);
    begin(8);
    for (unsigned i = 0; i < TRIPLES; i++)
        alike += next(i % 10) == first[i];
    assert_true(alike < 5);
    (void)next(0);
    begin(7); /* whoever was talked to last is forgotten */
    assert_int_equal(next(0), first[0]);
}

static void the_key_and_each_counter_are_drawn(void **state)
{
    (void)state;
    static const uint8_t nothing[sizeof ids.key];
    begin(9);
    assert_memory_not_equal(ids.key, nothing, sizeof nothing);
    assert_true(different(ids.counter, IP4_ID_COUNTERS) > IP4_ID_COUNTERS - 10);
    for (size_t at = 0; at < IP4_ID_COUNTERS; at += IP4_ID_COUNTERS - 1) {
        unsigned zeros = 0; /* of one counter, in a hundred draws, about none */
        for (uint8_t seed = 0; seed < 100; seed++) {
            begin(seed);
            zeros += ids.counter[at] == 0;
        }
        assert_true(zeros < 3);
    }
}

static void source_destination_and_protocol_each_make_another_triple(void **state)
{
    (void)state;
    const struct {
        uint32_t source, destination;
        uint8_t protocol;
    } triples[] = {{1, 2, 17}, {2, 1, 17}, {3, 2, 17}, {1, 3, 17}, {1, 2, 6}};
    uint16_t draws[5][3];
    begin(3);
    const struct ip4_ids before = ids;
    for (unsigned i = 0; i < 5; i++) {
        ids = before;
        for (unsigned k = 0; k < 3; k++)
            draws[i][k] = ip4_id_next(&ids, (struct ip4){triples[i].source},
                                      (struct ip4){triples[i].destination}, triples[i].protocol);
        for (unsigned earlier = 0; earlier < i; earlier++)
            assert_memory_not_equal(draws[i], draws[earlier], sizeof draws[i]);
    }
}

/* Of 1000 random values of 16 bits about 992 are different: 980 is far below, any pattern is further. */
static void the_first_of_many_triples_look_drawn_at_random(void **state)
{
    (void)state;
    uint16_t draws[TRIPLES];
    begin(4);
    const struct ip4_ids before = ids;
    for (uint32_t i = 0; i < TRIPLES; i++) {
        ids = before;
        draws[i] = next(i);
    }
    assert_true(different(draws, TRIPLES) > 980);
}

/* Who gets two in a row subtracts them, at 1000 places of his sequence, with `sent` to somebody else between. */
static void subtract(uint32_t other, unsigned sent, uint16_t differences[TRIPLES], unsigned *rises)
{
    *rises = 0;
    for (unsigned i = 0; i < TRIPLES; i++) {
        uint16_t before = next(0);
        for (unsigned k = 0; k < sent; k++)
            next(other);
        uint16_t after = next(0);
        differences[i] = (uint16_t)(after - before);
        *rises += after > before;
    }
}

/* A plain counter, or one with an offset for each triple, gives one difference for each count, and rises. */
static const struct row {
    const char *sentence;
    unsigned sent;
} rows[] = {
    {"neither difference nor order tells that nothing went to somebody else", 0},
    {"neither difference nor order tells that one went to somebody else", 1},
    {"neither difference nor order tells that two went to somebody else", 2},
    {"neither difference nor order tells that 255 went to somebody else", 255},
};

static void check(void **state)
{
    const struct row *row = *state;
    uint16_t differences[TRIPLES];
    unsigned rises;
    begin(5);
    subtract(companion(), row->sent, differences, &rises);
    assert_true(different(differences, TRIPLES) > 950);
    assert_in_range(rises, 400, 600);
}

/* By another implementation of SipHash-2-4 and of the network of six rounds, in Python: key 00 to 0f, counter i begins at
 * 257 i. */
static const struct golden {
    const char *sentence;
    uint32_t source, destination;
    uint8_t protocol;
    uint16_t ids[4];
} goldens[] = {
    {"a ping in the network", 0x0a000101, 0x0a00010a, 1, {0x6652, 0x53f7, 0xebb5, 0xf9da}},
    {"UDP in the network", 0x0a000101, 0x0a00010a, 17, {0xa90e, 0xe81e, 0xd8e0, 0xe3db}},
    {"UDP to another network", 0x0a000101, 0x0a00020a, 17, {0x9b99, 0xd5a1, 0x9f3b, 0x2a56}},
    {"UDP from another address", 0x0a000201, 0x0a00020a, 17, {0x9140, 0x145b, 0xf8e5, 0x61f8}},
};

static void check_golden(void **state)
{
    const struct golden *golden = *state;
    for (unsigned i = 0; i < sizeof ids.key; i++)
        ids.key[i] = (uint8_t)i;
    for (unsigned i = 0; i < IP4_ID_COUNTERS; i++)
        ids.counter[i] = (uint16_t)(257 * i);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(ip4_id_next(&ids, (struct ip4){golden->source}, (struct ip4){golden->destination},
                                     golden->protocol),
                         golden->ids[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_triple_has_all_65536_before_one_repeats),
        cmocka_unit_test(a_companion_only_makes_a_triple_skip),
        cmocka_unit_test(what_follows_is_the_same_with_a_companion_but_for_what_it_skips),
        cmocka_unit_test(the_same_seed_numbers_alike_and_another_does_not),
        cmocka_unit_test(the_key_and_each_counter_are_drawn),
        cmocka_unit_test(source_destination_and_protocol_each_make_another_triple),
        cmocka_unit_test(the_first_of_many_triples_look_drawn_at_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) + RUN_TABLE("id", rows, check) +
           RUN_TABLE("ids known", goldens, check_golden);
}
