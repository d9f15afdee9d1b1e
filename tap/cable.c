#include "tap/cable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/rand.h"
#include "tap/flight.h"

#define NS_PER_SECOND INT64_C(1000000000)
#define WAIT_MOST     INT64_C(1000000000000000000) /* 31 years: so that no time to come overflows */

struct end {
    struct device device; /* first: the device's pointer is the end's */
    struct cable *cable;
    struct end *next;
    struct flight flight; /* what is on the way to this end */
    int64_t *starts;      /* ring: when the frames that wait for the transmitter begin, oldest at `first` */
    uint32_t first, waiting;
    int64_t busy_until;
};

struct cable {
    struct network_link link;
    struct rand_state random;
    struct pool *pool;
    struct end *ends, **last;
    uint64_t entries;
    struct cable_counters counters;
    bool has_chance;
};

const char *cable_fate_name(enum cable_fate fate)
{
    static const char *const names[CABLE_FATE_COUNT] = {
        [CABLE_DELIVERED] = "cable-delivered",
        [CABLE_LOST] = "cable-lost",
        [CABLE_QUEUE_FULL] = "cable-queue-full",
        [CABLE_NO_SLOT] = "cable-no-slot",
        [CABLE_UNHEARD] = "cable-unheard",
        [CABLE_CORRUPTED] = "cable-corrupted",
        [CABLE_DUPLICATED] = "cable-duplicated",
        [CABLE_REORDERED] = "cable-reordered",
        [CABLE_DOWN] = "cable-down",
    };
    return fate < CABLE_FATE_COUNT ? names[fate] : "cable-unknown";
}

/* ---- entry: the transmitter of an end ------------------------------------------------------------------ */

/* True with the given probability. */
static bool chance(struct cable *cable, double probability)
{
    return (double)rand_next32(&cable->random) < probability * 4294967296.0;
}

static bool queue_join(struct end *end, int64_t start, int64_t now)
{
    uint32_t limit = end->cable->link.queue;
    while (end->waiting > 0 && end->starts[end->first] <= now) {
        end->first = (end->first + 1) % limit;
        end->waiting--;
    }
    if (start <= now)
        return true;
    if (end->starts == NULL)
        end->starts = calloc(limit, sizeof *end->starts);
    if (end->starts == NULL || end->waiting == limit)
        return false;
    end->starts[(end->first + end->waiting++) % limit] = start;
    return true;
}

/* Puts `size` octets on the wire. False: the queue is full. `*sent`: when the last bit has left. */
static bool transmit(struct end *end, uint32_t size, int64_t now, int64_t *sent)
{
    uint64_t rate = end->cable->link.rate;
    *sent = now;
    if (rate == 0)
        return true;
    int64_t start = end->busy_until > now ? end->busy_until : now;
    if (start - now > WAIT_MOST || !queue_join(end, start, now))
        return false;
    uint64_t bits = (uint64_t)size * 8;
    *sent = start + (int64_t)((bits * (uint64_t)NS_PER_SECOND + rate - 1) / rate);
    end->busy_until = *sent;
    return true;
}

/* ---- the wire to one end ------------------------------------------------------------------------------- */

static struct tapir_packet *copy(struct cable *cable, const struct tapir_packet *from)
{
    struct tapir_packet *packet = pool_take(cable->pool);
    if (packet == NULL)
        return NULL;
    if (from->size > packet->tailroom) {
        cable->pool->face.give(&cable->pool->face, packet);
        return NULL;
    }
    memcpy(packet->data, from->data, from->size);
    packet->size = from->size;
    packet->tailroom -= from->size;
    packet->offload = from->offload;
    return packet;
}

static void fly(struct end *to, const struct tapir_packet *frame, int64_t time, bool corrupt)
{
    struct cable *cable = to->cable;
    if (to->flight.n >= CABLE_FLIGHT) {
        cable->counters.frames[CABLE_QUEUE_FULL]++;
        return;
    }
    struct tapir_packet *packet = flight_reserve(&to->flight) ? copy(cable, frame) : NULL;
    if (packet == NULL) {
        cable->counters.frames[CABLE_NO_SLOT]++;
        return;
    }
    if (corrupt && packet->size > 0) {
        uint32_t bit = rand_below(&cable->random, packet->size * 8);
        packet->data[bit / 8] = (uint8_t)(packet->data[bit / 8] ^ (1U << (bit % 8)));
        cable->counters.frames[CABLE_CORRUPTED]++;
    }
    flight_push(&to->flight, (struct flight_frame){time, cable->entries++, packet});
    cable->counters.frames[CABLE_DELIVERED]++;
    device_ring(&to->device);
}

/* Chance decides in the order loss, corruption, duplicate, reorder. A frame that is held back comes up to 1
 * ms or the latency later, whichever is more, and later ones may overtake it. */
