/* An in-memory wire between any number of ends: latency, rate, loss, reordering, duplicates and corruption,
 * seeded.
 *
 *     tx_batch -> [ queue, bounded ] -> transmitter (rate) -> wire (latency, chance) -> rx_batch of every
 * other end
 *
 * Each end is a device. The cable copies bytes on entry, into slots of a pool that it shares with others, so
 * that a quiet end takes no buffers. Frames arrive in the order (time, entry): the same seed and frames give
 * the same result. More than two ends: a hub. A frame's time on the transmitter is its octets without
 * preamble, FCS and gap. Next: tap/world.h. */
#ifndef TAP_CABLE_H
#define TAP_CABLE_H

#include "tap/device.h"
#include "tap/network.h"

enum {
    CABLE_QUEUE = 1000,     /* frames that wait for the rate when the link does not say */
    CABLE_FLIGHT = 16384,   /* frames on their way to one end at most */
    CABLE_MINIMUM_NS = 1000 /* latency at least: virtual time always moves */
};

/* What the wire did to a frame. Counted once for each end that should hear it, but for a full queue of the
 * transmitter. */
enum cable_fate {
    CABLE_DELIVERED,  /* on its way to an end */
    CABLE_LOST,       /* by chance */
    CABLE_QUEUE_FULL, /* too many waited for the transmitter, or for too long, or were on their way */
    CABLE_NO_SLOT,    /* the shared pool is empty, or the frame fits none of its slots */
    CABLE_UNHEARD,    /* the cable has no other end */
    CABLE_CORRUPTED,  /* delivered with one bit turned */
    CABLE_DUPLICATED, /* delivered twice */
    CABLE_REORDERED,  /* held back so that later frames may overtake it */
    CABLE_DOWN,       /* the link was down, or went down while it was on its way */
    CABLE_FATE_COUNT
};

struct cable_counters {
    uint64_t frames[CABLE_FATE_COUNT];
};

struct cable;

/* "cable-lost" and the like. */
const char *cable_fate_name(enum cable_fate fate);

/* Makes a cable without ends. `pool` gives the slots and must outlive it; `seed` is its own. NULL: no memory.
 */
struct cable *cable_create(const struct network_link *link, const uint8_t seed[16], struct pool *pool);

/* Adds an end. The device belongs to the cable and lives as long. NULL: no memory. */
struct device *cable_join(struct cable *cable);

/* Takes the link down or up again: its ends lose or get their carrier, and what is on its way is lost. */
void cable_switch(struct cable *cable, bool up);

const struct cable_counters *cable_counters(const struct cable *cable);

/* When the next frame arrives at any end; TAPIR_NEVER: none is on its way. */
tapir_instant cable_deadline(const struct cable *cable);

/* Releases what is on its way. NULL is fine. */
void cable_destroy(struct cable *cable);

#endif
