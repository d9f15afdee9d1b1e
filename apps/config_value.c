/* Parsers of single values. No strtod, no strtol: they take signs, blanks, octal, hexadecimal and the
 * locale's comma. */
#include "apps/config_value.h"

#include <ctype.h>
#include <string.h>

/* Reads digits at `*text` and moves it past them. False: there are none, a useless leading zero, or more than
 * `high`. */
static bool take_number(const char **text, int64_t high, int64_t *number)
{
    const char *start = *text;
    int64_t value = 0;
    for (; **text >= '0' && **text <= '9'; (*text)++) {
        int digit = **text - '0';
        if (value > (high - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (*text == start || (*start == '0' && *text - start > 1))
        return false;
    *number = value;
    return true;
}

bool parse_number(const char *text, int64_t low, int64_t high, int64_t *number)
{
    return take_number(&text, high, number) && *text == '\0' && *number >= low;
}

struct unit {
    const char *name;
    int64_t scale;
};

/* Reads the digits behind a point, in parts of `scale`; more of them than it can hold say nothing. */
static int64_t take_fraction(const char **text, int64_t scale)
{
    int64_t value = 0;
    for (; **text >= '0' && **text <= '9'; (*text)++) {
        scale /= 10;
        value += scale * (**text - '0');
    }
    return value;
}

/* A number, perhaps with a fraction, and one of the units; `0` alone is zero of any of them. */
static bool parse_scaled(const char *text, const struct unit *units, size_t n, int64_t *value)
{
    static const int64_t most = 1000000000000; /* so that no scale overflows */
    int64_t whole, part = 0;
    if (strcmp(text, "0") == 0) {
        *value = 0;
        return true;
    }
    if (!take_number(&text, most, &whole))
        return false;
    const char *fraction = text;
    if (*text == '.' && isdigit((unsigned char)text[1])) {
        fraction = text + 1;
        text += 1 + strspn(text + 1, "0123456789");
    }
    for (size_t i = 0; i < n; i++) {
        if (strcmp(text, units[i].name) != 0)
            continue;
        part = take_fraction(&fraction, units[i].scale);
        if (whole > (INT64_MAX - part) / units[i].scale)
            return false;
        *value = whole * units[i].scale + part;
        return true;
    }
    return false;
}

bool parse_rate(const char *text, int64_t *bits)
{
    static const struct unit units[] = {{"bit", 1}, {"kbit", 1000}, {"mbit", 1000000}, {"gbit", 1000000000}};
    return parse_scaled(text, units, sizeof units / sizeof units[0], bits);
}

bool parse_probability(const char *text, double *probability)
{
    static const struct unit units[] = {{"", 1000000000}, {"%", 10000000}};
    int64_t billionths;
    if (!parse_scaled(text, units, sizeof units / sizeof units[0], &billionths) || billionths > 1000000000)
        return false;
    *probability = (double)billionths / 1e9;
    return true;
}

bool is_name(const char *text, size_t max)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    size_t length = strlen(text);
    return length >= 1 && length <= max && strspn(text, allowed) == length && strcmp(text, ".") != 0 &&
           strcmp(text, "..") != 0;
}

bool is_station(struct mac mac)
{
    static const struct mac zero;
    return (mac.octet[0] & 1) == 0 && memcmp(&mac, &zero, sizeof zero) != 0;
}

uint32_t prefix_mask(unsigned length)
{
    return length == 0 ? 0 : UINT32_MAX << (32 - length);
}

bool prefix_holds(struct ip4_prefix prefix, struct ip4 address)
{
    return ((prefix.address.value ^ address.value) & prefix_mask(prefix.length)) == 0;
}
