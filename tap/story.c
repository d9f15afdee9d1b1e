#include "tap/story.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/lane.h"
#include "core/limits.h"
#include "tap/text.h"

#define NS_PER_SECOND INT64_C(1000000000)

/* What has been decided about a packet that enters a lane, and who decides next. */
static const char *const sentences[] = {
    [LANE_RX] = "it came in; link/ether looks whether it is for us",
    [LANE_ARP] = "the frame is for us and holds ARP; link/arp reads it",
    [LANE_IP4] = "the frame is for us and holds IPv4; ip4/input checks header and addresses",
    [LANE_LOCAL] =
        "the header is sound, and we are its destination; ip4/local looks at options and fragments",
    [LANE_ICMP4] = "it is whole and holds ICMP; icmp4/input reads it",
    [LANE_UDP] = "it is whole and holds UDP; udp/input looks for a socket",
    [LANE_TCP] = "it is whole and holds TCP; tcp/input looks at the port",
    [LANE_FORWARD] = "the header is sound, and it is for somebody else; ip4/forward looks for a route",
    [LANE_NOTICE_QUERY] = "it is an error about a query of ours; icmp4/query looks whose",
    [LANE_NOTICE_UDP] = "it is an error about a UDP datagram of ours; udp/input looks whose",
    [LANE_NOTICE_TCP] = "it is an error about a TCP segment of ours; tcp/input looks whose",
    [LANE_RESET] = "it earns a reset; tcp/reset writes it",
    [LANE_ORIGINATE] = "it is ours to send; ip4/output looks for route and source address",
    [LANE_RESOLVE] = "it has a way out; link/neigh looks for the hardware address of the next hop",
    [LANE_RESOLVED] =
        "the hardware address is known; icmp4/redirect looks whether the sender should know a better way",
    [LANE_ERROR] = "it earns an ICMP error; icmp4/error looks whether we may answer",
    [LANE_SEND] = "all is decided; ip4/send writes TTL, options and checksum",
    [LANE_FRAME] = "the datagram is written; link/ether puts its header before it",
    [LANE_AGAIN] = "it is from us to us; it comes in again",
    [LANE_SETTLED] = "its journey is over",
    [LANE_OUT] = "the frame is written; it waits for its device",
    [LANE_HELD] = "it waits until its next hop has answered ARP",
};

static const char *sentence_of(const char *lane)
{
    for (enum lane_name name = LANE_RX; name <= LANE_HELD; name++)
        if (strcmp(lane_text(name), lane) == 0)
            return sentences[name];
    return "";
}

void story_collect(struct story *story, struct tapir *stack)
{
    struct tapir_step steps[LIMIT_TRAIL];
    size_t n = tapir_trail(stack, steps, LIMIT_TRAIL);
    if (story->n + n > story->room) {
        size_t room = 2 * (story->n + n);
        struct tapir_step *larger = realloc(story->steps, room * sizeof *larger);
        if (larger == NULL) {
            story->is_starved = true;
            return;
        }
        story->steps = larger;
        story->room = room;
    }
    if (n > 0)
        memcpy(story->steps + story->n, steps, n * sizeof *steps);
    story->n += n;
}

/* A step with a verdict says which and why; one without, where the packet goes on. */
static void write_step(const struct tapir_step *step, tapir_instant start, FILE *file)
{
    int64_t after = step->time.ns - start.ns;
    fprintf(file, "  +%" PRId64 ".%09" PRId64 "  %-12s  ", after / NS_PER_SECOND, after % NS_PER_SECOND,
            step->lane);
    if (step->verdict == TAPIR_UNSETTLED) {
        fprintf(file, "%s", sentence_of(step->lane));
    } else {
        const struct tapir_fate *fate = tapir_fate(step->verdict);
        char reason[TEXT_REASON];
        text_reason(reason, sizeof reason, fate);
        fprintf(file, "%s: %s", fate->name, reason);
        if (strcmp(step->lane, lane_text(LANE_SETTLED)) != 0)
            fprintf(file, "; %s", sentence_of(step->lane));
    }
    if (step->entry != 0)
        fprintf(file, " [entry %" PRIu32 "]", step->entry);
    fputc('\n', file);
}

static bool is_same_packet(const struct tapir_step *a, const struct tapir_step *b)
{
    return a->origin == b->origin && a->number == b->number;
}

/* All steps of the packet of step `first`, if that is its first one. */
static void write_packet(const struct story *story, size_t first, tapir_instant start, FILE *file)
{
    const struct tapir_step *steps = story->steps;
    for (size_t i = 0; i < first; i++)
        if (is_same_packet(&steps[i], &steps[first]))
            return;
    fprintf(file, "%s packet %" PRIu64 "\n", steps[first].origin == TAPIR_BORN ? "born" : "received",
            steps[first].number);
    for (size_t i = first; i < story->n; i++)
        if (is_same_packet(&steps[i], &steps[first]))
            write_step(&steps[i], start, file);
}

bool story_write(const struct story *story, tapir_instant start, FILE *file)
{
    for (size_t i = 0; i < story->n; i++)
        write_packet(story, i, start, file);
    if (story->is_starved)
        fputs("memory was short: the end of the story is missing\n", file);
    return fflush(file) == 0 && ferror(file) == 0;
}

void story_forget(struct story *story)
{
    free(story->steps);
    *story = (struct story){0};
}
