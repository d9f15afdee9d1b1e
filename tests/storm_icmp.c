/* The storm's oracle, for ICMP: errors and replies. */
#include "tests/table.h"

#include "tests/storm_inside.h"

#include <string.h>

/* RFC 4884 7: version 2, a sum, objects that fill it. Returns the octets quoted before it, padding and all. */
static size_t judge_extension(struct storm *storm, const struct tapir_packet *packet,
                              const struct dissected *out)
{
    const uint8_t *icmp = packet->data + out->transport;
    size_t quote = (size_t)icmp[5] * 4;
    expect(storm, storm->extends, "an extension, and nobody switched it on", packet);
    expect(storm, out->icmp_type != 5 && quote >= 128 && 8 + quote + 8 <= out->transport_size,
           "an extension out of place", packet);
    const uint8_t *extension = icmp + 8 + quote;
    size_t size = out->transport_size - 8 - quote;
    expect(storm, extension[0] == 0x20 && extension[1] == 0 && dissect_sum(extension, size, 0) == 0,
           "a broken extension", packet);
    expect(storm, dissect_get(extension + 4, 2) == size - 4 && extension[6] == 2 && extension[7] < 16,
           "an object of another kind", packet);
    return quote;
}

/* Octets of the datagram that arrived: a length frame (RFC 1042) ends where its length says. */
static size_t arrived(const struct storm_seen *seen)
{
    size_t room = seen->size - seen->d.network, length = (size_t)seen->frame[12] << 8 | seen->frame[13];
    bool is_length = seen->d.network == 22 && length >= 8 && length - 8 < room;
    return is_length ? length - 8 : room;
}

/* Octets 4 to 7, RFC 792: what each error says there, and nothing else. Octet 5 may be the length of a quote. */
static void judge_rest(struct storm *storm, const struct tapir_packet *packet, const struct dissected *out,
                       size_t quote)
{
    const uint8_t *rest = packet->data + out->transport + 4;
    unsigned code = out->icmp_code;
    if (out->icmp_type == 5) {
        uint32_t gateway = dissect_get(rest, 4);
        expect(storm, code == 1 && is_host(gateway) && gateway != out->source && gateway != out->destination,
               "a redirect to nobody", packet);
        return;
    }
    bool too_big = out->icmp_type == 3 && code == 4, points = out->icmp_type == 12;
    expect(storm, points ? rest[0] < quote : rest[0] == 0, "no pointer", packet);
    expect(storm, too_big ? dissect_get(rest + 2, 2) >= 68 : is_zero(rest + 2, 2), "no MTU", packet);
    expect(storm, rest[1] == 0 || storm->extends, "an unused octet that is not zero", packet);
    expect(storm,
           out->icmp_type == 3 ? code <= 15 && (code < 6 || code > 8)
                               : code <= 1 && (code == 0 || out->icmp_type == 11),
           "a code that we do not send", packet);
}

/* About the whole that fragments made: their addresses, no later piece, no error. */
static void judge_error_about_whole(struct storm *storm, const struct tapir_packet *packet,
                                    const struct dissected *out, const struct storm_seen *seen)
{
    const uint8_t *quote = packet->data + out->transport + 8;
    size_t header = (size_t)(quote[0] & 15) * 4, size = out->transport_size - 8;
    expect(storm, size >= 28 && size >= header + 8 && out->total <= 576, "an error of a wrong size", packet);
    expect(storm,
           memcmp(quote + 12, seen->frame + seen->d.network + 12, 8) == 0 && quote[9] == seen->d.protocol,
           "an error about another datagram", packet);
    static const uint8_t queries[] = {0, 8, 9, 10, 13, 14, 15, 16, 17, 18, 37, 38, 42, 43};
    expect(storm, quote[9] != 1 || memchr(queries, quote[header], sizeof queries) != NULL,
           "an error about an ICMP error in pieces", packet);
}

