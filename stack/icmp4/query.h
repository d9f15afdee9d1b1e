/* Queries that we ask: echo, timestamp, information, address mask, extended echo; who waits for which answer.
 *
 * RFC 1122 3.2.2.6 to 3.2.2.9, RFC 8335. Next: icmp4/error.h. */
#ifndef ICMP4_QUERY_H
#define ICMP4_QUERY_H

#include "icmp4/icmp4.h"

/* Lane notice.query: replies that arrived, and errors about our own ICMP. Nobody waits for either here yet. */
void query_notice(struct core *core);

#endif
