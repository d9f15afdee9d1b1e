/* A thousand routers for an hour: a chain of 999 links and a grid with diagonals, each router pinging another one every
 * minute. Prints seconds, memory and nanoseconds for each frame on a link; each network in a process of its own, for the
 * peak of memory is one of the process. BENCH_SECONDS: how long instead of an hour. */
#include "tap/virtual.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "apps/config.h"
#include "tests/large.h"

#define SECOND INT64_C(1000000000)

/* Of the processor: the machine may have other work. */
static double seconds_used(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

static uint64_t frames_of(const struct network *network, const struct world *world)
{
    uint64_t frames = 0;
    for (size_t i = 0; i < network->n_links; i++)
        frames += cable_counters(world_cable(world, i))->frames[CABLE_DELIVERED];
    return frames;
}

static int run(const char *shape, int64_t seconds)
{
    static const uint8_t seed[16] = "bench";
    char error[512];
    double begin = seconds_used();
    struct network *network = large_network(shape, "traffic { every = 1min }");
    struct virtual_time time = {.now = {0}};
    if (network == NULL)
        return 1;
    time.world = world_create(network, seed, NULL, time.now, error, sizeof error);
    if (time.world == NULL)
        return 1;
    double started = seconds_used();
    virtual_pass(&time, (tapir_instant){seconds * SECOND});
    double ended = seconds_used();
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    const struct traffic_counters *counters = world_traffic(time.world, (tapir_instant){seconds * SECOND});
    uint64_t frames = frames_of(network, time.world);
    printf("%-12s start %.2f s, %" PRId64 " s of virtual time in %.2f s, %" PRIu64
           " frames, %.0f ns each, %ld MiB; "
           "%" PRIu64 " pings, %" PRIu64 " answered\n",
           shape, started - begin, seconds, ended - started, frames, (ended - started) * 1e9 / (double)frames,
           usage.ru_maxrss / 1024, counters->asked, counters->fates[TRAFFIC_ANSWERED]);
    return fflush(stdout);
}

int main(void)
{
    static const char *const shapes[] = {"chain 1000", "grid 25 40"};
    const char *text = getenv("BENCH_SECONDS");
    int64_t seconds = text == NULL ? 3600 : atoll(text);
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        int status = 1;
        pid_t child = fork();
        if (child == 0)
            _exit(run(shapes[i], seconds));
        if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0)
            return 1;
    }
    return 0;
}
