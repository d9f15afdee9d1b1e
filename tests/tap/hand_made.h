/* Frames made by hand (scapy wrote the checksums) for the tests of fields, differences and lists of frames. */
#ifndef TESTS_TAP_HAND_MADE_H
#define TESTS_TAP_HAND_MADE_H

#include <stdlib.h>
#include <string.h>

#include "tests/table.h"

#define HOST_TO_ROUTER \
    "020000000101"     \
    "02000000010a"
#define ROUTER_TO_HOST \
    "02000000010a"     \
    "020000000101"
#define PROBE "4500001c000100000111a2260a4d010a0a4d02070400829a00086199"

#define ECHO_FRAME HOST_TO_ROUTER "08004500002200010000400163300a4d010a0a4d02070800bb9712340007616263646566"
#define ARP_FRAME  \
    HOST_TO_ROUTER \
    "0806000108000604000102000000010a0a4d010a0000000000000a4d0101000000000000000000000000000000000000"
#define VLAN_FRAME HOST_TO_ROUTER "8100a02a080045000016000100004002633b0a4d010a0a4d02071600"
#define UDP_FRAME  HOST_TO_ROUTER "08004510002100014000401123110a4d010a0a4d020704000035000da02268656c6c6f"
#define TCP_FRAME  \
    HOST_TO_ROUTER \
    "080045000030000100004006631d0a4d010a0a4d02070400005000000005000000067012020066030000020405b401030307"
#define RECORD_ROUTE_FRAME \
    HOST_TO_ROUTER         \
    "08004800002800010000400103130a4d010a0a4d0207070b080a4d010100000000010800f7fd00010001"
#define STAMP_FRAME \
    HOST_TO_ROUTER  \
    "080048000028000100004001036c0a4d010a0a4d0207440c0d010a4d0101000000630800f7fd00010001"
#define TIME_FRAME                                                \
    ROUTER_TO_HOST "08004500003800090000400164180a4d01010a4d010a" \
                   "0b000cc400000000" PROBE
#define TOO_BIG_FRAME                                             \
    ROUTER_TO_HOST "08004500003800090000400164180a4d01010a4d010a" \
                   "03040f4800000578" PROBE
#define REDIRECT_FRAME                                            \
    ROUTER_TO_HOST "08004500003800090000400164180a4d01010a4d010a" \
                   "050106780a4d01fe" PROBE
#define STAMPS_FRAME \
    HOST_TO_ROUTER   \
    "080045000028000100004001632a0a4d010a0a4d02070d00ef1400010002000003e80000000000000000"
#define FRAGMENT_FRAME HOST_TO_ROUTER "08004500001c000120b94011426d0a4d010a0a4d02073132333435363738"

struct hand_made {
    uint8_t *data;
    uint32_t size;
};

/* A block of exactly the octets of the text, of pairs of digits. */
static inline struct hand_made hand_made(const char *hex)
{
    struct hand_made frame = {malloc(strlen(hex) / 2 + 1), (uint32_t)(strlen(hex) / 2)};
    assert_non_null(frame.data);
    for (size_t i = 0; i < frame.size; i++)
        frame.data[i] = (uint8_t)strtoul((char[]){hex[2 * i], hex[2 * i + 1], '\0'}, NULL, 16);
    return (struct hand_made){realloc(frame.data, frame.size > 0 ? frame.size : 1), frame.size};
}

#endif
