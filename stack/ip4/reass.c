/* Reassembly. */
#include "ip4/reass.h"

#include <string.h>

#include "wire/addr.h"
#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/ip4.h"
#include "wire/ip4_opt.h"

/* The values of ip.reassembly.overlap. */
enum {
    OVERLAP_DROP,
    OVERLAP_FIRST,
    OVERLAP_LAST
};

/* ECN, RFC 3168 5. */
enum {
    ECN = 0x03,
    ECN_NOT_CAPABLE = 0,
    ECN_CONGESTED = 3
};

/* ---- one fragment ---- */

/* Where the data of a fragment lies in the whole. */
static struct range range_of(const struct tapir_packet *packet)
{
    uint32_t start = (uint32_t)(packet->within.tuple.fragment & IP4_OFFSET) * 8;
    return (struct range){start, start + (uint32_t)packet_payload_size(packet)};
}

static bool is_last(const struct tapir_packet *packet)
{
    return (packet->within.tuple.fragment & IP4_MF) == 0;
}

static enum tapir_verdict judge_alone(const struct tapir_packet *packet)
{
    struct range range = range_of(packet);
    if (range.start == range.end)
        return TAPIR_IP4_FRAGMENT_EMPTY;
    if (!is_last(packet) && range.end % 8 != 0)
        return TAPIR_IP4_FRAGMENT_LENGTH;
    if (range.end + packet->within.tuple.header > IP4_TOTAL_MAX)
        return TAPIR_IP4_FRAGMENT_BEYOND;
    return TAPIR_UNSETTLED;
}

/* ---- among the others ---- */

static bool is_copy(const struct tapir_packet *a, const struct tapir_packet *b)
{
    size_t size = packet_payload_size(a);
    return a->within.tuple.fragment == b->within.tuple.fragment && size == packet_payload_size(b) &&
           memcmp(packet_payload(a), packet_payload(b), size) == 0;
}

static bool is_held_already(struct reass_datagram *datagram, const struct tapir_packet *packet)
{
    const struct tapir_packet *at = datagram->held.head;
    while (at != NULL && !is_copy(at, packet)) {
        at = at->within.next;
        datagram->compared++;
    }
    return at != NULL;
}

/* The last fragment says where the datagram ends: only one end, and no data beyond it. */
static bool contradicts(const struct reass_datagram *datagram, const struct tapir_packet *packet)
{
    struct range range = range_of(packet);
    if (datagram->end != 0 && range.end > datagram->end)
        return true;
    return is_last(packet) && ranges_end(&datagram->there) > range.end;
}

/* Some fragment met congestion, and some other one is of a flow that could not be told: RFC 3168 5.3. */
static bool is_ecn_mixed(uint8_t seen)
{
    return (seen & 1 << ECN_CONGESTED) != 0 && (seen & 1 << ECN_NOT_CAPABLE) != 0;
}

static enum tapir_verdict judge_overlap(struct reass_datagram *datagram, const struct settings *settings,
                                        const struct tapir_packet *packet)
{
    struct range range = range_of(packet);
    if (!ranges_overlap(&datagram->there, range.start, range.end))
        return TAPIR_UNSETTLED;
    if (datagram->compared >= REASS_COMPARED)
        return TAPIR_IP4_FRAGMENT_MANY;
    if (is_held_already(datagram, packet))
        return TAPIR_IP4_FRAGMENT_DUPLICATE;
    if (settings_get(settings, TAPIR_SET_IP_REASSEMBLY_OVERLAP) == OVERLAP_DROP)
        return TAPIR_IP4_FRAGMENT_OVERLAP;
    return ++datagram->overlaps > REASS_OVERLAPS ? TAPIR_IP4_FRAGMENT_MANY : TAPIR_UNSETTLED;
}

