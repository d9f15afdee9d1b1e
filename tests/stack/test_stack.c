/* One stack from birth to death: memory that is short, a budget, doors without an observer, sockets that wait
 * for a slot. */
#include "tests/stack/stage_set.h"

/* ---- memory ---- */

static void test_create_short(void **state)
{
    (void)state;
    for (unsigned fail_at = 1;; fail_at++) {
        for (int on = 0; on < 2; on++) {
            struct stage_set set = {.fail_at = fail_at, .fails_on = on == 1};
            if (set_create_small(&set)) {
                assert_true(set.asked < fail_at);
                set_destroy(&set);
                assert_true(fail_at > 5); /* it asks for more than a few */
                return;
            }
            assert_int_equal(set.blocks, 0);
            assert_int_equal(set.octets, 0);
        }
    }
}

static void test_open_short(void **state)
{
    (void)state;
    struct stage_set set = {0};
    assert_true(set_create_small(&set));
    size_t octets = set.octets;
    for (unsigned fail_at = 1; fail_at <= 3; fail_at++) {
        set.fail_at = set.asked + fail_at;
        assert_null(tapir_open(set.stack, TAPIR_UDP, NULL));
        assert_int_equal(set.octets, octets);
    }
    set.fail_at = 0;
    struct tapir_socket *sockets[2];
    for (int i = 0; i < 2; i++)
        assert_non_null(sockets[i] =
                            tapir_open(set.stack, TAPIR_UDP, NULL)); /* failures took none of the two */
    assert_null(tapir_open(set.stack, TAPIR_UDP, NULL));
    tapir_shut(sockets[0]);
    assert_non_null(sockets[0] = tapir_open(set.stack, TAPIR_UDP, NULL));
    assert_null(tapir_open(set.stack, (enum tapir_protocol)6, NULL));
    tapir_shut(sockets[0]);
    tapir_shut(sockets[1]); /* neither was ever bound */
    assert_int_equal(set.octets, octets);
    set_destroy(&set);
}

/* A socket that was not shut goes with the stack, bound or not. */
static void test_destroyed_with_sockets(void **state)
{
    (void)state;
    struct stage_set set = {0};
    assert_true(set_create_small(&set));
    struct tapir_socket *bound = tapir_open(set.stack, TAPIR_UDP, NULL);
    assert_int_equal(tapir_bind(bound, (struct ip4){0}, 7), TAPIR_OK);
    assert_non_null(tapir_open(set.stack, TAPIR_UDP, NULL));
    set_destroy(&set);
}

static void test_budget(void **state)
{
    (void)state;
    struct stage_set set = {0};
    assert_true(set_create_small(&set));
    size_t least = set.octets;
    set_destroy(&set);
    struct tapir_limits limits = {.interfaces = 4,
                                  .addresses = 6,
                                  .routes = 40,
                                  .neighbors = 8,
                                  .sockets = 2,
                                  .store_small = 4,
                                  .store_medium = 4,
                                  .store_large = 1};
    limits.memory = least - 1;
    assert_false(set_create(&set, &limits));
    assert_int_equal(set.octets, 0);
    limits.memory = least + 4096;
    assert_true(set_create(&set, &limits));
    struct tapir_fault fault;
    static const struct tapir_op ifaces[] = {ADD_IFACE(0), ADD_IFACE(1), ADD_IFACE(2), ADD_IFACE(3)};
    size_t peak = 0;
    for (unsigned i = 0; i < 8; i++) {
        tapir_apply(set.stack, &ifaces[i % 4], 1, &fault, NOW);
        peak = set.octets > peak ? set.octets : peak;
    }
    assert_null(tapir_open(set.stack, TAPIR_UDP, NULL)); /* 256 KiB of rings */
    const struct tapir_socket_options small = {.receive = 64, .send = 64};
    assert_non_null(tapir_open(set.stack, TAPIR_UDP, &small));
    assert_true(set.octets <= limits.memory);
    assert_true(peak > least && peak <= limits.memory);
    set_destroy(&set);
}

/* ---- as it is at first ---- */

