#include "tap/traffic.h"

#include <stdlib.h>
#include <string.h>

enum {
    ECHO_REQUEST = 8, /* RFC 792 */
    TIME_EXCEEDED = 11,
    SEQUENCE = 2,      /* octets before the data of a message */
    ROOM_BESIDE = 256, /* octets of a ring that a message takes beside its data, at most */
    ROOM_RECEIVE = 8,  /* messages */
    ROOM_SEND = 2
};

/* A request that may still be answered. */
struct question {
    tapir_instant asked;
    bool open;
};

struct sender {
    struct node_client client; /* first: the client is the sender */
    struct traffic *traffic;
    const struct network_traffic *spec;
    struct node *node;
    size_t place;               /* of the node */
    struct question *questions; /* by sequence, modulo `room` */
    uint32_t room;              /* a power of two */
    uint64_t asked;
    tapir_instant next;
};

struct traffic {
    const struct network *network;
    struct rand_state random;
    struct ip4 *targets; /* of each node: its first address, or 0 */
    struct sender *senders;
    size_t n;
    struct agenda agenda;
    struct traffic_counters counters;
};

const char *traffic_fate_name(enum traffic_fate fate)
{
    static const char *const names[TRAFFIC_FATE_COUNT] = {
        [TRAFFIC_ANSWERED] = "answered",       [TRAFFIC_EXPIRED] = "ttl-expired",
        [TRAFFIC_UNREACHABLE] = "unreachable", [TRAFFIC_REFUSED] = "refused",
        [TRAFFIC_SILENT] = "silent",           [TRAFFIC_UNSENT] = "unsent",
    };
    return names[fate];
}

/* ---- what comes back ------------------------------------------------------------------------------------ */

static void finish(struct sender *sender, struct question *question, enum traffic_fate fate)
{
    question->open = false;
    sender->traffic->counters.fates[fate]++;
}

static bool is_late(const struct sender *sender, const struct question *question, tapir_instant now)
{
    return now.ns - question->asked.ns > sender->spec->timeout_ns;
}

static void measure(struct traffic_counters *counters, int64_t rtt)
{
    if (counters->fates[TRAFFIC_ANSWERED] == 0 || rtt < counters->rtt_least)
        counters->rtt_least = rtt;
    if (rtt > counters->rtt_most)
        counters->rtt_most = rtt;
    counters->rtt_sum += rtt;
}

static enum traffic_fate fate_of(const struct tapir_message *heard)
{
    if (heard->error == TAPIR_OK)
        return TRAFFIC_ANSWERED;
    if (heard->reporter.value == 0)
        return TRAFFIC_REFUSED;
    return heard->icmp_type == TIME_EXCEEDED ? TRAFFIC_EXPIRED : TRAFFIC_UNREACHABLE;
}

static void hear(struct sender *sender, const struct tapir_message *heard)
{
    struct traffic_counters *counters = &sender->traffic->counters;
    tapir_instant now = node_now(sender->node);
    if (heard->size < SEQUENCE)
        return;
    uint32_t sequence = (uint32_t)heard->data[0] << 8 | heard->data[1];
    struct question *question = &sender->questions[sequence & (sender->room - 1)];
    if (!question->open || is_late(sender, question, now)) {
        counters->extra++;
        return;
    }
    enum traffic_fate fate = fate_of(heard);
    if (fate == TRAFFIC_ANSWERED)
        measure(counters, now.ns - question->asked.ns);
    finish(sender, question, fate);
}

static void on_happened(struct node_client *client, uint32_t bits)
{
    struct tapir_message heard;
    (void)bits;
    while (tapir_peek(client->socket, &heard) == TAPIR_OK) {
        hear((void *)client, &heard);
        tapir_consume(client->socket);
    }
}

/* ---- asking --------------------------------------------------------------------------------------------- */

/* The address of another node than the sender's; 0: no other has one. */
static struct ip4 draw(struct sender *sender)
{
    struct traffic *traffic = sender->traffic;
    size_t n = traffic->network->n_nodes;
    size_t place = n < 2 ? 0 : rand_below(&traffic->random, (uint32_t)n - 1);
    place += place >= sender->place;
    for (size_t i = 0; i < n; i++, place++)
        if (place % n != sender->place && traffic->targets[place % n].value != 0)
            return traffic->targets[place % n];
    return (struct ip4){0};
}

static bool send(struct sender *sender, uint16_t sequence)
{
    const struct network_traffic *spec = sender->spec;
    struct tapir_message message;
    struct ip4 to = spec->to_any ? draw(sender) : spec->to;
    if (to.value == 0 || tapir_reserve(sender->client.socket, SEQUENCE + spec->size, &message) != TAPIR_OK)
        return false;
    memset(message.data, 0, SEQUENCE + spec->size);
    message.data[0] = (uint8_t)(sequence >> 8);
    message.data[1] = (uint8_t)sequence;
    message.destination = to;
    message.icmp_type = ECHO_REQUEST;
    message.ttl = spec->ttl;
    return tapir_commit(sender->client.socket, &message) == TAPIR_OK;
}

static void ask(struct sender *sender, tapir_instant now)
{
    uint16_t sequence = (uint16_t)sender->asked;
    struct question *question = &sender->questions[sequence & (sender->room - 1)];
    if (question->open)
        finish(sender, question, TRAFFIC_SILENT);
    *question = (struct question){now, true};
    sender->asked++;
    sender->traffic->counters.asked++;
    if (!send(sender, sequence))
        finish(sender, question, TRAFFIC_UNSENT);
    node_touch(sender->node);
}

