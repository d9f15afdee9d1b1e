/* The values of a network file, text to number. Pure: no file, no state. The command line uses them too.
 *
 * All want the whole text to be the value. False: it is not one, and the result is untouched or worthless. */
#ifndef APPS_CONFIG_VALUE_H
#define APPS_CONFIG_VALUE_H

#include "tapir.h"

/* 10.77.1.1: four decimal numbers without leading zeros, which other programs read as octal. */
bool parse_ip4(const char *text, struct ip4 *address);

/* 10.77.1.1/24 */
bool parse_ip4_prefix(const char *text, struct ip4_prefix *prefix);

/* 02:00:00:00:01:01, digits of either case. Only addresses of one station: not multicast, not zero. */
bool parse_mac(const char *text, struct mac *mac);

/* A decimal number from low to high. */
bool parse_number(const char *text, int64_t low, int64_t high, int64_t *number);

/* Nanoseconds, with a unit: 5ms, 0.5s, 2min; ns us ms s min h. Zero needs none. */
bool parse_duration(const char *text, int64_t *ns);

/* Bits a second: 10mbit, 1.5gbit; bit kbit mbit gbit. Zero (no limit) needs no unit. */
bool parse_rate(const char *text, int64_t *bits);

/* 0 to 1, or 0% to 100%. */
bool parse_probability(const char *text, double *probability);

/* Letters, digits, '-', '_' and '.', 1 to `max` octets, not "." nor "..". */
bool is_name(const char *text, size_t max);

enum {
    VALUE_TEXT = 20 /* room for an address with prefix length, or a MAC */
};

/* Write an address, or one with its prefix length, and return `text`. */
const char *print_ip4(struct ip4 address, char text[VALUE_TEXT]);
const char *print_ip4_prefix(struct ip4_prefix prefix, char text[VALUE_TEXT]);

/* The bits of the network of a prefix length, 0 to 32. */
uint32_t prefix_mask(unsigned length);

/* Does the network of `prefix` hold `address`? */
bool prefix_holds(struct ip4_prefix prefix, struct ip4 address);

#endif
