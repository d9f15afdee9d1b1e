/* A reply to a question for us, the part that all of them share.
 *
 * It goes back to who asked, from the address that was asked; a question to many is answered from an address of the
 * interface where it arrived (RFC 1122 3.2.2.6, RFC 1812 4.3.3.6). Its TOS is that of the question without ECN (RFC 1812 4.3.2.5, RFC
 * 3168 5), its TTL ours. icmp.reply.rate bounds all replies together, apart from errors (RFC 1812 4.3.2.8). Next:
 * icmp4/echo.h and its like. */
#ifndef ICMP4_REPLY_H
#define ICMP4_REPLY_H

#include "icmp4/icmp4.h"

/* Bears the reply to `request`, an ICMP message for us that arrived by `iface`, with room for a message of `size` octets.
 * UNSETTLED: it stands in `*reply`, and reply_send or reply_send_summed must follow. ICMP4_REPLY_RATE, STORE_FULL: no reply. */
enum tapir_verdict reply_bear(struct icmp4_state *icmp4, struct core *core,
                              const struct tapir_packet *request, size_t size, struct tapir_packet **reply);

/* Where the message of a reply begins: the size given to reply_bear, not cleared. */
uint8_t *reply_message(const struct tapir_packet *reply);

/* Writes the checksum of the message and sends the reply. Until then within.tuple may be changed. */
void reply_send(struct core *core, struct tapir_packet *reply);

/* The same where the checksum stands already. */
void reply_send_summed(struct core *core, struct tapir_packet *reply);

#endif
