#include "tests/table.h"

#include "tests/storm_inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void dump(const char *title, const uint8_t *bytes, size_t size)
{
    fprintf(stderr, "%s, %zu octets:", title, size);
    for (size_t i = 0; i < size && i < 160; i++)
        fprintf(stderr, "%s%02x", i % 32 == 0 ? "\n    " : " ", bytes[i]);
    fputc('\n', stderr);
}

static struct storm_seen *find(const struct storm *storm, uint64_t number)
{
    struct storm_seen *seen = &storm->seen[number % storm->n_seen];
    return number != 0 && seen->number == number ? seen : NULL;
}

_Noreturn void storm_fault(struct storm *storm, const char *what, const struct tapir_packet *packet)
{
    fprintf(stderr, "storm: %s (seed %" PRIu64 "%s%s%s%s, at %" PRId64 " ns)\n", what, storm->shape.seed,
            storm->shape.router ? ", router" : ", host", storm->shape.tiny ? ", tiny" : "",
            storm->shape.operations ? ", operations" : "", storm->shape.unobserved ? ", unobserved" : "",
            storm->now.ns);
    if (packet != NULL) {
        fprintf(stderr, "packet %" PRIu64 " %s, cause %" PRIu64 ", verdict %s\n", packet->number,
                packet->within.origin == TAPIR_BORN ? "born" : "received", packet->cause,
                tapir_fate(packet->verdict)->name);
        dump("packet", packet->data, packet->size);
        const struct storm_seen *seen =
            find(storm, packet->within.origin == TAPIR_BORN ? packet->cause : packet->number);
        if (seen != NULL)
            dump("received", seen->frame, seen->size < STORM_PREFIX ? seen->size : STORM_PREFIX);
    }
    fail();
    abort();
}

/* ---- what came in ---- */

static uint32_t mask_of(uint8_t length)
{
    return length == 0 ? 0 : UINT32_MAX << (32 - length);
}

/* The all-ones address of a network of ours, or else its zero host. */
static bool is_special(const struct storm *storm, uint32_t destination, bool all_ones)
{
    for (size_t i = 0; i < storm->n_now_own; i++) {
        uint32_t mask = mask_of(storm->now_own[i].length), network = storm->now_own[i].address.value & mask;
        if (storm->now_own[i].length <= 30 && destination == (all_ones ? network | ~mask : network))
            return true;
    }
    return false;
}

static bool is_to_many(const struct storm *storm, uint32_t destination)
{
    return destination == UINT32_MAX || destination >> 28 == 14 || is_special(storm, destination, true) ||
           is_special(storm, destination, false);
}

void storm_remember(struct storm *storm, const struct tapir_packet *packet, uint64_t number)
{
    struct storm_seen *seen = &storm->seen[number % storm->n_seen];
    seen->number = number;
    seen->size = packet->size;
    seen->iface = storm->batch_iface;
    seen->is_final = false;
    seen->icmp = seen->resets = seen->arps = 0;
    dissect(packet->data, packet->size, &seen->d);
    seen->directed = seen->d.is_ip4 && is_special(storm, seen->d.destination, true);
    seen->to_many = seen->d.is_ip4 && is_to_many(storm, seen->d.destination);
    memcpy(seen->frame, packet->data, packet->size < STORM_PREFIX ? packet->size : STORM_PREFIX);
}

/* ---- frames that went out ---- */

static bool is_group(uint64_t mac)
{
    return (mac >> 40 & 1) != 0;
}

static void judge_forwarded(struct storm *storm, const struct tapir_packet *packet,
                            const struct dissected *out)
{
    storm->forwarded++;
    struct storm_seen *seen = find(storm, packet->number);
    if (seen == NULL) {
        storm->forgotten++;
        return;
    }
    const struct dissected *in = &seen->d;
    expect(storm, !seen->is_final, "forwarded, but it had a verdict", packet);
    seen->is_final = true;
    expect(storm, in->is_ip4 && in->is_whole && in->is_header_sum_right, "forwarded a broken header", packet);
    bool passes = storm->passes_broadcasts && seen->directed;
    expect(storm, (passes || !seen->to_many) && !is_group(in->to), "forwarded one for many", packet);
    expect(storm, !is_group(out->to) || (passes && out->to == UINT64_C(0xffffffffffff)),
           "forwarded to a group address", packet);
    expect(storm, in->ttl > 1 && out->ttl == in->ttl - 1, "the TTL is not one less", packet);
    expect(storm, out->total == in->total, "another length", packet);
    expect(storm, is_host(out->source) || storm->believes_martians, "forwarded from no host", packet);
    const uint8_t *before = seen->frame + in->network, *after = packet->data + out->network;
    size_t size = in->total < STORM_PREFIX - in->network ? in->total : STORM_PREFIX - in->network;
    bool followed;
    const char *wrong = options_after_hop(before, after, in->header,
                                          storm->counts_hops ? HOPS_MAY_COUNT : HOPS_STAND, &followed);
    expect(storm, wrong == NULL, wrong, packet);
    expect(storm, memcmp(before, after, 8) == 0 && before[9] == after[9], "forwarded with another header",
           packet);
    expect(storm, memcmp(before + 12, after + 12, followed ? 4 : 8) == 0, "forwarded with other addresses",
           packet);
    expect(storm, memcmp(before + in->header, after + in->header, size - in->header) == 0,
           "forwarded with other octets", packet);
}

