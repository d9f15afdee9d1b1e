/* What IPv4 options do: judged when a packet arrives, written when it leaves. RFC 791 3.1, RFC 1812 5.3.13, RFC 7126.
 *
 * ip.option.* says for each kind: drop (the packet), ignore (the option), process. Faults that every reader can see (a length
 * that leaves the header, an option that may stand once and stands twice) are told whatever the settings say.
 *
 * A source route that names us turns a packet for us into one through us: within.tuple.destination becomes the next
 * address of the route. What is to be recorded is noted in within.edits and written by ip4/send, where the exit and the time
 * are known; until then the packet has the octets that it came with. Next: ip4/options_write.h. */
#ifndef IP4_OPTIONS_H
#define IP4_OPTIONS_H

#include "ip4/ip4.h"

/* Bits of within.edits. */
enum {
    EDIT_ROUTE = 1,  /* the source route was followed up to within.tuple.destination */
    EDIT_RECORD = 2, /* record route */
    EDIT_STAMP = 4,  /* timestamp */
    EDIT_HOPS = 8    /* one hop more in option 82, RFC 1393 */
};

/* Judges the options of a packet, by the settings of the interface where it arrived; a header without any is fine. Sets
 * within.edits, and within.pointer when the verdict earns a parameter problem. A packet for us with a source route that
 * goes on becomes ROLE_TRANSIT. */
enum tapir_verdict ip4_options_judge(const struct ip4_state *ip4, const struct settings *settings,
                                     struct tapir_packet *packet);

/* May a packet that follows a source route go by `route` (NULL: there is none)? A strict one leads from link to link. No is
 * "source route failed", for a loose one too: RFC 1812 5.2.4.3. */
bool ip4_options_allow(const struct tapir_packet *packet, const struct route *route);

#endif
