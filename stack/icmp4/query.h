/* Queries that we ask (echo, timestamp, information, address mask, extended echo), and who waits for which answer.
 *
 * An ICMP socket is a datagram socket whose port is the identifier. It remembers the last LIMIT_ASKED questions, for a
 * minute each: from whom an answer may come, and to which address of ours. An answer that nobody waits for, and an
 * error about a query that nobody asked, tell nobody anything. RFC 1122 3.2.2.6 to 3.2.2.9, RFC 5927 4, RFC 8335.
 * Next: ip4/datagram.h, icmp4/error.h. */
#ifndef ICMP4_QUERY_H
#define ICMP4_QUERY_H

#include "ip4/datagram.h"

extern const struct datagram_kind query_kind;

/* Lane notice.query: gives replies, and errors about our own ICMP, from the wire and from our own stack, to the sockets
 * that asked. */
void query_notice(struct datagrams *queries, struct core *core);

#endif
