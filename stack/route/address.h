/* Which addresses are ours, on which interface, and what else is special about the networks they lie on.
 *
 * One small hash table answers, for any address: ours, the broadcast of a connected network, its zero host
 * (the old form of a broadcast), or nothing special. It is asked for source and destination of every packet,
 * so it stays in the cache. Its keys are chosen by the administrator, not by strangers. Prefixes of 31 and 32
 * have no broadcast (RFC 3021).
 *
 * States: TENTATIVE: being probed, not ours yet. READY: ours. CONFLICT: given up. The broadcasts of the network are
 * broadcasts in each of them: no answer may go there. Next: route/source.h. */
#ifndef ROUTE_ADDRESS_H
#define ROUTE_ADDRESS_H

#include "core/event.h"
#include "core/memory.h"
#include "core/timer.h"
#include "wire/addr.h"

struct address {
    struct ip4_prefix prefix; /* the address itself, with the length of its network */
    unsigned iface;
    enum tapir_address_state state;
    bool unadvertised;      /* icmp4/router_advertise is to leave it out */
    bool advertised;        /* it was listed */
    bool used;              /* this entry of the list is taken */
    uint8_t sent;           /* link/acd: probes or announcements sent in this state */
    bool defended;          /* link/acd: `conflict` means something */
    tapir_instant conflict; /* link/acd: of the last defence */
    struct timer timer;     /* link/acd */
    struct event_source event;
};

enum address_kind {
    ADDRESS_NOTHING,
    ADDRESS_OURS,
    ADDRESS_BROADCAST,
    ADDRESS_ZERO_HOST
};

struct address_special {
    struct ip4 key;
    uint32_t place; /* of the address in the list, from 1; 0: empty */
    enum address_kind kind;
};

struct addresses {
    struct address *list;
    struct address_special *special;
    uint32_t limit, count, mask;
    unsigned shift; /* 32 less the bits of `mask` */
    uint32_t end;   /* no place from here on was ever used */
};

bool address_table_init(struct addresses *addresses, struct memory *memory, uint32_t limit);
void address_table_free(struct addresses *addresses, struct memory *memory);

/* Enters an address in state `state`. NULL: the list is full. The caller has checked that it is new. */
struct address *address_add(struct addresses *addresses, unsigned iface, struct ip4_prefix prefix,
                            enum tapir_address_state state);

/* The same at place `place` of the list, which is free. */
struct address *address_add_at(struct addresses *addresses, uint32_t place, unsigned iface,
                               struct ip4_prefix prefix, enum tapir_address_state state);
void address_remove(struct addresses *addresses, struct address *address);

/* Moves an address to another state. Only READY ones are OURS to address_lookup. */
void address_become(struct addresses *addresses, struct address *address, enum tapir_address_state state);

/* Knuth's multiplicative hash, of which the highest bits know all bits of the key: neighbors in a network spread well, and so do equal
 * hosts of many networks. Nobody hostile chooses the keys. */
static inline uint32_t address_slot(const struct addresses *addresses, struct ip4 key)
{
    return (uint32_t)(key.value * UINT32_C(2654435769)) >> addresses->shift;
}

/* The rest of address_lookup, for the few whose slot is taken. */
enum address_kind address_lookup_special(const struct addresses *addresses, struct ip4 ip, unsigned iface,
                                         const struct address **address);

/* Nothing is special about `ip`: for sure; false says little. */
static inline bool address_is_plain(const struct addresses *addresses, struct ip4 ip)
{
    return addresses->special[address_slot(addresses, ip)].place == 0;
}

/* What is special about `ip`. `*address` (may be NULL) becomes the address, or one on the network it belongs
 * to. A broadcast that several of our networks share is found on `iface` first. */
static inline enum address_kind address_lookup(const struct addresses *addresses, struct ip4 ip,
                                               unsigned iface, const struct address **address)
{
    if (address_is_plain(addresses, ip))
        return ADDRESS_NOTHING;
    return address_lookup_special(addresses, ip, iface, address);
}

/* The entry of exactly this address on this interface in any state, or NULL. */
struct address *address_find(const struct addresses *addresses, unsigned iface, struct ip4 ip);

/* The first READY address of `iface` on whose network `ip` lies, or NULL. */
const struct address *address_towards(const struct addresses *addresses, unsigned iface, struct ip4 ip);

/* The next taken entry at or after place `*cursor` (from 0), which moves behind it; NULL: none. */
struct address *address_next(const struct addresses *addresses, uint64_t *cursor);

/* The next READY address of `iface`, in the same way. */
const struct address *address_next_ready(const struct addresses *addresses, unsigned iface, uint64_t *cursor);

#endif
