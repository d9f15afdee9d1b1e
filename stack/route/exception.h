/* What the network told us about the way to one destination: a better first hop, or the MTU of the path.
 *
 * Routes stay as they are: an exception stands beside them, for one address, for a time, and only what we originate asks for
 * it. A first hop holds as long as the routes name the one that it replaces (RFC 1122 3.3.1.2, 3.3.1.3); an MTU is
 * forgotten after a while, so that a path that grew is found out (RFC 1191 6.3).
 *
 * Bounded: LIMIT_EXCEPTIONS, in small sets found by a keyed hash. In a full set one that expired makes room, else one drawn at
 * random: so nobody can fill the table on purpose nor learn from it whom we speak with. Next: ip4/path.h. */
#ifndef ROUTE_EXCEPTION_H
#define ROUTE_EXCEPTION_H

#include "core/core.h"
#include "wire/addr.h"

struct exception {
    struct ip4 destination; /* 0: a free place */
    struct ip4 gateway;     /* the first hop; 0: none learnt */
    struct ip4 instead_of;  /* the next hop by the routes that it replaces, */
    unsigned exit;          /* on this interface */
    uint16_t mtu;           /* of the path; 0: none learnt */
    tapir_instant gateway_until, mtu_until;
};

struct exceptions {
    struct exception *entries;
    uint32_t count, peak; /* places taken, by expired ones too */
};

bool exception_table_init(struct exceptions *exceptions, struct memory *memory);
void exception_table_free(struct exceptions *exceptions, struct memory *memory);

/* Enters the first hop or the MTU that `learnt` has, until its time; what else is known of the destination stays. Always
 * finds room. */
void exception_learn_gateway(struct exceptions *exceptions, struct core *core,
                             const struct exception *learnt);
void exception_learn_mtu(struct exceptions *exceptions, struct core *core, const struct exception *learnt);

/* What holds now about `destination`: gateway 0 and mtu 0 where nothing does. */
struct exception exception_lookup(const struct exceptions *exceptions, const struct core *core,
                                  struct ip4 destination);

/* Copies at most `max` exceptions that hold, from place `*cursor` on, into rows[].exception. Shape of tapir_list. */
size_t exception_list(const struct exceptions *exceptions, const struct core *core, uint64_t *cursor,
                      union tapir_row rows[], size_t max);

#endif
