#include "ip4/reass_table.h"

#include "core/siphash.h"
#include "wire/addr.h"

static const size_t buckets_size = REASS_BUCKETS * sizeof(struct reass_datagram *);

static size_t rooms_size(const struct reass *reass)
{
    return (size_t)reass->limit * REASS_HOLES * sizeof(struct range);
}

/* Half of the memory for frames of usual size, a quarter each for short and for jumbo ones. */
static struct tapir_limits slots_of(size_t octets)
{
    return (struct tapir_limits){
        .store_small = (uint32_t)(octets / 4 / pool_stride(STORE_SMALL)),
        .store_medium = (uint32_t)(octets / 2 / pool_stride(STORE_MEDIUM)),
        .store_large = (uint32_t)(octets / 4 / pool_stride(STORE_LARGE)),
    };
}

bool reass_table_init(struct reass *reass, struct memory *memory, const struct tapir_limits *limits)
{
    *reass = (struct reass){.limit = limits->reassemblies};
    struct tapir_limits slots = slots_of(limits->reassembly);
    reass->datagrams = memory_reserve(memory, reass->limit * sizeof(struct reass_datagram));
    reass->rooms = memory_reserve(memory, rooms_size(reass));
    reass->buckets = memory_allocate(memory, buckets_size);
    return reass->datagrams != NULL && reass->rooms != NULL && reass->buckets != NULL &&
           store_init(&reass->store, memory, &slots);
}

void reass_table_free(struct reass *reass, struct memory *memory)
{
    store_free(&reass->store, memory);
    memory_release(memory, reass->buckets, buckets_size);
    memory_release(memory, reass->rooms, rooms_size(reass));
    memory_release(memory, reass->datagrams, reass->limit * sizeof(struct reass_datagram));
}

/* ---- finding ---- */

static struct reass_datagram **bucket_of(const struct reass *reass, const struct core *core,
                                         struct ip4 source)
{
    return &reass->buckets[siphash_words(core->hash_key, &source.value, 1) % REASS_BUCKETS];
}

static bool is_key(const struct reass_datagram *datagram, const struct tapir_tuple *tuple)
{
    return ip4_equal(datagram->source, tuple->source) &&
           ip4_equal(datagram->destination, tuple->destination) && datagram->id == tuple->id &&
           datagram->protocol == tuple->protocol;
}

struct reass_datagram *reass_lookup(const struct reass *reass, const struct core *core,
                                    const struct tapir_tuple *tuple)
{
    struct reass_datagram *datagram = *bucket_of(reass, core, tuple->source);
    while (datagram != NULL && !is_key(datagram, tuple))
        datagram = datagram->chain;
    return datagram;
}

/* ---- the order of the last fragment ---- */

static void append(struct reass *reass, struct reass_datagram *datagram)
{
    datagram->before = reass->last;
    datagram->after = NULL;
    if (reass->last == NULL)
        reass->first = datagram;
    else
        reass->last->after = datagram;
    reass->last = datagram;
}

static void take_out(struct reass *reass, const struct reass_datagram *datagram)
{
    if (datagram->before == NULL)
        reass->first = datagram->after;
    else
        datagram->before->after = datagram->after;
    if (datagram->after == NULL)
        reass->last = datagram->before;
    else
        datagram->after->before = datagram->before;
}

void reass_touch(struct reass *reass, struct reass_datagram *datagram)
{
    take_out(reass, datagram);
    append(reass, datagram);
}

/* ---- leaving ---- */

static void leave(struct reass *reass, struct core *core, struct reass_datagram *datagram)
{
    struct reass_datagram **at = bucket_of(reass, core, datagram->source);
    while (*at != datagram)
        at = &(*at)->chain;
    *at = datagram->chain;
    timer_cancel(&core->timers, &datagram->timer);
    take_out(reass, datagram);
    reass->octets -= datagram->octets;
    reass->count--;
    datagram->chain = reass->free;
    reass->free = datagram;
}

void reass_discard(struct reass *reass, struct core *core, struct reass_datagram *datagram,
                   enum tapir_verdict verdict, uint64_t into)
{
    for (struct tapir_packet *packet; lane_remove(core, &datagram->held, &packet, 1) == 1;) {
        packet->into = into;
        packet->entry = (uint32_t)(datagram - reass->datagrams) + 1;
        settle(core, packet, verdict);
    }
    leave(reass, core, datagram);
}

/* ---- entering ---- */

static uint32_t setting(const struct core *core, enum tapir_setting setting)
{
    return (uint32_t)settings_get(&core->settings, setting);
}

/* What one source has: datagrams, octets, and the one among them whose turn it is to go; `but` is spared. */
struct share {
    uint32_t count;
    size_t octets;
    struct reass_datagram *oldest;
};

/* Walks one bucket: a source has at most ip.reassembly.per_source, and nobody can choose who shares its bucket. The
 * chain begins with the newest. */
