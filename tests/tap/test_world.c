/* Worlds: two hosts on a link of 5 ms. The oracle is arithmetic: ARP and one exchange are four ways over the
 * wire. */
#include "tap/world.h"

#include <string.h>

#include "tests/scene.h"
#include "tests/table.h"

static const uint8_t SEED[16] = "a world's seed";

struct bench {
    struct world *world;
    struct tapir *stack; /* of h1 */
    struct tapir_socket *socket;
    tapir_instant now;
    uint64_t sent[2], arrived[2]; /* frames of each node */
};

static size_t place(const struct bench *bench, struct node *node)
{
    return node == world_node(bench->world, 0) ? 0 : 1;
}

static void on_arrived(void *context, struct node *node, const struct tapir_packet *packet, uint64_t number)
{
    struct bench *bench = context;
    assert_true(packet->size > 0);
    assert_int_equal(number, ++bench->arrived[place(bench, node)]);
}

static void on_sent(void *context, struct node *node, const struct tapir_packet *packet)
{
    struct bench *bench = context;
    (void)packet;
    bench->sent[place(bench, node)]++;
}

static void bench_open(struct bench *bench, uint16_t port)
{
    char error[256];
    struct node_watcher watcher = {.arrived = on_arrived, .sent = on_sent, .context = bench};
    *bench = (struct bench){.now = {SCENE_S}};
    bench->world = world_create(scene_hosts(), SEED, &watcher, bench->now, error, sizeof error);
    assert_non_null(bench->world);
    assert_true(world_is_ready(bench->world));
    assert_true(world_is_idle(bench->world));
    bench->stack = node_stack(world_find(bench->world, "h1"));
    bench->socket = tapir_open(bench->stack, TAPIR_UDP, &(struct tapir_socket_options){0});
    assert_non_null(bench->socket);
    assert_int_equal(tapir_bind(bench->socket, (struct ip4){0}, port), TAPIR_OK);
}

static void bench_close(struct bench *bench)
{
    world_destroy(bench->world, bench->now);
}

static void say(struct bench *bench, const char *text, uint32_t address, uint16_t port)
{
    struct tapir_message message;
    assert_int_equal(tapir_reserve(bench->socket, strlen(text), &message), TAPIR_OK);
    memcpy(message.data, text, strlen(text));
    message.destination = (struct ip4){address};
    message.destination_port = port;
    assert_int_equal(tapir_commit(bench->socket, &message), TAPIR_OK);
    node_touch(world_find(bench->world, "h1"));
    assert_false(world_is_idle(bench->world));
}

/* Lets virtual time run until h1's socket hears something, or `limit` has passed. True: it did. */
static bool hear(struct bench *bench, int64_t limit, struct tapir_message *message)
{
    tapir_instant end = {bench->now.ns + limit};
    while (tapir_peek(bench->socket, message) != TAPIR_OK) {
        tapir_instant due = world_deadline(bench->world);
        if (due.ns > end.ns)
            return false;
        if (due.ns > bench->now.ns)
            bench->now = due;
        while (world_turn(bench->world, bench->now, true))
            ;
    }
    return true;
}

static void scene_echo(void)
{
    struct bench bench;
    struct tapir_message heard;
    bench_open(&bench, 5000);
    say(&bench, "hello", 0x0a000002, 7);
    assert_true(hear(&bench, 10 * SCENE_S, &heard));
    assert_int_equal(bench.now.ns, SCENE_S + 20 * SCENE_MS);
    assert_int_equal(heard.error, TAPIR_OK);
    assert_int_equal(heard.size, 5);
    assert_memory_equal(heard.data, "hello", 5);
    assert_int_equal(heard.source.value, 0x0a000002);
    assert_int_equal(heard.source_port, 7);
    tapir_consume(bench.socket);
    say(&bench, "again", 0x0a000002, 7); /* both know each other by now */
    assert_true(hear(&bench, 10 * SCENE_S, &heard));
    assert_int_equal(bench.now.ns, SCENE_S + 30 * SCENE_MS);
    tapir_consume(bench.socket);
    assert_int_equal(bench.sent[0], bench.arrived[1]);
    assert_int_equal(bench.sent[1], bench.arrived[0]);
    assert_int_equal(cable_counters(world_cable(bench.world, 0))->frames[CABLE_DELIVERED],
                     bench.sent[0] + bench.sent[1]);
    assert_true(world_is_idle(bench.world));
    bench_close(&bench);
}

static void scene_reflector(void)
{
    struct bench bench;
    struct tapir_message heard;
    bench_open(&bench, 123);
    say(&bench, "hello", 0x0a000002, 7);
    assert_false(hear(&bench, 10 * SCENE_S, &heard));
    assert_true(bench.arrived[1] >= 2); /* it got there: ARP and the message */
    bench_close(&bench);
}

static void scene_unreachable_port(void)
{
    struct bench bench;
    struct tapir_message heard;
    bench_open(&bench, 5000);
    say(&bench, "hello", 0x0a000002, 8);
    assert_true(hear(&bench, 10 * SCENE_S, &heard));
    assert_int_not_equal(heard.error, TAPIR_OK);
    assert_int_equal(heard.icmp_type, 3);
    assert_int_equal(heard.icmp_code, 3);
    bench_close(&bench);
}

