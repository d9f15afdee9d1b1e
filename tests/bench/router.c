#include "tests/bench/router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/measure.h"
#include "tests/bench/prefixes.h"
#include "tests/dissect.h"

enum {
    FLOWS = 1 << 20,
    HOPS = 16,
    OPS = 512 /* routes entered at once */
};

/* ---- its table ---- */

static enum tapir_result try_ops(struct tapir *stack, const struct tapir_op ops[], size_t n)
{
    struct tapir_fault fault = {0, ""};
    enum tapir_result result = tapir_apply(stack, ops, n, &fault, (tapir_instant){0});
    if (result == TAPIR_OK || result == TAPIR_EXISTS)
        return result;
    fprintf(stderr, "bench: %s\n", fault.why);
    exit(1);
}

static void apply(struct tapir *stack, struct tapir_op op)
{
    try_ops(stack, &op, 1);
}

static void set(struct tapir *stack, enum tapir_setting setting, int64_t value)
{
    apply(stack, (struct tapir_op){.kind = TAPIR_OP_SET, .iface = TAPIR_EVERYWHERE, .set = {setting, value}});
}

static void add_interface(struct tapir *stack, unsigned number)
{
    struct tapir_op op = {.kind = TAPIR_OP_INTERFACE, .iface = number};
    op.interface.mac = (struct mac){{2, 0, 0, 0, 0, (uint8_t)(number + 1)}};
    op.interface.mtu = 1500;
    apply(stack, op);
    apply(stack, (struct tapir_op){.kind = TAPIR_OP_ADDRESS,
                                   .iface = number,
                                   .address = {{0x0a000001 + (number << 8)}, 24}});
}

/* Our answer to a request, which nobody waits for. */
static void drop_output(struct tapir *stack)
{
    unsigned iface;
    struct tapir_packet *packets[ROUTER_BATCH];
    for (size_t n; (n = tapir_output(stack, &iface, packets, ROUTER_BATCH)) > 0;)
        tapir_release(stack, packets, n);
}

/* It is learnt from a request of its own, as nearly all are. */
static void add_neighbor(struct tapir *stack, unsigned iface, uint32_t address)
{
    uint8_t host = (uint8_t)address, net = (uint8_t)(address >> 8);
    const uint8_t frame[] = {2,   0,    0,  0,    0,   (uint8_t)(iface + 1),
                             2,   0,    0,  0,    1,   host,
                             8,   6,    0,  1,    8,   0,
                             6,   4,    0,  1,    2,   0,
                             0,   0,    1,  host, 10,  0,
                             net, host, 0,  0,    0,   0,
                             0,   0,    10, 0,    net, 1};
    struct tapir_packet *packet = measure_need(tapir_take(stack, sizeof frame));
    memcpy(packet->data, frame, sizeof frame);
    packet->size = sizeof frame;
    packet->tailroom -= packet->size;
    tapir_input(stack, iface, &packet, 1, (tapir_instant){0});
    drop_output(stack);
}

static struct tapir *make_stack(void)
{
    struct tapir_config config = {.observe = false};
    struct tapir_memory memory = measure_memory();
    struct tapir *stack = measure_need(tapir_create(&config, &memory, (tapir_instant){0}));
    add_interface(stack, 0);
    add_interface(stack, 1);
    add_neighbor(stack, 0, 0x0a000063);
    for (uint32_t i = 0; i < HOPS; i++)
        add_neighbor(stack, 1, 0x0a000102 + i);
    set(stack, TAPIR_SET_FORWARDING, 1);
    set(stack, TAPIR_SET_ICMP_RATE, 0);
    return stack;
}

/* Of what no router sends on, or has on its own links. */
static bool is_special(struct ip4 a)
{
    uint32_t network = a.value >> 8;
    return a.value >> 24 == 10 || ip4_is_loopback(a) || ip4_is_link_local(a) || network == 0xc00000 ||
           network == 0xc00002 || network == 0xc63364 || network == 0xcb0071;
}

static struct tapir_op route_op(struct ip4_prefix prefix, uint32_t hop)
{
    return (struct tapir_op){.kind = TAPIR_OP_ROUTE, .route = {.prefix = prefix, .via = {0x0a000102 + hop}}};
}

/* Enters all; the two or three of a prefix that was drawn twice have the same next hop, so that one is enough. */
static void add_routes(struct tapir *stack, const struct ip4_prefix prefixes[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct tapir_op op =
            route_op(prefixes[i], (prefixes[i].address.value * 2654435769U + prefixes[i].length) % HOPS);
        try_ops(stack, &op, 1);
    }
}

