/* Values of a network file that are not addresses or durations (tap/text.h has those). Pure: no file, no
 * state.
 *
 * All want the whole text to be the value. False: it is not one, and the result is worthless. */
#ifndef APPS_CONFIG_VALUE_H
#define APPS_CONFIG_VALUE_H

#include "tapir.h"

/* A decimal number from low to high, without sign or leading zeros. */
bool parse_number(const char *text, int64_t low, int64_t high, int64_t *number);

/* Bits a second: 10mbit, 1.5gbit; bit kbit mbit gbit. Zero (no limit) needs no unit. */
bool parse_rate(const char *text, int64_t *bits);

/* 0 to 1, or 0% to 100%. */
bool parse_probability(const char *text, double *probability);

/* Letters, digits, '-', '_' and '.', 1 to `max` octets, not "." nor "..". */
bool is_name(const char *text, size_t max);

/* An address of one station: not multicast, not zero. */
bool is_station(struct mac mac);

/* The bits of the network of a prefix length, 0 to 32. */
uint32_t prefix_mask(unsigned length);

/* Does the network of `prefix` hold `address`? */
bool prefix_holds(struct ip4_prefix prefix, struct ip4 address);

#endif
