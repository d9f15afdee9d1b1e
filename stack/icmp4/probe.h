/* Extended Echo, "PROBE": RFC 8335 4. Off unless icmp.probe.answer is on.
 *
 *   who may ask    icmp.probe.local (our interfaces), icmp.probe.remote (our neighbors), then for each way to name the
 *                  interface a switch and a prefix of sources: icmp.probe.name, icmp.probe.name_from and their like;
 *                  all others are not answered at all
 *   how often      icmp.probe.rate, and then icmp.reply.rate with all other replies
 *   the index      of an interface is its number and 1, as indexes begin with 1
 *
 * Next: icmp4/error.h. */
#ifndef ICMP4_PROBE_H
#define ICMP4_PROBE_H

#include "icmp4/icmp4.h"

/* An Extended Echo Request of a sound packet for us. Bears the reply; returns the verdict on the request. */
enum tapir_verdict probe_input(struct icmp4_state *icmp4, struct core *core,
                               const struct tapir_packet *packet);

#endif
