#include "core/settings_prefix.h"

static uint32_t host_bits(uint8_t length)
{
    return (uint32_t)(UINT64_C(0xffffffff) >> length);
}

bool settings_prefix_accepts(int64_t value)
{
    uint8_t length = (uint8_t)value;
    return length <= 32 && ((uint32_t)(value >> 8) & host_bits(length)) == 0;
}

struct ip4_prefix settings_prefix(int64_t value)
{
    return (struct ip4_prefix){{(uint32_t)(value >> 8)}, (uint8_t)value};
}

/* Reads a number of one to three digits. NULL: there is none, or it is beyond `most`. Else what follows. */
static const char *parse_small(const char *text, uint32_t most, uint32_t *number)
{
    const char *first = text;
    for (*number = 0; *text >= '0' && *text <= '9' && text < first + 4; text++)
        *number = *number * 10 + (uint32_t)(*text - '0');
    return text == first || text == first + 4 || *number > most ? NULL : text;
}

bool settings_prefix_parse(const char *text, int64_t *value)
{
    uint32_t octet, length = 32;
    int64_t address = 0;
    for (unsigned i = 0; i < 4; i++) {
        if (i > 0 && *text++ != '.')
            return false;
        text = parse_small(text, 255, &octet);
        if (text == NULL)
            return false;
        address = address << 8 | octet;
    }
    if (*text == '/')
        text = parse_small(text + 1, 32, &length);
    *value = address << 8 | length;
    return text != NULL && *text == '\0' && settings_prefix_accepts(*value);
}

static char *print_small(char *at, uint8_t number)
{
    if (number >= 100)
        *at++ = (char)('0' + number / 100);
    if (number >= 10)
        *at++ = (char)('0' + number / 10 % 10);
    *at++ = (char)('0' + number % 10);
    return at;
}

void settings_prefix_print(int64_t value, char text[PREFIX_TEXT])
{
    for (unsigned i = 0; i < 4; i++) {
        text = print_small(text, (uint8_t)(value >> (32 - 8 * i)));
        *text++ = i < 3 ? '.' : '/';
    }
    *print_small(text, (uint8_t)value) = '\0';
}
