/* Prefixes for benchmarks: lengths as in a public table of 2024, spread evenly or in clusters. Next: bench_lpm.c, router.h. */
#ifndef TESTS_BENCH_PREFIXES_H
#define TESTS_BENCH_PREFIXES_H

#include "tests/dice.h"
#include "wire/addr.h"

/* An address in 1.0.0.0 to 223.255.255.255. */
struct ip4 prefixes_address(struct dice *dice);

/* Spread evenly over those: no locality, the hardest for caches and memory. */
struct ip4_prefix prefixes_scattered(struct dice *dice);

/* Below some 40,000 blocks of /16 to /18, some of them far more often than others, as in public tables. */
struct ip4_prefix prefixes_clustered(struct dice *dice);

/* An address in `prefix`, any with equal chance. */
struct ip4 prefixes_inside(struct dice *dice, struct ip4_prefix prefix);

#endif
