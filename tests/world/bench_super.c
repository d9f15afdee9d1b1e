/* The clerk of super-frames: what is left to a device, and what becomes of a super-frame.
 *
 * One leaves whole, but for its TTL; or as segments, or pieces of them, each as if the naive splitter had sent it; or one is
 * made of frames that were given, which the naive splitter finds again. Answers to one quote a segment, and come back once for
 * each at most. */
#include <string.h>

#include "tests/dissect.h"
#include "tests/supers.h"
#include "tests/world/bench_inside.h"

enum {
    ETHER = 14
};

static size_t total_of(const uint8_t *datagram)
{
    return dissect_get(datagram + 2, 2);
}

static size_t header_of(const uint8_t *datagram)
{
    return (size_t)(datagram[0] & 15) * 4;
}

void bench_super_complete(uint8_t *frame, size_t size, const struct tapir_offload *offload)
{
    if (!offload->partial || offload->segment != 0 || size < ETHER + 20)
        return;
    size_t end = ETHER + total_of(frame + ETHER), at = (size_t)offload->start + offload->offset;
    if (end > size || offload->start >= end || at + 2 > end)
        return;
    uint16_t sum = dissect_sum(frame + offload->start, end - offload->start, 0);
    dissect_put16(frame + at, sum == 0 && offload->offset == 6 ? 0xffff : sum);
}

/* ---- what is left to the device ---- */

static bool takes(const struct bench *bench, const struct sight *sight, enum tapir_offload_kind kind)
{
    return (bench->takes[sight->on] & TAPIR_TAKES(kind)) != 0;
}

static const char *claim_segments(const struct bench *bench, const struct sight *sight, unsigned mtu)
{
    const struct tapir_offload *offload = &sight->offload;
    const uint8_t *datagram = sight->bytes + ETHER;
    static uint8_t first[SUPER_MAX];
    bool is_tcp = offload->kind == TAPIR_OFFLOAD_TCP;
    if (datagram[9] != (is_tcp ? 6 : 17) || (dissect_get(datagram + 6, 2) & 0x3fff) != 0)
        return "segments of another protocol, or of a fragment";
    if (!takes(bench, sight, (enum tapir_offload_kind)offload->kind))
        return "its device takes no such segments";
    if (!offload->partial || offload->start != ETHER + header_of(datagram))
        return "a super-frame whose checksum is not partial";
    if (super_split(datagram, total_of(datagram), offload, 0, first) > mtu)
        return "segments larger than the MTU";
    return NULL;
}

static const char *claim(const struct bench *bench, const struct sight *sight, unsigned mtu)
{
    const struct tapir_offload *offload = &sight->offload;
    const uint8_t *datagram = sight->bytes + ETHER;
    if (!offload->partial)
        return offload->segment == 0 ? NULL : "segments without a partial checksum";
    if (sight->size < ETHER + 28 || sight->bytes[12] != 8 || sight->bytes[13] != 0)
        return "a partial checksum of no IPv4";
    if (!takes(bench, sight, TAPIR_OFFLOAD_CHECKSUM))
        return "its device completes no checksum";
    if ((size_t)offload->start + offload->offset + 2 > ETHER + total_of(datagram))
        return "a partial checksum beyond the end";
    bool is_known = datagram[9] == 6 || datagram[9] == 17;
    if (offload->start == ETHER + header_of(datagram) && is_known) {
        if (offload->offset != (datagram[9] == 6 ? 16 : 6))
            return "a partial checksum at the wrong place";
        if (!sight->forwarded && dissect_get(sight->bytes + offload->start + offload->offset, 2) !=
                                     super_pseudo(datagram, total_of(datagram)))
            return "a partial checksum that is not that of the pseudo-header";
    }
    return offload->segment == 0 ? NULL : claim_segments(bench, sight, mtu);
}

/* ---- what became of a super-frame ---- */

static const struct given_frame *cause_of(const struct bench *bench, const struct sight *sight)
{
    return &bench->frames[sight->forwarded ? sight->number : sight->cause];
}

static bool is_super(const struct bench *bench, const struct sight *sight)
{
    bool is_given = sight->forwarded || sight->cause != 0;
    return sight->view.type == 0x0800 &&
           (sight->offload.segment != 0 || (is_given && cause_of(bench, sight)->offload.segment != 0));
}

/* Of two datagrams all but TTL, header checksum and options; `after` is one hop further. */
static bool is_passed_on(const uint8_t *before, const uint8_t *after, size_t size)
{
    size_t header = header_of(before);
    return after[8] == before[8] - 1 && memcmp(before, after, 8) == 0 && before[9] == after[9] &&
           memcmp(before + 12, after + 12, 8) == 0 &&
           memcmp(before + header, after + header, size - header) == 0;
}

static const char *fault_of_whole(const struct given_frame *given, const struct sight *sight)
{
    const uint8_t *before = given->bytes + ETHER;
    if (sight->view.total != total_of(before) ||
        !is_passed_on(before, sight->view.datagram, sight->view.total))
        return "a super-frame that is not as it came";
    const struct tapir_offload *was = &given->offload, *is = &sight->offload;
    bool is_same = was->kind == is->kind && was->segment == is->segment && was->one_id == is->one_id &&
                   is->offset == was->offset;
    return is_same ? NULL : "a super-frame whose segments are others than those that came";
}

