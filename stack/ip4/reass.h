/* Reassembly: the fragments of a datagram for us become one again. RFC 791 3.2, RFC 815, RFC 1122 3.3.2.
 *
 * Any order of arrival. Each fragment is held under its number until the datagram is whole (then it is settled as
 * reassembled, `into` the packet that is born from all), or is given up: after ip.reassembly.timeout from the first
 * fragment, when two of them contradict each other, when another needs the room. Pieces that overlap are an attack or a
 * broken router: ip.reassembly.overlap says whether the datagram goes (the default), or which octets count.
 *
 * Bounds: ip4/reass_table.h. Next: ip4/local.c, who asks. */
#ifndef IP4_REASS_H
#define IP4_REASS_H

#include "ip4/reass_table.h"

/* Takes a fragment for us (header and options are sound), by the settings of the interface of its arrival. Returns the whole
 * datagram when this was its last piece: a packet born, for us. Else NULL. */
struct tapir_packet *reass_input(struct reass *reass, struct core *core, const struct settings *settings,
                                 struct tapir_packet *packet);

/* A datagram came whole under `tuple`: pieces under the same key are stale. RFC 791 3.2. */
void reass_supersede(struct reass *reass, struct core *core, const struct tapir_tuple *tuple);

/* The time of this one is over. Fragment zero, if it has come, earns time exceeded: RFC 1122 3.3.2. */
void reass_tick(struct reass *reass, struct core *core, struct reass_datagram *datagram);

/* Gives up what has fragments from `iface`, which goes; or all, for TAPIR_EVERYWHERE. */
void reass_flush(struct reass *reass, struct core *core, unsigned iface, enum tapir_verdict verdict);

#endif
