/* Datagram sockets, what they say: from the caller into the send ring, from there into packets. Next: ip4/output.h. */
#ifndef IP4_DATAGRAM_OUTPUT_H
#define IP4_DATAGRAM_OUTPUT_H

#include "ip4/datagram.h"

/* Public functions of tapir.h. */
enum tapir_result datagram_reserve(struct datagram_socket *socket, size_t size,
                                   struct tapir_message *message);
enum tapir_result datagram_commit(struct datagram_socket *socket, const struct tapir_message *message);

/* A socket has something to send, and there is a slot for it: with the store full it waits for one, not for
 * time. */
bool datagram_can_output(const struct datagrams *table, const struct core *core);

/* A socket has something to send. */
static inline bool datagram_is_ready(const struct datagrams *table)
{
    return table->first_ready != NULL;
}

/* Sends what ready sockets have; with the store full it stays in their rings. */
void datagram_output(struct datagrams *table, struct core *core);

#endif
