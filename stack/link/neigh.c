/* The policy of the neighbor cache. Lanes: resolve -> resolved, frame */
#include "link/neigh.h"

#include "link/arp.h"
#include "link/link.h"
#include "link/neigh_table.h"

enum {
    NEIGHBOR_SILENCE = 1 /* s that one who did not answer is refused at once */
};

static int64_t setting(const struct link *link, const struct core *core, const struct neighbor *neighbor,
                       enum tapir_setting setting)
{
    return settings_get(iface_settings(&link->ifaces, core, neighbor->iface), setting);
}

/* ---- what waits ---- */

static struct tapir_packet *unhold(struct neighbors *neighbors, struct core *core, struct neighbor *neighbor)
{
    struct tapir_packet *packet = NULL;
    if (lane_remove(core, &neighbor->held, &packet, 1) == 1)
        neighbors->held--;
    return packet;
}

/* Ends all that waits for `neighbor`. When that earns an error, one goes to each source among them (RFC
 * 1812 3.3.2). */
static void refuse_held(struct link *link, struct core *core, struct neighbor *neighbor,
                        enum tapir_verdict verdict)
{
    struct ip4 told[256]; /* arp.hold is at most 256 */
    size_t n_told = 0;
    for (struct tapir_packet *packet; (packet = unhold(&link->neighbors, core, neighbor)) != NULL;) {
        size_t i = 0;
        while (i < n_told && !ip4_equal(told[i], packet->within.tuple.source))
            i++;
        if (i < n_told && tapir_fate(verdict)->earns != TAPIR_EARNS_NOTHING)
            settle_answer(core, packet, TAPIR_ANSWER_TOLD);
        else if (n_told < sizeof told / sizeof told[0])
            told[n_told++] = packet->within.tuple.source;
        packet->entry = neighbor_number(&link->neighbors, neighbor);
        settle(core, packet, verdict);
    }
}

/* The bounds on what is held: for one neighbor, and in all. The oldest goes, in all from the neighbor asked
 * for longest. */
static void make_hold_room(struct link *link, struct core *core, struct neighbor *neighbor)
{
    struct neighbors *neighbors = &link->neighbors;
    if (neighbor->held.size >= (uint32_t)setting(link, core, neighbor, TAPIR_SET_ARP_HOLD))
        settle(core, unhold(neighbors, core, neighbor), TAPIR_NEIGHBOR_OVERFLOW);
    struct neighbor *oldest = neighbors->classes[CLASS_ASKED].first;
    while (neighbors->held >= LIMIT_HELD && oldest != NULL) {
        if (lane_is_empty(&oldest->held))
            oldest = oldest->after;
        else
            settle(core, unhold(neighbors, core, oldest), TAPIR_NEIGHBOR_OVERFLOW);
    }
}

static void hold(struct link *link, struct core *core, struct neighbor *neighbor, struct tapir_packet *packet)
{
    make_hold_room(link, core, neighbor);
    struct tapir_packet *kept = packet_keep(core, packet, TAPIR_NEIGHBOR_HELD);
    if (kept == NULL) {
        settle(core, packet, TAPIR_STORE_FULL);
        return;
    }
    lane_append(core, &neighbor->held, kept);
    link->neighbors.held++;
}

static void decide(struct link *link, struct neighbor *neighbor, struct core *core,
                   struct tapir_packet *packet)
{
    packet->within.mac = neighbor->mac;
    packet->entry = neighbor_number(&link->neighbors, neighbor);
    lane_push(core, LANE_RESOLVED, packet);
}

/* ---- places ---- */

static void evict(struct link *link, struct core *core, struct neighbor *neighbor)
{
    refuse_held(link, core, neighbor, TAPIR_NEIGHBOR_CROWDED);
    neighbor_leave(&link->neighbors, core, neighbor);
}

/* Makes room for a next hop that we need. */
static void make_room(struct link *link, struct core *core)
{
    struct neighbors *neighbors = &link->neighbors;
    struct neighbor_list *asked = &neighbors->classes[CLASS_ASKED];
    if (asked->size > 0 && asked->size >= neighbors->limit / LIMIT_INCOMPLETE_SHARE)
        evict(link, core, asked->first);
    for (enum neighbor_class class = CLASS_STRANGER; neighbors->free == NULL && class <= CLASS_ASKED;
         class ++)
        if (neighbors->classes[class].first != NULL)
            evict(link, core, neighbors->classes[class].first);
}

/* Makes room for one who made itself known. */
static void make_room_for_stranger(struct link *link, struct core *core)
{
    struct neighbor_list *strangers = &link->neighbors.classes[CLASS_STRANGER];
    if (link->neighbors.free == NULL && strangers->first != NULL)
        evict(link, core, strangers->first);
}

/* ---- asking ---- */

