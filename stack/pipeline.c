/* The router on one screen: every stage, what it drains and what it fills.
 *
 * A stage moves packets from lane to lane; it never calls the next layer, and nobody sends from inside. So a
 * packet's walk is read from top to bottom, and ICMP about ICMP cannot recurse: what a packet earned is one
 * lane further down.
 *
 * `settle` ends a journey from anywhere: it fills error, reset or settled, as the verdict's row says.
 *
 * Read before: core/lane.h, core/settle.h. Read next: the stages, from the top. */
#include "pipeline.h"

#include "icmp4/echo.h"
#include "icmp4/error.h"
#include "icmp4/input.h"
#include "icmp4/mask.h"
#include "icmp4/query.h"
#include "icmp4/redirect.h"
#include "icmp4/router_discovery.h"
#include "ip4/datagram_output.h"
#include "ip4/forward.h"
#include "ip4/input.h"
#include "ip4/local.h"
#include "ip4/output.h"
#include "ip4/send.h"
#include "link/acd.h"
#include "link/arp.h"
#include "link/ether.h"
#include "state.h"
#include "tcp/input.h"
#include "tcp/reset.h"
#include "udp/input.h"

/* What is for us. */
static void run_deliveries(struct tapir *stack)
{
    ip4_local(&stack->ip4, &stack->core);     /* local -> icmp4, udp, tcp, forward */
    icmp4_input(&stack->icmp4, &stack->core); /* icmp4 -> originate, notice.* */
    udp_input(&stack->udp, &stack->core);     /* udp -> */
    tcp_input(&stack->core);                  /* tcp -> */
}

/* What arrived, up to whoever it is for. */
static void run_arrivals(struct tapir *stack)
{
    ether_input(&stack->ip4.link, &stack->core); /* rx -> arp, ip4 */
    arp_input(&stack->ip4.link, &stack->core);   /* arp -> frame, resolved */
    ip4_input(&stack->ip4, &stack->core);        /* ip4 -> local, forward */
    if (core_holds(&stack->core, LANE_BIT(LANE_LOCAL)))
        run_deliveries(stack);
    ip4_forward(&stack->ip4, &stack->core); /* forward -> resolve */
}

#define NOTICES (LANE_BIT(LANE_NOTICE_QUERY) | LANE_BIT(LANE_NOTICE_UDP) | LANE_BIT(LANE_NOTICE_TCP))

static void run_notices(struct tapir *stack)
{
    query_notice(&stack->icmp4.queries, &stack->core); /* notice.query -> settled */
    udp_notice(&stack->udp, &stack->core);             /* notice.udp -> settled */
    tcp_notice(&stack->core);                          /* notice.tcp -> settled */
}

static bool sockets_are_ready(const struct tapir *stack)
{
    return datagram_is_ready(&stack->icmp4.queries) || datagram_is_ready(&stack->udp);
}

static void run_sockets(struct tapir *stack)
{
    datagram_output(&stack->icmp4.queries, &stack->core); /* ready -> originate */
    datagram_output(&stack->udp, &stack->core);           /* ready -> originate */
}

/* Notices to sockets, what sockets say, what packets earned. */
static void run_answers(struct tapir *stack)
{
    if (core_holds(&stack->core, NOTICES))
        run_notices(stack);
    if (sockets_are_ready(stack))
        run_sockets(stack);
    tcp_reset(&stack->core);                          /* reset -> originate, settled */
    ip4_output(&stack->ip4, &stack->core);            /* originate -> resolve, again */
    neighbor_resolve(&stack->ip4.link, &stack->core); /* resolve -> resolved, frame */
    redirect_output(&stack->icmp4, &stack->core);     /* resolved -> send, originate */
    icmp4_error(&stack->icmp4, &stack->core);         /* error -> originate, notice.*, settled */
}

/* Frames to their interfaces. */
static void run_departures(struct tapir *stack)
{
    ip4_send(&stack->ip4, &stack->core);          /* send -> frame */
    ether_output(&stack->ip4.link, &stack->core); /* frame -> out */
}

/* Lanes that a later stage of run_answers fills for an earlier one. */
static const uint32_t round_lanes = NOTICES | LANE_BIT(LANE_RESET) | LANE_BIT(LANE_ORIGINATE);

static void release_settled(struct tapir *stack)
{
    struct tapir_packet *packet;
    while (lane_take(&stack->core, LANE_SETTLED, &packet, 1) == 1)
        packet_release(packet);
}

void pipeline_finish(struct tapir *stack)
{
    if (!stack->observe)
        release_settled(stack);
    promise(core_is_conserved(&stack->core));
}

void pipeline_run(struct tapir *stack)
{
    run_arrivals(stack);
    run_answers(stack);
    for (unsigned round = 1; round < LIMIT_ROUNDS && core_holds(&stack->core, round_lanes); round++)
        run_answers(stack);
    run_departures(stack);
    if (core_holds(&stack->core, LANE_BIT(LANE_ERROR))) { /* an exit without room, and source quench is on */
        run_answers(stack);
        run_departures(stack);
    }
    pipeline_finish(stack);
}

bool pipeline_has_work(const struct tapir *stack)
{
    return core_holds(&stack->core, round_lanes | LANE_BIT(LANE_IP4)) ||
           (sockets_are_ready(stack) && (datagram_can_output(&stack->icmp4.queries, &stack->core) ||
                                         datagram_can_output(&stack->udp, &stack->core)));
}

/* The member of `type` that a timer is. */
#define OWNER(timer, type) ((type *)(void *)((uint8_t *)(timer)-offsetof(type, timer)))

static void fire(struct tapir *stack, struct timer *timer)
{
    switch ((enum timer_kind)timer->kind) {
    case TIMER_NEIGHBOR:
        neighbor_tick(&stack->ip4.link, &stack->core, OWNER(timer, struct neighbor));
        return;
    case TIMER_ADDRESS:
        acd_tick(&stack->ip4.link, &stack->core, OWNER(timer, struct address));
        discovery_review(&stack->icmp4, &stack->core);
        return;
    case TIMER_GATEWAY:
        gateway_tick(&stack->ip4.routes.gateways, &stack->core);
        return;
    case TIMER_AGAIN:
        ip4_again(&stack->ip4, &stack->core); /* again -> ip4 */
        return;
    case TIMER_ROUTERS:
        router_tick(&stack->ip4.routers, &stack->core.timers, stack->core.now);
        return;
    case TIMER_DISCOVERY:
        discovery_tick(&stack->icmp4, &stack->core, OWNER(timer, struct discovery));
        return;
    case TIMER_MASK:
        mask_tick(&stack->icmp4, &stack->core, OWNER(timer, struct mask_port));
        return;
    case TIMER_REASSEMBLY:
        reass_tick(&stack->ip4.reass, &stack->core, OWNER(timer, struct reass_datagram));
        return;
    case TIMER_NONE:
        return;
    }
}

void pipeline_advance(struct tapir *stack, tapir_instant now)
{
    if (time_before(stack->core.now, now))
        stack->core.now = now;
    if (stack->is_closed)
        return;
    for (struct timer *timer; (timer = timer_take_due(&stack->core.timers, stack->core.now)) != NULL;)
        fire(stack, timer);
}
