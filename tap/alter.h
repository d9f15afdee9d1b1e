/* What is done to the frames of a capture before they go in: some are left out, addresses are rewritten, and
 * the destination MAC becomes that of the interface, so that a foreign capture reaches a node.
 *
 * In this order: the filter sees a frame as it was captured (as Ethernet: tap/adapt.h). The first frame that is
 * altered is copied to a room of the caller's. Next: tap/rewrite.h. */
#ifndef TAP_ALTER_H
#define TAP_ALTER_H

#include "tap/pcapfile.h"
#include "tap/rewrite.h"

enum alter_mac {
    ALTER_MAC_KEEP,
    ALTER_MAC_ROUTER /* a unicast destination becomes the MAC of the interface; groups and broadcast stay */
};

struct alter_plan {
    const char *filter; /* expression of libpcap, man pcap-filter; NULL: all frames */
    const struct rewrite *rewrites;
    size_t n_rewrites;
    enum alter_mac destination;
};

struct alter;

/* Keeps nothing of the plan. NULL: `error` says in one line why, and names the expression that is wrong. */
struct alter *alter_create(const struct alter_plan *plan, char error[PCAPFILE_ERROR]);

/* The frame, of Ethernet, passes the filter. */
bool alter_takes(const struct alter *alter, const struct pcapfile_frame *frame);

/* Alters an Ethernet frame, in `room`, where its octets may lie already; `to`: the MAC of the interface. Without
 * anything to do the frame stays where it is. */
void alter_frame(const struct alter *alter, struct pcapfile_frame *frame, struct mac to,
                 uint8_t room[PCAPFILE_FRAME]);

/* NULL is fine. */
void alter_destroy(struct alter *alter);

#endif
