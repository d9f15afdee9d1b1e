/* IPv4 leaves: those of a flow together where the exit takes super-frames. Lanes: send -> frame */
#include "ip4/send.h"

#include "ip4/coalesce.h"
#include "ip4/depart.h"
#include "wire/ip4.h"

enum {
    RUNS = 16 /* flows that are gathered at a time */
};

/* What stood in the lane together. The packets of a flow, which names its slot, leave in their order. */
struct batch {
    struct ip4_run runs[RUNS];
    uint32_t open; /* bits of those that have packets */
};

static void send_each(struct ip4_state *ip4, struct core *core, const struct ip4_run *run)
{
    struct tapir_packet *next;
    for (struct tapir_packet *packet = run->first; packet != NULL; packet = next) {
        next = packet->within.next;
        ip4_depart_any(ip4, core, packet);
    }
}

/* All that the super-frame carries has left in it. */
static void settle_merged(struct core *core, const struct ip4_run *run, uint64_t into)
{
    struct tapir_packet *next;
    for (struct tapir_packet *packet = run->first; packet != NULL; packet = next) {
        next = packet->within.next;
        packet->into = into;
        settle(core, packet, TAPIR_IP4_COALESCED);
    }
}

/* One alone, or one for which there is no room as a super-frame, leaves as it is. */
static void send_run(struct ip4_state *ip4, struct core *core, const struct ip4_run *run)
{
    if (run->n == 1 || !store_has_room(&core->store, ip4_run_size(run)) ||
        !iface_has_room(&ip4->link.ifaces, ip4_exit_of(ip4, run->first), ip4_band_of(run->first))) {
        send_each(ip4, core, run);
        return;
    }
    struct tapir_packet *packet = ip4_run_merge(run, core);
    settle_merged(core, run, packet->number);
    ip4_depart_any(ip4, core, packet);
}

static void close_run(struct ip4_state *ip4, struct core *core, struct batch *batch, uint32_t slot)
{
    if ((batch->open >> slot & 1) == 0)
        return;
    batch->open &= ~(UINT32_C(1) << slot);
    send_run(ip4, core, &batch->runs[slot]);
}

static void close_all(struct ip4_state *ip4, struct core *core, struct batch *batch)
{
    while (batch->open != 0)
        close_run(ip4, core, batch, (uint32_t)__builtin_ctz(batch->open));
}

/* The last octets of addresses and ports differ most from flow to flow. */
static uint32_t slot_of(const struct tapir_packet *packet)
{
    const uint8_t *ports = packet_payload(packet);
    uint32_t mix =
        packet->within.tuple.source.value ^ packet->within.tuple.destination.value ^ ports[1] ^ ports[3];
    return (mix ^ mix >> 4) % RUNS;
}

/* Its ports are there to be read. */
static bool names_its_flow(const struct tapir_packet *packet)
{
    uint8_t protocol = packet->within.tuple.protocol;
    return (protocol == IP4_TCP || protocol == IP4_UDP) && !ip4_is_fragment(packet->within.tuple.fragment) &&
           packet_payload_size(packet) >= 4;
}

/* A packet that no run takes must not overtake those of its flow, and a fragment does not say which these are. */
static void pass(struct ip4_state *ip4, struct core *core, struct batch *batch, struct tapir_packet *packet)
{
    if (names_its_flow(packet))
        close_run(ip4, core, batch, slot_of(packet));
    else
        close_all(ip4, core, batch);
    ip4_depart_any(ip4, core, packet);
}

static void gather(struct ip4_state *ip4, struct core *core, struct batch *batch, struct tapir_packet *packet)
{
    uint32_t slot = slot_of(packet);
    struct ip4_run *run = &batch->runs[slot];
    bool is_open = (batch->open >> slot & 1) != 0;
    if (!is_open || !ip4_run_join(run, packet)) {
        close_run(ip4, core, batch, slot);
        ip4_run_begin(run, packet);
        batch->open |= UINT32_C(1) << slot;
    }
    if (ip4_run_is_over(run))
        close_run(ip4, core, batch, slot);
}

/* Can its exit take more than frames? Then packets that leave with it may leave in one. */
static bool is_gathered(const struct ip4_state *ip4, const struct tapir_packet *packet)
{
    const struct iface *exit = ip4_exit_of(ip4, packet);
    if (exit == NULL || exit->takes == 0)
        return false;
    bool is_tcp = packet->within.tuple.protocol == IP4_TCP;
    enum tapir_offload_kind kind = is_tcp ? TAPIR_OFFLOAD_TCP : TAPIR_OFFLOAD_UDP;
    return ip4_takes(exit, kind);
}

void ip4_send(struct ip4_state *ip4, struct core *core)
{
    struct batch batch;
    batch.open = 0;
    struct tapir_packet *next;
    for (struct tapir_packet *packet = lane_take_all(core, LANE_SEND); packet != NULL; packet = next) {
        next = packet->within.next;
        if (!is_gathered(ip4, packet))
            ip4_depart(ip4, core, packet);
        else if (ip4_can_coalesce(packet))
            gather(ip4, core, &batch, packet);
        else
            pass(ip4, core, &batch, packet);
    }
    close_all(ip4, core, &batch);
}