/* The key as another program draws it: words 0 to 3 of stream 1 of this seed (RFC 8439). */
static void test_key(void **state)
{
    (void)state;
    static const uint8_t key[16] = {0xac, 0xba, 0x9d, 0x6e, 0xa1, 0x56, 0x3d, 0x5d,
                                    0x82, 0x85, 0x6d, 0xdf, 0xff, 0x1c, 0xaa, 0x7a};
    struct stage_set set = {0};
    assert_true(set_create_small(&set));
    assert_memory_equal(set.stack->core.hash_key, key, sizeof key);
    assert_ptr_equal(set.stack->ip4.hash_key, set.stack->core.hash_key);
    assert_int_equal(set.stack->core.random.input[4], 0x20656874); /* "the ": chance has the seed too */
    set_destroy(&set);
}

static void test_new(void **state)
{
    (void)state;
    static const struct tapir_counters none;
    struct stage_set set = {0};
    struct tapir_event event;
    struct tapir_step step;
    assert_true(set_create_small(&set));
    assert_memory_equal(tapir_counters(set.stack), &none, sizeof none);
    for (int name = 0; name < LANE_COUNT; name++)
        assert_int_equal(set.stack->core.lanes[name].name, name);
    assert_int_equal(set.stack->core.now.ns, NOW.ns);
    assert_int_equal(tapir_deadline(set.stack).ns, INT64_MAX);
    assert_true(tapir_idle(set.stack));
    assert_false(tapir_next_event(set.stack, &event));
    assert_int_equal(tapir_trail(set.stack, &step, 1), 0);
    set_destroy(&set);
}

/* ---- doors ---- */

/* Takes what leaves and what is settled; returns how many left. */
static size_t drain(struct tapir *stack, size_t *settled)
{
    struct tapir_packet *packets[8];
    unsigned iface;
    size_t left = 0;
    for (size_t n; (n = tapir_output(stack, &iface, packets, 8)) > 0; left += n)
        tapir_release(stack, packets, n);
    for (size_t n; (n = tapir_settled(stack, packets, 8)) > 0; *settled += n)
        tapir_release(stack, packets, n);
    return left;
}

static const struct tapir_op lone_host[] = {ADD_IFACE(0), ADD_ADDRESS(0, A4(10, 0, 0, 1), 24),
                                            ADD_NEIGHBOR(0, A4(10, 0, 0, 2))};

/* Each limit where it takes effect: by name, so that none takes another's place. */
static void expect_limits(const struct tapir *stack, const struct tapir_limits *limits)
{
    const struct link *link = &stack->ip4.link;
    const struct pool *pools = stack->core.store.pools;
    assert_int_equal(link->ifaces.limit, limits->interfaces);
    assert_int_equal(link->ifaces.out_limit[BAND_TRANSIT], limits->out);
    assert_int_equal(link->neighbors.limit, limits->neighbors);
    assert_int_equal(stack->ip4.addresses.limit, limits->addresses);
    assert_int_equal(stack->ip4.routes.limit, limits->routes);
    assert_int_equal(stack->core.socket_limit, limits->sockets);
    assert_int_equal(pools[0].slots, limits->store_small);
    assert_int_equal(pools[1].slots, limits->store_medium);
    assert_int_equal(pools[2].slots, limits->store_large);
    assert_int_equal(stack->ip4.reass.limit, limits->reassemblies);
    assert_int_equal(stack->limits.reassembly, limits->reassembly);
}

static void test_limits_as_asked(void **state)
{
    (void)state;
    static const struct tapir_limits limits[] = {{.interfaces = 3,
                                                  .addresses = 5,
                                                  .routes = 7,
                                                  .neighbors = 11,
                                                  .sockets = 13,
                                                  .store_small = 17,
                                                  .store_medium = 19,
                                                  .store_large = 2,
                                                  .out = 23,
                                                  .reassemblies = 29,
                                                  .reassembly = 1000001},
                                                 {0}};
    static const struct tapir_limits usual = {.interfaces = 64,
                                              .addresses = 64,
                                              .routes = 1000000,
                                              .neighbors = 512,
                                              .sockets = 256,
                                              .store_small = 2048,
                                              .store_medium = 768,
                                              .store_large = 16,
                                              .out = 512,
                                              .reassemblies = 4096,
                                              .reassembly = 16777216};
    for (size_t i = 0; i < COUNT(limits); i++) {
        struct stage_set set = {0};
        assert_true(set_create(&set, &limits[i]));
        expect_limits(set.stack, i == 0 ? &limits[0] : &usual);
        set_destroy(&set);
    }
}

