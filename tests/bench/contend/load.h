/* What the generators of UDP load share: a table of ready frames, the packet socket they leave by, the socket they arrive at. */
#ifndef TESTS_BENCH_CONTEND_LOAD_H
#define TESTS_BENCH_CONTEND_LOAD_H

#include <stdint.h>
#include <sys/socket.h>

#include "tests/bench/contend/common.h"

/* Bursts of one flow in turn: frames of a burst differ in identification only. */
struct load {
    const char *netns_from, *device, *netns_to;
    uint32_t source, destination;
    unsigned flows, burst, size;
    unsigned n;
    uint8_t *bytes;
    struct iovec *pieces;
    struct mmsghdr *messages;
    int out, in;
};

/* Datagrams, not socket buffers: a super-frame counts as what it carries. */
struct arrived {
    uint64_t frames, octets;
};

/* NETNS DEVICE NETNS SOURCE DESTINATION FLOWS BURST SIZE; returns the arguments behind. SIZE 0: 64, 594 and 1514 as 7:4:1. */
char **load_open(struct load *load, char **arguments);
void load_close(struct load *load);
uint8_t *load_frame(const struct load *load, unsigned index, size_t *size);
/* Writes a number and a pattern that follows from it into the payload, and the checksum. */
void load_number(uint8_t *frame, size_t size, uint64_t number);
bool load_is_intact(const uint8_t *payload, size_t size, uint64_t *number);
/* Takes all that waits, without copying payload. */
void load_drain(const struct load *load, struct arrived *arrived);
/* Size of the datagrams in a message that the kernel received. */
size_t load_segment(struct msghdr *message, size_t size);
uint32_t load_lost(const struct load *load);

#endif
