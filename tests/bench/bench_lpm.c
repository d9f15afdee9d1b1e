/* The longest prefix match at a million prefixes, beside what the memory of this machine gives.
 *
 *     bench_lpm [prefixes]
 *
 * Two tables: `scattered` spreads the prefixes evenly over 1.0.0.0 to 223.255.255.255 (no locality, the
 * hardest for caches and memory), `clustered` puts the longer ones below some 40,000 blocks, as in public
 * tables. Lookups are of random addresses in that range, in batches of 32, interleaved round by round with
 * the yardstick: one read of 8 octets at a random place in an array of 16 MiB, each address taken from the
 * read before. Medians of the rounds. */
#include <stdio.h>
#include <stdlib.h>

#include "route/lpm.h"
#include "tests/bench/measure.h"
#include "tests/bench/prefixes.h"

enum {
    ARRAY = 16 * 1024 * 1024 / 8,
    ROUNDS = 201,
    LOOKUPS = 1 << 14, /* in a round */
    BATCH = 32,
    UPDATES = 200000
};

static struct dice dice = {UINT64_C(0x9e3779b97f4a7c15)};

static uint64_t random64(void)
{
    return dice_next(&dice);
}

static struct ip4_prefix prefix_at(struct ip4 address, uint8_t length)
{
    struct ip4_prefix prefix = {address, length};
    prefix.address = ip4_network(prefix);
    return prefix;
}

static uint64_t *array;
static volatile uint64_t sink;

/* Nanoseconds for each read; `chained`: the next address needs the last value. */
static double time_reads(bool chained)
{
    uint64_t at = random64(), sum = 0;
    double start = measure_now_ns();
    for (int i = 0; i < LOOKUPS; i++) {
        uint64_t value = array[at >> 40 & (ARRAY - 1)];
        sum += value;
        at = (at + (chained ? value : 1)) * UINT64_C(6364136223846793005) + 1442695040888963407;
    }
    double took = measure_now_ns() - start;
    sink = sum;
    return took / LOOKUPS;
}

static double time_batches(const struct lpm *lpm, const struct ip4 *addresses, uint32_t *values)
{
    double start = measure_now_ns();
    for (int i = 0; i < LOOKUPS; i += BATCH)
        lpm_lookup_batch(lpm, addresses + i, values + i, BATCH);
    return (measure_now_ns() - start) / LOOKUPS;
}

static double time_singles(const struct lpm *lpm, const struct ip4 *addresses, uint32_t *values)
{
    double start = measure_now_ns();
    for (int i = 0; i < LOOKUPS; i++)
        values[i] = lpm_lookup(lpm, addresses[i]);
    return (measure_now_ns() - start) / LOOKUPS;
}

static void measure_lookups(const struct lpm *lpm)
{
    static struct ip4 addresses[LOOKUPS];
    static uint32_t values[LOOKUPS];
    static double read[ROUNDS], free_read[ROUNDS], batch[ROUNDS], single[ROUNDS], ratio[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < LOOKUPS; i++)
            addresses[i] = prefixes_address(&dice);
        read[round] = time_reads(true);
        batch[round] = time_batches(lpm, addresses, values);
        free_read[round] = time_reads(false);
        for (int i = 0; i < LOOKUPS; i++)
            addresses[i] = prefixes_address(&dice);
        single[round] = time_singles(lpm, addresses, values);
        ratio[round] = batch[round] / read[round];
    }
    printf("  read of 8 in 16 MiB     %6.1f ns   (independent reads: %.1f ns)\n",
           measure_median(read, ROUNDS), measure_median(free_read, ROUNDS));
    printf("  lookup, batch of %d     %6.1f ns   ratio %.2f (goal: at most 1.50)\n", BATCH,
           measure_median(batch, ROUNDS), measure_median(ratio, ROUNDS));
    printf("  lookup, one by one      %6.1f ns\n", measure_median(single, ROUNDS));
}

/* Takes prefixes of the full table out and puts them in again, in random order; then the shortest ones. */
static void measure_updates(struct lpm *lpm, const struct ip4_prefix *prefixes, size_t n)
{
    double start = measure_now_ns(), worst = 0;
    for (int i = 0; i < UPDATES; i++) {
        struct ip4_prefix prefix = prefixes[random64() % n];
        uint32_t value = lpm_exact(lpm, prefix);
        lpm_remove(lpm, prefix);
        lpm_insert(lpm, prefix, value);
    }
    double mean = (measure_now_ns() - start) / (2.0 * UPDATES);
    start = measure_now_ns();
    for (uint8_t length = 0; length <= 8; length++)
        for (uint32_t i = 0; i < 1U << length; i++)
            lpm_insert(lpm, prefix_at((struct ip4){(uint32_t)((uint64_t)i << (32 - length))}, length), 7);
    worst = (measure_now_ns() - start) / 511;
    for (uint8_t length = 0; length <= 8; length++)
        for (uint32_t i = 0; i < 1U << length; i++)
            lpm_remove(lpm, prefix_at((struct ip4){(uint32_t)((uint64_t)i << (32 - length))}, length));
    printf("  update, random prefix   %6.0f ns   (goal: below 2000)\n", mean);
    printf("  insert of /0 to /8      %6.0f ns\n", worst);
}

static void measure(const char *name, struct ip4_prefix (*make)(struct dice *), size_t n)
{
    struct memory memory = {.from = measure_memory()};
    struct ip4_prefix *prefixes = malloc(n * sizeof *prefixes);
    struct lpm lpm;
    lpm_init(&lpm, &memory);
    double start = measure_now_ns();
    size_t tried = 0;
    while (prefixes != NULL && lpm.count < n) {
        uint32_t count = lpm.count;
        struct ip4_prefix prefix = make(&dice);
        tried++;
        if (!lpm_insert(&lpm, prefix, (uint32_t)tried))
            break;
        if (lpm.count > count)
            prefixes[count] = prefix;
    }
    double built = (measure_now_ns() - start) / (double)tried;
    double octets = (double)(memory.used + sizeof lpm);
    printf("%s: %u prefixes\n", name, (unsigned)lpm.count);
    printf("  memory                  %6.1f MiB  %.1f octets a prefix (goal: 30 MiB a million)\n",
           octets / 1048576, octets / (double)lpm.count);
    printf("  insert while building   %6.0f ns\n", built);
    measure_lookups(&lpm);
    measure_updates(&lpm, prefixes, n);
    printf("  memory after updates    %6.1f MiB\n", (double)(memory.used + sizeof lpm) / 1048576);
    lpm_free(&lpm);
    free(prefixes);
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    array = malloc(ARRAY * sizeof *array);
    if (array == NULL)
        return 2;
    for (size_t i = 0; i < ARRAY; i++)
        array[i] = random64();
    measure("scattered", prefixes_scattered, n);
    measure("clustered", prefixes_clustered, n);
    free(array);
    return 0;
}
