#include "wire/ip4_opt_route.h"

#include "wire/addr.h"

enum {
    AT_LENGTH = 1,
    AT_POINTER = 2,
    HEAD = 3
};

static bool stands_before_an_address(const struct ip4_opt_route *route, bool has_slots)
{
    if (route->pointer < IP4_ROUTE_FIRST || (has_slots && route->pointer % IP4_ROUTE_SLOT != 0))
        return false;
    return ip4_opt_route_is_done(route) || route->pointer + IP4_ROUTE_SLOT - 1 <= route->length;
}

enum tapir_verdict ip4_opt_route_parse(const uint8_t *header, const struct ip4_opt *opt, bool has_slots,
                                       struct ip4_opt_route *route, uint8_t *fault)
{
    *fault = (uint8_t)(opt->at + AT_LENGTH);
    if (opt->length < HEAD || (has_slots && (opt->length - HEAD) % IP4_ROUTE_SLOT != 0))
        return TAPIR_IP4_OPTION_ROUTE;
    *route = (struct ip4_opt_route){opt->at, opt->length, header[opt->at + AT_POINTER]};
    *fault = (uint8_t)(opt->at + AT_POINTER);
    return stands_before_an_address(route, has_slots) ? TAPIR_UNSETTLED : TAPIR_IP4_OPTION_ROUTE;
}

bool ip4_opt_route_is_done(const struct ip4_opt_route *route)
{
    return route->pointer > route->length;
}

/* The pointer counts from 1. */
static size_t place(const struct ip4_opt_route *route)
{
    return (size_t)route->at + route->pointer - 1;
}

struct ip4 ip4_opt_route_next(const uint8_t *header, const struct ip4_opt_route *route)
{
    return ip4_get(header + place(route));
}

void ip4_opt_route_record(uint8_t *header, struct ip4_opt_route *route, struct ip4 address)
{
    ip4_put(header + place(route), address);
    route->pointer = (uint8_t)(route->pointer + IP4_ROUTE_SLOT);
    header[route->at + AT_POINTER] = route->pointer;
}