static struct share share_of(const struct reass *reass, const struct core *core, struct ip4 source,
                             const struct reass_datagram *but)
{
    struct share share = {0};
    for (struct reass_datagram *at = *bucket_of(reass, core, source); at != NULL; at = at->chain) {
        if (!ip4_equal(at->source, source))
            continue;
        share.count++;
        share.octets += at->octets;
        if (at != but)
            share.oldest = at;
    }
    return share;
}

/* There is one: make_room has seen to it. */
static struct reass_datagram *take_free(struct reass *reass)
{
    struct reass_datagram *datagram = reass->free;
    promise(datagram != NULL || reass->fresh < reass->limit);
    if (datagram == NULL)
        return &reass->datagrams[reass->fresh++];
    reass->free = datagram->chain;
    return datagram;
}

static void make_room(struct reass *reass, struct core *core, struct ip4 source)
{
    struct share share = share_of(reass, core, source, NULL);
    if (share.count >= setting(core, TAPIR_SET_IP_REASSEMBLY_PER_SOURCE))
        reass_discard(reass, core, share.oldest, TAPIR_IP4_FRAGMENT_CROWDED, 0);
    uint32_t most = setting(core, TAPIR_SET_IP_REASSEMBLY_DATAGRAMS);
    while (reass->count >= most || reass->count >= reass->limit) /* both are 1 at least */
        reass_discard(reass, core, reass->first, TAPIR_IP4_FRAGMENT_CROWDED, 0);
}

struct reass_datagram *reass_enter(struct reass *reass, struct core *core, const struct tapir_tuple *tuple)
{
    make_room(reass, core, tuple->source);
    struct reass_datagram *datagram = take_free(reass);
    struct reass_datagram **bucket = bucket_of(reass, core, tuple->source);
    *datagram = (struct reass_datagram){
        .chain = *bucket,
        .source = tuple->source,
        .destination = tuple->destination,
        .id = tuple->id,
        .protocol = tuple->protocol,
        .timer.kind = TIMER_REASSEMBLY,
    };
    lane_init(&datagram->held, LANE_HELD);
    size_t place = (size_t)(datagram - reass->datagrams);
    datagram->there = ranges_in(&reass->rooms[place * REASS_HOLES], REASS_HOLES);
    *bucket = datagram;
    append(reass, datagram);
    reass->count++;
    return datagram;
}

/* ---- holding ---- */

/* Who goes when memory is short: of a source with more than a quarter of it the oldest, else the oldest of all; NULL:
 * `datagram` itself. */
static struct reass_datagram *victim(const struct reass *reass, const struct core *core,
                                     const struct reass_datagram *datagram)
{
    struct share share = share_of(reass, core, datagram->source, datagram);
    if (share.octets > reass->octets / 4)
        return share.oldest;
    return reass->first != datagram ? reass->first : datagram->after;
}

static size_t memory_limit(const struct core *core)
{
    return (size_t)settings_get(&core->settings, TAPIR_SET_IP_REASSEMBLY_MEMORY);
}

static bool has_memory(const struct reass *reass, const struct core *core, size_t size)
{
    return reass->octets + store_cost(&reass->store, size) <= memory_limit(core);
}

/* The slots of a datagram that went come home when the caller has seen its packets. So one goes, for whoever comes next;
 * more would make no room now. */
static bool has_slot(struct reass *reass, struct core *core, const struct reass_datagram *datagram,
                     size_t size)
{
    if (store_has_room(&reass->store, size))
        return true;
    struct reass_datagram *other = victim(reass, core, datagram);
    if (other != NULL)
        reass_discard(reass, core, other, TAPIR_IP4_FRAGMENT_CROWDED, 0);
    return false;
}

/* It would fit if nobody else were here. */
static bool may_fit(const struct reass *reass, const struct core *core, size_t size)
{
    size_t cost = store_least_cost(&reass->store, size);
    return cost != 0 && cost <= memory_limit(core);
}

bool reass_hold(struct reass *reass, struct core *core, struct reass_datagram *datagram,
                struct tapir_packet *packet)
{
    if (!may_fit(reass, core, packet->size))
        return false;
    while (!has_memory(reass, core, packet->size)) {
        struct reass_datagram *other = victim(reass, core, datagram);
        if (other == NULL)
            return false;
        reass_discard(reass, core, other, TAPIR_IP4_FRAGMENT_CROWDED, 0);
    }
    if (!has_slot(reass, core, datagram, packet->size))
        return false;
    size_t cost = store_cost(&reass->store, packet->size);
    datagram->octets += cost;
    reass->octets += cost;
    if (reass->octets > reass->peak)
        reass->peak = reass->octets;
    packet = packet_keep(core, &reass->store, packet, TAPIR_IP4_FRAGMENT_HELD);
    lane_append(core, &datagram->held, packet);
    return true;
}
