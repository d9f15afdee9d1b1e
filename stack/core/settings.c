#include "core/settings.h"

#include "core/settings_prefix.h"
#include "core/time.h"

#define CHOICE   TAPIR_CHOICE
#define NUMBER   TAPIR_NUMBER
#define DURATION TAPIR_DURATION
#define SIZE     TAPIR_SIZE
#define PREFIX   TAPIR_PREFIX
#define ANY      TAPIR_SCOPE_ANY
#define NODE     TAPIR_SCOPE_NODE
#define SETTING(id, title, of_type, first, least, most, names, where, sentence) \
    [TAPIR_SET_##id] = {(title), (of_type), (first), (least), (most), (names), (where), (sentence)},

static const struct tapir_setting_row rows[TAPIR_SETTING_COUNT] = {
#include "core/settings.def"
};

const struct tapir_setting_row *tapir_setting(enum tapir_setting setting)
{
    return &rows[setting];
}

/* A name ends like a string, or at the bar before the next choice. */
static bool ends(const char *name)
{
    return *name == '\0' || *name == '|';
}

/* Whether `text` is that name, and no more. */
static bool is_text(const char *text, const char *name)
{
    for (; !ends(name); text++, name++)
        if (*text != *name)
            return false;
    return *text == '\0';
}

bool tapir_setting_find(const char *name, enum tapir_setting *setting)
{
    for (unsigned i = 0; i < TAPIR_SETTING_COUNT; i++) {
        if (!is_text(name, rows[i].name))
            continue;
        *setting = (enum tapir_setting)i;
        return true;
    }
    return false;
}

void settings_init(struct settings *settings)
{
    *settings = (struct settings){0};
    for (unsigned i = 0; i < TAPIR_SETTING_COUNT; i++)
        settings_put(settings, (enum tapir_setting)i, rows[i].initial);
}

bool settings_accepts(enum tapir_setting setting, int64_t value)
{
    return (unsigned)setting < TAPIR_SETTING_COUNT && value >= rows[setting].low &&
           value <= rows[setting].high &&
           (rows[setting].type != TAPIR_PREFIX || settings_prefix_accepts(value));
}

void settings_inherit(struct settings *iface, const bool own[TAPIR_SETTING_COUNT],
                      const struct settings *node)
{
    for (unsigned i = 0; i < TAPIR_SETTING_COUNT; i++)
        if (!own[i])
            settings_put(iface, (enum tapir_setting)i, node->value[i]);
}

/* The choice after this one, or NULL. */
static const char *next_choice(const char *choice)
{
    while (!ends(choice))
        choice++;
    return *choice == '|' ? choice + 1 : NULL;
}

static bool is_off_on(const char *choices)
{
    const char *second = next_choice(choices);
    return second != NULL && is_text("off", choices) && is_text("on", second) && next_choice(second) == NULL;
}

/* The words for off and on that other configuration files use. */
static const struct word {
    const char *text;
    int64_t value;
} words[] = {{"false", 0}, {"no", 0}, {"true", 1}, {"yes", 1}};

static bool parse_word(const char *text, int64_t *value)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!is_text(text, words[i].text))
            continue;
        *value = words[i].value;
        return true;
    }
    return false;
}

static bool parse_choice(const char *choices, const char *text, int64_t *value)
{
    if (is_off_on(choices) && parse_word(text, value))
        return true;
    const char *choice = choices;
    for (*value = 0; choice != NULL && !is_text(text, choice); ++*value)
        choice = next_choice(choice);
    return choice != NULL;
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
    case TAPIR_PREFIX:
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

static bool parse_amount(const struct unit *unit, const char *text, int sign, int64_t *value)
{
    int64_t number;
    const char *name = parse_digits(text, &number);
    if (name == NULL)
        return false;
    if (name[0] == ' ' && name[1] != '\0') /* "4 MiB", as people write it */
        name++;
    while (unit->name != NULL && (*name == '\0' || !is_text(name, unit->name)))
        unit++;
    if ((unit->name == NULL && *name != '\0') || number > INT64_MAX / unit->size)
        return false;
    *value = sign * number * unit->size;
    return true;
}

/* A minus sign is for settings that may be below zero. */
static bool parse_signed(const struct tapir_setting_row *row, const char *text, int64_t *value)
{
    int sign = *text == '-' && row->low < 0 ? -1 : 1;
    return parse_amount(units_of(row->type), text + (sign < 0), sign, value);
}

static bool parse_value(const struct tapir_setting_row *row, const char *text, int64_t *value)
{
    if (row->type == TAPIR_CHOICE)
        return parse_choice(row->choices, text, value);
    return row->type == TAPIR_PREFIX ? settings_prefix_parse(text, value) : parse_signed(row, text, value);
}

bool tapir_setting_parse(enum tapir_setting setting, const char *text, int64_t *value)
{
    const struct tapir_setting_row *row = tapir_setting(setting);
    int64_t read;
    if (!parse_value(row, text, &read) || !settings_accepts(setting, read))
        return false;
    *value = read;
    return true;
}

/* Room for text; what does not fit is cut off. */
struct room {
    char *at;
    size_t left; /* octets with the NUL */
};

static void append(struct room *room, const char *name)
{
    for (; !ends(name) && room->left > 1; room->left--)
        *room->at++ = *name++;
    *room->at = '\0';
}

static void print_choice(struct room *room, const char *choices, int64_t place)
{
    for (; place > 0; place--)
        choices = next_choice(choices);
    append(room, choices);
}

static void print_amount(struct room *room, const struct unit *unit, int64_t value)
{
    while (value % unit->size != 0)
        unit++;
    char digits[20] = {0}; /* 63 bits and the NUL */
    size_t first = sizeof digits - 1;
    int64_t number = value / unit->size;
    if (number < 0) {
        append(room, "-");
        number = -number;
    }
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    append(room, digits + first);
    append(room, unit->name);
}

static void print_prefix(struct room *room, int64_t value)
{
    char prefix[PREFIX_TEXT];
    settings_prefix_print(value, prefix);
    append(room, prefix);
}

void tapir_setting_print(enum tapir_setting setting, int64_t value, char *text, size_t size)
{
    struct room room = {text, size};
    if (size == 0)
        return;
    const struct tapir_setting_row *row = tapir_setting(setting);
    if (!settings_accepts(setting, value))
        append(&room, "?");
    else if (row->type == TAPIR_CHOICE)
        print_choice(&room, row->choices, value);
    else if (row->type == TAPIR_PREFIX)
        print_prefix(&room, value);
    else
        print_amount(&room, units_of(row->type), value);
}
