#include "tests/scene.h"

#include <string.h>

static const uint8_t router_lan[6] = {2, 0, 0, 0, 1, 1}, peer[6] = {2, 0, 0, 0, 1, 10};

static struct tapir_op interface_op(unsigned iface, const char *name, uint8_t network, uint8_t host)
{
    struct tapir_op op = {.kind = TAPIR_OP_INTERFACE, .iface = iface};
    op.interface.mtu = 1500;
    op.interface.mac = (struct mac){{2, 0, 0, 0, network, host}};
    memcpy(op.interface.name, name, strlen(name) + 1);
    return op;
}

static struct tapir_op address_op(unsigned iface, uint32_t address)
{
    return (struct tapir_op){.kind = TAPIR_OP_ADDRESS, .iface = iface, .address = {{address}, 24}};
}

struct network *scene_router(void)
{
    static char name[] = "r1";
    static struct network_interface interfaces[] = {
        {.name = "lan", .mac = {{2, 0, 0, 0, 1, 1}}, .mtu = 1500},
        {.name = "wan", .mac = {{2, 0, 0, 0, 2, 1}}, .mtu = 1500},
    };
    static struct tapir_op ops[5];
    static struct network_node node = {name, interfaces, 2, ops, 5, NULL, 0};
    static struct network network = {.nodes = &node, .n_nodes = 1};
    ops[0] = interface_op(0, "lan", 1, 1);
    ops[1] = interface_op(1, "wan", 2, 1);
    ops[2] = address_op(0, 0x0a4d0101);
    ops[3] = address_op(1, 0x0a4d0201);
    ops[4] =
        (struct tapir_op){.kind = TAPIR_OP_SET, .iface = TAPIR_EVERYWHERE, .set = {TAPIR_SET_FORWARDING, 1}};
    return &network;
}

struct network *scene_hosts(void)
{
    static char names[2][3] = {"h1", "h2"}, wire[] = "wire";
    static struct network_interface interfaces[2][1] = {
        {{.name = "eth0", .link = wire, .mtu = 1500}},
        {{.name = "eth0", .link = wire, .mtu = 1500}},
    };
    static struct tapir_op ops[2][2];
    static struct network_service echo = {NETWORK_ECHO, 7};
    static struct network_node nodes[] = {
        {names[0], interfaces[0], 1, ops[0], 2, NULL, 0},
        {names[1], interfaces[1], 1, ops[1], 2, &echo, 1},
    };
    static struct network_link link = {.name = wire, .latency_ns = 5 * SCENE_MS, .seed = 1};
    static struct network network = {.nodes = nodes, .n_nodes = 2, .links = &link, .n_links = 1};
    for (uint8_t i = 0; i < 2; i++) {
        ops[i][0] = interface_op(0, "eth0", 0, (uint8_t)(i + 1));
        ops[i][1] = address_op(0, 0x0a000001U + i);
    }
    return &network;
}

/* ---- frames -------------------------------------------------------------------------------------------- */

static uint8_t *put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
    return at + 2;
}

static uint8_t *put32(uint8_t *at, uint32_t value)
{
    return put16(put16(at, value >> 16), value & 0xffff);
}

static uint8_t *put_bytes(uint8_t *at, const void *bytes, size_t size)
{
    memcpy(at, bytes, size);
    return at + size;
}

static uint16_t checksum(const uint8_t *bytes, size_t size)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < size; i++)
        sum += (uint32_t)bytes[i] << (i % 2 == 0 ? 8 : 0);
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static uint8_t *put_ether(uint8_t *at, const uint8_t destination[6], uint16_t type)
{
    return put16(put_bytes(put_bytes(at, destination, 6), peer, 6), type);
}

/* A header without options and with TTL 64, from 10.77.1.10. */
static uint8_t *put_ip4(uint8_t *at, uint8_t protocol, uint32_t destination, uint32_t payload)
{
    uint8_t *header = at;
    at = put16(put16(put16(put16(at, 0x4500), 20 + payload), 7), 0);
    at = put16(put16(at, 0x4000U | protocol), 0);
    at = put32(put32(at, 0x0a4d010a), destination);
    put16(header + 10, checksum(header, 20));
    return at;
}

uint32_t scene_arp_request(uint8_t frame[SCENE_FRAME])
{
    static const uint8_t broadcast[6] = {255, 255, 255, 255, 255, 255}, nobody[6] = {0};
    uint8_t *at = put_ether(frame, broadcast, 0x0806);
    at = put16(put16(put16(put16(at, 1), 0x0800), 0x0604), 1);
    at = put32(put_bytes(at, peer, 6), 0x0a4d010a);
    at = put32(put_bytes(at, nobody, 6), 0x0a4d0101);
    return (uint32_t)(at - frame);
}

uint32_t scene_echo_request(uint8_t frame[SCENE_FRAME], uint16_t sequence)
{
    uint8_t *icmp = put_ip4(put_ether(frame, router_lan, 0x0800), 1, 0x0a4d0101, 16);
    uint8_t *at = put16(put16(put16(put16(icmp, 0x0800), 0), 0x1234), sequence);
    at = put_bytes(at, "12345678", 8);
    put16(icmp + 2, checksum(icmp, 16));
    return (uint32_t)(at - frame);
}

uint32_t scene_udp(uint8_t frame[SCENE_FRAME], uint32_t destination, uint16_t port)
{
    uint8_t *at = put_ip4(put_ether(frame, router_lan, 0x0800), 17, destination, 12);
    at = put16(put16(put16(put16(at, 5000), port), 12), 0);
    at = put_bytes(at, "abcd", 4);
    return (uint32_t)(at - frame);
}