static void ask(struct link *link, struct core *core, struct neighbor *neighbor)
{
    struct iface *iface = iface_lookup(&link->ifaces, neighbor->iface);
    if (iface == NULL)
        return;
    bool unicast = neighbor->state == TAPIR_NEIGHBOR_PROBE;
    arp_request(link, core, iface, neighbor->address, unicast ? neighbor->mac : mac_broadcast());
    neighbor->asked++;
}

/* Begins with requests by broadcast: a new entry, or one that did not answer by unicast. */
static void start_asking(struct link *link, struct core *core, struct neighbor *neighbor)
{
    neighbor->state = TAPIR_NEIGHBOR_INCOMPLETE;
    neighbor->asked = 0;
    neighbor_reclass(&link->neighbors, neighbor, CLASS_ASKED);
    ask(link, core, neighbor);
    timer_arm(&core->timers, &neighbor->timer, time_after(core->now, TIME_SECOND));
}

/* When to begin asking one in use: arp.retries seconds before it expires, but not in the first half of its
 * life. */
static tapir_instant probe_time(const struct link *link, const struct core *core,
                                const struct neighbor *neighbor)
{
    int64_t timeout = setting(link, core, neighbor, TAPIR_SET_ARP_TIMEOUT);
    int64_t probing = setting(link, core, neighbor, TAPIR_SET_ARP_RETRIES) * TIME_SECOND;
    return time_after(neighbor->confirmed, probing > timeout / 2 ? timeout / 2 : timeout - probing);
}

static void confirm(struct link *link, struct core *core, struct neighbor *neighbor)
{
    neighbor->confirmed = core->now;
    neighbor->asked = 0;
    if (neighbor->class == CLASS_ASKED)
        neighbor_reclass(&link->neighbors, neighbor, CLASS_USED);
    neighbor->state = TAPIR_NEIGHBOR_REACHABLE;
    timer_arm(&core->timers, &neighbor->timer, probe_time(link, core, neighbor));
}

/* ---- lane resolve ---- */

static struct neighbor *begin(struct link *link, struct core *core, const struct tapir_packet *packet)
{
    if (!bucket_take(&link->neighbors.requests, LIMIT_ARP_RATE, LIMIT_ARP_BURST, core->now))
        return NULL;
    make_room(link, core);
    struct neighbor *neighbor =
        neighbor_enter(&link->neighbors, core, packet->within.exit, packet->within.next_hop, CLASS_ASKED);
    if (neighbor != NULL)
        start_asking(link, core, neighbor);
    return neighbor;
}

/* One in use keeps its place; its list is put in order at most once a second, not for each packet. */
static void use(struct neighbors *neighbors, const struct core *core, struct neighbor *neighbor)
{
    if (neighbor->class == CLASS_USED && time_between(neighbor->used, core->now) < TIME_SECOND)
        return;
    neighbor->used = core->now;
    if (neighbor->class != CLASS_PERMANENT)
        neighbor_reclass(neighbors, neighbor, CLASS_USED);
}

static void resolve(struct link *link, struct core *core, struct tapir_packet *packet)
{
    struct neighbor *neighbor =
        neighbor_lookup(&link->neighbors, core, packet->within.exit, packet->within.next_hop);
    if (neighbor == NULL)
        neighbor = begin(link, core, packet);
    if (neighbor == NULL) {
        settle(core, packet, TAPIR_NEIGHBOR_CROWDED);
        return;
    }
    switch (neighbor->state) {
    case TAPIR_NEIGHBOR_INCOMPLETE:
        hold(link, core, neighbor, packet);
        return;
    case TAPIR_NEIGHBOR_SILENT:
        packet->entry = neighbor_number(&link->neighbors, neighbor);
        settle(core, packet, TAPIR_NEIGHBOR_FAILED);
        return;
    case TAPIR_NEIGHBOR_REACHABLE:
    case TAPIR_NEIGHBOR_PROBE:
    case TAPIR_NEIGHBOR_PERMANENT:
        use(&link->neighbors, core, neighbor);
        decide(link, neighbor, core, packet);
        return;
    }
}

/* Groups need no ARP (RFC 1112 6.4). */
static void resolve_group(struct core *core, struct tapir_packet *packet)
{
    struct ip4 group = packet->within.next_hop;
    packet->within.mac = ip4_is_multicast(group) ? mac_of_group(group) : mac_broadcast();
    lane_push(core, LANE_RESOLVED, packet);
}

void neighbor_resolve(struct link *link, struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_RESOLVE, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++) {
            if (packets[i]->within.role == ROLE_OURS && packets[i]->within.to_many)
                resolve_group(core, packets[i]);
            else
                resolve(link, core, packets[i]);
        }
}

/* ---- what ARP says ---- */