static void judge_icmp_error(struct storm *storm, const struct tapir_packet *packet,
                             const struct dissected *out, struct storm_seen *seen)
{
    const struct dissected *in = &seen->d;
    storm->errors++;
    bool is_quench = out->icmp_type == 4 && out->icmp_code == 0 && storm->quenches;
    expect(storm,
           out->icmp_type == 3 || out->icmp_type == 5 || out->icmp_type == 11 || out->icmp_type == 12 ||
               is_quench,
           "no error we know", packet);
    expect(storm, is_host(in->source), "an error to a source that is no host", packet);
    const uint8_t *quoted = packet->data + out->transport + 8;
    bool is_about_whole = is_piece(in) && (dissect_get(quoted + 6, 2) & 0x3fff) == 0;
    judge_rest(storm, packet, out, out->transport_size - 8);
    if (is_about_whole) {
        judge_error_about_whole(storm, packet, out, seen);
        return;
    }
    expect(storm, !dissect_is_icmp_error(in), "an error about an ICMP error", packet);
    expect(storm, !dissect_is_later_fragment(in), "an error about a later fragment", packet);
    size_t room = arrived(seen), quote = out->transport_size - 8;
    bool extends = out->icmp_type != 5 && out->icmp_type != 4 && packet->data[out->transport + 5] != 0;
    if (extends) {
        size_t padded = judge_extension(storm, packet, out), all = in->total < room ? in->total : room;
        quote = padded < all ? padded : all;
        expect(storm, is_zero(packet->data + out->transport + 8 + quote, padded - quote),
               "padding of a quote is not zero", packet);
    }
    expect(storm, out->total <= 576, "an error beyond 576 octets", packet);
    expect(storm, quote <= room && quote <= in->total, "a quote beyond what was received", packet);
    expect(storm, extends || out->total <= (in->total < room ? in->total : room) + out->header + 8,
           "an error that amplifies", packet);
    expect(storm, memcmp(packet->data + out->transport + 8, seen->frame + in->network, quote) == 0,
           "a quote of other octets", packet);
}

static void judge_echo_reply(struct storm *storm, const struct tapir_packet *packet,
                             const struct dissected *out, const struct storm_seen *seen)
{
    const struct dissected *in = &seen->d;
    expect(storm, in->icmp_type == 8, "an echo reply to no echo", packet);
    expect(storm, out->transport_size == in->transport_size, "an echo reply of another length", packet);
    size_t size = out->transport_size - 4;
    if (size > STORM_PREFIX - in->transport - 4)
        size = STORM_PREFIX - in->transport - 4;
    expect(storm, memcmp(packet->data + out->transport + 4, seen->frame + in->transport + 4, size) == 0,
           "an echo reply of other octets", packet);
}

static void judge_timestamp(struct storm *storm, const struct tapir_packet *packet,
                            const struct dissected *out, const struct storm_seen *seen)
{
    const struct dissected *in = &seen->d;
    const uint8_t *message = packet->data + out->transport;
    uint32_t receive = dissect_get(message + 12, 4), transmit = dissect_get(message + 16, 4);
    expect(storm, in->icmp_type == 13 && in->transport_size >= 20, "a timestamp reply to none", packet);
    expect(storm, out->transport_size == 20, "a timestamp reply of another length", packet);
    expect(storm, memcmp(message + 4, seen->frame + in->transport + 4, 8) == 0,
           "a timestamp reply to another", packet);
    expect(storm, (receive < 86400000 || receive >> 31 == 1) && transmit == receive, "no time", packet);
}

static void judge_information(struct storm *storm, const struct tapir_packet *packet,
                              const struct dissected *out, const struct storm_seen *seen)
{
    const struct dissected *in = &seen->d;
    expect(storm, in->icmp_type == 15 && in->transport_size >= 8, "an information reply to none", packet);
    expect(storm, out->transport_size == 8, "an information reply of another length", packet);
    expect(storm, memcmp(packet->data + out->transport + 4, seen->frame + in->transport + 4, 4) == 0,
           "an information reply to another", packet);
}

static void judge_mask(struct storm *storm, const struct tapir_packet *packet, const struct dissected *out,
                       const struct storm_seen *seen)
{
    const struct dissected *in = &seen->d;
    const uint8_t *message = packet->data + out->transport;
    bool is_known = false;
    for (unsigned length = 1; length <= 32; length++)
        is_known |= (storm->lengths >> length & 1) != 0 &&
                    dissect_get(message + 8, 4) == (uint32_t)(UINT64_C(0xffffffff00000000) >> length);
    expect(storm, in->icmp_type == 17 && in->transport_size >= 12, "an address mask reply to none", packet);
    expect(storm, out->transport_size == 12, "an address mask reply of another length", packet);
    expect(storm, memcmp(message + 4, seen->frame + in->transport + 4, 4) == 0,
           "an address mask reply to another", packet);
    expect(storm, is_known, "a mask of no network of ours", packet);
}

static void judge_probe(struct storm *storm, const struct tapir_packet *packet, const struct dissected *out,
                        const struct storm_seen *seen)
{
    const struct dissected *in = &seen->d;
    const uint8_t *message = packet->data + out->transport;
    expect(storm, in->icmp_type == 42 && in->transport_size >= 8, "an extended echo reply to none", packet);
    expect(storm, out->transport_size == 8 && out->icmp_code <= 4, "no extended echo reply", packet);
    expect(storm, memcmp(message + 4, seen->frame + in->transport + 4, 3) == 0,
           "an extended echo reply to another", packet);
    bool turns_here = out->header > 20; /* a source route back may lead through us once more */
    expect(storm, (out->ttl == 255 || turns_here) && out->tos == 0 && out->fragment == 0x4000,
           "an extended echo reply with another header", packet);
    expect(storm, (message[7] & 0x18) == 0 && (out->icmp_code == 0 || message[7] == 0),
           "an extended echo reply with other bits", packet);
}

