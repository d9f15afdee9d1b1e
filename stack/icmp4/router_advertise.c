/* Router Advertisement. Lanes: -> originate */
#include "icmp4/router_advertise.h"

#include "wire/icmp4_router.h"
#include "wire/ip4.h"

/* RFC 1256 4.1, 6. */
#define LEAST_INTERVAL   (3 * TIME_SECOND)
#define INITIAL_INTERVAL (16 * TIME_SECOND)
#define RESPONSE_DELAY   (2 * TIME_SECOND)
#define RETRY            TIME_SECOND /* no slot was free */

#define ALL_HOSTS UINT32_C(0xe0000001)

enum {
    INITIAL = 3, /* advertisements that come sooner */
};

static int64_t setting(const struct iface *iface, enum tapir_setting setting)
{
    return settings_get(&iface->settings, setting);
}

/* ---- when ---- */

static int64_t shortest(const struct iface *iface, int64_t longest)
{
    int64_t wanted = setting(iface, TAPIR_SET_ICMP_ADVERTISE_MIN);
    if (wanted == 0)
        wanted = longest / 4 * 3;
    if (wanted < LEAST_INTERVAL)
        wanted = LEAST_INTERVAL;
    return wanted < longest ? wanted : longest;
}

static void arm(struct core *core, struct discovery *discovery, const struct iface *iface)
{
    int64_t longest = setting(iface, TAPIR_SET_ICMP_ADVERTISE_MAX);
    int64_t interval = rand_between(&core->random, shortest(iface, longest), longest);
    if (discovery->sent < INITIAL && interval > INITIAL_INTERVAL)
        interval = rand_between(&core->random, INITIAL_INTERVAL / 4 * 3, INITIAL_INTERVAL);
    discovery->longest_ns = longest;
    timer_arm(&core->timers, &discovery->timer, time_after(core->now, interval));
}

/* Seconds. */
static uint16_t lifetime_of(const struct iface *iface)
{
    int64_t longest = setting(iface, TAPIR_SET_ICMP_ADVERTISE_MAX);
    int64_t wanted = setting(iface, TAPIR_SET_ICMP_ADVERTISE_LIFETIME);
    if (wanted == 0)
        wanted = 3 * longest;
    if (wanted < longest)
        wanted = longest;
    return (uint16_t)((wanted + TIME_SECOND - 1) / TIME_SECOND);
}

/* ---- what ---- */

static size_t room_of(const struct iface *iface)
{
    size_t room = ((size_t)iface->mtu - IP4_HEADER - ICMP4_HEADER) / ICMP4_ROUTER_ENTRY;
    return room < ICMP4_ROUTER_ENTRIES ? room : ICMP4_ROUTER_ENTRIES;
}

/* Listed in the next advertisement; or, as the last word, listed before and no more. */
static bool is_listed(const struct address *address, bool last, bool advertises)
{
    if (address->state != TAPIR_ADDRESS_READY)
        return false;
    bool wanted = advertises && !address->unadvertised;
    return last ? address->advertised && !wanted : wanted;
}

static uint8_t count(const struct addresses *addresses, const struct iface *iface, bool last, bool advertises)
{
    size_t n = 0, room = room_of(iface);
    uint64_t cursor = 0;
    for (const struct address *a; n < room && (a = address_next(addresses, &cursor)) != NULL;)
        n += a->iface == iface->number && is_listed(a, last, advertises);
    return (uint8_t)n;
}

static void list(struct addresses *addresses, const struct iface *iface, bool last, bool advertises,
                 uint8_t *message)
{
    uint64_t cursor = 0;
    unsigned n = 0;
    for (struct address *a; n < message[4] && (a = address_next(addresses, &cursor)) != NULL;) {
        if (a->iface != iface->number || !is_listed(a, last, advertises))
            continue;
        icmp4_advertisement_put(
            message, n++,
            &(struct icmp4_router){a->prefix.address,
                                   (int32_t)setting(iface, TAPIR_SET_ICMP_ADVERTISE_PREFERENCE)});
        a->advertised = !last;
    }
}

