/* Networks of a hundred routers, from the file to the answer: ping and traceroute over the whole diameter, by the echo
 * socket of one end and in virtual time. The oracle is the shape of the network: of the n-th hop of a chain it is known who
 * answers, and after how long (1 ms a link each way). tests/bench/bench_world.c does the same with a thousand. */
#include "tap/virtual.h"

#include <stdio.h>

#include "apps/config.h"
#include "tests/large.h"
#include "tests/table.h"

enum {
    SIZE = 2 /* the sequence alone */
};

#define MS INT64_C(1000000)

static struct probe {
    struct network *network;
    struct virtual_time time;
    struct node *from;
    struct tapir_socket *socket;
} probe;

static struct ip4 address_of(const char *name)
{
    const struct network_node *node = node_spec(world_find(probe.time.world, name));
    for (size_t i = 0; i < node->n_ops; i++)
        if (node->ops[i].kind == TAPIR_OP_ADDRESS)
            return node->ops[i].address.address;
    return (struct ip4){0};
}

static void open_probe(const char *shape, const char *from)
{
    static const uint8_t seed[16] = "large";
    char error[512];
    probe = (struct probe){.network = large_network(shape, "")};
    assert_non_null(probe.network);
    probe.time.world = world_create(probe.network, seed, NULL, probe.time.now, error, sizeof error);
    assert_non_null(probe.time.world);
    probe.from = world_find(probe.time.world, from);
    probe.socket = tapir_open(node_stack(probe.from), TAPIR_ICMP, NULL);
    assert_non_null(probe.socket);
}

static void close_probe(void)
{
    world_destroy(probe.time.world, probe.time.now);
    network_free(probe.network);
}

/* Asks with that TTL; returns after how long something came back. */
static int64_t ask(struct ip4 to, uint8_t ttl, struct tapir_message *heard)
{
    struct tapir_message message;
    int64_t begin = probe.time.now.ns;
    assert_int_equal(tapir_reserve(probe.socket, SIZE, &message), TAPIR_OK);
    message.data[0] = 0;
    message.data[1] = ttl;
    message.destination = to;
    message.icmp_type = 8;
    message.ttl = ttl;
    assert_int_equal(tapir_commit(probe.socket, &message), TAPIR_OK);
    node_touch(probe.from);
    while (tapir_peek(probe.socket, heard) != TAPIR_OK) {
        tapir_instant due = world_deadline(probe.time.world);
        assert_true(due.ns < begin + 60000 * MS);
        virtual_work(&probe.time, due);
    }
    tapir_consume(probe.socket);
    assert_int_equal(heard->data[1], ttl);
    return probe.time.now.ns - begin;
}

static bool is_of(const struct network_node *node, struct ip4 address)
{
    for (size_t i = 0; i < node->n_ops; i++)
        if (node->ops[i].kind == TAPIR_OP_ADDRESS && node->ops[i].address.address.value == address.value)
            return true;
    return false;
}

/* The first probe of each TTL waits for ARP on the last link of its way, and so does its answer; the second does not. */
static void trace(struct ip4 to, uint8_t hops, bool is_grid)
{
    struct tapir_message heard;
    char name[32];
    for (uint8_t ttl = 1; ttl < hops; ttl++) {
        ask(to, ttl, &heard);
        assert_int_equal(ask(to, ttl, &heard), 2 * ttl * MS);
        assert_int_equal(heard.icmp_type, 11);
        if (is_grid)
            snprintf(name, sizeof name, "r%d.%d", ttl, ttl);
        else
            snprintf(name, sizeof name, "r%d", ttl);
        assert_true(is_of(node_spec(world_find(probe.time.world, name)), heard.reporter));
        virtual_pass(&probe.time,
                     (tapir_instant){probe.time.now.ns + 10000 * MS}); /* for icmp.destination.rate */
    }
    ask(to, hops, &heard);
    assert_int_equal(ask(to, hops, &heard), 2 * hops * MS);
    assert_int_equal(heard.error, TAPIR_OK);
    assert_int_equal(heard.source.value, to.value);
}

static void scene_chain(void)
{
    open_probe("chain 100", "r0");
    trace(address_of("r99"), 99, false);
    close_probe();
}

static void scene_grid(void)
{
    open_probe("grid 10 10", "r0.0");
    assert_int_equal(probe.network->n_links, 90 + 90 + 2 * 81);
    trace(address_of("r9.9"), 9, true);
    close_probe();
}

static void scene_corner(void)
{
    struct tapir_message heard;
    open_probe("grid 4 25", "r3.24");
    ask(address_of("r0.0"), 24, &heard);
    assert_int_equal(ask(address_of("r0.0"), 24, &heard), 48 * MS); /* a king's moves: the longer side */
    assert_int_equal(heard.error, TAPIR_OK);
    ask(address_of("r0.0"), 23, &heard);
    assert_int_equal(heard.icmp_type, 11);
    close_probe();
}

static void scene_traffic(void)
{
    static const uint8_t seed[16] = "large";
    char error[512];
    struct network *network = large_network("grid 10 10", "traffic { every = 1min }");
    assert_non_null(network);
    struct virtual_time time = {.now = {0}};
    time.world = world_create(network, seed, NULL, time.now, error, sizeof error);
    virtual_pass(&time, (tapir_instant){600000 * MS});
    const struct traffic_counters *counters = world_traffic(time.world, (tapir_instant){600000 * MS});
    assert_int_equal(counters->asked, 1000);
    assert_in_range(counters->fates[TRAFFIC_ANSWERED], 998, 1000); /* the last may be on their way */
    assert_true(counters->rtt_least >= 2 * MS);
    assert_true(counters->rtt_sum / 1000 < 30 * MS);
    assert_true(counters->rtt_most >= 18 * MS); /* some draw the diameter */
    world_destroy(time.world, time.now);
    network_free(network);
}

static const struct {
    const char *sentence;
    void (*scene)(void);
} scenes[] = {
    {"each of 99 hops of a chain answers a traceroute in its turn, and the end a ping", scene_chain},
    {"a traceroute from corner to corner of a grid goes along the diagonal", scene_grid},
    {"the far corner of a long grid is as many hops away as its longer side", scene_corner},
    {"a hundred routers that ping one another every minute all get their answers", scene_traffic},
};

static void check_scene(void **state)
{
    const __typeof__(scenes[0]) *row = *state;
    row->scene();
}

int main(void)
{
    return RUN_TABLE("large", scenes, check_scene);
}
