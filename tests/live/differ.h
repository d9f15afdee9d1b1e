/* Stimuli for two routers, tapir and the kernel, and what each does in words that can be compared. See differ.sh.
 *
 * The routers: a 10.0.1.1/24 and 10.7.7.1/24, b 10.0.2.1/24 with MTU 1400, forwarding on. The tester plays every
 * host: it answers ARP for any address that does not end in 99. */
#ifndef TESTS_LIVE_DIFFER_H
#define TESTS_LIVE_DIFFER_H

#include "tests/world/arp_frames.h"
#include "tests/world/frames.h"

enum {
    FRAMES_OF_ONE = 3
};

/* What is sent, in this order: the ARP packet, then the frames. */
struct stimulus {
    const char *name;
    const struct arp_frame *arp;
    struct frame frames[FRAMES_OF_ONE];
    int n;       /* of the frames; 0: one, or none beside an ARP packet */
    int wait;    /* ms to listen on: for what a timer brings */
    bool asking; /* ARP requests count as a reaction */
};

extern const struct stimulus stimuli[];
extern const size_t stimuli_count;

/* The frames of a stimulus as they were sent. */
struct sent {
    uint8_t bytes[FRAMES_OF_ONE][FRAME_MAX];
    size_t size[FRAMES_OF_ONE];
    size_t n;
};

/* Puts into words what left by interface `side` ('a' or 'b') after `sent`. */
void tell(const struct sent *sent, char side, const uint8_t *bytes, size_t size, char *words, size_t room);

#endif