static struct ip4_prefix *draw_prefixes(size_t n)
{
    struct dice dice = dice_of(1);
    struct ip4_prefix *prefixes = measure_need(calloc(n, sizeof *prefixes));
    for (size_t i = 1; i < n; i++) /* the first one is the default route */
        do
            prefixes[i] = prefixes_clustered(&dice);
        while (is_special(prefixes[i].address));
    return prefixes;
}

/* ---- its frames ---- */

static uint16_t header_checksum(const uint8_t *frame)
{
    uint8_t header[20];
    memcpy(header, frame + 14, sizeof header);
    header[10] = header[11] = 0;
    return dissect_sum(header, sizeof header, 0);
}

static void address_frame(uint8_t *frame, const struct router_flow *flow)
{
    dissect_put16(frame + 24, flow->checksum);
    dissect_put16(frame + 30, flow->destination >> 16);
    dissect_put16(frame + 32, flow->destination & 0xffff);
}

static void make_frame(struct router *router, enum router_work work)
{
    uint8_t *frame = router->frame;
    memcpy(frame, "\2\0\0\0\0\1\2\0\0\0\0\x63\x08\0\x45\0\0\x32\0\0\0\0\x40\x11\0\0\x0a\0\0\x63", 30);
    memcpy(frame + 34, "\x13\x88\0\x9\0\x1e", 6);
    if (work == WORK_TTL)
        frame[22] = 1;
    if (work != WORK_ECHO)
        return;
    frame[23] = 1;
    memcpy(frame + 34, "\x8\0\0\0\0\1", 6);
    memcpy(frame + 30, "\x0a\0\0\1", 4);
    dissect_mend(frame, ROUTER_FRAME);
}

static void draw_flows(struct router *router, enum router_work work, const struct ip4_prefix prefixes[],
                       size_t n)
{
    struct dice dice = dice_of(2);
    router->n_flows = FLOWS;
    router->flows = measure_need(calloc(FLOWS, sizeof *router->flows));
    for (size_t i = 0; i < FLOWS; i++) {
        struct ip4 to;
        do
            to = n == 1 ? prefixes_address(&dice)
                        : prefixes_inside(&dice, prefixes[1 + dice_below(&dice, (uint32_t)n - 1)]);
        while (is_special(to));
        struct router_flow *flow = &router->flows[i];
        flow->destination = work == WORK_ECHO ? 0x0a000001 : to.value;
        address_frame(router->frame, flow);
        flow->checksum = header_checksum(router->frame);
    }
}

void router_init(struct router *router, enum router_work work, uint32_t routes)
{
    *router = (struct router){.stack = make_stack()};
    measure_slots(&router->pool);
    struct ip4_prefix *prefixes = draw_prefixes(routes);
    add_routes(router->stack, prefixes, routes);
    make_frame(router, work);
    draw_flows(router, work, prefixes, routes);
    free(prefixes);
}

void router_free(struct router *router)
{
    tapir_destroy(router->stack);
    free(router->pool.memory);
    free(router->flows);
}

/* ---- what is measured ---- */

/* What a device does: an empty slot, and the bytes of a frame. */
static void fill(struct router *router, struct tapir_packet *packets[ROUTER_BATCH])
{
    size_t first = router->turn++ * ROUTER_BATCH;
    for (size_t i = 0; i < ROUTER_BATCH; i++) {
        struct tapir_packet *packet = packets[i] = pool_take(&router->pool);
        memcpy(packet->data, router->frame, ROUTER_FRAME);
        address_frame(packet->data, &router->flows[(first + i) & (router->n_flows - 1)]);
        packet->size = ROUTER_FRAME;
        packet->tailroom -= ROUTER_FRAME;
    }
}

void router_turn(struct router *router)
{
    struct tapir_packet *packets[ROUTER_BATCH];
    unsigned iface;
    fill(router, packets);
    tapir_input(router->stack, 0, packets, ROUTER_BATCH, (tapir_instant){(int64_t)router->turn});
    size_t n = tapir_output(router->stack, &iface, packets, ROUTER_BATCH);
    if (n != ROUTER_BATCH) {
        fprintf(stderr, "bench: %zu frames of %d came out\n", n, ROUTER_BATCH);
        exit(1);
    }
    tapir_release(router->stack, packets, n);
}

void router_yardstick(struct router *router)
{
    struct tapir_packet *packets[ROUTER_BATCH];
    fill(router, packets);
    for (size_t i = 0; i < ROUTER_BATCH; i++) {
        uint8_t *ip = packets[i]->data + 14;
        ip[8]--;
        uint32_t sum = dissect_get(ip + 10, 2) + 0x100;
        dissect_put16(ip + 10, (sum + (sum >> 16)) & 0xffff);
        router->pool.face.give(&router->pool.face, packets[i]);
    }
}
