/* Text of addresses and durations, both ways, for messages and for the network file.
 *
 * Readers are strict: the whole text must be one value, in the one usual spelling. On false nothing has been
 * written.
 *
 * Read next: apps/config.c, which reads with them. */
#ifndef TAP_TEXT_H
#define TAP_TEXT_H

#include "tapir.h"

/* Octets that hold any value of a kind, with the NUL. */
enum {
    TEXT_IP4 = 16,
    TEXT_PREFIX = 19,
    TEXT_MAC = 18,
    TEXT_DURATION = 24,
    TEXT_REASON = 256
};

/* Writes "10.0.0.1", "10.0.0.1/24", "02:00:00:00:00:01", "5ms"; cut off at `size`. */
void text_ip4(char *out, size_t size, struct ip4 address);
void text_prefix(char *out, size_t size, struct ip4_prefix prefix);
void text_mac(char *out, size_t size, struct mac mac);
void text_duration(char *out, size_t size, int64_t ns);

/* Writes the sentence of a verdict and its source: "the TTL ends here (RFC 1812 5.3.1)". */
void text_reason(char *out, size_t size, const struct tapir_fate *fate);

/* Dotted quad: four decimal numbers. "010.0.0.1" is refused: some programs read it as octal. */
bool text_parse_ip4(const char *text, struct ip4 *address);

/* "10.0.0.1/24": the address is kept as written, host part and all. The length must be there. */
bool text_parse_prefix(const char *text, struct ip4_prefix *prefix);

/* Six pairs of hexadecimal digits, all with colons or all with dashes. */
bool text_parse_mac(const char *text, struct mac *mac);

/* A number, perhaps with decimals, and ns, us, ms, s, min or h: "500ms", "1.5s". A bare 0 is fine. */
bool text_parse_duration(const char *text, int64_t *ns);

#endif
