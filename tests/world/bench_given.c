/* How a bench is set up: two wires by default, then orders in words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/world/bench_inside.h"

enum {
    WORDS = 9
};

static void apply(struct bench *bench, const struct tapir_op *op, const char *order)
{
    struct tapir_fault fault = {0};
    if (tapir_apply(bench->stack, op, 1, &fault, (tapir_instant){bench->now_ns}) != TAPIR_OK)
        fail_msg("%s: %s", order, fault.why);
}

static struct mac mac_from(int64_t number)
{
    struct mac mac;
    for (int i = 0; i < 6; i++)
        mac.octet[i] = (uint8_t)((uint64_t)number >> (8 * (5 - i)));
    return mac;
}

/* "10.0.1.5/24", "10.0.1.2" or "default". */
static struct ip4_prefix prefix_from(const char *text)
{
    unsigned a, b, c, d, length = 32;
    if (strcmp(text, "default") == 0)
        return (struct ip4_prefix){{0}, 0};
    if (sscanf(text, "%u.%u.%u.%u/%u", &a, &b, &c, &d, &length) < 4)
        fail_msg("%s is no address", text);
    return (struct ip4_prefix){{(uint32_t)IP(a, b, c, d)}, (uint8_t)length};
}

static unsigned iface_from(const char *text)
{
    return text[0] == 'b' ? TAP_B : TAP_A;
}

/* ---- orders ---- */

static void order_set(struct bench *bench, const char *order, char words[WORDS][40], bool remove)
{
    (void)remove;
    struct tapir_op op = {.kind = TAPIR_OP_SET, .iface = TAPIR_EVERYWHERE};
    if (!tapir_setting_find(words[1], &op.set.setting) ||
        !tapir_setting_parse(op.set.setting, words[2], &op.set.value))
        fail_msg("%s: no such setting or value", order);
    if (strcmp(words[3], "on") == 0)
        op.iface = iface_from(words[4]);
    for (unsigned tap = TAP_A; tap <= TAP_B && op.set.setting == TAPIR_SET_IP_DIRECTED_BROADCAST; tap++)
        if (op.iface == TAPIR_EVERYWHERE || op.iface == tap)
            bench->passes_broadcasts[tap] = op.set.value == 1;
    for (unsigned tap = TAP_A; tap <= TAP_B && op.set.setting == TAPIR_SET_ICMP_TRACEROUTE1393; tap++)
        if (op.iface == TAPIR_EVERYWHERE || op.iface == tap)
            bench->counts_hops[tap] = op.set.value == 1;
    apply(bench, &op, order);
}

static void order_route(struct bench *bench, const char *order, char words[WORDS][40], bool remove)
{
    struct tapir_op op = {.kind = TAPIR_OP_ROUTE, .remove = remove};
    op.route.prefix = prefix_from(words[1]);
    size_t at = strcmp(words[2], "via") == 0 || words[3][0] == '-' ? 4 : 3;
    for (; at + 1 < WORDS && words[at][0] != '\0'; at += 2)
        if (strcmp(words[at], "metric") == 0)
            op.route.metric = (uint32_t)strtoul(words[at + 1], NULL, 10);
        else if (strcmp(words[at], "tos") == 0)
            op.route.tos = (uint8_t)strtoul(words[at + 1], NULL, 10);
        else
            fail_msg("%s: no such word", order);
    if (strcmp(words[2], "via") == 0)
        op.route.via = prefix_from(words[3]).address;
    else
        op.route.kind = words[2][0] == 'u'   ? TAPIR_ROUTE_UNREACHABLE
                        : words[2][0] == 'b' ? TAPIR_ROUTE_BLACKHOLE
                                             : TAPIR_ROUTE_PROHIBIT;
    apply(bench, &op, order);
}

static void order_address(struct bench *bench, const char *order, char words[WORDS][40], bool remove)
{
    struct tapir_op op = {.kind = TAPIR_OP_ADDRESS, .remove = remove, .iface = iface_from(words[1])};
    op.address = prefix_from(words[2]);
    apply(bench, &op, order);
}

