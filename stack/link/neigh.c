/* The neighbor cache. Lanes: resolve -> resolved, frame */
#include "link/neigh.h"

#include "core/promise.h"
#include "link/arp_output.h"
#include "link/link.h"
#include "link/neigh_ask.h"
#include "link/neigh_doubt.h"
#include "link/neigh_hold.h"
#include "link/neigh_table.h"

/* ---- places ---- */

static void forget(struct link *link, struct core *core, struct neighbor *neighbor,
                   enum tapir_verdict verdict)
{
    neighbor_refuse_held(link, core, neighbor, verdict);
    neighbor_forget(link, core, neighbor);
}

/* The oldest question goes when too many are asked. */
static void make_room_to_ask(struct link *link, struct core *core)
{
    struct neighbor_list *asked = &link->neighbors.classes[CLASS_ASKED];
    if (asked->size > 0 && asked->size >= link->neighbors.limit / LIMIT_INCOMPLETE_SHARE)
        forget(link, core, asked->first, TAPIR_NEIGHBOR_CROWDED);
}

/* Frees the first entry of `class` that need not be remembered. Those that must were asked in this second: a few. */
static void free_one(struct link *link, struct core *core, enum neighbor_class class)
{
    for (struct neighbor *at = link->neighbors.classes[class].first; at != NULL; at = at->after)
        if (!neighbor_is_paced(at, core->now)) {
            neighbor_refuse_held(link, core, at, TAPIR_NEIGHBOR_CROWDED);
            neighbor_leave(&link->neighbors, core, at);
            return;
        }
}

static bool has(const struct link *link, enum neighbor_class class)
{
    return link->neighbors.classes[class].first != NULL;
}

/* For a stranger: an attacker chooses how many there are, so they are nobody else's loss. */
static void make_room_for_stranger(struct link *link, struct core *core)
{
    if (neighbor_table_is_full(&link->neighbors))
        free_one(link, core, CLASS_SILENT);
    if (neighbor_table_is_full(&link->neighbors))
        free_one(link, core, CLASS_STRANGER);
}

/* For a next hop that we need, if there can be room. With silent ones in the cache somebody scans: then it is one of them or
 * of too many strangers, or none for this second. */
static void make_room(struct link *link, struct core *core)
{
    bool too_many =
        link->neighbors.classes[CLASS_STRANGER].size > link->neighbors.limit / LIMIT_STRANGER_SHARE;
    if (neighbor_table_is_full(&link->neighbors))
        free_one(link, core, CLASS_SILENT);
    if (neighbor_table_is_full(&link->neighbors) && (too_many || !has(link, CLASS_SILENT)))
        free_one(link, core, CLASS_STRANGER);
    if (neighbor_table_is_full(&link->neighbors) && !has(link, CLASS_SILENT) && !has(link, CLASS_STRANGER))
        free_one(link, core, CLASS_USED);
}

/* ---- lane resolve ---- */

/* A new next hop. NULL: too many are new. */
static struct neighbor *begin(struct link *link, struct core *core, const struct tapir_packet *packet)
{
    if (!bucket_take(&link->neighbors.requests, LIMIT_ARP_RATE, LIMIT_ARP_BURST, core->now))
        return NULL;
    make_room_to_ask(link, core);
    make_room(link, core);
    struct neighbor *neighbor =
        neighbor_enter(&link->neighbors, core, packet->within.exit, packet->within.next_hop, CLASS_ASKED);
    if (neighbor != NULL)
        neighbor_start_asking(link, core, neighbor);
    return neighbor;
}

/* A packet goes there. The list of those in use is put in order at most once a second, not for each packet. */
static void use(struct link *link, const struct core *core, struct neighbor *neighbor)
{
    bool is_first = neighbor->class != CLASS_USED || time_before(neighbor->used, neighbor->confirmed) ||
                    time_between(neighbor->used, core->now) >= TIME_SECOND;
    if (is_first)
        neighbor->used = core->now;
    if (is_first && neighbor->class != CLASS_PERMANENT)
        neighbor_reclass(&link->neighbors, neighbor, CLASS_USED);
    neighbor->trusted =
        time_earlier(time_after(neighbor->used, TIME_SECOND), neighbor_expiry(link, core, neighbor));
}

/* The next hop of a packet is not known, or no longer. NULL: the packet is settled. */
RARE static struct neighbor *seek(struct link *link, struct core *core, struct neighbor *neighbor,
                                  struct tapir_packet *packet)
{
    if (neighbor != NULL) {
        neighbor_start_asking(link, core, neighbor);
        return neighbor;
    }
    if (!arp_can_ask(link, packet->within.exit, packet->within.next_hop)) {
        settle(core, packet, TAPIR_IP4_NO_SOURCE);
        return NULL;
    }
    neighbor = begin(link, core, packet);
    if (neighbor == NULL)
        settle(core, packet, TAPIR_NEIGHBOR_CROWDED);
    return neighbor;
}

