#include "link/neigh_table.h"

#include "core/power.h"
#include "core/siphash.h"

static size_t buckets_size(const struct neighbors *neighbors)
{
    return (neighbors->mask + 1) * sizeof(struct neighbor *);
}

bool neighbor_table_init(struct neighbors *neighbors, struct memory *memory, uint32_t limit)
{
    *neighbors = (struct neighbors){.limit = limit, .mask = power_above(limit) - 1};
    neighbors->entries = memory_allocate(memory, limit * sizeof *neighbors->entries);
    neighbors->buckets = memory_allocate(memory, buckets_size(neighbors));
    return neighbors->entries != NULL && neighbors->buckets != NULL;
}

void neighbor_table_free(struct neighbors *neighbors, struct memory *memory)
{
    memory_release(memory, neighbors->entries, neighbors->limit * sizeof *neighbors->entries);
    memory_release(memory, neighbors->buckets, buckets_size(neighbors));
}

struct neighbor **neighbor_bucket(const struct neighbors *neighbors, const struct core *core, unsigned iface,
                                  struct ip4 address)
{
    uint64_t hash = siphash_words(core->hash_key, (const uint32_t[]){iface, address.value}, 2);
    return &neighbors->buckets[hash & neighbors->mask];
}

static struct neighbor *find_in(struct neighbor *const *bucket, unsigned iface, struct ip4 address)
{
    struct neighbor *neighbor = *bucket;
    while (neighbor != NULL && !neighbor_is_of(neighbor, iface, address))
        neighbor = neighbor->chain;
    return neighbor;
}

struct neighbor *neighbor_lookup(const struct neighbors *neighbors, const struct core *core, unsigned iface,
                                 struct ip4 address)
{
    return find_in(neighbor_bucket(neighbors, core, iface, address), iface, address);
}

struct neighbor *neighbor_search(struct neighbors *neighbors, const struct core *core,
                                 struct neighbor *const *bucket, unsigned iface, struct ip4 address)
{
    if (bucket == NULL)
        bucket = neighbor_bucket(neighbors, core, iface, address);
    struct neighbor *found = find_in(bucket, iface, address);
    *neighbor_recent_at(neighbors, address) = (struct neighbor_recent){found, iface, address};
    return found;
}

static void list_append(struct neighbor_list *list, struct neighbor *neighbor)
{
    neighbor->after = NULL;
    neighbor->before = list->last;
    if (list->last == NULL)
        list->first = neighbor;
    else
        list->last->after = neighbor;
    list->last = neighbor;
    list->size++;
}

static void list_remove(struct neighbor_list *list, struct neighbor *neighbor)
{
    if (neighbor->before == NULL)
        list->first = neighbor->after;
    else
        neighbor->before->after = neighbor->after;
    if (neighbor->after == NULL)
        list->last = neighbor->before;
    else
        neighbor->after->before = neighbor->before;
    list->size--;
}

void neighbor_reclass(struct neighbors *neighbors, struct neighbor *neighbor, enum neighbor_class class)
{
    list_remove(&neighbors->classes[neighbor->class], neighbor);
    neighbor->class = (uint8_t) class;
    neighbor->trusted = (tapir_instant){0};
    list_append(&neighbors->classes[class], neighbor);
}

void neighbor_distrust_all(struct neighbors *neighbors)
{
    for (uint32_t i = 0; i < neighbors->fresh; i++)
        neighbors->entries[i].trusted = (tapir_instant){0};
}

bool neighbor_table_is_full(const struct neighbors *neighbors)
{
    return neighbors->free == NULL && neighbors->fresh == neighbors->limit;
}

/* Those that were never used come last, so that the memory of a quiet table is never touched. */
static struct neighbor *take_free(struct neighbors *neighbors)
{
    struct neighbor *neighbor = neighbors->free;
    if (neighbor != NULL)
        neighbors->free = neighbor->chain;
    else if (neighbors->fresh < neighbors->limit)
        neighbor = &neighbors->entries[neighbors->fresh++];
    return neighbor;
}

struct neighbor *neighbor_enter(struct neighbors *neighbors, const struct core *core, unsigned iface,
                                struct ip4 address, enum neighbor_class class)
{
    struct neighbor *neighbor = take_free(neighbors);
    if (neighbor == NULL)
        return NULL;
    struct neighbor **bucket = neighbor_bucket(neighbors, core, iface, address);
    *neighbor = (struct neighbor){
        .chain = *bucket,
        .iface = iface,
        .address = address,
        .number = (uint32_t)(neighbor - neighbors->entries) + 1,
        .class = (uint8_t) class,
    };
    neighbor->state = TAPIR_NEIGHBOR_INCOMPLETE;
    neighbor->is_taken = true;
    neighbor->timer.kind = TIMER_NEIGHBOR;
    lane_init(&neighbor->held, LANE_HELD);
    neighbor->used = core->now;
    *bucket = neighbor;
    list_append(&neighbors->classes[class], neighbor);
    if (++neighbors->count > neighbors->peak)
        neighbors->peak = neighbors->count;
    return neighbor;
}

void neighbor_leave(struct neighbors *neighbors, struct core *core, struct neighbor *neighbor)
{
    struct neighbor_recent *recent = neighbor_recent_at(neighbors, neighbor->address);
    if (recent->neighbor == neighbor)
        recent->neighbor = NULL;
    promise(lane_is_empty(&neighbor->held));
    timer_cancel(&core->timers, &neighbor->timer);
    list_remove(&neighbors->classes[neighbor->class], neighbor);
    struct neighbor **at = neighbor_bucket(neighbors, core, neighbor->iface, neighbor->address);
    while (*at != neighbor)
        at = &(*at)->chain;
    *at = neighbor->chain;
    neighbor->is_taken = false;
    neighbors->count--;
    neighbor->chain = neighbors->free;
    neighbors->free = neighbor;
}