/* After a leap of time one request is sent, not all that were missed. */
static void proceed(struct sender *sender, tapir_instant now)
{
    const struct network_traffic *spec = sender->spec;
    ask(sender, now);
    sender->next.ns += spec->every_ns;
    if (sender->next.ns <= now.ns)
        sender->next.ns = now.ns + spec->every_ns;
    bool more = spec->count == 0 || sender->asked < spec->count;
    agenda_set(&sender->traffic->agenda, (uint32_t)(sender - sender->traffic->senders),
               more ? sender->next : TAPIR_NEVER);
}

tapir_instant traffic_deadline(const struct traffic *traffic)
{
    return agenda_deadline(&traffic->agenda);
}

void traffic_turn(struct traffic *traffic, tapir_instant now)
{
    uint32_t place;
    while (agenda_first(&traffic->agenda, now, &place))
        proceed(&traffic->senders[place], now);
}

const struct traffic_counters *traffic_count(struct traffic *traffic, tapir_instant now)
{
    for (size_t i = 0; i < traffic->n; i++) {
        struct sender *sender = &traffic->senders[i];
        for (uint32_t q = 0; q < sender->room; q++)
            if (sender->questions[q].open && is_late(sender, &sender->questions[q], now))
                finish(sender, &sender->questions[q], TRAFFIC_SILENT);
    }
    return &traffic->counters;
}

/* ---- birth and end ---------------------------------------------------------------------------------------- */

static void find_targets(struct traffic *traffic)
{
    for (size_t i = 0; i < traffic->network->n_nodes; i++) {
        const struct network_node *node = &traffic->network->nodes[i];
        for (size_t o = node->n_ops; o-- > 0;)
            if (node->ops[o].kind == TAPIR_OP_ADDRESS)
                traffic->targets[i] = node->ops[o].address.address;
    }
}

/* As many requests as may be open at a time. */
static uint32_t room_for(const struct network_traffic *spec)
{
    uint32_t room = 1;
    while (room < TRAFFIC_OPEN && room <= spec->timeout_ns / spec->every_ns)
        room *= 2;
    return room;
}

static bool sender_open(struct traffic *traffic, const struct network_traffic *spec, size_t place,
                        struct node *node, tapir_instant start)
{
    struct sender *sender = &traffic->senders[traffic->n++];
    size_t message = SEQUENCE + (size_t)spec->size + ROOM_BESIDE;
    *sender = (struct sender){.client.happened = on_happened,
                              .traffic = traffic,
                              .spec = spec,
                              .node = node,
                              .place = place,
                              .room = room_for(spec),
                              .next = start};
    sender->questions = calloc(sender->room, sizeof *sender->questions);
    struct tapir_socket_options options = {.receive = ROOM_RECEIVE * message, .send = ROOM_SEND * message};
    sender->client.socket = tapir_open(node_stack(node), TAPIR_ICMP, &options);
    if (sender->questions == NULL || sender->client.socket == NULL ||
        tapir_bind(sender->client.socket, (struct ip4){0}, 0) != TAPIR_OK)
        return false;
    node_serve(node, &sender->client);
    sender->next.ns +=
        spec->start_ns >= 0 ? spec->start_ns : rand_between(&traffic->random, 0, spec->every_ns - 1);
    agenda_set(&traffic->agenda, (uint32_t)(traffic->n - 1), sender->next);
    return true;
}

static size_t count_senders(const struct network *network)
{
    size_t n = 0;
    for (size_t i = 0; i < network->n_traffic; i++)
        n += network->traffic[i].from == NETWORK_ALL ? network->n_nodes : 1;
    return n;
}

static bool senders_open(struct traffic *traffic, struct node *const nodes[], tapir_instant start)
{
    for (size_t i = 0; i < traffic->network->n_traffic; i++) {
        const struct network_traffic *spec = &traffic->network->traffic[i];
        size_t first = spec->from == NETWORK_ALL ? 0 : spec->from;
        size_t end = spec->from == NETWORK_ALL ? traffic->network->n_nodes : first + 1;
        for (size_t place = first; place < end; place++)
            if (!sender_open(traffic, spec, place, nodes[place], start))
                return false;
    }
    return true;
}

struct traffic *traffic_create(const struct network *network, struct node *const nodes[],
                               const struct rand_state *random, tapir_instant start)
{
    struct traffic *traffic = calloc(1, sizeof *traffic);
    size_t n = count_senders(network);
    if (traffic == NULL)
        return NULL;
    *traffic = (struct traffic){.network = network, .random = *random};
    traffic->targets = calloc(network->n_nodes + 1, sizeof *traffic->targets);
    traffic->senders = calloc(n + 1, sizeof *traffic->senders);
    bool fine = agenda_init(&traffic->agenda, n) && traffic->targets != NULL && traffic->senders != NULL;
    if (fine)
        find_targets(traffic);
    if (fine && senders_open(traffic, nodes, start))
        return traffic;
    traffic_destroy(traffic);
    return NULL;
}

void traffic_destroy(struct traffic *traffic)
{
    if (traffic == NULL)
        return;
    for (size_t i = 0; traffic->senders != NULL && i < traffic->n; i++)
        free(traffic->senders[i].questions);
    agenda_free(&traffic->agenda);
    free(traffic->senders);
    free(traffic->targets);
    free(traffic);
}