void storm_judge_icmp(struct storm *storm, const struct tapir_packet *packet, const struct dissected *out,
                      struct storm_seen *seen)
{
    const struct dissected *in = &seen->d;
    expect(storm, ++seen->icmp == 1, "a second ICMP message for one packet", packet);
    if (dissect_is_icmp_error(out)) {
        judge_icmp_error(storm, packet, out, seen);
        return;
    }
    storm->replies++;
    expect(storm, out->icmp_type != 16 || storm->informs, "information, and nobody switched it on", packet);
    expect(storm, out->icmp_type != 18 || storm->tells_masks, "a mask, and nobody switched it on", packet);
    expect(storm, out->icmp_type != 43 || storm->probes, "extended echo, and nobody switched it on", packet);
    if (is_piece(in)) { /* to the whole */
        static const uint8_t replies[] = {0, 14, 16, 18, 43};
        expect(storm, in->protocol == 1 && memchr(replies, out->icmp_type, sizeof replies) != NULL,
               "a reply to pieces that asked nothing", packet);
        return;
    }
    expect(storm, in->protocol == 1 && in->is_transport_sum_right, "nobody asked", packet);
    expect(storm, out->source == in->destination || is_for_anybody(in), "a reply from another address",
           packet);
    expect(storm, out->icmp_code == 0 || out->icmp_type == 43, "a reply with a code", packet);
    if (out->icmp_type == 0)
        judge_echo_reply(storm, packet, out, seen);
    else if (out->icmp_type == 14)
        judge_timestamp(storm, packet, out, seen);
    else if (out->icmp_type == 16)
        judge_information(storm, packet, out, seen);
    else if (out->icmp_type == 18)
        judge_mask(storm, packet, out, seen);
    else if (out->icmp_type == 43)
        judge_probe(storm, packet, out, seen);
    else
        storm_fault(storm, "a reply of an unknown kind", packet);
}

/* To who stands in option 82 of what went on, RFC 1393. */
void storm_judge_traceroute(struct storm *storm, const struct tapir_packet *packet,
                            const struct dissected *out, struct storm_seen *seen)
{
    int64_t originator = 0;
    const char *wrong = options_traceroute_fault(seen->frame + seen->d.network, packet->data + out->transport,
                                                 out->transport_size, &originator);
    expect(storm, wrong == NULL, wrong, packet);
    expect(storm, storm->counts_hops, "traceroute, and nobody switched it on", packet);
    expect(storm, ++seen->icmp == 1, "a second ICMP message for one packet", packet);
    expect(storm, out->destination == originator && out->header == 20, "traceroute to somebody else", packet);
    expect(storm, !dissect_is_icmp_error(&seen->d), "traceroute about an ICMP error", packet);
    uint32_t mtu = dissect_get(packet->data + out->transport + 16, 4),
             least = storm->shape.operations ? 68 : STORM_MTU;
    expect(storm, mtu >= least && mtu <= STORM_MTU, "another MTU", packet);
}

/* RFC 1256 3: for the link alone, of nobody's asking, each entry an address of ours. */
void storm_judge_discovery(struct storm *storm, const struct tapir_packet *packet,
                           const struct dissected *out)
{
    const uint8_t *icmp = packet->data + out->transport;
    bool advertises = out->icmp_type == 9;
    uint32_t group = advertises ? 0xe0000001 : 0xe0000002;
    expect(storm, storm->discovers, "router discovery, and nobody switched it on", packet);
    expect(storm, packet->cause == 0 && out->ttl == 1 && out->icmp_code == 0,
           "router discovery with a cause, a TTL or a code", packet);
    expect(storm,
           out->destination == UINT32_MAX
               ? out->to == 0xffffffffffff
               : out->destination == group && out->to == (0x01005e000000 | (group & 0xff)),
           "router discovery to somebody", packet);
    if (!advertises) {
        expect(storm, out->transport_size == 8 && is_zero(icmp + 4, 4), "a solicitation with more in it",
               packet);
        return;
    }
    uint32_t lifetime = dissect_get(icmp + 6, 2);
    expect(storm, icmp[4] > 0 && icmp[5] == 2 && out->transport_size == 8 + 8 * (size_t)icmp[4],
           "an advertisement of a wrong length", packet);
    expect(storm, lifetime == 0 || (lifetime >= 4 && lifetime <= 9000),
           "an advertisement of a wrong lifetime", packet);
    for (size_t i = 0; i < icmp[4]; i++)
        expect(storm, is_ever_own(storm, dissect_get(icmp + 8 + 8 * i, 4)), "advertises another host",
               packet);
}
