#include "icmp4/limiter.h"

#include "core/siphash.h"
#include "wire/addr.h"

enum {
    WAYS = 4,
    SETS = LIMIT_RATED_HOSTS / WAYS,
    SPARED_MAX = 256 /* of 1024: up to a quarter of the burst */
};

static const size_t hosts_size = LIMIT_RATED_HOSTS * sizeof(struct limiter_host);

bool limiter_init(struct limiter *limiter, struct memory *memory)
{
    *limiter = (struct limiter){.hosts = memory_allocate(memory, hosts_size)};
    return limiter->hosts != NULL;
}

void limiter_free(struct limiter *limiter, struct memory *memory)
{
    memory_release(memory, limiter->hosts, hosts_size);
}

/* The entry of `host`; when it has none, an empty one or the oldest of its set becomes it. */
static struct limiter_host *host_entry(struct limiter *limiter, const struct core *core, struct ip4 host,
                                       enum limiter_class class)
{
    uint64_t hash = siphash_words(core->hash_key, (const uint32_t[]){host.value, class}, 2);
    struct limiter_host *set = &limiter->hosts[hash % SETS * WAYS];
    struct limiter_host *oldest = set;
    for (size_t way = 0; way < WAYS; way++) {
        if (ip4_equal(set[way].host, host) && set[way].class == class)
            return &set[way];
        if (ip4_is_zero(oldest->host))
            continue;
        if (ip4_is_zero(set[way].host) || time_before(set[way].bucket.last, oldest->bucket.last))
            oldest = &set[way];
    }
    *oldest = (struct limiter_host){.host = host, .class = class};
    return oldest;
}

static uint32_t number(const struct settings *settings, enum tapir_setting setting)
{
    return (uint32_t)settings_get(settings, setting);
}

static bool take_common(struct limiter *limiter, struct core *core, const struct settings *settings,
                        enum limiter_class class)
{
    uint32_t rate = number(settings, TAPIR_SET_ICMP_RATE);
    uint32_t burst = number(settings, TAPIR_SET_ICMP_BURST);
    if (bucket_is_full(&limiter->all[class], rate, core->now))
        limiter->spared[class] = rand_below(&core->random, SPARED_MAX + 1);
    uint32_t spared = (uint32_t)((uint64_t)burst * limiter->spared[class] / 1024);
    return bucket_take(&limiter->all[class], rate, burst - spared, core->now);
}

enum tapir_verdict limiter_take(struct limiter *limiter, struct core *core, const struct settings *settings,
                                struct ip4 host, enum limiter_class class)
{
    if (number(settings, TAPIR_SET_ICMP_RATE) == 0)
        return TAPIR_UNSETTLED;
    uint32_t rate = number(settings, TAPIR_SET_ICMP_DESTINATION_RATE);
    uint32_t burst = number(settings, TAPIR_SET_ICMP_DESTINATION_BURST);
    struct limiter_host *entry = rate == 0 ? NULL : host_entry(limiter, core, host, class);
    if (entry != NULL && !bucket_has(&entry->bucket, rate, burst, core->now))
        return TAPIR_ANSWER_RATE_DESTINATION;
    if (!take_common(limiter, core, settings, class))
        return TAPIR_ANSWER_RATE;
    if (entry != NULL)
        bucket_take(&entry->bucket, rate, burst, core->now);
    return TAPIR_UNSETTLED;
}
