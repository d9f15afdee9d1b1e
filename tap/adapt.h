/* Frames of other link types as Ethernet: a header is made up in place of the one that they have.
 *
 *      link type                     header in the capture          becomes
 *      raw IP 12 14 101 228 229      none                           14 octets before it
 *      BSD loopback 0, 108           family of addresses, 4         14 octets instead
 *      Linux cooked 113, 276         who, to whom, EtherType        14 octets instead
 *
 * Destination: broadcast where the cooked header says so or for 255.255.255.255, the group's MAC for an IPv4
 * group, else the MAC that the caller gives. Source: the cooked one if it is a MAC, else 02:00:00:00:00:00.
 * What is no IPv4 keeps its EtherType, and what has none gets 0xffff, so that the stack says what it thinks of
 * it. A frame shorter than its own link header becomes one that is too short for Ethernet.
 * https://www.tcpdump.org/linktypes.html. Next: tap/alter.h. */
#ifndef TAP_ADAPT_H
#define TAP_ADAPT_H

#include "tap/pcapfile.h"

/* Makes an Ethernet frame of `frame`, in `room` unless it is one already; `to`: whom it is for when nothing else
 * is known. False: it cannot be, and `why` says in one line why, without the name of the file. */
bool adapt_frame(struct pcapfile_frame *frame, struct mac to, uint8_t room[PCAPFILE_FRAME],
                 char why[PCAPFILE_ERROR]);

#endif
