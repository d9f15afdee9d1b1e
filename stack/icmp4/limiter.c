#include "icmp4/limiter.h"

#include "core/siphash.h"
#include "wire/addr.h"

enum {
    WAYS = 4,
    SETS = LIMIT_RATED_HOSTS / WAYS,
    SPARED_MAX = 256, /* of 1024: up to a quarter of the burst */
    REDIRECT_UNHEEDED = 9,
    REDIRECT_QUIET = 20 /* s */
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

static bool is_entry_of(const struct limiter_host *entry, struct ip4 host, struct ip4 other,
                        enum limiter_class class)
{
    return ip4_equal(entry->host, host) && ip4_equal(entry->other, other) && entry->class == class;
}

/* The entry of `host` and `other`; when there is none, an empty one or the one of its set not seen for longest. */
static struct limiter_host *entry_of(struct limiter *limiter, const struct core *core, struct ip4 host,
                                     struct ip4 other, enum limiter_class class)
{
    uint64_t hash = siphash_words(core->hash_key, (const uint32_t[]){host.value, other.value, class}, 3);
    struct limiter_host *set = &limiter->hosts[hash % SETS * WAYS];
    struct limiter_host *oldest = set;
    for (size_t way = 0; way < WAYS; way++) {
        if (is_entry_of(&set[way], host, other, class))
            return &set[way];
        if (ip4_is_zero(set[way].host) || time_before(set[way].seen, oldest->seen))
            oldest = &set[way];
    }
    *oldest = (struct limiter_host){.host = host, .other = other, .class = class, .seen = core->now};
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
    struct limiter_host *entry = rate == 0 ? NULL : entry_of(limiter, core, host, (struct ip4){0}, class);
    if (entry != NULL)
        entry->seen = core->now;
    if (entry != NULL && !bucket_has(&entry->bucket, rate, burst, core->now))
        return TAPIR_ANSWER_RATE_DESTINATION;
    if (!take_common(limiter, core, settings, class))
        return TAPIR_ANSWER_RATE;
    if (entry != NULL)
        bucket_take(&entry->bucket, rate, burst, core->now);
    return TAPIR_UNSETTLED;
}

bool limiter_take_redirect(struct limiter *limiter, struct core *core, const struct settings *settings,
                           struct ip4 source, struct ip4 destination)
{
    uint32_t rate = number(settings, TAPIR_SET_ICMP_REDIRECT_RATE);
    uint32_t burst = number(settings, TAPIR_SET_ICMP_REDIRECT_BURST);
    struct limiter_host *pair = entry_of(limiter, core, source, destination, LIMITER_REDIRECTS);
    if (time_between(pair->seen, core->now) >= REDIRECT_QUIET * TIME_SECOND)
        pair->unheeded = 0;
    pair->seen = core->now;
    if (pair->unheeded >= REDIRECT_UNHEEDED)
        return false;
    if (rate != 0 && !bucket_take(&pair->bucket, rate, burst, core->now))
        return false;
    pair->unheeded++;
    return true;
}