bool neighbor_learn(struct link *link, struct core *core, struct iface *iface, struct ip4 address,
                    struct mac mac, bool create)
{
    struct neighbor *neighbor = neighbor_lookup(&link->neighbors, core, iface->number, address);
    if (neighbor == NULL && create) {
        make_room_for_stranger(link, core);
        neighbor = neighbor_enter(&link->neighbors, core, iface->number, address, CLASS_STRANGER);
    }
    if (neighbor == NULL || neighbor->state == TAPIR_NEIGHBOR_PERMANENT)
        return false;
    bool known = neighbor->state == TAPIR_NEIGHBOR_REACHABLE || neighbor->state == TAPIR_NEIGHBOR_PROBE;
    if (known && !mac_equal(neighbor->mac, mac)) {
        iface->event.event.address = address;
        iface->event.event.mac = mac;
        event_raise(&core->events, &iface->event, TAPIR_EVENT_MOVED);
    }
    neighbor->mac = mac;
    confirm(link, core, neighbor);
    for (struct tapir_packet *packet; (packet = unhold(&link->neighbors, core, neighbor)) != NULL;)
        decide(link, neighbor, core, packet);
    return true;
}

/* ---- time ---- */

static bool is_in_use(const struct neighbor *neighbor)
{
    return neighbor->class == CLASS_USED && !time_before(neighbor->used, neighbor->confirmed);
}

static bool has_expired(const struct link *link, const struct core *core, const struct neighbor *neighbor)
{
    int64_t timeout = setting(link, core, neighbor, TAPIR_SET_ARP_TIMEOUT);
    return time_reached(core->now, time_after(neighbor->confirmed, timeout));
}

/* REACHABLE or PROBE: ask on while it is used, then begin anew; forget one that is not. */
static void tick_known(struct link *link, struct core *core, struct neighbor *neighbor)
{
    tapir_instant expiry =
        time_after(neighbor->confirmed, setting(link, core, neighbor, TAPIR_SET_ARP_TIMEOUT));
    bool expired = has_expired(link, core, neighbor);
    if (expired && neighbor->asked > 0)
        start_asking(link, core, neighbor);
    else if (expired)
        neighbor_leave(&link->neighbors, core, neighbor);
    else if (!is_in_use(neighbor) && neighbor->asked == 0)
        timer_arm(&core->timers, &neighbor->timer, expiry);
    else {
        neighbor->state = TAPIR_NEIGHBOR_PROBE;
        ask(link, core, neighbor);
        timer_arm(&core->timers, &neighbor->timer, time_earlier(expiry, time_after(core->now, TIME_SECOND)));
    }
}

/* INCOMPLETE: ask again, or give up. */
static void tick_incomplete(struct link *link, struct core *core, struct neighbor *neighbor)
{
    if (neighbor->asked < setting(link, core, neighbor, TAPIR_SET_ARP_RETRIES)) {
        ask(link, core, neighbor);
        timer_arm(&core->timers, &neighbor->timer, time_after(core->now, TIME_SECOND));
        return;
    }
    neighbor->state = TAPIR_NEIGHBOR_SILENT;
    neighbor_reclass(&link->neighbors, neighbor, CLASS_STRANGER);
    timer_arm(&core->timers, &neighbor->timer, time_after(core->now, NEIGHBOR_SILENCE * TIME_SECOND));
    refuse_held(link, core, neighbor, TAPIR_NEIGHBOR_FAILED);
}

void neighbor_tick(struct link *link, struct core *core, struct neighbor *neighbor)
{
    switch (neighbor->state) {
    case TAPIR_NEIGHBOR_INCOMPLETE:
        tick_incomplete(link, core, neighbor);
        return;
    case TAPIR_NEIGHBOR_REACHABLE:
    case TAPIR_NEIGHBOR_PROBE:
        tick_known(link, core, neighbor);
        return;
    case TAPIR_NEIGHBOR_SILENT:
        neighbor_leave(&link->neighbors, core, neighbor);
        return;
    case TAPIR_NEIGHBOR_PERMANENT:
        return;
    }
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
    neighbor->mac = mac;
    for (struct tapir_packet *packet; (packet = unhold(&link->neighbors, core, neighbor)) != NULL;)
        decide(link, neighbor, core, packet);
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
                    bool keep_permanent, enum tapir_verdict verdict)
{
    for (enum neighbor_class class = CLASS_STRANGER; class < CLASS_COUNT; class ++) {
        if (class == CLASS_PERMANENT && keep_permanent)
            continue;
        struct neighbor *next;
        for (struct neighbor *at = link->neighbors.classes[class].first; at != NULL; at = next) {
            next = at->after;
            if (at->iface != iface || !ip4_in_prefix(at->address, network))
                continue;
            refuse_held(link, core, at, verdict);
            neighbor_leave(&link->neighbors, core, at);
        }
    }
}