static void order_advertise(struct bench *bench, const char *order, char words[WORDS][40], bool remove)
{
    struct tapir_op op = {.kind = TAPIR_OP_ADVERTISE, .remove = remove, .iface = iface_from(words[1])};
    op.address = prefix_from(words[2]);
    apply(bench, &op, order);
}

static void order_neighbor(struct bench *bench, const char *order, char words[WORDS][40], bool remove)
{
    struct tapir_op op = {.kind = TAPIR_OP_NEIGHBOR, .remove = remove, .iface = iface_from(words[1])};
    op.neighbor.address = prefix_from(words[2]).address;
    op.neighbor.mac = mac_from(MAC_OF(op.neighbor.address.value));
    apply(bench, &op, order);
}

static void order_link(struct bench *bench, const char *order, char words[WORDS][40], bool remove)
{
    (void)remove;
    struct tapir_op op = {.kind = TAPIR_OP_LINK, .iface = iface_from(words[1])};
    op.link.up = words[0][0] == 'u';
    op.link.takes = bench->takes[op.iface];
    apply(bench, &op, order);
}

static void order_takes(struct bench *bench, const char *order, char words[WORDS][40], bool remove)
{
    (void)remove;
    struct tapir_op op = {.kind = TAPIR_OP_LINK, .iface = iface_from(words[1]), .link.up = true};
    for (size_t at = 2; at < WORDS && words[at][0] != '\0'; at++)
        op.link.takes |= TAPIR_TAKES(words[at][0] == 'c'   ? TAPIR_OFFLOAD_CHECKSUM
                                     : words[at][0] == 't' ? TAPIR_OFFLOAD_TCP
                                                           : TAPIR_OFFLOAD_UDP);
    bench->takes[op.iface] = op.link.takes;
    apply(bench, &op, order);
}

static void order_clock(struct bench *bench, const char *order, char words[WORDS][40], bool remove)
{
    (void)remove;
    struct tapir_op op = {.kind = TAPIR_OP_CLOCK};
    op.clock.offset_ns = 20000 * 86400 * SECONDS + strtoll(words[1], NULL, 10) * MS - bench->now_ns;
    apply(bench, &op, order);
}

/* Obeyed before the others, by bench_set_up. */
static void order_early(struct bench *bench, const char *order, char words[WORDS][40], bool remove)
{
    (void)order;
    (void)remove;
    bench->deaf |= strcmp(words[0], "deaf") == 0;
    bench->amplifies |= strcmp(words[0], "amplifies") == 0;
    bench->proxies |= strcmp(words[0], "proxies") == 0;
}

static const struct {
    const char *word;
    void (*obey)(struct bench *bench, const char *order, char words[WORDS][40], bool remove);
} orders[] = {{"set", order_set},         {"route", order_route},
              {"address", order_address}, {"neighbor", order_neighbor},
              {"up", order_link},         {"down", order_link},
              {"mtu", order_early},       {"strangers", order_early},
              {"limited", order_early},   {"clock", order_clock},
              {"deaf", order_early},      {"amplifies", order_early},
              {"proxies", order_early},   {"advertise", order_advertise},
              {"marked", order_early},    {"takes", order_takes}};

static void obey(struct bench *bench, const char *order)
{
    char words[WORDS][40] = {{0}};
    int n = sscanf(order, "%39s %39s %39s %39s %39s %39s %39s %39s %39s", words[0], words[1], words[2],
                   words[3], words[4], words[5], words[6], words[7], words[8]);
    bool remove = strcmp(words[0], "no") == 0;
    if (remove)
        memmove(words[0], words[1], (WORDS - 1) * sizeof words[0]);
    if (n <= 0)
        return;
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
        if (strcmp(words[0], orders[i].word) == 0) {
            orders[i].obey(bench, order, words, remove);
            return;
        }
    fail_msg("%s: no such order", order);
}

