/* What the tests of worlds and replays share: a network written as data, and frames octet by octet. The
 * checksum is the naive one of RFC 1071's first page, not the stack's. */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include "tap/network.h"

#define SCENE_MS INT64_C(1000000)
#define SCENE_S  INT64_C(1000000000)

enum {
    SCENE_FRAME = 256 /* octets that every frame here fits */
};

/* Two networks and a router r1 between them: lan 10.77.1.1/24, wan 10.77.2.1/24. No devices. */
struct network *scene_router(void);

/* h1 10.0.0.1/24 and h2 10.0.0.2/24 on one link of 5 ms; h2 has the echo service on port 7. */
struct network *scene_hosts(void);

/* ARP: 10.77.1.10 asks for 10.77.1.1. Returns the length. */
uint32_t scene_arp_request(uint8_t frame[SCENE_FRAME]);

/* ICMP echo request from 10.77.1.10 to 10.77.1.1. */
uint32_t scene_echo_request(uint8_t frame[SCENE_FRAME], uint16_t sequence);

/* UDP from 10.77.1.10 to `destination`, sent to the router's lan. */
uint32_t scene_udp(uint8_t frame[SCENE_FRAME], uint32_t destination, uint16_t port);

#endif