/* What its state means for a packet. False: it waits, or is settled. */
static bool meet(struct link *link, struct core *core, struct neighbor *neighbor, struct tapir_packet *packet)
{
    switch ((enum tapir_neighbor_state)neighbor->state) {
    case TAPIR_NEIGHBOR_INCOMPLETE:
        neighbor_hold(link, core, neighbor, packet);
        return false;
    case TAPIR_NEIGHBOR_SILENT:
        packet->entry = neighbor->number;
        settle(core, packet, TAPIR_NEIGHBOR_FAILED);
        return false;
    case TAPIR_NEIGHBOR_REACHABLE:
    case TAPIR_NEIGHBOR_PROBE:
    case TAPIR_NEIGHBOR_PERMANENT:
        use(link, core, neighbor);
        return true;
    }
    return false;
}

static void note_gateway(struct neighbor *neighbor, const struct tapir_packet *packet)
{
    if (!ip4_equal(packet->within.next_hop, packet->within.tuple.destination))
        neighbor->is_gateway = true;
}

/* The next hop of a packet, looked at closely; `neighbor`: its entry; NULL: not found yet, and `bucket` is where the hash leads, or
 * NULL. NULL: the packet waits, or is settled. */
APART static struct neighbor *approach(struct link *link, struct core *core, struct neighbor *neighbor,
                                       struct neighbor **bucket, struct tapir_packet *packet)
{
    unsigned exit = packet->within.exit;
    if (neighbor == NULL)
        neighbor = neighbor_search(&link->neighbors, core, bucket, exit, packet->within.next_hop);
    if (neighbor == NULL || neighbor_is_stale(link, core, neighbor))
        neighbor = seek(link, core, neighbor, packet);
    if (neighbor == NULL)
        return NULL;
    note_gateway(neighbor, packet);
    return meet(link, core, neighbor, packet) ? neighbor : NULL;
}

/* True: the link destination of a packet is decided. */
static bool resolve(struct link *link, struct core *core, struct neighbor **bucket,
                    struct tapir_packet *packet)
{
    struct neighbor *neighbor =
        neighbor_recall(&link->neighbors, packet->within.exit, packet->within.next_hop);
    if (neighbor != NULL && neighbor_is_trusted(neighbor, core->now))
        note_gateway(neighbor, packet);
    else
        neighbor = approach(link, core, neighbor, bucket, packet);
    if (neighbor != NULL)
        neighbor_decide(neighbor, packet);
    return neighbor != NULL;
}

/* Groups and broadcasts, ours or a directed one in transit, need no ARP (RFC 1112 6.4). */
RARE static void resolve_group(struct tapir_packet *packet)
{
    struct ip4 group = packet->within.next_hop;
    packet->within.mac = ip4_is_multicast(group) ? mac_of_group(group) : mac_broadcast();
}

/* Buckets and entries of a batch are on their way into the cache together, where there are more than are found without the hash: a
 * packet to a random one of 100,000 costs 155 ns instead of 430, beside 90 for one of ten. NULL: it was found last, or is none. */
static void expect(struct neighbors *neighbors, const struct core *core, struct tapir_packet *const packets[],
                   struct neighbor **buckets[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct ip4 next_hop = packets[i]->within.next_hop;
        unsigned exit = packets[i]->within.exit;
        buckets[i] = NULL;
        if (packets[i]->within.to_many || neighbor_recall(neighbors, exit, next_hop) != NULL)
            continue;
        buckets[i] = neighbor_bucket(neighbors, core, exit, next_hop);
        __builtin_prefetch(buckets[i]);
    }
    for (size_t i = 0; i < n; i++) {
        const struct neighbor *first = buckets[i] == NULL ? NULL : *buckets[i];
        if (first == NULL)
            continue;
        __builtin_prefetch(first);
        __builtin_prefetch(&first->used);
    }
}

void neighbor_resolve(struct link *link, struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    struct neighbor **where[LIMIT_BATCH];
    struct train train = train_begin(core, LANE_RESOLVED);
    for (size_t n; (n = lane_take(core, LANE_RESOLVE, packets, LIMIT_BATCH)) > 0;) {
        bool many = link->neighbors.count > NEIGHBOR_RECENT;
        if (many)
            expect(&link->neighbors, core, packets, where, n);
        for (size_t i = 0; i < n; i++) {
            if (packets[i]->within.to_many)
                resolve_group(packets[i]);
            else if (!resolve(link, core, many ? where[i] : NULL, packets[i]))
                continue;
            train_add(&train, packets[i]);
        }
    }
    train_end(core, LANE_RESOLVED, &train);
}

/* ---- what ARP says ---- */

/* It lives: routes may prefer it again. */
static void revive(struct link *link, struct core *core, const struct iface *iface, struct ip4 address)
{
    gateway_forget(&link->routes->gateways, core, iface->number, (struct ip4_prefix){address, 32});
}

static bool inspects(const struct iface *iface)
{
    return settings_is_on(&iface->settings, TAPIR_SET_ARP_INSPECT);
}

static bool is_doubtful(const struct iface *iface, const struct neighbor *neighbor, struct mac mac)
{
    return inspects(iface) && neighbor_is_known(neighbor) && !mac_equal(neighbor->mac, mac);
}