/* The frame given next that is this segment, one hop before; 0: none. */
static uint64_t find_given(const struct bench *bench, uint64_t from, const uint8_t *segment, size_t size)
{
    for (uint64_t n = from; n <= bench->n_frames; n++) {
        const struct given_frame *frame = &bench->frames[n];
        if (frame->size >= ETHER + size && total_of(frame->wire + ETHER) == size &&
            frame->offload.segment == 0 && is_passed_on(frame->wire + ETHER, segment, size))
            return n;
    }
    return 0;
}

static const char *fault_of_merged(const struct bench *bench, const struct sight *sight)
{
    static uint8_t segment[SUPER_MAX];
    const struct view *view = &sight->view;
    size_t n = super_split_count(view->datagram, view->total, &sight->offload);
    if (n < 2)
        return "a super-frame of one";
    uint64_t at = sight->cause;
    for (size_t i = 0; i < n; i++, at++) {
        size_t size = super_split(view->datagram, view->total, &sight->offload, i, segment);
        at = find_given(bench, at, segment, size);
        if (at == 0 || (i == 0 && at != sight->cause))
            return "a super-frame with a segment that was not given";
    }
    return NULL;
}

/* Segment `i` of what was given, a hop further: all of it, or a piece. */
static bool is_segment(const struct given_frame *given, size_t i, const struct view *view)
{
    static uint8_t segment[SUPER_MAX];
    const uint8_t *whole = given->bytes + ETHER;
    size_t size = super_split(whole, total_of(whole), &given->offload, i, segment),
           header = header_of(segment);
    if ((view->fragment & 0x3fff) == 0)
        return view->total == size && is_passed_on(segment, view->datagram, size);
    size_t at = (view->fragment & 0x1fff) * 8, end = at + view->payload_size;
    return header + end <= size && ((view->fragment & IS_MF) != 0) == (header + end < size) &&
           view->id == dissect_get(segment + 4, 2) && view->ttl + 1U == segment[8] &&
           memcmp(view->payload, segment + header + at, view->payload_size) == 0;
}

static const char *fault_of_segment(const struct given_frame *given, const struct sight *sight)
{
    const uint8_t *whole = given->bytes + ETHER;
    size_t n = super_split_count(whole, total_of(whole), &given->offload);
    for (size_t i = 0; i < n; i++)
        if (is_segment(given, i, &sight->view))
            return NULL;
    return "a frame that is no segment of what was given";
}

/* The quote is of a segment. */
static bool quotes_segment(const struct given_frame *given, const struct view *view)
{
    static uint8_t segment[SUPER_MAX];
    const uint8_t *whole = given->bytes + ETHER;
    size_t n = super_split_count(whole, total_of(whole), &given->offload);
    for (size_t i = 0; i < n; i++) {
        size_t size = super_split(whole, total_of(whole), &given->offload, i, segment);
        if (view->data_size == (size < 548 ? size : 548) && memcmp(view->data, segment, view->data_size) == 0)
            return true;
    }
    return false;
}

static const char *fault_of_answer(const struct bench *bench, struct given_frame *given,
                                   const struct sight *sight)
{
    const struct view *view = &sight->view;
    const uint8_t *whole = given->bytes + ETHER;
    bool is_error = view->protocol == 1 && is_icmp_error(view->icmp_type);
    if (view->transport_fault != NULL || !bench_is_own(bench, view->from) || sight->on != given->on ||
        view->to != dissect_get(whole + 12, 4))
        return "an answer to a super-frame, not from us to its source";
    if (is_error && !quotes_segment(given, view))
        return "a quote that is of no segment";
    return ++given->answers <= super_split_count(whole, total_of(whole), &given->offload)
               ? NULL
               : "more answers than segments";
}

static const char *fault_of(struct bench *bench, const struct sight *sight)
{
    struct given_frame *given = &bench->frames[sight->forwarded ? sight->number : sight->cause];
    const struct view *view = &sight->view;
    if (view->from_mac != (sight->on == TAP_A ? MAC_A : MAC_B) || (view->to_mac >> 40 & 1) != 0)
        return "a frame from another, or for many";
    if (sight->forwarded)
        return fault_of_whole(given, sight);
    if (sight->offload.segment != 0)
        return fault_of_merged(bench, sight);
    bool is_from_it = memcmp(view->datagram + 12, given->bytes + ETHER + 12, 4) == 0;
    return is_from_it ? fault_of_segment(given, sight) : fault_of_answer(bench, given, sight);
}

const char *bench_super_view(struct bench *bench, struct sight *sight, unsigned mtu, bool *is_judged)
{
    *is_judged = false;
    const char *wrong = claim(bench, sight, mtu);
    if (wrong != NULL)
        return wrong;
    bench_super_complete(sight->bytes, sight->size, &sight->offload);
    wrong = frame_view(sight->bytes, sight->size, &sight->view);
    *is_judged = wrong == NULL && is_super(bench, sight);
    return *is_judged ? fault_of(bench, sight) : wrong;
}
