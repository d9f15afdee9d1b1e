/* Queries that we ask. Lanes: notice.query -> settled */
#include "icmp4/query.h"

#include "ip4/datagram_input.h"
#include "ip4/path.h"
#include "wire/icmp4.h"
#include "wire/icmp4_query.h"
#include "wire/ip4.h"

#define ANSWER_TIME (60 * TIME_SECOND) /* how long an answer or an error may take */

/* Queries of one type to one address, from one of ours. */
struct asked {
    struct ip4 from, whom;
    tapir_instant until; /* answers are expected */
    uint32_t open;       /* questions without an answer; 0: all were answered, or this entry is free */
    uint8_t type;
    bool is_many; /* a group or a broadcast: anybody may answer */
    bool used;
};

struct query_socket {
    struct datagram_socket base;
    struct asked asked[LIMIT_ASKED];
    uint32_t turn; /* of the entry that goes next */
};

/* base is the first member. */
static struct query_socket *query_of(struct datagram_socket *socket)
{
    return (void *)socket;
}

/* ---- what was asked ---- */

static struct asked *find(struct query_socket *socket, const struct tapir_tuple *sent, uint8_t type)
{
    for (struct asked *a = socket->asked; a < socket->asked + LIMIT_ASKED; a++)
        if (a->used && a->type == type && ip4_equal(a->whom, sent->destination) &&
            ip4_equal(a->from, sent->source))
            return a;
    return NULL;
}

static bool is_many(const struct ip4_state *ip4, struct ip4 address)
{
    return ip4_is_limited_broadcast(address) || ip4_is_multicast(address) ||
           address_lookup(&ip4->addresses, address, TAPIR_EVERYWHERE, NULL) == ADDRESS_BROADCAST;
}

static void note(struct query_socket *socket, struct core *core, const struct tapir_tuple *sent, uint8_t type)
{
    struct asked *asked = find(socket, sent, type);
    if (asked == NULL) {
        asked = &socket->asked[socket->turn++ % LIMIT_ASKED];
        *asked = (struct asked){.from = sent->source, .whom = sent->destination, .type = type, .used = true};
        asked->is_many = is_many(socket->base.table->ip4, sent->destination);
    }
    if (time_reached(core->now, asked->until))
        asked->open = 0;
    asked->open++;
    asked->until = time_after(core->now, ANSWER_TIME);
}

/* Information Reply could configure somebody: one for each question. Of the others a second answer is told too, as
 * that is what people ping for. */
static bool awaits(const struct asked *asked, const struct tapir_tuple *reply, tapir_instant now)
{
    if (!asked->used || time_reached(now, asked->until) || !ip4_equal(asked->from, reply->destination))
        return false;
    if (asked->type == ICMP4_INFORMATION && asked->open == 0)
        return false;
    return asked->is_many || ip4_equal(asked->whom, reply->source);
}

static struct asked *find_awaiting(struct query_socket *socket, const struct tapir_tuple *reply, uint8_t type,
                                   tapir_instant now)
{
    for (struct asked *a = socket->asked; a < socket->asked + LIMIT_ASKED; a++)
        if (a->type == type && awaits(a, reply, now))
            return a;
    return NULL;
}

/* ---- the kind of socket ---- */

static enum tapir_result judge(const struct tapir_message *message)
{
    return icmp4_is_query(message->icmp_type) && message->size >= ICMP4_SEQUENCE ? TAPIR_OK : TAPIR_INVALID;
}

static void write(struct datagram_socket *socket, struct core *core, struct tapir_packet *packet, uint8_t *at,
                  const struct tapir_message *message)
{
    struct icmp4_query query = {message->icmp_type, message->icmp_code, message->source_port};
    icmp4_query_build(at, &query);
    icmp4_finish(at, ICMP4_QUERY_HEADER + message->size);
    note(query_of(socket), core, &packet->within.tuple, query.type);
}

const struct datagram_kind query_kind = {
    .protocol = TAPIR_ICMP,
    .size = sizeof(struct query_socket),
    .head = ICMP4_QUERY_HEADER,
    .first_port = 1,
    .judge = judge,
    .write = write,
};