static bool is_refused(const struct tapir_limits *limits)
{
    struct stage_set set = {0};
    const struct tapir_memory memory = {set_allocate, set_release, &set, false};
    return tapir_create(&(struct tapir_config){.limits = *limits}, &memory, NOW) == NULL && set.octets == 0;
}

static void test_limits_beyond_sense(void **state)
{
    (void)state;
    const uint32_t most = UINT32_C(1) << 24;
    const struct tapir_limits beyond[] = {{.routes = most + 1},
                                          {.sockets = most + 1},
                                          {.out = most + 1},
                                          {.interfaces = most + 1},
                                          {.addresses = most + 1},
                                          {.neighbors = most + 1},
                                          {.store_small = most + 1},
                                          {.store_medium = most + 1},
                                          {.store_large = most + 1},
                                          {.reassemblies = most + 1},
                                          {.neighbors = most << 7},
                                          {.addresses = UINT32_MAX},
                                          {.reassembly = (size_t)UINT32_MAX + 1}};
    for (size_t i = 0; i < COUNT(beyond); i++)
        assert_true(is_refused(&beyond[i]));
    struct stage_set set = {0};
    assert_true(set_create(
        &set,
        &(struct tapir_limits){.reassembly = UINT32_MAX, .routes = most, .sockets = most, .out = most}));
    set_destroy(&set);
}

static void test_unobserved(void **state)
{
    (void)state;
    struct stage_set set = {0};
    struct tapir_config config = {.limits = {.store_small = 4, .store_medium = 1, .store_large = 1}};
    const struct tapir_memory memory = {set_allocate, set_release, &set, false};
    set.stack = tapir_create(&config, &memory, NOW);
    assert_non_null(set.stack);
    set_apply(&set, lone_host, COUNT(lone_host));
    for (uint64_t i = 1; i <= 100; i++) { /* six slots serve a hundred frames: each goes home at once */
        struct tapir_packet *packet = tapir_take(set.stack, 60);
        assert_non_null(packet);
        memset(packet->data, 0, 60);
        packet->size = 60;
        assert_int_equal(tapir_input(set.stack, 0, &packet, 1, NOW), i);
    }
    size_t settled = 0;
    assert_int_equal(drain(set.stack, &settled), 0);
    assert_int_equal(settled, 0);
    assert_int_equal(tapir_counters(set.stack)->settled[TAPIR_RECEIVED], 100);
    set_destroy(&set);
}

static void test_time_never_goes_back(void **state)
{
    (void)state;
    struct stage_set set = {0};
    assert_true(set_create_small(&set));
    tapir_tick(set.stack, (tapir_instant){5000});
    struct tapir_packet *packet = tapir_take(set.stack, 60);
    packet->size = 1;
    tapir_input(set.stack, 0, &packet, 1, (tapir_instant){4000});
    assert_int_equal(tapir_settled(set.stack, &packet, 1), 1);
    assert_int_equal(packet->arrived.ns, 5000);
    tapir_release(set.stack, &packet, 1);
    set_destroy(&set);
}

/* Nothing that a slot went through before is left in a packet that comes in with it. */
static void test_as_new(void **state)
{
    (void)state;
    struct stage_set set = {0};
    assert_true(set_create_small(&set));
    set_apply(&set, lone_host, COUNT(lone_host));
    struct tapir_packet *packet = tapir_take(set.stack, 60);
    struct tapir_pool *home = packet->within.home;
    memset(&packet->within, 0xee, sizeof packet->within);
    packet->within.home = home;
    packet->size = 60;
    memset(packet->data, 0, 60); /* for nobody */
    packet->number = packet->cause = packet->into = 77;
    packet->iface = packet->entry = 77;
    packet->verdict = TAPIR_SENT;
    packet->answer = TAPIR_ANSWER_SENT;
    packet->arrived = (tapir_instant){77};
    assert_int_equal(tapir_input(set.stack, 0, &packet, 1, (tapir_instant){5000}), 1);
    assert_int_equal(tapir_settled(set.stack, &packet, 1), 1);
    assert_int_equal(packet->number, 1);
    assert_int_equal(packet->iface + packet->entry + packet->cause + packet->into, 0);
    assert_int_equal(packet->verdict, TAPIR_ETHER_NOT_OURS);
    assert_int_equal(packet->answer, TAPIR_UNSETTLED);
    assert_int_equal(packet->arrived.ns, 5000);
    assert_int_equal(packet->within.origin, TAPIR_RECEIVED);
    assert_int_equal(packet->within.exit + packet->within.network + packet->within.ttl, 0);
    tapir_release(set.stack, &packet, 1);
    set_destroy(&set);
}