static void judge_reset(struct storm *storm, const struct tapir_packet *packet, const struct dissected *out,
                        struct storm_seen *seen)
{
    const struct dissected *in = &seen->d;
    storm->resets++;
    expect(storm, ++seen->resets == 1 && seen->icmp == 0, "a second answer to one segment", packet);
    expect(storm, in->protocol == 6 && in->is_transport_sum_right, "a reset for no segment", packet);
    expect(storm, (in->tcp_flags & 4) == 0, "a reset for a reset", packet);
    expect(storm, out->total == 40 && (out->tcp_flags & 4) != 0, "this is no reset", packet);
    expect(storm,
           out->source == in->destination && out->source_port == in->destination_port &&
               out->destination_port == in->source_port,
           "a reset for another flow", packet);
}

/* A mask for who asked from 0.0.0.0: by broadcast. */
static bool is_mask_to_nobody(const struct storm *storm, const struct tapir_packet *packet,
                              const struct dissected *out)
{
    const struct storm_seen *seen = find(storm, packet->cause);
    return out->protocol == 1 && out->icmp_type == 18 && out->to == 0xffffffffffff &&
           (seen == NULL || (seen->d.source == 0 && seen->d.icmp_type == 17)) &&
           is_to_many(storm, out->destination);
}

/* The host number that asked, on the network of who answers: RFC 792. That network may be gone when the answer leaves. */
static bool is_number_of(const struct storm *storm, const struct dissected *in, const struct dissected *out)
{
    if (!is_for_anybody(in) || in->source >> 24 != 0 || out->icmp_type != 16)
        return false;
    for (uint8_t length = 1; length <= 32; length++)
        if ((storm->lengths >> length & 1) != 0 &&
            out->destination == ((out->source & mask_of(length)) | in->source))
            return true;
    return false;
}

/* Whatever answers a received packet goes back to its source, and not when it was for many. */
static void judge_answer(struct storm *storm, const struct tapir_packet *packet, const struct dissected *out)
{
    struct storm_seen *seen = find(storm, packet->cause);
    if (seen == NULL) {
        storm->forgotten++;
        return;
    }
    const struct dissected *in = &seen->d;
    expect(storm, in->is_ip4 && in->is_header_sum_right, "an answer to a broken header", packet);
    expect(storm, !seen->to_many || is_for_anybody(in), "an answer to a broadcast or multicast destination",
           packet);
    expect(storm, !is_group(in->to) || is_for_anybody(in), "an answer to a link broadcast or multicast",
           packet);
    if (out->protocol == 1 && out->icmp_type == 30) {
        storm_judge_traceroute(storm, packet, out, seen);
        return;
    }
    expect(storm, out->header <= in->header, "an answer with more options than what it answers", packet);
    expect(storm,
           out->destination == in->source ||
               options_end_of_route(packet->data + out->network, out->header) == in->source ||
               is_number_of(storm, in, out) || is_mask_to_nobody(storm, packet, out),
           "an answer to somebody else", packet);
    if (out->protocol == 1)
        storm_judge_icmp(storm, packet, out, seen);
    else if (out->protocol == 6)
        judge_reset(storm, packet, out, seen);
    else
        storm_fault(storm, "an answer of another protocol", packet);
}

/* The addresses of the request, changed about. For others only a proxy speaks, and not about groups, 169.254/16 or the
 * address of who asks. */
static void judge_arp_reply(struct storm *storm, const struct tapir_packet *packet,
                            const struct storm_seen *seen)
{
    const uint8_t *arp = packet->data + 14, *asked = seen->frame + seen->d.network;
    uint32_t speaks_for = dissect_get(arp + 14, 4), asks = dissect_get(arp + 24, 4);
    bool is_link_local = speaks_for >> 16 == 0xa9fe; /* RFC 3927 2.5 */
    expect(storm, (packet->data[0] & 1) == is_link_local, "an ARP reply to many, or to too few", packet);
    expect(storm, memcmp(arp + 14, asked + 24, 4) == 0, "an ARP reply for another address", packet);
    expect(storm, memcmp(arp + 18, asked + 8, 10) == 0, "an ARP reply to somebody else", packet);
    expect(storm,
           memcmp(packet->data, is_link_local ? (const uint8_t *)"\xff\xff\xff\xff\xff\xff" : asked + 8, 6) ==
               0,
           "an ARP reply in a frame to somebody else", packet);
    if (is_ever_own(storm, speaks_for))
        return;
    expect(storm, storm->proxies, "an ARP reply for another host", packet);
    expect(storm, is_host(speaks_for) && speaks_for >> 16 != 0xa9fe && !is_to_many(storm, speaks_for),
           "a proxy for what is no host", packet);
    expect(storm, asks != 0 && asks != speaks_for, "a proxy that makes a conflict", packet);
}

