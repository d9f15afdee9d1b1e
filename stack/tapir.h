/* tapir: a TCP/IP stack as a pure library. This header is its public face; it includes the others.
 *
 * The stack makes no system call, reads no clock, prints nothing and keeps no global. Frames, time and
 * randomness are arguments. A driver's turn is: tapir_input what each device has, tapir_output until it
 * returns 0, tapir_settled until it returns 0, sleep until tapir_deadline.
 *
 * Every slot handed in comes back exactly once, with a verdict on it: by tapir_output (a frame to be sent) or
 * by tapir_settled (all others). No function blocks, none is thread-safe: one thread drives one stack.
 *
 * Read next: tapir_packet.h, core/verdict.def (how journeys end), pipeline.c (the order of the stages). */
#ifndef TAPIR_H
#define TAPIR_H

#include "tapir_control.h"
#include "tapir_list.h"
#include "tapir_packet.h"
#include "tapir_socket.h"

/* ---- life of a stack --------------------------------------------------------------------------------- */

/* Memory for tables, asked for by tapir_create and tapir_apply alone, never for a packet. */
struct tapir_memory {
    void *(*allocate)(void *context, size_t size); /* aligned to 16; NULL: no more */
    void (*release)(void *context, void *block, size_t size);
    void *context;
    bool
        zeroed; /* allocate gives zeroes, so the stack need not write them: what it does not use yet stays untouched */
};

/* Bounds; 0 takes the default of core/limits.h. */
struct tapir_limits {
    uint32_t interfaces, addresses, routes, neighbors, sockets;
    uint32_t store_small, store_medium, store_large; /* slots of 256 B, 2 KiB, 66 KiB */
    uint32_t out;                                    /* frames waiting for one interface, each band */
    uint32_t reassemblies;                           /* datagrams in reassembly */
    size_t reassembly; /* octets for their fragments, reserved and not touched */
    size_t memory;     /* octets that the stack may allocate in all; 0: no bound */
};

struct tapir_config {
    uint8_t seed[16]; /* all randomness and all hash keys come from it */
    struct tapir_limits limits;
    bool observe; /* settled packets come out by tapir_settled; else they are released at once */
};

/* Makes a stack without interfaces at time `now`, or NULL when memory is short. `memory` is copied. */
struct tapir *tapir_create(const struct tapir_config *config, const struct tapir_memory *memory,
                           tapir_instant now);

/* Settles all that is held or waits as stack-closed. Drain both doors afterwards. */
void tapir_close(struct tapir *stack, tapir_instant now);

/* Gives all memory back. No slot of the caller may be inside. */
void tapir_destroy(struct tapir *stack);

/* ---- the doors --------------------------------------------------------------------------------------- */

/* Hands in `n` frames that arrived at interface `iface`, lets time move on to `now` (an earlier one counts as
 * the last) and runs the pipeline. Returns the number of the first frame. The slots belong to the stack. */
uint64_t tapir_input(struct tapir *stack, unsigned iface, struct tapir_packet *const packets[], size_t n,
                     tapir_instant now);

/* Lets time move on to `now`: timers, sockets, what was left. */
void tapir_tick(struct tapir *stack, tapir_instant now);

/* Takes at most `max` frames for one interface, written to `*iface`. They are sent: their verdict is final.
 * The caller releases them. Returns 0 when no interface that is not paused has any. */
size_t tapir_output(struct tapir *stack, unsigned *iface, struct tapir_packet *packets[], size_t max);

/* Takes at most `max` settled packets, in the order in which they were settled, with the bytes that they were received with
 * (a forwarded one that was refused on the way out, as out-down, may have its new header). The caller releases them. */
size_t tapir_settled(struct tapir *stack, struct tapir_packet *packets[], size_t max);

/* An empty slot of the stack's own store for a frame of up to `size` octets, or NULL. For callers without a
 * pool. */
struct tapir_packet *tapir_take(struct tapir *stack, size_t size);

/* Sends each slot home. */
void tapir_release(struct tapir *stack, struct tapir_packet *const packets[], size_t n);

/* The device of `iface` takes no more for now: its frames stay in the stack, up to limits.out. */
void tapir_pause(struct tapir *stack, unsigned iface, bool paused);

/* When to call again at the latest: the first timer; the last `now` when work is left; TAPIR_NEVER. */
tapir_instant tapir_deadline(const struct tapir *stack);

/* Nothing is held, nothing waits, no data is unacknowledged, no router discovery is due: a replay may end here. */
bool tapir_idle(const struct tapir *stack);

#endif
