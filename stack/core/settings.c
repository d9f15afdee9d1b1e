#include "core/settings.h"

#include "core/time.h"

#define CHOICE   TAPIR_CHOICE
#define NUMBER   TAPIR_NUMBER
#define DURATION TAPIR_DURATION
#define SIZE     TAPIR_SIZE
#define SETTING(id, title, of_type, first, least, most, names, works, sentence) \
    [TAPIR_SET_##id] = {(title), (of_type), (first), (least), (most), (names), (works), (sentence)},

static const struct tapir_setting_row rows[TAPIR_SETTING_COUNT] = {
#include "core/settings.def"
};

const struct tapir_setting_row *tapir_setting(enum tapir_setting setting)
{
    return &rows[setting];
}

/* Whether `text` is the `size` octets at `name`, and no more. */
static bool is_text(const char *text, const char *name, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] == '\0' || text[i] != name[i])
            return false;
    return text[size] == '\0';
}

static size_t length(const char *text)
{
    size_t size = 0;
    while (text[size] != '\0')
        size++;
    return size;
}

bool tapir_setting_find(const char *name, enum tapir_setting *setting)
{
    for (unsigned i = 0; i < TAPIR_SETTING_COUNT; i++) {
        if (!is_text(name, rows[i].name, length(rows[i].name)))
            continue;
        *setting = (enum tapir_setting)i;
        return true;
    }
    return false;
}

void settings_init(struct settings *settings)
{
    for (unsigned i = 0; i < TAPIR_SETTING_COUNT; i++)
        settings->value[i] = rows[i].initial;
}

bool settings_accepts(enum tapir_setting setting, int64_t value)
{
    return (unsigned)setting < TAPIR_SETTING_COUNT && value >= rows[setting].low &&
           value <= rows[setting].high;
}

void settings_inherit(struct settings *iface, const bool own[TAPIR_SETTING_COUNT],
                      const struct settings *node)
{
    for (unsigned i = 0; i < TAPIR_SETTING_COUNT; i++)
        if (!own[i])
            iface->value[i] = node->value[i];
}

/* Octets of the choice that begins at `choices`. */
static size_t choice_length(const char *choices)
{
    size_t size = 0;
    while (choices[size] != '\0' && choices[size] != '|')
        size++;
    return size;
}

/* The words for off and on that other configuration files use. */
static const struct word {
    const char *text;
    int64_t value;
} words[] = {{"false", 0}, {"no", 0}, {"true", 1}, {"yes", 1}};

static bool parse_word(const char *text, int64_t *value)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!is_text(text, words[i].text, length(words[i].text)))
            continue;
        *value = words[i].value;
        return true;
    }
    return false;
}

static bool parse_choice(const char *choices, const char *text, int64_t *value)
{
    if (is_text(choices, "off|on", 6) && parse_word(text, value))
        return true;
    int64_t place = 0;
    for (const char *at = choices;; at++, place++) {
        size_t size = choice_length(at);
        if (is_text(text, at, size)) {
            *value = place;
            return true;
        }
        at += size;
        if (*at == '\0')
            return false;
    }
}

/* Largest first, so that printing finds the largest that divides. */
static const struct unit {
    const char *name;
    int64_t size;
} durations[] = {{"h", 3600 * TIME_SECOND}, {"min", 60 * TIME_SECOND}, {"s", TIME_SECOND},
                 {"ms", TIME_MS},           {"us", TIME_US},           {"ns", 1},
                 {NULL, TIME_SECOND}},
  sizes[] = {{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}, {NULL, 1}},
  numbers[] = {{"", 1}, {NULL, 1}};

/* The units of a type. The last one, without a name, is that of a bare number. */
static const struct unit *units_of(enum tapir_setting_type type)
{
    switch (type) {
    case TAPIR_DURATION:
        return durations;
    case TAPIR_SIZE:
        return sizes;
    case TAPIR_NUMBER:
    case TAPIR_CHOICE:
        break;
    }
    return numbers;
}

/* Reads digits. NULL: there are none, or too many for 63 bits. Else what follows them. */
static const char *parse_digits(const char *text, int64_t *number)
{
    if (*text < '0' || *text > '9')
        return NULL;
    *number = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        int64_t digit = *text - '0';
        if (*number > (INT64_MAX - digit) / 10)
            return NULL;
        *number = *number * 10 + digit;
    }
    return text;
}

static bool parse_amount(const struct unit *unit, const char *text, int64_t *value)
{
    int64_t number;
    const char *name = parse_digits(text, &number);
    if (name == NULL)
        return false;
    while (unit->name != NULL && (*name == '\0' || !is_text(name, unit->name, length(unit->name))))
        unit++;
    if ((unit->name == NULL && *name != '\0') || number > INT64_MAX / unit->size)
        return false;
    *value = number * unit->size;
    return true;
}

bool tapir_setting_parse(enum tapir_setting setting, const char *text, int64_t *value)
{
    const struct tapir_setting_row *row = tapir_setting(setting);
    int64_t read;
    bool is_value = row->type == TAPIR_CHOICE ? parse_choice(row->choices, text, &read)
                                              : parse_amount(units_of(row->type), text, &read);
    if (!is_value || !settings_accepts(setting, read))
        return false;
    *value = read;
    return true;
}

/* Room for text; what does not fit is cut off. */
struct room {
    char *at;
    size_t left; /* octets with the NUL */
};

static void append(struct room *room, const char *text, size_t size)
{
    for (size_t i = 0; i < size && room->left > 1; i++, room->left--)
        *room->at++ = text[i];
    *room->at = '\0';
}

static void print_choice(struct room *room, const char *choices, int64_t place)
{
    for (; place > 0; place--)
        choices += choice_length(choices) + 1;
    append(room, choices, choice_length(choices));
}

static void print_amount(struct room *room, const struct unit *unit, int64_t value)
{
    while (value % unit->size != 0)
        unit++;
    char digits[20];
    size_t first = sizeof digits;
    int64_t number = value / unit->size;
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    append(room, digits + first, sizeof digits - first);
    append(room, unit->name, length(unit->name));
}

void tapir_setting_print(enum tapir_setting setting, int64_t value, char *text, size_t size)
{
    struct room room = {text, size};
    if (size == 0)
        return;
    const struct tapir_setting_row *row = tapir_setting(setting);
    if (!settings_accepts(setting, value))
        append(&room, "?", 1);
    else if (row->type == TAPIR_CHOICE)
        print_choice(&room, row->choices, value);
    else
        print_amount(&room, units_of(row->type), value);
}