static void judge_arp(struct storm *storm, unsigned iface, const struct tapir_packet *packet)
{
    const uint8_t *arp = packet->data + 14;
    uint32_t opcode = dissect_get(arp + 6, 2);
    expect(storm, packet->size == 60 && is_zero(arp + 28, 18), "ARP with rubbish behind it", packet);
    expect(storm, memcmp(arp, "\0\1\x08\0\6\4", 6) == 0 && (opcode == 1 || opcode == 2), "no ARP", packet);
    expect(storm, memcmp(arp + 8, packet->data + 6, 6) == 0, "ARP from another MAC", packet);
    struct storm_seen *seen = find(storm, packet->cause);
    storm->forgotten += opcode == 2 && seen == NULL;
    if (opcode == 2 && seen != NULL) {
        expect(storm, seen->d.is_arp && ++seen->arps == 1, "an ARP reply to nothing", packet);
        judge_arp_reply(storm, packet, seen);
    }
    if (opcode == 2 || storm->n_asked == STORM_BATCH)
        return;
    storm->asked[storm->n_asked].iface = iface;
    storm->asked[storm->n_asked].asks = dissect_get(arp + 14, 4);
    storm->asked[storm->n_asked++].for_address = dissect_get(arp + 24, 4);
}

/* What a socket said of its own accord: a datagram, or a query. To whom and how is its own affair. */
static bool is_talk(const struct storm *storm, const struct tapir_packet *packet, const struct dissected *out)
{
    static const uint8_t queries[] = {8, 13, 15, 17, 42};
    bool is_query = out->protocol == 1 && memchr(queries, out->icmp_type, sizeof queries) != NULL;
    return storm->shape.talks && packet->cause == 0 && (is_query || out->protocol == 17);
}

/* A group address of the link for many, and for nobody else. */
static void judge_talk(struct storm *storm, const struct tapir_packet *packet, const struct dissected *out)
{
    storm->datagrams += out->protocol == 17;
    expect(storm, out->ttl > 0, "said without TTL", packet);
    expect(storm, out->protocol == 1 || out->source_port != 0, "said without a port", packet);
    expect(storm, is_host(out->destination) || is_group(out->to), "said to many in a frame for one", packet);
    expect(storm, out->destination >> 24 != 127 && out->destination >> 24 != 0, "said to no address", packet);
}

/* Ours or one in transit: data in its place. */
static void judge_piece(struct storm *storm, const struct tapir_packet *packet, const struct dissected *out)
{
    const struct storm_seen *seen = find(storm, packet->cause);
    if (seen == NULL || seen->d.source != out->source)
        return; /* of a reply: the whole is judged by tests/world */
    size_t at = (size_t)((out->fragment & 0x1fff) - (seen->d.fragment & 0x1fff)) * 8;
    size_t from = seen->d.transport + at, n = out->transport_size;
    expect(storm, out->ttl == seen->d.ttl - 1 && (seen->d.fragment & 0x4000) == 0,
           "a piece of what may not be cut", packet);
    expect(storm, at + n <= seen->d.transport_size && (n % 8 == 0 || at + n == seen->d.transport_size),
           "a piece that is not in its place", packet);
    if (from < STORM_PREFIX)
        expect(storm,
               memcmp(packet->data + out->transport, seen->frame + from,
                      from + n < STORM_PREFIX ? n : STORM_PREFIX - from) == 0,
               "a piece of other octets", packet);
}

static void judge_born(struct storm *storm, unsigned iface, const struct tapir_packet *packet,
                       const struct dissected *out)
{
    if (out->type == 0x0806) {
        judge_arp(storm, iface, packet);
        return;
    }
    if (is_piece(out)) {
        judge_piece(storm, packet, out);
        return;
    }
    expect(storm, out->is_transport_sum_right, "born with a wrong checksum", packet);
    expect(storm, is_ever_own(storm, out->source), "born with a source that is not ours", packet);
    if (out->protocol == 1 && (out->icmp_type == 9 || out->icmp_type == 10)) {
        storm_judge_discovery(storm, packet, out);
        return;
    }
    if (is_mask_for_all(packet, out))
        return;
    if (is_talk(storm, packet, out)) {
        judge_talk(storm, packet, out);
        return;
    }
    bool to_all = is_mask_to_nobody(storm, packet, out);
    expect(storm, to_all || (is_host(out->destination) && !is_group(out->to)), "born for many", packet);
    if (out->protocol == 17 && packet->cause == 0 && out->source_port == 7)
        storm->datagrams++;
    else
        judge_answer(storm, packet, out);
}

