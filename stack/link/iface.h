/* Interfaces: name, MAC, MTU, carrier, settings, and the frames that wait to leave.
 *
 * Numbers are the caller's; the list is as long as limits.interfaces. Next: link/ether.h. */
#ifndef LINK_IFACE_H
#define LINK_IFACE_H

#include "core/core.h"
#include "core/marks.h"

/* Bands of the out lane: what we say ourselves leaves before what passes through. */
enum iface_band {
    BAND_OURS,
    BAND_TRANSIT,
    BAND_COUNT
};

struct iface {
    unsigned number;
    struct mac mac;
    uint16_t mtu;
    bool up;       /* it has a carrier */
    bool paused;   /* its device takes nothing for now */
    uint8_t takes; /* its device takes: bits of TAPIR_TAKES */
    struct lane out[BAND_COUNT];
    uint32_t taken[BAND_COUNT];    /* places of `out`: of its frames, of what stands admitted in lane frame */
    struct settings settings;      /* what stands above and its first octets are all that most packets need */
    bool own[TAPIR_SETTING_COUNT]; /* settings given to it, not to its node */
    char name[16];
    struct event_source event;
};

enum {
    IFACE_FEW = 64 /* of so many what a packet needs stays in the cache */
};

struct ifaces {
    struct iface **list; /* by number; NULL: none of that number */
    uint32_t limit, count;
    uint32_t out_limit[BAND_COUNT]; /* frames in one band */
    struct marks busy;              /* those with frames, and some that had */
    unsigned turn;                  /* where iface_take_out goes on */
};

bool iface_table_init(struct ifaces *ifaces, struct memory *memory, uint32_t limit, uint32_t out_limit);
void iface_table_free(struct ifaces *ifaces, struct memory *memory);

/* Adds an interface, up, with the node's settings; its number is below the limit and free. NULL: no memory. */
struct iface *iface_add(struct ifaces *ifaces, struct core *core, unsigned number, const char name[16],
                        struct mac mac, uint16_t mtu);

/* Takes an interface out of the list, with what waits in its out lanes; puts it back; frees it, its lanes empty. */
void iface_detach(struct ifaces *ifaces, struct iface *iface);
void iface_attach(struct ifaces *ifaces, struct iface *iface);
void iface_free(struct core *core, struct iface *iface);

/* The settings that hold on an interface; the node's when it is gone. */
const struct settings *iface_settings(const struct ifaces *ifaces, const struct core *core, unsigned number);

/* The interface of that number, or NULL. */
struct iface *iface_lookup(const struct ifaces *ifaces, unsigned number);

/* Its device takes no frames for now, or takes them again. */
void iface_pause(struct ifaces *ifaces, struct iface *iface, bool paused);

/* The same for a number below the limit, as that of every packet which ether_input let pass. */
static inline struct iface *iface_at(const struct ifaces *ifaces, unsigned number)
{
    return ifaces->list[number];
}

/* What a packet needs of the interface of that number, which is below the limit, is on its way into the cache. There may be none:
 * routes that refuse name number 0. */
static inline void iface_expect(const struct ifaces *ifaces, unsigned number)
{
    const struct iface *iface = ifaces->list[number];
    if (iface == NULL)
        return;
    __builtin_prefetch(iface);
    __builtin_prefetch(&iface->settings);
}

/* Settles all that waits in its out lanes. */
void iface_flush(struct core *core, struct iface *iface, enum tapir_verdict verdict);

/* There is a place for a packet of `band`. */
static inline bool iface_has_room(const struct ifaces *ifaces, const struct iface *iface,
                                  enum iface_band band)
{
    return iface->taken[band] < ifaces->out_limit[band];
}

/* May a packet of `band`, or the `n` pieces of one, leave by `iface` (NULL: it is gone)? OUT_DOWN, OUT_FULL, or UNSETTLED: then
 * their places are theirs until they leave lane out. One place that is left is enough for all pieces, as a datagram may have
 * more of them than there are places. Asked before the first byte of a packet is changed. */
static inline enum tapir_verdict iface_admit(const struct ifaces *ifaces, struct iface *iface,
                                             enum iface_band band, uint32_t n)
{
    if (iface == NULL || !iface->up)
        return TAPIR_OUT_DOWN;
    if (!iface_has_room(ifaces, iface, band))
        return TAPIR_OUT_FULL;
    iface->taken[band] += n;
    return TAPIR_UNSETTLED;
}

/* The verdict on a packet that `verdict` refuses: QUENCHED in place of OUT_FULL, NEIGHBOR_OVERFLOW and STORE_FULL where
 * icmp.source_quench.send is on at the interface of its arrival (RFC 792); else `verdict`. */
enum tapir_verdict iface_refuse(const struct ifaces *ifaces, const struct core *core,
                                const struct tapir_packet *packet, enum tapir_verdict verdict);

/* Puts a frame that was admitted at the end of an out lane. One that has frames and is not paused is marked already. */
static inline void iface_put_out(struct ifaces *ifaces, struct core *core, struct iface *iface,
                                 enum iface_band band, struct tapir_packet *packet)
{
    struct lane *out = &iface->out[band];
    if (lane_is_empty(out) && !iface->paused)
        marks_set(&ifaces->busy, iface->number);
    promise(packet->verdict == TAPIR_UNSETTLED);
    lane_link(core, out, packet);
    core->leaving++;
}

/* Takes a batch for the next interface with frames that is not paused, ours before transit. 0: none. */
size_t iface_take_out(struct ifaces *ifaces, struct core *core, unsigned *number,
                      struct tapir_packet *packets[], size_t max);

#endif
