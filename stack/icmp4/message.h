/* A message about a packet: eight octets and a quote, RFC 1812 4.3.2.3. Shared by icmp4/error and icmp4/redirect. */
#ifndef ICMP4_MESSAGE_H
#define ICMP4_MESSAGE_H

#include "icmp4/icmp4.h"
#include "wire/icmp4.h"

/* Sends `header` (complete but for the checksum) and as much of `offender` as fits in 576 octets to the source of
 * `offender`, from our address `source` (0: the exit decides), with the TOS and the extensions that the settings of the interface of arrival want. ANSWER_SENT or
 * ANSWER_STORE_FULL. */
enum tapir_verdict message_send(const struct ip4_state *ip4, struct core *core,
                                const struct tapir_packet *offender, struct ip4 source,
                                const uint8_t header[ICMP4_HEADER]);

#endif
