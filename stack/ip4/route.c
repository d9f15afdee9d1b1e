#include "ip4/route.h"

enum tapir_verdict ip4_judge_route(const struct route *route, bool down)
{
    if (route == NULL)
        return down ? TAPIR_IP4_ROUTE_DOWN : TAPIR_IP4_NO_ROUTE;
    switch ((enum tapir_route_kind)route->kind) {
    case TAPIR_ROUTE_UNICAST:
    case TAPIR_ROUTE_CONNECTED:
    case TAPIR_ROUTE_LOCAL:
    case TAPIR_ROUTE_BROADCAST:
        return TAPIR_UNSETTLED;
    case TAPIR_ROUTE_UNREACHABLE:
        return TAPIR_IP4_UNREACHABLE;
    case TAPIR_ROUTE_PROHIBIT:
        return TAPIR_IP4_PROHIBITED;
    case TAPIR_ROUTE_BLACKHOLE:
        return TAPIR_IP4_BLACKHOLE;
    }
    return TAPIR_IP4_NO_ROUTE;
}

struct ip4 ip4_next_hop(const struct route *route, struct ip4 destination)
{
    return route->kind == TAPIR_ROUTE_UNICAST ? route->via : destination;
}
