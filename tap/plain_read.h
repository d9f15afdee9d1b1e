/* The frames of a plain pcap file, read by ourselves for their number: libpcap opens the file and judges its head, and where
 * that is the ordinary one (version 2.4, lowest octet first, Ethernet) the frames are read here.
 *
 *     frame   seconds   micro- or nanoseconds   octets here   octets on the wire   the octets
 *
 * Same frames, same faults, same words as libpcap (tests/tap/test_plain_read.c holds it): a frame of 60 octets takes 440
 * instructions by pcap_next_ex and stdio, and 60 here (gcc 12 -O2). A pipe is read in blocks of 256 KiB.
 * Next: tap/pcapfile.c. */
#ifndef TAP_PLAIN_READ_H
#define TAP_PLAIN_READ_H

#include <pcap/pcap.h>

#include "tap/pcapfile.h"

enum {
    PLAIN_ERROR = 128 /* octets that every message fits */
};

struct plain_reader;

/* Goes on behind the head of the file that libpcap has opened, which began with octet `first`. NULL: it is not the ordinary
 * kind, or no memory; libpcap goes on. */
struct plain_reader *plain_open(pcap_t *pcap, int first);

/* Reads the next frame. BAD: `why` says why; nothing more can be read. */
enum pcapfile_result plain_next(struct plain_reader *reader, struct pcapfile_frame *frame,
                                char why[PLAIN_ERROR]);

/* Before pcap_close, which closes the file. NULL is fine. */
void plain_close(struct plain_reader *reader);

#endif