/* Two set-ups: 16 s for an advertisement, then the word that ends it. */
static void scene_farewell(void)
{
    struct bench bench;
    bench_open(&bench, 5000);
    struct tapir_op ops[] = {
        {.kind = TAPIR_OP_SET, .iface = TAPIR_EVERYWHERE, .set = {TAPIR_SET_FORWARDING, 1}},
        {.kind = TAPIR_OP_SET, .iface = TAPIR_EVERYWHERE, .set = {TAPIR_SET_ICMP_ROUTER_DISCOVERY, 1}}};
    node_farewell(world_node(bench.world, 0), bench.now); /* nothing was said, nothing is taken back */
    assert_int_equal(bench.sent[0], 0);
    assert_int_equal(tapir_apply(node_stack(world_node(bench.world, 1)), ops, 2, NULL, bench.now), TAPIR_OK);
    node_touch(world_node(bench.world, 1));
    for (int i = 0; i < 17; i++) {
        bench.now.ns += SCENE_S;
        while (world_turn(bench.world, bench.now, true))
            ;
    }
    assert_int_equal(bench.sent[1], 1);
    node_farewell(world_node(bench.world, 1), bench.now);
    assert_int_equal(bench.sent[1], 2);
    node_farewell(world_node(bench.world, 1), bench.now);
    assert_int_equal(bench.sent[1], 2);
    bench_close(&bench);
}

/* What is due when an operation is applied is sent with it: no frame and no timer may come for long. */
static void scene_apply(void)
{
    struct bench bench;
    bench_open(&bench, 5000);
    struct node *node = world_node(bench.world, 0);
    struct tapir_op agent = {
        .kind = TAPIR_OP_SET, .iface = TAPIR_EVERYWHERE, .set = {TAPIR_SET_ICMP_ADDRESS_MASK, 1}};
    struct tapir_op clock = {.kind = TAPIR_OP_CLOCK};
    assert_int_equal(node_apply(node, &agent, 1, bench.now), TAPIR_OK);
    assert_int_equal(bench.sent[0], 0);
    assert_int_equal(node_apply(node, &clock, 1, bench.now), TAPIR_OK);
    assert_int_equal(bench.sent[0], 1);
    bench_close(&bench);
}

static void scene_dead_neighbor(void)
{
    struct bench bench;
    struct tapir_message heard;
    bench_open(&bench, 5000);
    say(&bench, "hello", 0x0a000063, 7);
    assert_true(hear(&bench, 10 * SCENE_S, &heard));
    assert_int_not_equal(heard.error, TAPIR_OK);
    assert_int_equal(bench.now.ns, 4 * SCENE_S); /* three requests, 1 s apart */
    bench_close(&bench);
}

/* Without a device the frames are counted and released. */
static void scene_no_device(void)
{
    struct bench bench;
    struct tapir_message heard;
    bench_open(&bench, 5000);
    node_attach(world_node(bench.world, 0), 0, NULL);
    say(&bench, "hello", 0x0a000002, 7);
    assert_true(hear(&bench, 10 * SCENE_S, &heard));
    assert_int_equal(node_counters(world_node(bench.world, 0))->no_device, bench.sent[0]);
    assert_int_equal(bench.arrived[1], 0);
    bench_close(&bench);
}

static bool is_up(const struct bench *bench)
{
    union tapir_row row;
    uint64_t cursor = 0;
    assert_int_equal(tapir_list(bench->stack, TAPIR_TABLE_INTERFACES, &cursor, &row, 1), 1);
    return row.interface.up;
}

/* As with a TAP that was removed: its carrier goes, and no timer and no fd brings the next turn. */
static void scene_carrier(void)
{
    struct bench bench;
    bench_open(&bench, 5000);
    struct device *device = node_device(world_node(bench.world, 0), 0);
    for (int up = 0; up < 2; up++) {
        device_carry(device, up == 1);
        world_turn(bench.world, bench.now, false);
        assert_int_equal(is_up(&bench), up);
    }
    bench_close(&bench);
}

static void scene_close_while_held(void)
{
    struct bench bench;
    bench_open(&bench, 5000);
    say(&bench, "hello", 0x0a000063, 7);
    world_turn(bench.world, bench.now, false);
    assert_false(world_is_idle(bench.world));
    bench_close(&bench); /* ASan and the assertion of conservation look on */
}

static void scene_unknown_link(void)
{
    char error[256], nowhere[] = "nowhere";
    struct network network = *scene_hosts();
    struct network_interface interface = network.nodes[0].interfaces[0];
    struct network_node node = network.nodes[0];
    interface.link = nowhere;
    node.interfaces = &interface;
    network.nodes = &node;
    network.n_nodes = 1;
    assert_null(world_create(&network, SEED, NULL, (tapir_instant){0}, error, sizeof error));
    assert_string_equal(error, "node h1, interface eth0: there is no link nowhere");
}

static const struct {
    const char *sentence;
    void (*scene)(void);
} scenes[] = {
    {"the first echo takes four ways over the wire, the next one two, to the nanosecond", scene_echo},
    {"the echo service stays silent to the port of another reflector", scene_reflector},
    {"a port without a socket is told to the sender", scene_unreachable_port},
    {"a router of a world that ends takes its advertisement back (RD-8)", scene_farewell},
    {"an agent tells its mask with the operation at which it is due, not with the next frame (AM-6)",
     scene_apply},
    {"a dead neighbor is told to the sender three seconds later", scene_dead_neighbor},
    {"an interface without a device releases its frames and counts them", scene_no_device},
    {"a carrier that comes or goes is told to the stack, also when nothing else happens", scene_carrier},
    {"a world can be closed while packets are held", scene_close_while_held},
    {"a link that is not there is named", scene_unknown_link},
};

static void check_scene(void **state)
{
    const __typeof__(scenes[0]) *row = *state;
    row->scene();
}

int main(void)
{
    return RUN_TABLE("world", scenes, check_scene);
}
