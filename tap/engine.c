#include "tap/engine.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tap/log.h"
#include "tap/loop.h"

/* From here on the ring pays. By it a frame costs about 0.4 us more of bookkeeping in the kernel than by read and write, and
 * two system calls less. Measured where a call costs 0.15 us: forwarding by the ring is 0.93 as fast; where it costs 1 us:
 * several times as fast (docs/performance.md). */
enum {
    PAYS_FROM_NS = 220,
    ROUNDS = 5,
    CALLS = 500
};

/* Whatever interrupts a round makes it longer, never shorter. */
int64_t engine_call_ns(void)
{
    int64_t best = INT64_MAX;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t start = loop_now().ns;
        for (int i = 0; i < CALLS; i++)
            (void)syscall(SYS_getppid);
        int64_t took = loop_now().ns - start;
        best = took < best ? took : best;
    }
    return best / CALLS;
}

bool engine_pays(int64_t call_ns)
{
    return call_ns >= PAYS_FROM_NS;
}

static enum network_engine from_environment(void)
{
    const char *name = getenv("TAPIR_ENGINE");
    if (name == NULL || strcmp(name, "auto") == 0)
        return NETWORK_ENGINE_AUTO;
    if (strcmp(name, "uring") == 0)
        return NETWORK_ENGINE_URING;
    if (strcmp(name, "epoll") != 0)
        log_event(LOG_WARNING, "TAPIR_ENGINE is \"%.20s\", not auto, uring or epoll; epoll is used", name);
    return NETWORK_ENGINE_EPOLL;
}

static struct ring *try_ring(bool is_wanted)
{
    struct ring *ring = ring_create();
    if (ring != NULL)
        log_event(LOG_INFO, "engine: io_uring");
    else
        log_event(is_wanted ? LOG_WARNING : LOG_INFO, "engine: epoll, for io_uring cannot be used here: %s",
                  strerror(errno));
    return ring;
}

struct ring *engine_open(enum network_engine wanted)
{
    if (wanted == NETWORK_ENGINE_AUTO)
        wanted = from_environment();
    if (wanted == NETWORK_ENGINE_URING)
        return try_ring(true);
    if (wanted == NETWORK_ENGINE_EPOLL)
        return NULL;
    int64_t call = engine_call_ns();
    if (engine_pays(call))
        return try_ring(false);
    log_event(LOG_INFO, "engine: epoll, for a system call takes %" PRId64 " ns here", call);
    return NULL;
}