/* So many that their exits are fetched for a batch; a route that refuses names none, and there is none of number 0. */
static void test_many_interfaces(void **state)
{
    (void)state;
    enum {
        LAST = 100
    };
    static const uint8_t frame[] = {
        0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00, 0x00, 0x09, 0x08, 0x00, 0x45,
        0x00, 0x00, 0x1c, 0x00, 0x00, 0x00, 0x00, 0x40, 0x11, 0xaf, 0x1f, 0x0a, 0x00, 0x00, 0x09,
        0xc0, 0xa8, 0x01, 0x01, 0x00, 0x07, 0x00, 0x09, 0x00, 0x08, 0x00, 0x00}; /* UDP, 10.0.0.9 to 192.168.1.1 */
    const struct tapir_op rest[] = {ADD_ADDRESS(1, A4(10, 0, 0, 1), 24), SET(TAPIR_EVERYWHERE, FORWARDING, 1),
                                    ADD_KIND(A4(192, 168, 0, 0), 16, TAPIR_ROUTE_PROHIBIT)};
    struct stage_set set = {0};
    assert_true(set_create(&set, &(struct tapir_limits){.interfaces = LAST + 1}));
    for (unsigned i = 1; i <= LAST; i++) {
        struct tapir_op op = ADD_IFACE(1);
        op.iface = i;
        op.interface.mac.octet[4] = (uint8_t)(i - 1);
        set_apply(&set, &op, 1);
    }
    set_apply(&set, rest, COUNT(rest));
    tapir_tick(set.stack, (tapir_instant){INT64_C(20000000000)}); /* its address has been probed */
    struct tapir_packet *packet = tapir_take(set.stack, sizeof frame);
    memcpy(packet->data, frame, sizeof frame);
    packet->size = sizeof frame;
    tapir_input(set.stack, 1, &packet, 1, (tapir_instant){INT64_C(20000000000)});
    assert_int_equal(tapir_settled(set.stack, &packet, 1), 1);
    assert_int_equal(packet->verdict, TAPIR_IP4_PROHIBITED);
    tapir_release(set.stack, &packet, 1);
    set_destroy(&set);
}

/* ---- sockets that wait for a slot ---- */

static void say(struct tapir_socket *socket)
{
    struct tapir_message message;
    assert_int_equal(tapir_reserve(socket, 4, &message), TAPIR_OK);
    memcpy(message.data, "ping", 4);
    message.destination.value = A4(10, 0, 0, 2);
    message.destination_port = 9;
    message.icmp_type = 8;
    assert_int_equal(tapir_commit(socket, &message), TAPIR_OK);
}

static void test_waits_for_a_slot(void **state)
{
    (void)state;
    struct stage_set set = {0};
    size_t settled = 0;
    assert_true(set_create_small(&set));
    set_apply(&set, lone_host, COUNT(lone_host));
    struct tapir_socket *socket = tapir_open(set.stack, TAPIR_UDP, NULL);
    tapir_pause(set.stack, 0, true);
    for (int i = 0; i < 12; i++)
        say(socket);
    assert_int_equal(tapir_deadline(set.stack).ns, NOW.ns); /* there is work */
    tapir_tick(set.stack, NOW);
    size_t slots =
        tapir_counters(set.stack)->waiting[TAPIR_BORN]; /* all that the store gives to small packets */
    assert_in_range(slots, 4, 9);
    assert_int_equal(tapir_deadline(set.stack).ns, INT64_MAX); /* nobody need turn round until one is free */
    assert_false(tapir_idle(set.stack));
    tapir_pause(set.stack, 0, false);
    assert_int_equal(drain(set.stack, &settled), slots);
    assert_int_equal(tapir_deadline(set.stack).ns, NOW.ns);
    tapir_tick(set.stack, NOW);
    assert_int_equal(drain(set.stack, &settled), 12 - slots);
    assert_true(tapir_idle(set.stack));
    assert_int_equal(tapir_counters(set.stack)->verdicts[TAPIR_SENT][TAPIR_BORN], 12);
    tapir_shut(socket);
    set_destroy(&set);
}