enum tapir_verdict neighbor_learn(struct link *link, struct core *core, struct iface *iface,
                                  struct ip4 address, struct mac mac, bool create)
{
    struct neighbor *neighbor = neighbor_lookup(&link->neighbors, core, iface->number, address);
    if (neighbor != NULL && is_doubtful(iface, neighbor, mac)) {
        neighbor_doubt(link, core, iface, neighbor, mac);
        return TAPIR_ARP_DOUBTED;
    }
    if (neighbor != NULL || create || !inspects(iface)) /* who is not asked and does not ask proves nothing */
        revive(link, core, iface, address);
    if (neighbor == NULL && create) {
        make_room_for_stranger(link, core);
        neighbor = neighbor_enter(&link->neighbors, core, iface->number, address, CLASS_STRANGER);
    }
    if (neighbor == NULL)
        return TAPIR_ARP_OVERHEARD;
    if (neighbor->state == TAPIR_NEIGHBOR_PERMANENT)
        return mac_equal(neighbor->mac, mac) ? TAPIR_ARP_OVERHEARD : TAPIR_ARP_PERMANENT;
    neighbor_move(link, core, iface, neighbor, mac);
    neighbor_release_held(link, core, neighbor);
    return TAPIR_ARP_LEARNED;
}

/* ---- by hand ---- */

enum tapir_result neighbor_add_permanent(struct link *link, struct core *core, struct iface *iface,
                                         struct ip4 address, struct mac mac)
{
    struct neighbor *neighbor = neighbor_lookup(&link->neighbors, core, iface->number, address);
    if (neighbor != NULL && neighbor->state == TAPIR_NEIGHBOR_PERMANENT)
        return TAPIR_EXISTS;
    if (neighbor == NULL) {
        make_room(link, core);
        neighbor = neighbor_enter(&link->neighbors, core, iface->number, address, CLASS_PERMANENT);
    }
    if (neighbor == NULL)
        return TAPIR_FULL;
    neighbor_reclass(&link->neighbors, neighbor, CLASS_PERMANENT);
    timer_cancel(&core->timers, &neighbor->timer);
    neighbor->state = TAPIR_NEIGHBOR_PERMANENT;
    neighbor->is_forgotten = false;
    neighbor->mac = mac;
    revive(link, core, iface, address);
    neighbor_release_held(link, core, neighbor);
    return TAPIR_OK;
}

enum tapir_result neighbor_remove_permanent(struct link *link, struct core *core, struct iface *iface,
                                            struct ip4 address)
{
    struct neighbor *neighbor = neighbor_lookup(&link->neighbors, core, iface->number, address);
    if (neighbor == NULL || neighbor->state != TAPIR_NEIGHBOR_PERMANENT)
        return TAPIR_MISSING;
    neighbor_leave(&link->neighbors, core, neighbor);
    return TAPIR_OK;
}

void neighbor_flush(struct link *link, struct core *core, unsigned iface, struct ip4_prefix network,
                    enum tapir_verdict verdict)
{
    gateway_forget(&link->routes->gateways, core, iface, network);
    for (enum neighbor_class class = CLASS_SILENT; class < CLASS_PERMANENT; class ++) {
        struct neighbor *next;
        for (struct neighbor *at = link->neighbors.classes[class].first; at != NULL; at = next) {
            next = at->after;
            if (at->iface == iface && !at->is_forgotten && ip4_in_prefix(at->address, network))
                forget(link, core, at, verdict);
        }
    }
}

void neighbor_drop_all(struct link *link, struct core *core, unsigned iface, enum tapir_verdict verdict)
{
    gateway_forget(&link->routes->gateways, core, iface, (struct ip4_prefix){0});
    for (enum neighbor_class class = CLASS_SILENT; class < CLASS_COUNT; class ++) {
        struct neighbor *next;
        for (struct neighbor *at = link->neighbors.classes[class].first; at != NULL; at = next) {
            next = at->after;
            if (at->iface != iface)
                continue;
            neighbor_refuse_held(link, core, at, verdict);
            neighbor_leave(&link->neighbors, core, at);
        }
    }
}

/* ---- time ---- */

void neighbor_tick(struct link *link, struct core *core, struct neighbor *neighbor)
{
    switch ((enum tapir_neighbor_state)neighbor->state) {
    case TAPIR_NEIGHBOR_INCOMPLETE:
        neighbor_tick_incomplete(link, core, neighbor);
        return;
    case TAPIR_NEIGHBOR_REACHABLE:
    case TAPIR_NEIGHBOR_PROBE:
        if (neighbor->doubt == DOUBT_NONE)
            neighbor_tick_known(link, core, neighbor);
        else
            neighbor_tick_doubted(link, core, neighbor);
        return;
    case TAPIR_NEIGHBOR_SILENT:
        neighbor_leave(&link->neighbors, core, neighbor);
        return;
    case TAPIR_NEIGHBOR_PERMANENT:
        return;
    }
}
