/* Record Route, and the two source routes, which have the same form.
 *
 *     | 7, 131, 137 | length | pointer | address | address | ...
 *                                        ^ pointer 4
 *
 * The pointer counts octets of the option from 1 and names the next address to be read (a source route) or written
 * (record route; a source route writes where it has read); beyond the length: none is left. RFC 791 3.1. Next:
 * ip4/options.h, who acts on it. */
#ifndef WIRE_IP4_OPT_ROUTE_H
#define WIRE_IP4_OPT_ROUTE_H

#include "wire/ip4_opt.h"

enum {
    IP4_ROUTE_FIRST = 4, /* pointer to the first address */
    IP4_ROUTE_SLOT = 4   /* octets of an address */
};

struct ip4_opt_route {
    uint8_t at; /* octets from the start of the IPv4 header to the type */
    uint8_t length, pointer;
};

/* Reads what ip4_opt_next found. UNSETTLED, or IP4_OPTION_ROUTE: then *fault is the octet of the header to point at.
 * `has_slots`: the length is that of whole addresses and the pointer stands before one, as a source route demands. A
 * record route needs no more than room for the next address, or none at all. */
enum tapir_verdict ip4_opt_route_parse(const uint8_t *header, const struct ip4_opt *opt, bool has_slots,
                                       struct ip4_opt_route *route, uint8_t *fault);

/* All addresses were read or written. */
bool ip4_opt_route_is_done(const struct ip4_opt_route *route);

/* The address that the pointer names; the route is not done. */
struct ip4 ip4_opt_route_next(const uint8_t *header, const struct ip4_opt_route *route);

/* Writes an address where the pointer stands, and moves the pointer on. The route is not done. */
void ip4_opt_route_record(uint8_t *header, struct ip4_opt_route *route, struct ip4 address);

#endif
