/* The router on one screen: every stage, what it drains and what it fills.
 *
 * A stage moves packets from lane to lane; it never calls the next layer, and nobody sends from inside. So a packet's
 * walk is read from top to bottom, and ICMP about ICMP cannot recurse: what a packet earned is one lane further down.
 *
 * `settle` ends a journey from anywhere: it fills error, reset or settled, as the verdict's row says.
 *
 * Read before: core/lane.h, core/settle.h. Read next: the stages, from the top. */
#include "pipeline.h"

#include "icmp4/echo.h"
#include "icmp4/error.h"
#include "icmp4/input.h"
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
#include "udp/output.h"

/* What arrived, up to whoever it is for. */
static void run_arrivals(struct tapir *t)
{
    ether_input(&t->ip4.link, &t->core);    /* rx -> arp, ip4 */
    arp_input(&t->ip4.link, &t->core);      /* arp -> frame, resolved */
    ip4_input(&t->ip4, &t->core);           /* ip4 -> local, forward */
    ip4_local(&t->core);                    /* local -> icmp4, udp, tcp */
    icmp4_input(&t->icmp4, &t->core);       /* icmp4 -> originate, notice.echo, notice.udp, notice.tcp */
    udp_input(&t->udp, &t->core);           /* udp -> */
    tcp_input(&t->core);                    /* tcp -> */
    ip4_forward(&t->ip4, &t->core);         /* forward -> resolve */
}

/* Notices to sockets, what sockets say, what packets earned. */
static void run_answers(struct tapir *t)
{
    echo_notice(&t->core);                  /* notice.echo -> settled */
    udp_notice(&t->udp, &t->core);          /* notice.udp -> settled */
    tcp_notice(&t->core);                   /* notice.tcp -> settled */
    if (!t->is_closed)
        udp_output(&t->udp, &t->core);      /* ready -> originate */
    tcp_reset(&t->core);                    /* reset -> originate, settled */
    ip4_output(&t->ip4, &t->core);          /* originate -> resolve, again */
    neighbor_resolve(&t->ip4.link, &t->core); /* resolve -> resolved, frame */
    ip4_send(&t->core);                     /* resolved -> frame */
    icmp4_error(&t->icmp4, &t->core);       /* error -> originate, notice.echo, notice.udp, notice.tcp, settled */
}

/* Frames to their interfaces. */
static void run_departures(struct tapir *t)
{
    ether_output(&t->ip4.link, &t->core);   /* frame -> out */
}

/* Lanes that a later stage of run_answers fills for an earlier one. */
static const enum lane_name round_lanes[] = {LANE_NOTICE_ECHO, LANE_NOTICE_UDP, LANE_NOTICE_TCP,
                                             LANE_RESET,       LANE_ORIGINATE,  LANE_RESOLVE,
                                             LANE_RESOLVED,    LANE_ERROR};

static bool needs_another_round(const struct tapir *t)
{
    for (size_t i = 0; i < sizeof round_lanes / sizeof round_lanes[0]; i++)
        if (!lane_is_empty(&t->core.lanes[round_lanes[i]]))
            return true;
    return false;
}

static void release_settled(struct tapir *t)
{
    struct tapir_packet *packet;
    while (lane_take(&t->core, LANE_SETTLED, &packet, 1) == 1)
        packet_release(packet);
}

void pipeline_run(struct tapir *t)
{
    run_arrivals(t);
    run_answers(t);
    for (unsigned round = 1; round < LIMIT_ROUNDS && needs_another_round(t); round++)
        run_answers(t);
    run_departures(t);
    if (!t->observe)
        release_settled(t);
    promise(core_is_conserved(&t->core));
}

bool pipeline_has_work(const struct tapir *t)
{
    bool has_news = !t->is_closed && udp_has_work(&t->udp, &t->core);
    return has_news || needs_another_round(t) || !lane_is_empty(&t->core.lanes[LANE_IP4]);
}

/* The member of `type` that a timer is. */
#define OWNER(timer, type) ((type *)(void *)((uint8_t *)(timer)-offsetof(type, timer)))

static void fire(struct tapir *t, struct timer *timer)
{
    switch ((enum timer_kind)timer->kind) {
    case TIMER_NEIGHBOR:
        neighbor_tick(&t->ip4.link, &t->core, OWNER(timer, struct neighbor));
        return;
    case TIMER_ADDRESS:
        acd_tick(&t->ip4.link, &t->core, OWNER(timer, struct address));
        return;
    case TIMER_AGAIN:
        ip4_again(&t->ip4, &t->core);
        return;
    case TIMER_NONE:
        return;
    }
}

void pipeline_advance(struct tapir *t, tapir_instant now)
{
    if (time_before(t->core.now, now))
        t->core.now = now;
    for (struct timer *timer; (timer = timer_take_due(&t->core.timers, t->core.now)) != NULL;)
        fire(t, timer);
}