static void carry(struct end *to, const struct tapir_packet *frame, int64_t time)
{
    struct cable *cable = to->cable;
    const struct network_link *link = &cable->link;
    if (!cable->has_chance) {
        fly(to, frame, time, false);
        return;
    }
    if (chance(cable, link->loss)) {
        cable->counters.frames[CABLE_LOST]++;
        return;
    }
    bool corrupt = chance(cable, link->corrupt);
    bool duplicate = chance(cable, link->duplicate);
    if (chance(cable, link->reorder)) {
        int64_t most = link->latency_ns > NS_PER_SECOND / 1000 ? link->latency_ns : NS_PER_SECOND / 1000;
        time += rand_between(&cable->random, 1, most);
        cable->counters.frames[CABLE_REORDERED]++;
    }
    fly(to, frame, time, corrupt);
    if (duplicate) {
        cable->counters.frames[CABLE_DUPLICATED]++;
        fly(to, frame, time, false);
    }
}

static void enter(struct end *from, const struct tapir_packet *frame, int64_t now)
{
    struct cable *cable = from->cable;
    int64_t sent;
    if (!from->device.up) {
        cable->counters.frames[CABLE_DOWN]++;
        from->device.lost++;
        return;
    }
    if (!transmit(from, frame->size, now, &sent)) {
        cable->counters.frames[CABLE_QUEUE_FULL]++;
        from->device.lost++;
        return;
    }
    from->device.sent++;
    if (cable->ends->next == NULL)
        cable->counters.frames[CABLE_UNHEARD]++;
    for (struct end *to = cable->ends; to != NULL; to = to->next)
        if (to != from)
            carry(to, frame, sent + cable->link.latency_ns);
}

/* ---- the device ---------------------------------------------------------------------------------------- */

static void end_tx(struct device *device, struct tapir_packet *const packets[], size_t n, tapir_instant now)
{
    for (size_t i = 0; i < n; i++)
        enter((void *)device, packets[i], now.ns);
    device_release(packets, n);
}

static size_t end_rx(struct device *device, struct tapir_packet *packets[], size_t max, tapir_instant now)
{
    struct end *end = (void *)device;
    size_t n = 0;
    while (n < max && flight_time(&end->flight).ns <= now.ns)
        packets[n++] = flight_pop(&end->flight);
    device->received += n;
    return n;
}

static int end_fd(const struct device *device)
{
    (void)device;
    return -1;
}

static tapir_instant end_deadline(const struct device *device)
{
    const struct end *end = (const void *)device;
    return flight_time(&end->flight);
}

/* The cable closes its ends. */
static void end_close(struct device *device)
{
    (void)device;
}

static const struct device_ops end_ops = {end_rx, end_tx, end_fd, end_deadline, end_close, NULL};

/* ---- the cable ----------------------------------------------------------------------------------------- */

struct cable *cable_create(const struct network_link *link, const uint8_t seed[16], struct pool *pool)
{
    struct cable *cable = calloc(1, sizeof *cable);
    if (cable == NULL)
        return NULL;
    cable->link = *link;
    if (cable->link.latency_ns < CABLE_MINIMUM_NS)
        cable->link.latency_ns = CABLE_MINIMUM_NS;
    if (cable->link.queue == 0)
        cable->link.queue = CABLE_QUEUE;
    cable->has_chance = link->loss > 0 || link->corrupt > 0 || link->duplicate > 0 || link->reorder > 0;
    cable->pool = pool;
    cable->last = &cable->ends;
    rand_init(&cable->random, seed, 0);
    return cable;
}

struct device *cable_join(struct cable *cable)
{
    struct end *end = calloc(1, sizeof *end);
    if (end == NULL)
        return NULL;
    end->device = (struct device){.ops = &end_ops, .up = true, .pool = cable->pool};
    snprintf(end->device.name, sizeof end->device.name, "%s",
             cable->link.name == NULL ? "cable" : cable->link.name);
    end->cable = cable;
    *cable->last = end;
    cable->last = &end->next;
    return &end->device;
}

/* What is on the way to an end has been counted as delivered, and is not. */
static void end_cut(struct end *end)
{
    struct cable *cable = end->cable;
    while (end->flight.n > 0) {
        struct tapir_packet *packet = flight_pop(&end->flight);
        cable->pool->face.give(&cable->pool->face, packet);
        cable->counters.frames[CABLE_DELIVERED]--;
        cable->counters.frames[CABLE_DOWN]++;
    }
}

void cable_switch(struct cable *cable, bool up)
{
    for (struct end *end = cable->ends; end != NULL; end = end->next) {
        if (!up)
            end_cut(end);
        device_carry(&end->device, up);
    }
}

const struct cable_counters *cable_counters(const struct cable *cable)
{
    return &cable->counters;
}

tapir_instant cable_deadline(const struct cable *cable)
{
    tapir_instant first = TAPIR_NEVER;
    for (const struct end *end = cable->ends; end != NULL; end = end->next)
        if (flight_time(&end->flight).ns < first.ns)
            first = flight_time(&end->flight);
    return first;
}

void cable_destroy(struct cable *cable)
{
    if (cable == NULL)
        return;
    for (struct end *end = cable->ends, *next; end != NULL; end = next) {
        next = end->next;
        while (end->flight.n > 0) {
            struct tapir_packet *packet = flight_pop(&end->flight);
            cable->pool->face.give(&cable->pool->face, packet);
        }
        free(end->flight.heap);
        free(end->starts);
        free(end);
    }
    free(cable);
}
