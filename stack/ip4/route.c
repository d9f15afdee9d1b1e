#include "ip4/route.h"

#include "core/packet.h"
#include "core/promise.h"
#include "core/siphash.h"
#include "wire/ip4.h"

RARE static enum tapir_verdict judge_absence(enum route_absence absence)
{
    switch (absence) {
    case ROUTE_FOUND:
    case ROUTE_NONE:
        break;
    case ROUTE_DOWN:
        return TAPIR_IP4_ROUTE_DOWN;
    case ROUTE_TOS:
        return TAPIR_IP4_NO_TOS;
    case ROUTE_TOS_HOST:
        return TAPIR_IP4_NO_TOS_HOST;
    }
    return TAPIR_IP4_NO_ROUTE;
}

static enum tapir_verdict judge_kind(const struct route *route)
{
    switch ((enum tapir_route_kind)route->kind) {
    case TAPIR_ROUTE_UNICAST:
    case TAPIR_ROUTE_CONNECTED:
    case TAPIR_ROUTE_LOCAL:
    case TAPIR_ROUTE_BROADCAST:
        break;
    case TAPIR_ROUTE_UNREACHABLE:
        return TAPIR_IP4_UNREACHABLE;
    case TAPIR_ROUTE_PROHIBIT:
        return TAPIR_IP4_PROHIBITED;
    case TAPIR_ROUTE_BLACKHOLE:
        return TAPIR_IP4_BLACKHOLE;
    }
    return TAPIR_UNSETTLED;
}

/* Both ports as they stand, the first four octets of either header; 0: this packet does not say. */
static uint32_t ports_of(const struct tapir_packet *packet)
{
    const struct tapir_tuple *tuple = &packet->within.tuple;
    if (tuple->protocol != IP4_UDP && tuple->protocol != IP4_TCP)
        return 0;
    if (ip4_is_fragment(tuple->fragment) || packet_payload_size(packet) < 4)
        return 0;
    return bytes_get32(packet_payload(packet));
}

static uint64_t hash_flow(const struct ip4_state *ip4, const struct tapir_packet *packet)
{
    const struct tapir_tuple *tuple = &packet->within.tuple;
    const uint32_t words[] = {tuple->source.value, tuple->destination.value, ports_of(packet),
                              tuple->protocol};
    return siphash_words(ip4->hash_key, words, sizeof words / sizeof words[0]);
}

void ip4_find_routes(const struct ip4_state *ip4, struct tapir_packet *const packets[],
                     const struct route *firsts[], size_t n)
{
    struct ip4 destinations[LIMIT_BATCH];
    for (size_t i = 0; i < n; i++)
        destinations[i] = packets[i]->within.tuple.destination;
    route_find(&ip4->routes, destinations, firsts, n);
}

enum tapir_verdict ip4_choose_any(const struct ip4_state *ip4, struct tapir_packet *packet,
                                  const struct route *first, const struct route **route)
{
    const struct tapir_tuple *tuple = &packet->within.tuple;
    enum route_absence absence;
    *route =
        route_choose(&ip4->routes, first, (struct route_query){tuple->destination, tuple->tos}, &absence);
    if (*route != NULL && ((*route)->choice & ROUTE_EQUAL) != 0)
        *route = route_share(&ip4->routes, *route, hash_flow(ip4, packet));
    packet->entry = route_number(&ip4->routes, *route);
    return *route == NULL ? judge_absence(absence) : judge_kind(*route);
}

/* The values of ip.rpfilter. */
enum rpfilter {
    RPFILTER_OFF,
    RPFILTER_LOOSE,
    RPFILTER_STRICT,
    RPFILTER_EXPLICIT
};

/* By the routes, or by a default router that was learnt. */
static bool leads_back(const struct ip4_state *ip4, struct ip4 source, uint32_t iface)
{
    return route_leads_back(&ip4->routes, source, iface, 0) ||
           router_leads_back(&ip4->routers, &ip4->routes, source, iface);
}

bool ip4_has_way_back(const struct ip4_state *ip4, const struct iface *iface, struct ip4 source)
{
    int64_t filter = settings_get(&iface->settings, TAPIR_SET_IP_RPFILTER);
    if (filter == RPFILTER_EXPLICIT)
        return route_leads_back(&ip4->routes, source, TAPIR_EVERYWHERE, 1);
    return leads_back(ip4, source, filter == RPFILTER_STRICT ? iface->number : TAPIR_EVERYWHERE);
}