static enum tapir_verdict judge_among(struct reass_datagram *datagram, const struct settings *settings,
                                      const struct tapir_packet *packet)
{
    enum tapir_verdict verdict = judge_overlap(datagram, settings, packet);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    if (contradicts(datagram, packet))
        return TAPIR_IP4_FRAGMENT_CONTRADICTION;
    datagram->ecn = (uint8_t)(datagram->ecn | 1 << (packet->within.tuple.tos & ECN));
    if (is_ecn_mixed(datagram->ecn))
        return TAPIR_IP4_FRAGMENT_ECN;
    struct range range = range_of(packet);
    bool fits = datagram->held.size < REASS_FRAGMENTS && ranges_add(&datagram->there, range.start, range.end);
    return fits ? TAPIR_UNSETTLED : TAPIR_IP4_FRAGMENT_MANY;
}

/* ---- the whole ---- */

static const struct tapir_packet *first_of(const struct reass_datagram *datagram)
{
    const struct tapir_packet *at = datagram->held.head;
    while (ip4_is_later_fragment(at->within.tuple.fragment))
        at = at->within.next;
    return at;
}

/* The source route of a fragment, or NULL. */
static const uint8_t *source_route(const struct tapir_packet *packet)
{
    const uint8_t *header = packet_ip4(packet);
    struct ip4_opt opt = {0};
    while (ip4_opt_next(header, packet->within.tuple.header, &opt) == IP4_OPT_FOUND)
        if (opt.type == IP4_OPT_LSRR || opt.type == IP4_OPT_SSRR)
            return header + opt.at;
    return NULL;
}

/* Octet 1 of an option is its length. */
static bool is_same_option(const uint8_t *a, const uint8_t *b)
{
    return a[1] == b[1] && memcmp(a, b, a[1]) == 0;
}

/* Options are those of the first fragment. Another source route than its in a later one is a way round filters. */
static bool has_other_route(const struct reass_datagram *datagram, const struct tapir_packet *first)
{
    const uint8_t *route = source_route(first);
    for (const struct tapir_packet *at = datagram->held.head; at != NULL; at = at->within.next) {
        const uint8_t *other = source_route(at);
        if (other != NULL && (route == NULL || !is_same_option(other, route)))
            return true;
    }
    return false;
}

static void reverse(struct lane *lane)
{
    struct tapir_packet *done = NULL, *at = lane->head;
    lane->end = &at->within.next;
    while (at != NULL) {
        struct tapir_packet *next = at->within.next;
        at->within.next = done;
        done = at;
        at = next;
    }
    lane->head = done;
}

/* What is laid later counts. */
static void lay(uint8_t *data, struct lane *held, bool first_counts)
{
    if (first_counts)
        reverse(held);
    for (const struct tapir_packet *at = held->head; at != NULL; at = at->within.next)
        memcpy(data + range_of(at).start, packet_payload(at), packet_payload_size(at));
}

/* The header of the first fragment, as if the datagram had never been cut. */
static void write_header(uint8_t *header, const struct tapir_packet *first, uint32_t total, uint8_t tos)
{
    memcpy(header, packet_ip4(first), first->within.tuple.header);
    header[IP4_AT_TOS] = tos;
    bytes_put16(header + IP4_AT_TOTAL, (uint16_t)total);
    bytes_put16(header + IP4_AT_FRAGMENT, first->within.tuple.fragment & (IP4_RESERVED | IP4_DF));
    bytes_put16(header + IP4_AT_CHECKSUM, 0);
    bytes_put16(header + IP4_AT_CHECKSUM, checksum(header, first->within.tuple.header));
}

static struct tapir_packet *bear(struct core *core, struct reass_datagram *datagram,
                                 const struct tapir_packet *first, const struct tapir_packet *last_come,
                                 bool first_counts)
{
    uint8_t size = first->within.tuple.header;
    struct tapir_packet *whole = packet_bear(core, size + datagram->end, last_come);
    if (whole == NULL)
        return NULL;
    uint8_t tos = first->within.tuple.tos;
    if ((datagram->ecn & 1 << ECN_CONGESTED) != 0)
        tos |= ECN_CONGESTED;
    packet_inherit(whole, first, size);
    whole->within.tuple.tos = tos;
    whole->within.tuple.fragment &= IP4_RESERVED | IP4_DF;
    write_header(whole->data, first, whole->size, tos);
    lay(whole->data + size, &datagram->held, first_counts);
    return whole;
}