/* ---- replies ---- */

static enum tapir_verdict answer(struct query_socket *socket, struct asked *asked,
                                 struct tapir_packet *packet, const struct icmp4_query *reply)
{
    struct tapir_message message = datagram_describe(socket->base.table->ip4, socket->base.face.core, packet);
    message.icmp_type = reply->type;
    message.icmp_code = reply->code;
    message.size = packet_payload_size(packet) - ICMP4_QUERY_HEADER;
    if (!datagram_deliver(&socket->base, &message, packet_payload(packet) + ICMP4_QUERY_HEADER))
        return TAPIR_ICMP4_FULL;
    if (asked->open > 0)
        asked->open--;
    return TAPIR_ICMP4_DELIVERED;
}

static enum tapir_verdict judge_reply(struct datagrams *queries, const struct core *core,
                                      struct tapir_packet *packet)
{
    struct icmp4_query reply;
    uint8_t type;
    icmp4_query_parse(packet_payload(packet), &reply);
    struct tapir_tuple *tuple = &packet->within.tuple;
    tuple->destination_port = reply.identifier;
    if (!icmp4_query_of(reply.type, &type))
        return TAPIR_ICMP4_STRAY;
    for (struct datagram_socket *s = NULL; (s = datagram_next_match(queries, tuple, s)) != NULL;) {
        struct asked *asked = find_awaiting(query_of(s), tuple, type, core->now);
        if (asked != NULL)
            return answer(query_of(s), asked, packet, &reply);
    }
    return TAPIR_ICMP4_STRAY;
}

/* ---- errors ---- */

/* `query`: our message as the error quotes it, 8 octets at least. */
static enum tapir_verdict tell(struct datagrams *queries, struct core *core,
                               const struct tapir_packet *packet, struct tapir_tuple sent,
                               const uint8_t *query)
{
    struct icmp4_query quoted;
    icmp4_query_parse(query, &quoted);
    sent.source_port = quoted.identifier;
    sent.destination_port = 0;
    struct tapir_tuple heard = datagram_turned(&sent);
    for (struct datagram_socket *s = NULL; (s = datagram_next_match(queries, &heard, s)) != NULL;) {
        const struct asked *asked = find(query_of(s), &sent, quoted.type);
        if (asked == NULL || time_reached(core->now, asked->until))
            continue;
        enum tapir_verdict noticed = path_notice(queries->ip4, core, packet, s->largest);
        struct tapir_message message = datagram_describe_error(packet, &sent);
        message.size = ICMP4_SEQUENCE;
        return datagram_deliver(s, &message, query + ICMP4_QUERY_HEADER) ? noticed : TAPIR_ICMP4_FULL;
    }
    return TAPIR_ICMP4_NO_FLOW;
}

/* Of our own packet, which earned an error in this stack: its payload begins at `transport`, header or not. */
static void tell_of_ours(struct datagrams *queries, struct core *core, struct tapir_packet *packet)
{
    const struct tapir_tuple *tuple = &packet->within.tuple;
    bool has_query = !ip4_is_later_fragment(tuple->fragment) &&
                     packet->size >= packet->within.transport + (uint32_t)ICMP4_HEADER;
    if (has_query)
        tell(queries, core, packet, *tuple, packet_payload(packet));
    lane_push(core, LANE_SETTLED, packet);
}

static void notice(struct datagrams *queries, struct core *core, struct tapir_packet *packet)
{
    if (packet->verdict != TAPIR_UNSETTLED) {
        tell_of_ours(queries, core, packet);
        return;
    }
    if (!icmp4_is_error(packet->within.notice_type)) {
        settle(core, packet, judge_reply(queries, core, packet));
        return;
    }
    const struct tapir_tuple *sent = &packet->within.notice;
    const uint8_t *query = packet_payload(packet) + ICMP4_HEADER + sent->header;
    settle(core, packet, tell(queries, core, packet, *sent, query));
}

void query_notice(struct datagrams *queries, struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_NOTICE_QUERY, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++)
            notice(queries, core, packets[i]);
}