void storm_judge_output(struct storm *storm, unsigned iface, const struct tapir_packet *packet)
{
    struct dissected out;
    storm->finals[packet->within.origin]++;
    expect(storm, !storm->paused[iface], "a frame for a paused interface", packet);
    expect(storm, packet->size >= 60 && packet->size <= STORM_MTU + 14, "a frame of a wrong size", packet);
    dissect(packet->data, packet->size, &out);
    expect(storm, out.from == storm->mac[iface], "a frame from another MAC", packet);
    expect(storm, out.is_arp || (out.is_ip4 && out.is_whole && out.is_header_sum_right), "a broken frame",
           packet);
    if (out.is_ip4) {
        size_t end = 14 + out.total;
        expect(storm, is_zero(packet->data + end, packet->size - end), "padding is not zero", packet);
        expect(storm, packet->size == (end < 60 ? 60 : end), "rubbish behind the datagram", packet);
    }
    if (packet->verdict == TAPIR_FORWARDED)
        judge_forwarded(storm, packet, &out);
    else if (packet->verdict == TAPIR_SENT && packet->within.origin == TAPIR_BORN)
        judge_born(storm, iface, packet, &out);
    else
        storm_fault(storm, "a frame with the verdict of another fate", packet);
}

/* ---- what was settled ---- */

void storm_judge_settled(struct storm *storm, const struct tapir_packet *packet)
{
    enum tapir_verdict verdict = packet->verdict;
    expect(storm, verdict > TAPIR_UNSETTLED && verdict < TAPIR_VERDICT_COUNT, "no verdict", packet);
    enum tapir_kind kind = tapir_fate(verdict)->kind;
    expect(storm, kind != TAPIR_ANSWER, "an answer is no verdict", packet);
    expect(storm, packet->answer == TAPIR_UNSETTLED || tapir_fate(packet->answer)->kind == TAPIR_ANSWER,
           "a verdict is no answer", packet);
    if (kind != TAPIR_HELD)
        storm->finals[packet->within.origin]++;
    struct storm_seen *seen = packet->within.origin == TAPIR_RECEIVED ? find(storm, packet->number) : NULL;
    if (seen == NULL)
        return;
    expect(storm, !seen->is_final, "a second final verdict", packet);
    seen->is_final = kind != TAPIR_HELD;
    if (verdict == TAPIR_OUT_FULL || verdict == TAPIR_OUT_DOWN || verdict == TAPIR_STACK_CLOSED)
        return; /* had its new header already */
    size_t size = seen->size < STORM_PREFIX ? seen->size : STORM_PREFIX;
    expect(storm, packet->size == seen->size && memcmp(packet->data, seen->frame, size) == 0,
           "settled with other octets than received", packet);
}

void storm_judge_counters(struct storm *storm)
{
    const struct tapir_counters *c = tapir_counters(storm->stack);
    for (int origin = 0; origin < TAPIR_ORIGIN_COUNT; origin++) {
        uint64_t settled = c->settled[origin], sum = 0;
        expect(storm, c->packets[origin] == settled + c->held[origin] + c->waiting[origin], "lost a packet",
               NULL);
        for (int verdict = 1; verdict < TAPIR_VERDICT_COUNT; verdict++)
            if (tapir_fate((enum tapir_verdict)verdict)->kind <= TAPIR_REFUSED)
                sum += c->verdicts[verdict][origin];
        expect(storm, sum == settled, "verdicts do not add up", NULL);
        bool goes_on =
            tapir_deadline(storm->stack).ns <= storm->now.ns; /* what it earns waits for the next call */
        if (!storm->shape.unobserved)
            expect(storm, storm->finals[origin] == settled || (goes_on && storm->finals[origin] < settled),
                   "verdicts counted that nobody saw", NULL);
    }
    expect(storm, storm->slots.torn == 0, "headroom, frame and tailroom are not the slot", NULL);
    expect(storm, storm->slots.inside <= c->waiting[TAPIR_RECEIVED], "a slot stays inside", NULL);
    const uint64_t *sent = c->verdicts[TAPIR_ANSWER_SENT];
    uint64_t told = sent[TAPIR_RECEIVED] + sent[TAPIR_BORN]; /* born: put together from fragments */
    expect(storm, storm->errors + storm->resets <= told, "more answers than counted", NULL);
}
