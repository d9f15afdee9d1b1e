/* What the files of the storm's oracle share with each other alone. */
#ifndef TESTS_STORM_INSIDE_H
#define TESTS_STORM_INSIDE_H

#include "tests/options.h"
#include "tests/storm.h"

/* An ICMP message of ours that answers the frame `seen`. */
void storm_judge_icmp(struct storm *storm, const struct tapir_packet *packet, const struct dissected *out,
                      struct storm_seen *seen);

/* A router advertisement or solicitation. */
void storm_judge_discovery(struct storm *storm, const struct tapir_packet *packet,
                           const struct dissected *out);

/* A message of RFC 1393 about the frame `seen`. */
void storm_judge_traceroute(struct storm *storm, const struct tapir_packet *packet,
                            const struct dissected *out, struct storm_seen *seen);

static inline void expect(struct storm *storm, bool holds, const char *what,
                          const struct tapir_packet *packet)
{
    if (!holds)
        storm_fault(storm, what, packet);
}

static inline bool is_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

/* A source that names one host (RFC 1122 3.2.2), whatever the stack knows. */
static inline bool is_host(uint32_t address)
{
    return address >> 24 != 0 && address >> 24 != 127 && address >> 28 < 14;
}

static inline bool is_ever_own(const struct storm *storm, uint32_t address)
{
    size_t own = 0;
    while (own < storm->n_ever_own && storm->ever_own[own] != address)
        own++;
    return own < storm->n_ever_own;
}

static inline bool is_piece(const struct dissected *d)
{
    return (d->fragment & 0x3fff) != 0;
}

/* Questions to many, or from nobody, that may be answered: information to 0.0.0.0 (RFC 792), masks by an agent
 * (RFC 950). */
static inline bool is_for_anybody(const struct dissected *in)
{
    return in->protocol == 1 && !dissect_is_later_fragment(in) &&
           ((in->icmp_type == 15 && in->destination == 0) || in->icmp_type == 17);
}

/* Our own words to a whole link: a question for its mask, or our mask (RFC 1122 3.2.2.9). */
static inline bool is_mask_for_all(const struct tapir_packet *packet, const struct dissected *out)
{
    return packet->cause == 0 && out->protocol == 1 && (out->icmp_type == 17 || out->icmp_type == 18) &&
           out->icmp_code == 0 && out->transport_size == 12 && out->destination == UINT32_MAX &&
           out->to == 0xffffffffffff;
}

#endif
