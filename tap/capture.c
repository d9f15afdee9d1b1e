#include "tap/capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap/text.h"

/* A received frame; once it is written, `data` is NULL and `id` stays for what it causes later. */
struct waiting {
    uint64_t number, id;
    tapir_instant arrived;
    uint8_t *data;
    uint32_t size;
    unsigned iface;
};

/* Those of one node, by number. */
struct arrivals {
    struct waiting *list;
    size_t n, room;
    unsigned first; /* number in the file of the node's first interface */
};

struct capture {
    const struct network *network;
    struct pcapng_writer *writer;
    struct arrivals *nodes;
    uint64_t ids;
    bool is_starved;
};

const char *capture_name(const struct network_node *node, unsigned iface, char name[CAPTURE_NAME])
{
    snprintf(name, CAPTURE_NAME, "%.200s:%s", node->name, node->interfaces[iface].name);
    return name;
}

static void describe(struct capture *capture)
{
    for (size_t node = 0; node < capture->network->n_nodes; node++) {
        const struct network_node *spec = &capture->network->nodes[node];
        for (unsigned i = 0; i < spec->n_interfaces; i++) {
            char name[CAPTURE_NAME];
            unsigned number = pcapng_interface(capture->writer, capture_name(spec, i, name));
            if (i == 0)
                capture->nodes[node].first = number;
        }
    }
}

struct capture *capture_create(const char *path, const struct network *network, char error[PCAPFILE_ERROR])
{
    struct capture *capture = calloc(1, sizeof *capture);
    struct arrivals *nodes = calloc(network->n_nodes + 1, sizeof *nodes);
    struct pcapng_writer *writer = NULL;
    snprintf(error, PCAPFILE_ERROR, "out of memory");
    if (capture != NULL && nodes != NULL)
        writer = pcapng_create(path, error);
    if (writer == NULL) {
        free(capture);
        free(nodes);
        return NULL;
    }
    *capture = (struct capture){.network = network, .writer = writer, .nodes = nodes};
    describe(capture);
    return capture;
}

/* ---- what waits for its verdict ------------------------------------------------------------------------ */

static bool arrivals_grow(struct arrivals *arrivals)
{
    if (arrivals->n < arrivals->room)
        return true;
    size_t room = arrivals->room == 0 ? 64 : 2 * arrivals->room;
    struct waiting *larger = realloc(arrivals->list, room * sizeof *larger);
    if (larger == NULL)
        return false;
    arrivals->list = larger;
    arrivals->room = room;
    return true;
}

/* NULL: nobody told of its arrival. */
static struct waiting *lookup(const struct arrivals *arrivals, uint64_t number)
{
    size_t low = 0, high = arrivals->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (arrivals->list[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < arrivals->n && arrivals->list[low].number == number ? &arrivals->list[low] : NULL;
}

void capture_arrived(struct capture *capture, size_t node, const struct tapir_packet *packet, uint64_t number)
{
    struct arrivals *arrivals = &capture->nodes[node];
    uint8_t *copy = malloc(packet->size + 1);
    if (copy == NULL || !arrivals_grow(arrivals)) {
        free(copy);
        capture->is_starved = true;
        return;
    }
    memcpy(copy, packet->data, packet->size);
    struct waiting *waiting = &arrivals->list[arrivals->n++];
    *waiting = (struct waiting){.number = number,
                                .id = ++capture->ids,
                                .arrived = packet->arrived,
                                .size = packet->size,
                                .iface = packet->iface};
    waiting->data = copy;
}

/* ---- what is written ----------------------------------------------------------------------------------- */

static void comment_on(char *comment, size_t size, const struct tapir_packet *packet)
{
    char reason[TEXT_REASON];
    const struct tapir_fate *fate = tapir_fate(packet->verdict);
    bool is_answered = packet->answer != TAPIR_UNSETTLED;
    text_reason(reason, sizeof reason, fate);
    snprintf(comment, size, "%s: %s%s%s", fate->name, reason, is_answered ? "; " : "",
             is_answered ? tapir_fate(packet->answer)->name : "");
}

static void write_waiting(struct capture *capture, size_t node, struct waiting *waiting, const char *comment)
{
    pcapng_write(capture->writer,
                 &(struct pcapng_packet){.interface = capture->nodes[node].first + waiting->iface,
                                         .time = waiting->arrived,
                                         .data = waiting->data,
                                         .size = waiting->size,
                                         .on_wire = waiting->size,
                                         .direction = PCAPNG_INBOUND,
                                         .id = waiting->id,
                                         .comment = comment});
    free(waiting->data);
    waiting->data = NULL;
}

/* Its final verdict, whichever door it leaves by. */
static void end(struct capture *capture, size_t node, const struct tapir_packet *packet)
{
    char comment[2 * TEXT_REASON];
    struct waiting *waiting = lookup(&capture->nodes[node], packet->number);
    if (waiting == NULL || waiting->data == NULL)
        return;
    comment_on(comment, sizeof comment, packet);
    write_waiting(capture, node, waiting, comment);
    if (tapir_fate(packet->verdict)->kind == TAPIR_REFUSED)
        pcapng_dropped(capture->writer, capture->nodes[node].first + waiting->iface, 1);
}

void capture_settled(struct capture *capture, size_t node, const struct tapir_packet *packet)
{
    if (packet->within.origin == TAPIR_RECEIVED && tapir_fate(packet->verdict)->kind != TAPIR_HELD)
        end(capture, node, packet);
}

void capture_sent(struct capture *capture, size_t node, const struct tapir_packet *packet, tapir_instant now)
{
    char comment[2 * TEXT_REASON];
    bool is_received = packet->within.origin == TAPIR_RECEIVED;
    if (is_received)
        end(capture, node, packet);
    const struct waiting *cause = lookup(&capture->nodes[node], is_received ? packet->number : packet->cause);
    comment_on(comment, sizeof comment, packet);
    pcapng_write(capture->writer,
                 &(struct pcapng_packet){.interface = capture->nodes[node].first + packet->iface,
                                         .time = now,
                                         .data = packet->data,
                                         .size = packet->size,
                                         .on_wire = packet->size,
                                         .direction = PCAPNG_OUTBOUND,
                                         .id = cause == NULL ? 0 : cause->id,
                                         .comment = comment});
}

static void finish_node(struct capture *capture, size_t node)
{
    struct arrivals *arrivals = &capture->nodes[node];
    for (size_t i = 0; i < arrivals->n; i++)
        if (arrivals->list[i].data != NULL)
            write_waiting(capture, node, &arrivals->list[i], NULL);
    free(arrivals->list);
}

bool capture_finish(struct capture *capture, char error[PCAPFILE_ERROR])
{
    if (capture == NULL)
        return true;
    for (size_t node = 0; node < capture->network->n_nodes; node++)
        finish_node(capture, node);
    bool written = pcapng_finish(capture->writer, error);
    if (written && capture->is_starved)
        snprintf(error, PCAPFILE_ERROR, "memory was short: frames are missing in the capture");
    written = written && !capture->is_starved;
    free(capture->nodes);
    free(capture);
    return written;
}
