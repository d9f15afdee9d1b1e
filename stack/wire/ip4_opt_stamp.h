/* Internet Timestamp.
 *
 *     | 68 | length | pointer | overflow, flag | address | stamp | ...       flags 1 and 3
 *     | 68 | length | pointer | overflow, flag | stamp | stamp | ...         flag 0
 *                                                ^ pointer 5
 *
 * A stamp is milliseconds since midnight UT, or anything with the high bit set. Flag 3: addresses are given, and only
 * those stamp. Who finds no room counts up the overflow. RFC 791 3.1. Next: ip4/options.h. */
#ifndef WIRE_IP4_OPT_STAMP_H
#define WIRE_IP4_OPT_STAMP_H

#include "wire/ip4_opt.h"

enum ip4_stamp_flag {
    IP4_STAMP_ONLY = 0,
    IP4_STAMP_ADDRESS = 1,
    IP4_STAMP_GIVEN = 3
};

struct ip4_opt_stamp {
    uint8_t at; /* octets from the start of the IPv4 header to the type */
    uint8_t length, pointer, overflow;
    uint8_t flag; /* enum ip4_stamp_flag */
};

/* Reads what ip4_opt_next found. UNSETTLED, or IP4_OPTION_STAMP: then *fault is the octet of the header to point at. An
 * overflow that cannot be counted up any more is a fault. */
enum tapir_verdict ip4_opt_stamp_parse(const uint8_t *header, const struct ip4_opt *opt,
                                       struct ip4_opt_stamp *stamp, uint8_t *fault);

/* No entry is left. */
bool ip4_opt_stamp_is_full(const struct ip4_opt_stamp *stamp);

/* The address of the next entry, when flag 3 gives them and it is not full. */
struct ip4 ip4_opt_stamp_next(const uint8_t *header, const struct ip4_opt_stamp *stamp);

/* Writes the next entry, or counts up the overflow when it is full; moves the pointer on. */
void ip4_opt_stamp_record(uint8_t *header, struct ip4_opt_stamp *stamp, struct ip4 address, uint32_t ms);

#endif
