/* Values of settings that are a prefix: the address in front of eight bits of length.
 *
 *     10.0.0.0/8  =  0x0a000000'08
 *
 * Next: core/settings.h. */
#ifndef CORE_SETTINGS_PREFIX_H
#define CORE_SETTINGS_PREFIX_H

#include "tapir.h"

enum {
    PREFIX_TEXT = 19 /* octets of the longest text, with its NUL */
};

/* The value is a prefix: a length up to 32, no bits set beyond it. */
bool settings_prefix_accepts(int64_t value);

/* The prefix that an accepted value stands for. */
struct ip4_prefix settings_prefix(int64_t value);

/* Reads "10.0.0.0/8"; without a length it is 32. False: it is no prefix. */
bool settings_prefix_parse(const char *text, int64_t *value);

/* Writes what settings_prefix_parse reads. */
void settings_prefix_print(int64_t value, char text[PREFIX_TEXT]);

#endif