void bench_do(struct bench *bench, const char *text)
{
    for (const char *at = text; *at != '\0';) {
        size_t size = strcspn(at, ";");
        char order[128] = {0};
        assert_true(size < sizeof order);
        memcpy(order, at, size);
        obey(bench, order);
        at += size + (at[size] == ';');
    }
    bench_run(bench, 0); /* what an order makes the stack say leaves now */
}

/* ---- the wires ---- */

static uint16_t mtu_from(const char *given, char which)
{
    char words[16];
    snprintf(words, sizeof words, "mtu %c ", which);
    const char *at = strstr(given, words);
    return at == NULL ? 1500 : (uint16_t)strtoul(at + strlen(words), NULL, 10);
}

static void add_interface(struct bench *bench, unsigned number, const char *given)
{
    struct tapir_op op = {.kind = TAPIR_OP_INTERFACE, .iface = number};
    snprintf(op.interface.name, sizeof op.interface.name, "tap%c", number == 0 ? 'A' : 'B');
    op.interface.mac = mac_from(number == 0 ? MAC_A : MAC_B);
    op.interface.mtu = mtu_from(given, number == 0 ? 'a' : 'b');
    apply(bench, &op, op.interface.name);
}

void bench_set_up(struct bench *bench, const char *given)
{
    add_interface(bench, TAP_A, given);
    if (bench->kind == ROUTER)
        add_interface(bench, TAP_B, given);
    bench_do(bench, "address a 10.0.1.1/24");
    bench_do(bench, bench->kind == ROUTER
                        ? "address b 10.0.2.1/24; set forwarding on; route 10.9.0.0/16 via 10.0.1.2"
                        : "route default via 10.0.1.254");
    if (strstr(given, "limited") == NULL)
        bench_do(bench, "set icmp.rate 0");
    if (strstr(given, "strangers") == NULL) {
        bench_do(bench,
                 "neighbor a 10.0.1.10; neighbor a 10.0.1.2; neighbor a 10.0.1.254; neighbor a 10.0.1.253");
        if (bench->kind == ROUTER)
            bench_do(bench, "neighbor b 10.0.2.10");
    }
    bench_do(bench, given);
}

/* ---- whose address? ---- */

static int64_t mask_of(unsigned length)
{
    return length == 0 ? 0 : (INT64_C(0xffffffff) << (32 - length)) & 0xffffffff;
}

static bool is_listed(const struct bench *bench, int64_t ip, bool to_many)
{
    union tapir_row row;
    uint64_t cursor = 0;
    while (tapir_list(bench->stack, TAPIR_TABLE_ADDRESSES, &cursor, &row, 1) == 1) {
        int64_t own = row.address.address.address.value, mask = mask_of(row.address.address.length);
        bool is_form =
            row.address.address.length < 31 && (ip == (own & mask) || ip == ((own | ~mask) & 0xffffffff));
        if (to_many ? is_form : ip == own)
            return true;
    }
    return false;
}

bool bench_is_own(const struct bench *bench, int64_t ip)
{
    return is_listed(bench, ip, false);
}

bool bench_is_neighbor(const struct bench *bench, int64_t own, int64_t ip)
{
    union tapir_row row;
    uint64_t cursor = 0;
    while (tapir_list(bench->stack, TAPIR_TABLE_ADDRESSES, &cursor, &row, 1) == 1) {
        int64_t mask = mask_of(row.address.address.length);
        if (row.address.address.address.value == own && (own & mask) == (ip & mask))
            return true;
    }
    return false;
}

bool bench_is_own_mask(const struct bench *bench, int64_t own, int64_t asker, int64_t mask)
{
    union tapir_row row;
    uint64_t cursor = 0;
    while (tapir_list(bench->stack, TAPIR_TABLE_ADDRESSES, &cursor, &row, 1) == 1) {
        int64_t address = row.address.address.address.value;
        bool is_meant = address == own || (address & mask) == (asker & mask);
        if (is_meant && mask == mask_of(row.address.address.length))
            return true;
    }
    return false;
}

bool bench_is_to_many(const struct bench *bench, int64_t ip)
{
    return is_group(ip) || ip == 0 || is_listed(bench, ip, true);
}
