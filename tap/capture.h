/* A capture of what nodes receive and send, with the verdict of every frame: one pcapng file, an interface of it for each
 * interface of each node.
 *
 * A received frame is copied when it arrives and written when it is settled, with the time of its arrival and a comment,
 * "ip4-ttl: the TTL ran out (RFC 1812 5.3.1); answer-sent". So one that waited stands behind younger ones, as the format
 * allows. A frame that is sent has the packet id of the received one that caused it. The statistics of an interface count
 * the received frames that were refused as dropped. Next: tap/pcapng_write.h. */
#ifndef TAP_CAPTURE_H
#define TAP_CAPTURE_H

#include "tap/network.h"
#include "tap/pcapng_write.h"

enum {
    CAPTURE_NAME = 256
};

struct capture;

/* What an interface is called in captures: "r1:lan". Returns `name`. */
const char *capture_name(const struct network_node *node, unsigned iface, char name[CAPTURE_NAME]);

/* Creates or overwrites `path` ("-": stdout) for the nodes of `network`, which must outlive the capture. NULL: `error`
 * says in one line why. */
struct capture *capture_create(const char *path, const struct network *network, char error[PCAPFILE_ERROR]);

/* A frame goes into `node` (its place in the network) as received packet `number`: numbers of a node ascend. */
void capture_arrived(struct capture *capture, size_t node, const struct tapir_packet *packet,
                     uint64_t number);

/* A packet left by the door for settled ones: held ones and those born in the stack are no news. */
void capture_settled(struct capture *capture, size_t node, const struct tapir_packet *packet);

/* A packet left by packet->iface. */
void capture_sent(struct capture *capture, size_t node, const struct tapir_packet *packet, tapir_instant now);

/* Writes what was never settled, without a comment, and closes. False: not everything could be written, or memory was
 * short; `error` says why. NULL is fine. */
bool capture_finish(struct capture *capture, char error[PCAPFILE_ERROR]);

#endif
