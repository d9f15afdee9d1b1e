/* The clerk at the door: every frame that leaves any bench is judged here.
 *
 * Of all: lengths, checksums, padding, own MAC, MTU, link groups only with IP groups (RFC 1122 3.3.6). Of
 * transit: not a bit changed but TTL and checksum, in one piece or in several. Of ours: own source, sane header; of
 * answers: to the source of their cause, never to what was sent to many, one error at most, no larger than what asked
 * for them; of errors: 576 octets, an exact quote. */
#include <string.h>

#include "tests/options.h"
#include "tests/world/bench_inside.h"
#include "tests/world/pieces.h"

/* What the clerk says when he is asked for his opinion; NULL: he fails the test. */
static const char **opinion;

static void accuse(const struct sight *sight, const char *of)
{
    if (opinion == NULL)
        fail_msg("a frame left tap%c that breaks: %s", sight->on == TAP_A ? 'A' : 'B', of);
    else if (*opinion == NULL)
        *opinion = of;
}

#define JUDGE(promise)               \
    do {                             \
        if (!(promise))              \
            accuse(sight, #promise); \
    } while (0)

static unsigned mtu_of(const struct bench *bench, unsigned iface)
{
    union tapir_row row;
    uint64_t cursor = 0;
    while (tapir_list(bench->stack, TAPIR_TABLE_INTERFACES, &cursor, &row, 1) == 1)
        if (row.interface.iface == iface)
            return row.interface.mtu;
    return 0;
}

static bool is_group_mac(int64_t mac)
{
    return (mac >> 40 & 1) != 0;
}

/* 01:00:5e and 23 bits of the group (RFC 1112 6.4), or all ones. */
static int64_t mac_for_many(int64_t ip)
{
    return ip >= IP(224, 0, 0, 0) && ip != BROADCAST ? INT64_C(0x01005e000000) | (ip & 0x7fffff)
                                                     : MAC_BROADCAST;
}

/* The datagram of a frame that was given, and how much of it arrived. */
static const uint8_t *datagram_of(const struct given_frame *frame, size_t *size)
{
    bool is_length = frame->size >= 22 && frame->bytes[12] < 6;
    size_t header = is_length ? 22 : 14;
    const uint8_t *ip = frame->wire + header;
    size_t arrived = frame->size - header, total = (size_t)ip[2] << 8 | ip[3];
    *size = total < arrived ? total : arrived;
    return ip;
}

/* The broadcast address of a network of `tap`. */
static bool is_directed(const struct bench *bench, enum tap tap, int64_t ip)
{
    union tapir_row row;
    uint64_t cursor = 0;
    while (tapir_list(bench->stack, TAPIR_TABLE_ADDRESSES, &cursor, &row, 1) == 1) {
        int64_t hosts = INT64_C(0xffffffff) >> row.address.address.length;
        if (row.address.iface == (unsigned)tap && hosts > 1 &&
            ip == ((int64_t)row.address.address.address.value | hosts))
            return true;
    }
    return false;
}

/* Transit is for one host and goes to one MAC; but a directed broadcast goes to all, where that is wanted. */
static void judge_way(const struct bench *bench, const struct sight *sight)
{
    int64_t to = sight->view.to;
    bool directed = bench->passes_broadcasts[sight->on] && is_directed(bench, sight->on, to);
    JUDGE(directed || !bench_is_to_many(bench, to));
    if (directed)
        JUDGE(sight->view.to_mac == MAC_BROADCAST);
    else
        JUDGE(!is_group_mac(sight->view.to_mac));
}

static void judge_transit(const struct bench *bench, const struct sight *sight)
{
    const struct given_frame *frame = &bench->frames[sight->number];
    size_t size;
    const uint8_t *before = datagram_of(frame, &size), *after = sight->view.datagram;
    JUDGE(sight->view.type == 0x0800);
    JUDGE(sight->view.total == size);
    JUDGE(after[8] == before[8] - 1);
    JUDGE(memcmp(before, after, 8) == 0);
    JUDGE(before[9] == after[9]);
    bool followed;
    const char *wrong = options_after_hop(before, after, sight->view.header,
                                          bench->counts_hops[frame->on] ? HOPS_COUNT : HOPS_STAND, &followed);
    if (wrong != NULL)
        accuse(sight, wrong);
    JUDGE(memcmp(before + 12, after + 12, followed ? 4 : 8) == 0);
    JUDGE(memcmp(before + sight->view.header, after + sight->view.header, size - sight->view.header) == 0);
    judge_way(bench, sight);
    JUDGE((frame->bytes[0] & 1) == 0);
}

/* A piece of a datagram in transit: its data where it was, its header but for lengths, TTL and options. */
static void judge_transit_piece(const struct bench *bench, const struct sight *sight)
{
    const struct view *view = &sight->view;
    size_t size;
    const uint8_t *whole = datagram_of(&bench->frames[sight->cause], &size);
    size_t header = (size_t)(whole[0] & 15) * 4, before = ((size_t)(whole[6] & 0x1f) << 8 | whole[7]) * 8;
    size_t at = (view->fragment & 0x1fff) * 8 - before;
    bool ends = at + view->payload_size == size - header, more = (view->fragment & IS_MF) != 0;
    JUDGE(at + view->payload_size <= size - header);
    JUDGE(more == (!ends || (whole[6] & 0x20) != 0));
    JUDGE(ends || view->payload_size % 8 == 0);
    JUDGE(view->ttl == whole[8] - 1U);
    JUDGE(view->datagram[1] == whole[1] && memcmp(view->datagram + 4, whole + 4, 2) == 0);
    JUDGE((view->datagram[6] & 0xc0) == (whole[6] & 0x80));
    JUDGE(view->protocol == whole[9] && memcmp(view->datagram + 12, whole + 12, 8) == 0);
    JUDGE(memcmp(view->payload, whole + header + at, view->payload_size) == 0);
    JUDGE(at > 0 || view->header == header);
    judge_way(bench, sight);
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* What an object tells of the interface where the cause arrived, RFC 5837 4.1: that interface, in that order. */
static void judge_interface(const struct bench *bench, const struct sight *sight, const uint8_t *object,
                            size_t size)
{
    enum tap on = bench->frames[sight->cause].on;
    const uint8_t *at = object + 4, *end = object + size;
    JUDGE(object[2] == 2 && object[3] != 0 && object[3] <= 0x0f);
    if ((object[3] & 8) != 0) {
        JUDGE(end - at >= 4 && get32(at) == (uint32_t)on + 1);
        at += 4;
    }
    if ((object[3] & 4) != 0) {
        JUDGE(end - at >= 8 && get32(at) == 0x00010000 && bench_is_own(bench, get32(at + 4)));
        at += 8;
    }
    if ((object[3] & 2) != 0) {
        JUDGE(end - at >= 8 && memcmp(at, on == TAP_A ? "\x08tapA\0\0" : "\x08tapB\0\0", 8) == 0);
        at += 8;
    }
    if ((object[3] & 1) != 0) {
        JUDGE(end - at >= 4 && get32(at) == mtu_of(bench, on));
        at += 4;
    }
    JUDGE(at == end);
}

/* RFC 4884 4, 7: zeros up to 128 octets or a multiple of 4, then one object. Returns the octets quoted. */
static size_t judge_extension(const struct bench *bench, const struct sight *sight, size_t size)
{
    const struct view *view = &sight->view;
    size_t padded = (size_t)(view->rest >> 16 & 0xff) * 4, quoted = size < padded ? size : padded;
    JUDGE(padded >= 128 && padded + 8 < view->data_size);
    JUDGE(padded == 128 || padded - quoted < 4);
    for (size_t i = quoted; i < padded; i++)
        JUDGE(view->data[i] == 0);
    const uint8_t *extension = view->data + padded;
    size_t octets = view->data_size - padded;
    JUDGE(extension[0] == 0x20 && extension[1] == 0);
    JUDGE((extension[2] | extension[3]) != 0 && naive_checksum(extension, octets, 0) == 0);
    JUDGE(((size_t)extension[4] << 8 | extension[5]) == octets - 4);
    judge_interface(bench, sight, extension + 4, octets - 4);
    return quoted;
}

static void judge_error(const struct bench *bench, const struct sight *sight, const uint8_t *about,
                        size_t size)
{
    const struct view *view = &sight->view;
    size_t quoted = view->data_size;
    uint32_t rest = view->rest;
    if ((view->icmp_type == 3 || view->icmp_type == 11 || view->icmp_type == 12) &&
        (rest >> 16 & 0xff) != 0) {
        quoted = judge_extension(bench, sight, size);
        rest &= 0xff00ffff;
    }
    size_t quote = size < 548 ? size : 548;
    JUDGE(view->total <= 576);
    JUDGE(quoted >= 28 || quoted == size);
    JUDGE(quoted <= quote);
    JUDGE(memcmp(view->data, about, quoted) == 0);
    JUDGE(!(view->icmp_type == 3 && view->icmp_code >= 6 && view->icmp_code <= 8));
    if (view->icmp_type == 3 && view->icmp_code == 4)
        JUDGE(rest >= 68 && rest <= 0xffff);
    else if (view->icmp_type == 12)
        JUDGE((rest & 0xffffff) == 0 && rest >> 24 < quoted);
    else if (view->icmp_type == 5) /* to the host itself, about a router or host on its link */
        JUDGE(view->icmp_code == 1 && rest != view->to && !bench_is_own(bench, rest) &&
              !bench_is_to_many(bench, rest) && bench_is_neighbor(bench, view->from, rest) &&
              bench_is_neighbor(bench, view->from, view->to));
    else
        JUDGE(rest == 0);
    if (view->icmp_type == 4) /* RFC 1812 4.3.2.5 */
        JUDGE(view->icmp_code == 0 && (view->tos & 0xe0) == (about[1] & 0xe0));
    bool is_first = (about[6] & 0x1f) == 0 && about[7] == 0;
    JUDGE(is_first);
    if (about[9] == 1)
        JUDGE(!is_icmp_error(about[(about[0] & 15) * 4]));
}

/* The ICMP message of a datagram that was given. */
struct asked {
    const uint8_t *message;
    size_t size;
    int64_t destination;
};

/* Milliseconds of a day, or not standard: RFC 792. */
static bool is_time(uint32_t ms)
{
    return ms < 86400000 || ms >> 31 == 1;
}

static void judge_timestamp(const struct sight *sight, const struct asked *asked)
{
    const uint8_t *message = sight->view.payload;
    JUDGE(asked->message[0] == 13 && asked->size >= 20);
    JUDGE(sight->view.payload_size == 20);
    JUDGE(memcmp(message + 4, asked->message + 4, 8) == 0);
    JUDGE(is_time(get32(message + 12)) && get32(message + 12) == get32(message + 16));
}

/* Octet 7: state 3 bits, 0 2 bits, A, 4, 6 (RFC 8335 3). */
static void judge_probe(const struct sight *sight, const struct asked *asked)
{
    const struct view *view = &sight->view;
    unsigned found = view->rest & 0xff, state = found >> 5;
    bool is_local = (asked->message[7] & 1) == 1;
    JUDGE(asked->message[0] == 42 && view->payload_size == 8);
    JUDGE(memcmp(view->payload + 4, asked->message + 4, 3) == 0);
    JUDGE(view->ttl == 255 && view->tos == 0 && view->fragment == IS_DF);
    JUDGE(view->icmp_code <= 4 && (found & 0x18) == 0 && state <= 6);
    if (view->icmp_code != 0)
        JUDGE(found == 0);
    else if (is_local)
        JUDGE(state == 0 && (found & 1) == 0 && found != 2);
    else
        JUDGE(state != 0 && (found & 7) == 0);
}

/* Which answer belongs to which question, and what of the question it returns. */
static void judge_reply(const struct bench *bench, const struct sight *sight, const struct asked *asked)
{
    const struct view *view = &sight->view;
    JUDGE(asked->size >= 8);
    JUDGE(view->payload_size <= asked->size);
    if (view->icmp_type == 43) {
        judge_probe(sight, asked);
        return;
    }
    JUDGE(view->icmp_code == 0);
    JUDGE(memcmp(view->payload + 4, asked->message + 4, 4) == 0);
    switch (view->icmp_type) {
    case 0:
        JUDGE(asked->message[0] == 8 && view->payload_size == asked->size);
        JUDGE(memcmp(view->payload + 4, asked->message + 4, asked->size - 4) == 0);
        return;
    case 14:
        judge_timestamp(sight, asked);
        return;
    case 16:
        JUDGE(asked->message[0] == 15 && view->payload_size == 8);
        return;
    case 18:
        JUDGE(asked->message[0] == 17 && view->payload_size == 12);
        JUDGE(bench_is_own_mask(bench, view->from, view->to, get32(view->payload + 8)));
        return;
    default:
        fail_msg("an ICMP message of type %u left", view->icmp_type);
    }
}

/* To whom a reply goes: to the source; to that host number on a network of ours (information, RFC 792); to the network of
 * who has no address (mask, RFC 950). */
static bool is_asker(const struct bench *bench, const struct view *view, int64_t source)
{
    if (source == 0 && view->icmp_type == 18)
        return view->to == BROADCAST ||
               (bench_is_to_many(bench, view->to) && bench_is_neighbor(bench, view->from, view->to));
    if (source >> 24 != 0 || view->icmp_type != 16)
        return view->to == source;
    return (view->to & source) == source && !bench_is_own(bench, view->to) &&
           bench_is_neighbor(bench, view->from, view->to);
}

/* Questions to many that may be answered: information to 0.0.0.0 (RFC 792), masks by an agent (RFC 950). */
static bool is_for_anybody(const struct view *view, int64_t destination)
{
    return view->protocol == 1 && ((view->icmp_type == 16 && destination == 0) || view->icmp_type == 18);
}

/* What was born because a frame had come. */
static void judge_answer(struct bench *bench, const struct sight *sight)
{
    const struct view *view = &sight->view;
    struct given_frame *asked = &bench->frames[sight->cause];
    static struct whole joined;
    size_t size;
    const uint8_t *about = datagram_of(asked, &size);
    if (!(view->protocol == 1 && view->icmp_type == 11) && whole_given(bench, sight->cause, &joined)) {
        about = joined.bytes;
        size = joined.size;
    }
    int64_t source = IP(about[12], about[13], about[14], about[15]);
    int64_t destination = IP(about[16], about[17], about[18], about[19]);
    bool is_error = view->protocol == 1 && is_icmp_error(view->icmp_type);
    bool traces = view->protocol == 1 && view->icmp_type == 30;
    const char *wrong =
        traces ? options_traceroute_fault(about, view->payload, view->payload_size, &source) : NULL;
    if (wrong != NULL)
        accuse(sight, wrong);
    JUDGE(!traces || (bench->counts_hops[asked->on] && view->header == 20 && view->tos == 0));
    JUDGE(is_asker(bench, view, source) ||
          options_end_of_route(view->datagram, view->header) == (uint32_t)source);
    JUDGE(view->header <= (size_t)(about[0] & 15) * 4);
    JUDGE(!bench_is_to_many(bench, source) || (source == 0 && view->icmp_type == 18));
    bool may_be_to_many = bench->amplifies || is_for_anybody(view, destination);
    JUDGE(may_be_to_many || !bench_is_to_many(bench, destination));
    JUDGE(may_be_to_many || (asked->bytes[0] & 1) == 0);
    bool is_later = (view->fragment & 0x1fff) != 0, is_piece = is_later || (view->fragment & IS_MF) != 0;
    JUDGE(is_later || ++asked->answers == 1);
    JUDGE(view->protocol != 1 || (view->icmp_type != 9 && view->icmp_type != 10));
    if (is_piece)
        JUDGE(view->header + (view->fragment & 0x1fff) * 8 + view->payload_size <= size);
    else if (is_error)
        judge_error(bench, sight, about, size);
    else if (traces)
        JUDGE(get32(view->payload + 16) == mtu_of(bench, TAP_A) ||
              get32(view->payload + 16) == mtu_of(bench, TAP_B));
    else if (view->protocol == 1)
        judge_reply(
            bench, sight,
            &(struct asked){about + (about[0] & 15) * 4, size - (size_t)(about[0] & 15) * 4, destination});
    else
        JUDGE(view->total <= size || view->total == 40);
}

static bool is_listed_before(const uint8_t *entries, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (memcmp(entries + 8 * i, entries + 8 * (size_t)n, 4) == 0)
            return true;
    return false;
}

/* Router advertisements and solicitations, RFC 1256 3: of nobody's asking, for the link alone. */
static void judge_discovery(const struct bench *bench, const struct sight *sight)
{
    const struct view *view = &sight->view;
    bool advertises = view->icmp_type == 9;
    JUDGE(view->icmp_code == 0);
    JUDGE(view->ttl == 1);
    JUDGE(view->to == (advertises ? IP(224, 0, 0, 1) : IP(224, 0, 0, 2)) || view->to == BROADCAST);
    JUDGE(view->from >> 8 == (sight->on == TAP_A ? DUT_A : DUT_B) >> 8);
    if (!advertises) {
        JUDGE(view->rest == 0);
        JUDGE(view->payload_size == 8);
        return;
    }
    unsigned n = view->rest >> 24, lifetime = view->rest & 0xffff;
    JUDGE((view->rest >> 16 & 0xff) == 2);
    JUDGE(n >= 1 && view->payload_size == 8 + 8 * (size_t)n);
    JUDGE(lifetime == 0 || (lifetime >= 4 && lifetime <= 9000));
    for (unsigned i = 0; i < n; i++) {
        const uint8_t *entry = view->data + 8 * (size_t)i;
        int64_t listed = IP(entry[0], entry[1], entry[2], entry[3]);
        JUDGE(bench_is_own(bench, listed));
        JUDGE(!is_listed_before(view->data, i));
    }
}

/* ICMP that nobody asked for: a question, discovery; to the link a question for its mask or our own mask (RFC 1122
 * 3.2.2.9). Of a question in pieces the first one says what it is. */
static void judge_unasked(const struct bench *bench, const struct sight *sight)
{
    static const uint8_t types[] = {8, 9, 10, 13, 15, 17, 18, 42};
    const struct view *view = &sight->view;
    if ((view->fragment & 0x1fff) != 0)
        return;
    JUDGE(memchr(types, (int)view->icmp_type, sizeof types) != NULL);
    JUDGE(view->icmp_code == 0);
    bool is_query = view->icmp_type == 17 && view->to != BROADCAST; /* of a socket */
    if (is_query || (view->icmp_type != 17 && view->icmp_type != 18))
        return;
    JUDGE(view->to == BROADCAST && view->payload_size == 12);
    uint32_t mask = get32(view->payload + 8);
    JUDGE(view->icmp_type == 17 ? mask == 0 : bench_is_own_mask(bench, view->from, view->from, mask));
}

static bool is_transit_piece(const struct bench *bench, const struct sight *sight)
{
    const struct view *view = &sight->view;
    if (sight->cause == 0 || (view->fragment & 0x3fff) == 0)
        return false;
    size_t size;
    const uint8_t *whole = datagram_of(&bench->frames[sight->cause], &size);
    return memcmp(whole + 12, view->datagram + 12, 4) == 0;
}

static void judge_ours(struct bench *bench, const struct sight *sight)
{
    const struct view *view = &sight->view;
    if (is_transit_piece(bench, sight)) {
        judge_transit_piece(bench, sight);
        return;
    }
    if (view->transport_fault != NULL)
        accuse(sight, view->transport_fault);
    JUDGE(bench_is_own(bench, view->from));
    JUDGE((view->fragment & IS_RESERVED) == 0);
    JUDGE((view->tos & 3) == 0);
    JUDGE(options_are_sound(view->datagram, view->header));
    bool turns = options_have(view->datagram, view->header, 82) && sight->cause != 0;
    JUDGE(!turns || bench->counts_hops[bench->frames[sight->cause].on]);
    bool to_many = bench_is_to_many(bench, view->to);
    JUDGE(is_group_mac(view->to_mac) == to_many);
    if (to_many)
        JUDGE(view->to_mac == mac_for_many(view->to));
    if (view->protocol == 1 && (view->icmp_type == 9 || view->icmp_type == 10))
        judge_discovery(bench, sight);
    if (sight->cause != 0)
        judge_answer(bench, sight);
    else if (view->protocol == 1)
        judge_unasked(bench, sight);
}

/* To who asked, by unicast but for 169.254/16, and about what he asked. For others we speak only as a proxy, and never for groups, 169.254/16 or
 * his own address (RFC 1027 2.4, RFC 3927 2.7, RFC 5227 2.1.1). */
static void judge_arp_reply(const struct bench *bench, const struct sight *sight)
{
    const struct view *view = &sight->view;
    const struct given_frame *asked = &bench->frames[sight->cause];
    JUDGE(sight->cause != 0);
    const uint8_t *arp = asked->bytes + (asked->bytes[12] < 6 ? 22 : 14);
    bool is_link_local = view->sender >> 16 == 0xa9fe; /* RFC 3927 2.5 */
    JUDGE(view->to_mac == (is_link_local ? MAC_BROADCAST : view->target_mac));
    JUDGE(!is_group_mac(view->target_mac));
    JUDGE(view->target == IP(arp[14], arp[15], arp[16], arp[17]));
    JUDGE(view->sender == IP(arp[24], arp[25], arp[26], arp[27]));
    JUDGE(asked->on == sight->on);
    if (bench_is_own(bench, view->sender))
        return;
    JUDGE(!bench_is_to_many(bench, view->sender) && view->sender >> 16 != 0xa9fe);
    JUDGE(view->target != 0 && view->target != view->sender);
}

static void judge_arp(const struct bench *bench, const struct sight *sight)
{
    const struct view *view = &sight->view;
    JUDGE(!sight->forwarded);
    bool is_proxied = bench->proxies && view->operation == 2;
    JUDGE(view->sender == 0 || bench_is_own(bench, view->sender) || is_proxied);
    JUDGE(!bench_is_to_many(bench, view->target) || view->operation == 2);
    if (view->operation == 2)
        judge_arp_reply(bench, sight);
}

void bench_check_sight(struct bench *bench, struct sight *sight)
{
    bool is_judged;
    const char *wrong = bench_super_view(bench, sight, mtu_of(bench, sight->on), &is_judged);
    if (wrong != NULL)
        accuse(sight, wrong);
    if (wrong != NULL || is_judged)
        return;
    JUDGE(sight->view.from_mac == (sight->on == TAP_A ? MAC_A : MAC_B));
    JUDGE(sight->size <= 14 + mtu_of(bench, sight->on) || sight->size == 60);
    if (sight->view.type == 0x0806)
        judge_arp(bench, sight);
    else if (sight->forwarded)
        judge_transit(bench, sight);
    else
        judge_ours(bench, sight);
}

const char *bench_opinion(struct bench *bench, struct sight *sight)
{
    const char *fault = NULL;
    opinion = &fault;
    bench_check_sight(bench, sight);
    opinion = NULL;
    return fault;
}
