/* Ports that the stack chooses: the whole range, evenly, no step that tells the next, another seed another order. UDP-11. */
#include "tests/stack/stage_set.h"

enum {
    DRAWN = 65536,
    SLICES = 63 /* of 1024 ports, from 1024 on */
};

static uint16_t ports[DRAWN], identifiers[DRAWN];

static uint16_t draw(struct tapir *stack, enum tapir_protocol protocol)
{
    struct tapir_socket *socket =
        tapir_open(stack, protocol, &(struct tapir_socket_options){.receive = 64, .send = 64});
    assert_non_null(socket);
    assert_int_equal(tapir_bind(socket, (struct ip4){0}, 0), TAPIR_OK);
    uint16_t port = ((const struct datagram_socket *)(const void *)socket)->port;
    tapir_shut(socket);
    return port;
}

/* Chi-square with 62 degrees of freedom: below 120 but once in 100,000. */
static void every_part_of_the_range_is_chosen_alike(void **state)
{
    (void)state;
    unsigned slices[SLICES] = {0}, lowest = 65535, highest = 0;
    for (int i = 0; i < DRAWN; i++) {
        assert_in_range(ports[i], 1024, 65535);
        slices[(ports[i] - 1024) / 1024]++;
        lowest = ports[i] < lowest ? ports[i] : lowest;
        highest = ports[i] > highest ? ports[i] : highest;
    }
    double expected = (double)DRAWN / SLICES, sum = 0;
    for (int i = 0; i < SLICES; i++)
        sum += (slices[i] - expected) * (slices[i] - expected) / expected;
    assert_true(sum < 120 && sum > 25);
    assert_in_range(lowest, 1024, 1040);
    assert_in_range(highest, 65519, 65535);
}

/* Differences of neighbors would pile up if one told the next. */
static void no_step_repeats(void **state)
{
    (void)state;
    static unsigned steps[65536];
    unsigned most = 0;
    for (int i = 1; i < DRAWN; i++) {
        unsigned n = ++steps[(uint16_t)(ports[i] - ports[i - 1])];
        most = n > most ? n : most;
    }
    assert_in_range(most, 2, 12);
}

static void identifiers_begin_at_1(void **state)
{
    (void)state;
    unsigned low = 0;
    for (int i = 0; i < DRAWN; i++) {
        assert_int_not_equal(identifiers[i], 0);
        low += identifiers[i] < 1024;
    }
    assert_in_range(low, 900, 1150);
}

static void another_seed_is_another_order(void **state)
{
    (void)state;
    unsigned equal = 0;
    for (uint8_t seed = 0; seed < 200; seed++) {
        struct stage_set set = {0};
        struct tapir_config config = {.seed = {seed}};
        const struct tapir_memory memory = {set_allocate, set_release, &set, false};
        set.stack = tapir_create(&config, &memory, NOW);
        uint16_t first = draw(set.stack, TAPIR_UDP);
        for (int i = 0; i < 200; i++)
            equal += first == ports[i];
        set_destroy(&set);
    }
    assert_in_range(equal, 0, 8);
}

/* While many are taken: a free one is found. */
static void a_chosen_port_is_free(void **state)
{
    (void)state;
    enum {
        TAKEN = 2000
    };
    static struct tapir_socket *sockets[TAKEN];
    static bool used[65536];
    struct stage_set set = {0};
    assert_true(set_create(&set, &(struct tapir_limits){.sockets = TAKEN}));
    const struct tapir_socket_options small = {.receive = 64, .send = 64};
    for (int i = 0; i < TAKEN; i++) {
        sockets[i] = tapir_open(set.stack, TAPIR_UDP, &small);
        assert_int_equal(tapir_bind(sockets[i], (struct ip4){0}, 0), TAPIR_OK);
        uint16_t port = ((const struct datagram_socket *)(const void *)sockets[i])->port;
        assert_false(used[port]);
        used[port] = true;
    }
    set_destroy(&set);
}

/* Nor one of those that share theirs with others. */
static void with_all_ports_taken_none_is_chosen(void **state)
{
    (void)state;
    enum {
        LOWEST = 1024,
        ALL = 65536 - LOWEST
    };
    static struct tapir_socket *sockets[ALL];
    struct stage_set set = {0};
    assert_true(set_create(&set, &(struct tapir_limits){.sockets = ALL + 1}));
    const struct tapir_socket_options small = {.receive = 64, .send = 64, .share = true};
    for (unsigned i = 0; i < ALL; i++) {
        sockets[i] = tapir_open(set.stack, TAPIR_UDP, &small);
        assert_int_equal(tapir_bind(sockets[i], (struct ip4){0}, (uint16_t)(LOWEST + i)), TAPIR_OK);
    }
    struct tapir_socket *late = tapir_open(set.stack, TAPIR_UDP, &small);
    assert_int_equal(tapir_bind(late, (struct ip4){0}, 0), TAPIR_FULL);
    assert_int_equal(tapir_connect(late, (struct ip4){A4(10, 0, 0, 1)}, 7), TAPIR_FULL);
    assert_int_equal(tapir_bind(late, (struct ip4){0}, LOWEST), TAPIR_OK);
    set_destroy(&set);
}

static void both_ends_of_the_range_are_chosen(void **state)
{
    (void)state;
    static const struct {
        enum tapir_protocol protocol;
        uint16_t lowest;
    } ranges[] = {{TAPIR_UDP, 1024}, {TAPIR_ICMP, 1}};
    struct stage_set set = {0};
    assert_true(set_create(&set, NULL));
    for (int i = 0; i < 2; i++) {
        bool first = false, last = false;
        for (int n = 0; n < 20 * 65536 && !(first && last); n++) {
            uint16_t port = draw(set.stack, ranges[i].protocol);
            assert_in_range(port, ranges[i].lowest, 65535);
            first = first || port == ranges[i].lowest;
            last = last || port == 65535;
        }
        assert_true(first && last);
    }
    set_destroy(&set);
}

/* The socket itself, then its rings. */
static void without_memory_there_is_no_socket(void **state)
{
    (void)state;
    struct stage_set set = {0};
    assert_true(set_create(&set, NULL));
    for (int protocol = 0; protocol < 2; protocol++)
        for (unsigned fails = 1; fails <= 3; fails++) {
            size_t octets = set.octets;
            set.fail_at = set.asked + fails;
            assert_null(tapir_open(set.stack, protocol == 0 ? TAPIR_UDP : TAPIR_ICMP, NULL));
            assert_int_equal(set.octets, octets);
        }
    set_destroy(&set);
}

static int draw_all(void **state)
{
    (void)state;
    struct stage_set set = {0};
    assert_true(set_create(&set, NULL));
    for (int i = 0; i < DRAWN; i++) {
        ports[i] = draw(set.stack, TAPIR_UDP);
        identifiers[i] = draw(set.stack, TAPIR_ICMP);
    }
    set_destroy(&set);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PROVES("UDP-11", every_part_of_the_range_is_chosen_alike),
        PROVES("UDP-11", no_step_repeats),
        PROVES("UDP-11", identifiers_begin_at_1),
        PROVES("UDP-11", another_seed_is_another_order),
        PROVES("UDP-11", a_chosen_port_is_free),
        PROVES("UDP-11", with_all_ports_taken_none_is_chosen),
        PROVES("UDP-11", both_ends_of_the_range_are_chosen),
        cmocka_unit_test(without_memory_there_is_no_socket),
    };
    return cmocka_run_group_tests_name("chosen ports", tests, draw_all, NULL);
}
