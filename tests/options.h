/* What a router may have changed in the options of an IPv4 header: a naive reading of RFC 791 3.1. */
#ifndef TESTS_OPTIONS_H
#define TESTS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The options of two headers of `size` octets are the same, but for what one hop may record. NULL, or what is wrong.
 * *followed: a source route was followed, so that the destination is another one. */
const char *options_after_hop(const uint8_t *before, const uint8_t *after, size_t size, bool *followed);

/* The header has an option of this type. */
bool options_have(const uint8_t *header, size_t size, unsigned type);

/* The last address of its source route, or 0. */
uint32_t options_end_of_route(const uint8_t *header, size_t size);

#endif
