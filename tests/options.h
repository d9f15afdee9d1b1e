/* What a router may have changed in the options of an IPv4 header: a naive reading of RFC 791 3.1. */
#ifndef TESTS_OPTIONS_H
#define TESTS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Hops of RFC 1393 in option 82: as they were, or one more. */
enum hops {
    HOPS_STAND,
    HOPS_MAY_COUNT,
    HOPS_COUNT
};

/* The options of two headers of `size` octets are the same, but for what one hop may record. NULL, or what is wrong.
 * *followed: a source route was followed, so that the destination is another one. */
const char *options_after_hop(const uint8_t *before, const uint8_t *after, size_t size, enum hops hops,
                              bool *followed);

/* The header has an option of this type. */
bool options_have(const uint8_t *header, size_t size, unsigned type);

/* The last address of its source route, or 0. */
uint32_t options_end_of_route(const uint8_t *header, size_t size);

/* The message of RFC 1393 about a datagram that went on: for option 82 of it, one hop later. NULL, or what is wrong.
 * *originator: who stands in that option. */
const char *options_traceroute_fault(const uint8_t *about, const uint8_t *message, size_t size,
                                     int64_t *originator);

/* They stand one behind the other up to the end of the header, or of the list; then zeros. */
bool options_are_sound(const uint8_t *header, size_t size);

#endif
