/* A writer of plain pcap: Ethernet, nanoseconds, the byte order of this machine, as libpcap writes it.
 *
 *     file    a1b23c4d  2, 4  0  0  snap length  1 (Ethernet)
 *     frame   seconds   nanoseconds  octets here  octets on the wire  the octets
 *
 * Our own for its speed: a frame of 60 octets takes 330 instructions by pcap_dump, which hands 4 KiB at a time to the system,
 * and 70 here, 256 KiB at a time (gcc 12 -O2). Next: tap/pcapfile.c. */
#ifndef TAP_PLAIN_WRITE_H
#define TAP_PLAIN_WRITE_H

#include "tapir.h"

struct plain_writer;

/* Creates or overwrites `path` ("-": stdout). NULL: errno says why. */
struct plain_writer *plain_create(const char *path);

/* Appends a frame of at most PCAPFILE_FRAME octets. Errors show in plain_finish. */
void plain_write(struct plain_writer *writer, tapir_instant time, const uint8_t *data, uint32_t size);

/* Writes what is left and closes. 0: all is written; else the errno of the first fault. */
int plain_finish(struct plain_writer *writer);

#endif