static void test_first_in_line_is_shut(void **state)
{
    (void)state;
    struct stage_set set = {0};
    size_t settled = 0;
    assert_true(set_create_small(&set));
    set_apply(&set, lone_host, COUNT(lone_host));
    struct tapir_socket *first = tapir_open(set.stack, TAPIR_UDP, NULL);
    struct tapir_socket *second = tapir_open(set.stack, TAPIR_UDP, NULL);
    tapir_pause(set.stack, 0, true);
    for (int i = 0; i < 12; i++)
        say(first);
    say(second);
    tapir_tick(set.stack, NOW);
    tapir_shut(first);
    tapir_pause(set.stack, 0, false);
    assert_in_range(drain(set.stack, &settled), 4, 9);
    tapir_tick(set.stack, NOW);
    assert_int_equal(drain(set.stack, &settled), 1);
    assert_true(tapir_idle(set.stack));
    tapir_shut(second);
    set_destroy(&set);
}

/* Those of both kinds, which have tables of their own. */
static void test_closed_sockets(void **state)
{
    (void)state;
    const enum tapir_protocol protocols[] = {TAPIR_UDP, TAPIR_ICMP};
    for (size_t i = 0; i < COUNT(protocols); i++) {
        struct stage_set set = {0};
        size_t settled = 0;
        assert_true(set_create_small(&set));
        set_apply(&set, lone_host, COUNT(lone_host));
        struct tapir_socket *socket = tapir_open(set.stack, protocols[i], NULL);
        tapir_pause(set.stack, 0, true);
        for (int n = 0; n < 12; n++)
            say(socket);
        tapir_close(set.stack, NOW);
        assert_int_equal(drain(set.stack, &settled), 0);
        assert_in_range(settled, 4, 9);
        tapir_tick(set.stack, (tapir_instant){2000}); /* there are slots again, but nobody speaks any more */
        assert_int_equal(tapir_counters(set.stack)->packets[TAPIR_BORN], settled);
        assert_int_equal(tapir_deadline(set.stack).ns, INT64_MAX);
        assert_true(tapir_idle(set.stack));
        set_destroy(&set);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"a stack that finds no memory is not made, whichever allocation fails", test_create_short, NULL,
         NULL, NULL},
        {"a socket that finds no memory is not opened and takes no place", test_open_short, NULL, NULL, NULL},
        {"sockets go with their stack", test_destroyed_with_sockets, NULL, NULL, NULL},
        {"a stack never takes more than its budget", test_budget, NULL, NULL, NULL},
        {"tables that strangers fill are keyed by the seed", test_key, NULL, NULL, NULL},
        {"a new stack has counted nothing and waits for nothing", test_new, NULL, NULL, NULL},
        {"each limit is the one that was asked for, or as by default", test_limits_as_asked, NULL, NULL,
         NULL},
        {"limits beyond 2^24 are refused", test_limits_beyond_sense, NULL, NULL, NULL},
        {"without an observer settled packets go home at once", test_unobserved, NULL, NULL, NULL},
        {"a packet that comes in is as new, whatever its slot went through", test_as_new, NULL, NULL, NULL},
        {"a router of a hundred interfaces, of which none has number 0, refuses by a route",
         test_many_interfaces, NULL, NULL, NULL},
        {"time never goes back", test_time_never_goes_back, NULL, NULL, NULL},
        {"a socket that waits for a slot makes no work until one is free", test_waits_for_a_slot, NULL, NULL,
         NULL},
        {"when the first in line is shut the next one is served", test_first_in_line_is_shut, NULL, NULL,
         NULL},
        {"after the close no socket speaks", test_closed_sockets, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests_name("stack", tests, NULL, NULL);
}
