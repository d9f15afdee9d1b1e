/* Sound forms for the frames of a storm: storm_messages.c writes them, storm_frames.c uses and spoils them. */
#ifndef TESTS_STORM_FRAMES_H
#define TESTS_STORM_FRAMES_H

#include "tests/storm.h"

/* A datagram with an ICMP message of any kind that is sound but for its checksums; at most 512 octets. Returns how many. */
size_t storm_put_message(struct dice *dice, unsigned iface, uint8_t *at);

/* Options of all kinds one behind the other, padded; 0 to 40 octets. Returns how many. */
size_t storm_put_options(struct dice *dice, uint8_t *at);

void storm_put32(uint8_t *at, uint32_t value);

#endif
