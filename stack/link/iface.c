#include "link/iface.h"

#include <string.h>

/* What we say ourselves comes from the store: with a third of its slots, and those of one datagram in pieces, no slow exit
 * takes those of all. */
bool iface_table_init(struct ifaces *ifaces, struct memory *memory, uint32_t limit, uint32_t out_limit)
{
    *ifaces = (struct ifaces){.limit = limit};
    ifaces->out_limit[BAND_OURS] = (out_limit + 1) / 2;
    ifaces->out_limit[BAND_TRANSIT] = out_limit;
    ifaces->list = memory_allocate(memory, limit * sizeof(struct iface *));
    return ifaces->list != NULL && marks_init(&ifaces->busy, memory, limit);
}

void iface_table_free(struct ifaces *ifaces, struct memory *memory)
{
    if (ifaces->list == NULL)
        return;
    for (unsigned i = 0; i < ifaces->limit; i++)
        memory_release(memory, ifaces->list[i], sizeof(struct iface));
    memory_release(memory, ifaces->list, ifaces->limit * sizeof(struct iface *));
    marks_free(&ifaces->busy, memory);
}

struct iface *iface_lookup(const struct ifaces *ifaces, unsigned number)
{
    return number < ifaces->limit ? ifaces->list[number] : NULL;
}

const struct settings *iface_settings(const struct ifaces *ifaces, const struct core *core, unsigned number)
{
    const struct iface *iface = iface_lookup(ifaces, number);
    return iface == NULL ? &core->settings : &iface->settings;
}

struct iface *iface_add(struct ifaces *ifaces, struct core *core, unsigned number, const char name[16],
                        struct mac mac, uint16_t mtu)
{
    promise(number < ifaces->limit && ifaces->list[number] == NULL);
    struct iface *iface = memory_allocate(&core->memory, sizeof *iface);
    if (iface == NULL)
        return NULL;
    iface->number = number;
    memcpy(iface->name, name, sizeof iface->name);
    iface->name[sizeof iface->name - 1] = '\0';
    iface->mac = mac;
    iface->mtu = mtu;
    iface->up = true;
    iface->settings = core->settings;
    lane_init(&iface->out[BAND_OURS], LANE_OUT);
    lane_init(&iface->out[BAND_TRANSIT], LANE_OUT);
    iface->event.event.iface = number;
    iface_attach(ifaces, iface);
    return iface;
}

static bool has_frames(const struct iface *iface)
{
    return !iface->paused &&
           (!lane_is_empty(&iface->out[BAND_OURS]) || !lane_is_empty(&iface->out[BAND_TRANSIT]));
}

/* Those with frames are marked, so that nobody looks at the thousands without. */
static void mark(struct ifaces *ifaces, const struct iface *iface)
{
    if (has_frames(iface))
        marks_set(&ifaces->busy, iface->number);
}

void iface_detach(struct ifaces *ifaces, struct iface *iface)
{
    marks_clear(&ifaces->busy, iface->number);
    ifaces->list[iface->number] = NULL;
    ifaces->count--;
}

/* It may have frames, where it was only gone for a while. */
void iface_attach(struct ifaces *ifaces, struct iface *iface)
{
    ifaces->list[iface->number] = iface;
    ifaces->count++;
    mark(ifaces, iface);
}

void iface_free(struct core *core, struct iface *iface)
{
    promise(lane_is_empty(&iface->out[BAND_OURS]) && lane_is_empty(&iface->out[BAND_TRANSIT]));
    promise(iface->taken[BAND_OURS] == 0 && iface->taken[BAND_TRANSIT] == 0);
    event_forget(&core->events, &iface->event);
    memory_release(&core->memory, iface, sizeof *iface);
}

static size_t take(struct core *core, struct iface *iface, enum iface_band band,
                   struct tapir_packet *packets[], size_t max)
{
    size_t n = lane_remove(core, &iface->out[band], packets, max);
    iface->taken[band] -= (uint32_t)n;
    return n;
}

void iface_flush(struct core *core, struct iface *iface, enum tapir_verdict verdict)
{
    struct tapir_packet *packet;
    for (enum iface_band band = BAND_OURS; band < BAND_COUNT; band++)
        while (take(core, iface, band, &packet, 1) == 1)
            settle(core, packet, verdict);
}

enum tapir_verdict iface_refuse(const struct ifaces *ifaces, const struct core *core,
                                const struct tapir_packet *packet, enum tapir_verdict verdict)
{
    bool lacks_room =
        verdict == TAPIR_OUT_FULL || verdict == TAPIR_NEIGHBOR_OVERFLOW || verdict == TAPIR_STORE_FULL;
    bool had_answer = packet->answer != TAPIR_UNSETTLED; /* a redirect, or what kept it back */
    if (!lacks_room || had_answer || packet->within.origin != TAPIR_RECEIVED)
        return verdict;
    const struct settings *settings = iface_settings(ifaces, core, packet->iface);
    return settings_is_on(settings, TAPIR_SET_ICMP_SOURCE_QUENCH_SEND) ? TAPIR_QUENCHED : verdict;
}

void iface_pause(struct ifaces *ifaces, struct iface *iface, bool paused)
{
    iface->paused = paused;
    mark(ifaces, iface);
}

/* The next from `turn` on, round and round; NULL: there is none. */
static struct iface *next_busy(const struct ifaces *ifaces)
{
    uint32_t number = marks_next(&ifaces->busy, ifaces->turn);
    if (number == ifaces->limit)
        number = marks_next(&ifaces->busy, 0);
    return iface_lookup(ifaces, number);
}

/* Those that a flush or a pause left with nothing to take lose their mark here. */
size_t iface_take_out(struct ifaces *ifaces, struct core *core, unsigned *number,
                      struct tapir_packet *packets[], size_t max)
{
    for (struct iface *iface; (iface = next_busy(ifaces)) != NULL;) {
        size_t n = 0;
        if (!iface->paused) {
            n = take(core, iface, BAND_OURS, packets, max);
            n += take(core, iface, BAND_TRANSIT, packets + n, max - n);
            ifaces->turn = iface->number + 1;
        }
        if (!has_frames(iface))
            marks_clear(&ifaces->busy, iface->number);
        *number = iface->number;
        if (n > 0)
            return n;
    }
    return 0;
}
