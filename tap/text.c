#include "tap/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct unit {
    const char *name;
    int64_t ns;
} units[] = {{"h", INT64_C(3600000000000)}, {"min", INT64_C(60000000000)}, {"s", INT64_C(1000000000)},
             {"ms", INT64_C(1000000)},      {"us", INT64_C(1000)},         {"ns", INT64_C(1)}};

enum {
    UNITS = sizeof units / sizeof units[0]
};

void text_ip4(char *out, size_t size, struct ip4 address)
{
    uint32_t v = address.value;
    snprintf(out, size, "%u.%u.%u.%u", v >> 24, v >> 16 & 255, v >> 8 & 255, v & 255);
}

void text_prefix(char *out, size_t size, struct ip4_prefix prefix)
{
    char address[TEXT_IP4];
    text_ip4(address, sizeof address, prefix.address);
    snprintf(out, size, "%s/%u", address, prefix.length);
}

void text_mac(char *out, size_t size, struct mac mac)
{
    const uint8_t *o = mac.octet;
    snprintf(out, size, "%02x:%02x:%02x:%02x:%02x:%02x", o[0], o[1], o[2], o[3], o[4], o[5]);
}

/* The largest unit that leaves no fraction, so that text_parse_duration reads the same value back. */
void text_duration(char *out, size_t size, int64_t ns)
{
    size_t i = 0;
    while (i < UNITS - 1 && (ns == 0 || ns % units[i].ns != 0))
        i++;
    if (ns == 0)
        snprintf(out, size, "0s");
    else
        snprintf(out, size, "%" PRId64 "%s", ns / units[i].ns, units[i].name);
}

void text_reason(char *out, size_t size, const struct tapir_fate *fate)
{
    bool has_source = strcmp(fate->source, "-") != 0;
    snprintf(out, size, has_source ? "%s (%s)" : "%s", fate->text, fate->source);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads a decimal number up to `most` without leading zeros and moves *text behind it. */
static bool parse_number(const char **text, uint32_t most, uint32_t *number)
{
    const char *at = *text;
    uint32_t value = 0;

    if (!is_digit(at[0]) || (at[0] == '0' && is_digit(at[1])))
        return false;
    for (; is_digit(*at); at++) {
        value = value * 10 + (uint32_t)(*at - '0');
        if (value > most)
            return false;
    }
    *number = value;
    *text = at;
    return true;
}

/* Reads a dotted quad and moves *text behind it. */
static bool parse_quad(const char **text, struct ip4 *address)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        uint32_t octet;
        if (i > 0 && *(*text)++ != '.')
            return false;
        if (!parse_number(text, 255, &octet))
            return false;
        value = value << 8 | octet;
    }
    address->value = value;
    return true;
}

bool text_parse_ip4(const char *text, struct ip4 *address)
{
    struct ip4 read;
    if (!parse_quad(&text, &read) || *text != '\0')
        return false;
    *address = read;
    return true;
}

bool text_parse_prefix(const char *text, struct ip4_prefix *prefix)
{
    struct ip4 address;
    uint32_t length;
    if (!parse_quad(&text, &address) || *text++ != '/')
        return false;
    if (!parse_number(&text, 32, &length) || *text != '\0')
        return false;
    *prefix = (struct ip4_prefix){address, (uint8_t)length};
    return true;
}

/* The value of a hexadecimal digit, or 16. */
static unsigned hex_value(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? 16 : (unsigned)(at - digits) % 16;
}

bool text_parse_mac(const char *text, struct mac *mac)
{
    struct mac read;
    if (strlen(text) != 17 || (text[2] != ':' && text[2] != '-'))
        return false;
    for (size_t i = 0; i < 6; i++) {
        unsigned high = hex_value(text[3 * i]), low = hex_value(text[3 * i + 1]);
        if (high > 15 || low > 15 || (i > 0 && text[3 * i - 1] != text[2]))
            return false;
        read.octet[i] = (uint8_t)(high << 4 | low);
    }
    *mac = read;
    return true;
}

/* The unit of that name in nanoseconds, or 0. */
static int64_t unit_lookup(const char *name)
{
    for (size_t i = 0; i < UNITS; i++)
        if (strcmp(name, units[i].name) == 0)
            return units[i].ns;
    return 0;
}

/* Digits are added up as nanoseconds once the unit is known; decimals below a nanosecond are cut off. */
bool text_parse_duration(const char *text, int64_t *ns)
{
    size_t digits = strspn(text, "0123456789");
    size_t decimals = text[digits] == '.' ? strspn(text + digits + 1, "0123456789") : 0;
    const char *name = text + digits + (decimals > 0 ? decimals + 1 : 0);
    bool bare_zero = digits == 1 && strcmp(text, "0") == 0;
    int64_t unit = bare_zero ? 1 : unit_lookup(name), value = 0;

    if (digits == 0 || unit == 0)
        return false;
    for (size_t i = 0; i < digits; i++) {
        int64_t digit = text[i] - '0';
        if (value > (INT64_MAX - digit * unit) / 10)
            return false;
        value = value * 10 + digit * unit;
    }
    int64_t fraction = unit;
    for (size_t i = 1; i <= decimals && fraction > 0; i++) {
        int64_t part = fraction / 10 * (text[digits + i] - '0');
        if (value > INT64_MAX - part)
            return false;
        value += part;
        fraction /= 10;
    }
    *ns = value;
    return true;
}