static struct tapir_packet *complete(struct reass *reass, struct core *core, struct reass_datagram *datagram,
                                     const struct settings *settings)
{
    const struct tapir_packet *first = first_of(datagram);
    enum tapir_verdict verdict = TAPIR_IP4_REASSEMBLED;
    struct tapir_packet *whole = NULL;
    if (first->within.tuple.header + datagram->end > IP4_TOTAL_MAX)
        verdict = TAPIR_IP4_FRAGMENT_BEYOND;
    else if (has_other_route(datagram, first))
        verdict = TAPIR_IP4_FRAGMENT_ROUTE;
    else if ((whole = bear(core, datagram, first, lane_last(&datagram->held),
                           settings_get(settings, TAPIR_SET_IP_REASSEMBLY_OVERLAP) == OVERLAP_FIRST)) == NULL)
        verdict = TAPIR_STORE_FULL;
    reass_discard(reass, core, datagram, verdict, whole == NULL ? 0 : whole->number);
    return whole;
}

/* ---- in, and out of time ---- */

static struct reass_datagram *datagram_of(struct reass *reass, struct core *core,
                                          const struct settings *settings, const struct tapir_tuple *tuple)
{
    struct reass_datagram *datagram = reass_lookup(reass, core, tuple);
    if (datagram != NULL) {
        reass_touch(reass, datagram);
        return datagram;
    }
    datagram = reass_enter(reass, core, tuple);
    int64_t timeout = settings_get(settings, TAPIR_SET_IP_REASSEMBLY_TIMEOUT);
    timer_arm(&core->timers, &datagram->timer, time_after(core->now, timeout));
    return datagram;
}

struct tapir_packet *reass_input(struct reass *reass, struct core *core, const struct settings *settings,
                                 struct tapir_packet *packet)
{
    enum tapir_verdict verdict = judge_alone(packet);
    if (verdict != TAPIR_UNSETTLED) {
        settle(core, packet, verdict);
        return NULL;
    }
    struct reass_datagram *datagram = datagram_of(reass, core, settings, &packet->within.tuple);
    uint32_t end = is_last(packet) ? range_of(packet).end : datagram->end;
    verdict = judge_among(datagram, settings, packet);
    if (verdict == TAPIR_UNSETTLED && !reass_hold(reass, core, datagram, packet))
        verdict = TAPIR_IP4_FRAGMENT_CROWDED;
    if (verdict != TAPIR_UNSETTLED) {
        settle(core, packet, verdict);
        if (verdict != TAPIR_IP4_FRAGMENT_DUPLICATE)
            reass_discard(reass, core, datagram, verdict, 0);
        return NULL;
    }
    datagram->end = end;
    bool is_whole = end != 0 && ranges_cover(&datagram->there, 0, end);
    return is_whole ? complete(reass, core, datagram, settings) : NULL;
}

void reass_supersede(struct reass *reass, struct core *core, const struct tapir_tuple *tuple)
{
    struct reass_datagram *datagram = reass->count == 0 ? NULL : reass_lookup(reass, core, tuple);
    if (datagram != NULL)
        reass_discard(reass, core, datagram, TAPIR_IP4_FRAGMENT_SUPERSEDED, 0);
}

void reass_tick(struct reass *reass, struct core *core, struct reass_datagram *datagram)
{
    reass_discard(reass, core, datagram, TAPIR_IP4_FRAGMENT_TIMEOUT, 0);
}

static bool is_from(const struct reass_datagram *datagram, unsigned iface)
{
    const struct tapir_packet *at = datagram->held.head;
    while (at != NULL && at->iface != iface)
        at = at->within.next;
    return at != NULL;
}

void reass_flush(struct reass *reass, struct core *core, unsigned iface, enum tapir_verdict verdict)
{
    for (struct reass_datagram *at = reass->first, *next; at != NULL; at = next) {
        next = at->after;
        if (iface == TAPIR_EVERYWHERE || is_from(at, iface))
            reass_discard(reass, core, at, verdict, 0);
    }
}