static bool send(struct icmp4_state *icmp4, struct core *core, const struct iface *iface, bool last,
                 bool advertises)
{
    struct addresses *addresses = &icmp4->ip4->addresses;
    uint8_t n = count(addresses, iface, last, advertises);
    if (n == 0)
        return true;
    struct tapir_packet *packet = packet_bear(core, ICMP4_HEADER + (size_t)n * ICMP4_ROUTER_ENTRY, NULL);
    if (packet == NULL)
        return false;
    uint16_t lifetime = last ? 0 : lifetime_of(iface);
    icmp4_advertisement_build(packet->data, &(struct icmp4_advertisement){.count = n, .lifetime = lifetime});
    list(addresses, iface, last, advertises, packet->data);
    icmp4_finish(packet->data, packet->size);
    bool broadcast = settings_is_on(&iface->settings, TAPIR_SET_ICMP_ADVERTISE_BROADCAST);
    packet->within.exit = iface->number;
    packet->within.tuple = (struct tapir_tuple){
        .destination = {broadcast ? UINT32_MAX : ALL_HOSTS}, .protocol = IP4_ICMP, .ttl = 1};
    lane_push(core, LANE_ORIGINATE, packet);
    return true;
}

/* ---- events ---- */

void advertise_start(struct icmp4_state *icmp4, struct core *core, struct discovery *discovery)
{
    arm(core, discovery, iface_lookup(&icmp4->ip4->link.ifaces, discovery->iface));
}

void advertise_review(struct icmp4_state *icmp4, struct core *core, struct discovery *discovery,
                      bool advertises)
{
    const struct iface *iface = iface_lookup(&icmp4->ip4->link.ifaces, discovery->iface);
    if (iface == NULL || discovery->role != DISCOVERY_ADVERTISES)
        return;
    if (iface->up)
        send(icmp4, core, iface, true, advertises);
    bool is_due = discovery->is_asked; /* within 2 s; the next time is drawn then */
    if (advertises && !is_due && discovery->longest_ns != setting(iface, TAPIR_SET_ICMP_ADVERTISE_MAX))
        arm(core, discovery, iface);
}

void advertise_tick(struct icmp4_state *icmp4, struct core *core, struct discovery *discovery)
{
    const struct iface *iface = iface_lookup(&icmp4->ip4->link.ifaces, discovery->iface);
    if (!send(icmp4, core, iface, false, true)) {
        timer_arm(&core->timers, &discovery->timer, time_after(core->now, RETRY));
        return;
    }
    discovery->is_asked = false;
    if (discovery->sent < INITIAL)
        discovery->sent++;
    arm(core, discovery, iface);
}

/* RFC 1256 4.3: one answer, to all, for all who ask within 2 s. */
static void answer_soon(struct core *core, struct discovery *discovery)
{
    if (discovery->is_asked)
        return;
    discovery->is_asked = true;
    tapir_instant soon = time_after(core->now, rand_between(&core->random, 1, RESPONSE_DELAY));
    if (time_before(soon, discovery->timer.deadline))
        timer_arm(&core->timers, &discovery->timer, soon);
}

enum tapir_verdict advertise_input(struct icmp4_state *icmp4, struct core *core,
                                   const struct tapir_packet *packet)
{
    struct discovery *discovery = &icmp4->discoveries[packet->iface];
    struct ip4 source = packet->within.tuple.source;
    if (discovery->role != DISCOVERY_ADVERTISES)
        return TAPIR_ICMP4_DISCOVERY_OFF;
    if (!icmp4_is_solicitation(packet_payload(packet)))
        return TAPIR_ICMP4_SOLICITATION;
    if (!ip4_is_zero(source) && address_towards(&icmp4->ip4->addresses, packet->iface, source) == NULL)
        return TAPIR_ICMP4_SOLICITATION;
    answer_soon(core, discovery);
    return TAPIR_ICMP4_SOLICITED;
}
