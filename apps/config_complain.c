/* What libconfuse says about a file, said so that its reader knows what to write instead. libconfuse tells
 * its errors by a format and strings: the format is the kind of error. */
#include "apps/config_complain.h"
#include "apps/nearest.h"

#include <stdio.h>
#include <string.h>

enum {
    NAMES_MAX = 64
};

/* The names that may stand in a section. */
static size_t list_names(cfg_t *section, const char *names[NAMES_MAX])
{
    size_t n = 0;
    for (const cfg_opt_t *option = section->opts; option->name != NULL && n < NAMES_MAX; option++)
        if (!is_self(option))
            names[n++] = option->name;
    return n;
}

static void join(const char *const names[], size_t n, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s", i == 0 ? "" : ", ", names[i]);
}

/* `icmp.` before a name of that section; nothing before names in titled sections and at the top. */
static void name_place(cfg_t *section, char *out, size_t size)
{
    bool is_plain = section->title == NULL && strcmp(section_path(section), "network") != 0;
    snprintf(out, size, "%s%s", is_plain ? section_path(section) : "", is_plain ? "." : "");
}

static void complain_unknown(struct reading *reading, cfg_t *section, const char *name)
{
    const char *names[NAMES_MAX] = {NULL};
    char before[64], list[512];
    size_t n = list_names(section, names);
    const char *nearest = nearest_name(name, names, n);
    name_place(section, before, sizeof before);
    join(names, n, list, sizeof list);
    if (nearest != NULL)
        fault(reading, section->line, "unknown setting \"%s%s\"; did you mean \"%s\"?", before, name,
              nearest);
    else
        fault(reading, section->line, "unknown setting \"%s%s\"; write one of: %s", before, name, list);
}

/* Which kind of section has this title already? */
static const char *kind_of(cfg_t *section, const char *title)
{
    for (cfg_opt_t *option = section->opts; option->name != NULL; option++)
        if ((option->flags & CFGF_TITLE) != 0 && cfg_opt_gettsec(option, title) != NULL)
            return option->name;
    return "section";
}

static void complain_twice(struct reading *reading, cfg_t *section, const char *title)
{
    fault(reading, section->line, "%s \"%s\" stands twice; merge the two sections, or name one of them anew",
          kind_of(section, title), title);
}

/* The rest: `before`, the string in quotes, `after`. */
static const struct row {
    const char *format, *before, *after;
} rows[] = {
    {"unexpected token '%s'", "", " has no place here; write name = value, or name = { value, value }"},
    {"missing equal sign after option '%s'", "no \"=\" after ", "; write name = value"},
    {"missing opening brace for section '%s'", "no \"{\" where the section ",
     " should begin; write { ... } behind it"},
    {"missing title for section '%s'", "no name behind ", "; write the section as kind NAME { ... }"},
    {"attempt to append to non-list option '%s'", "", " holds one value; write = and not +="},
    {"no sub-section title/index for '%s'", "", " is not a setting here; write it as a section"},
    {"bad escape sequence '%s'", "no such escape: ", "; write \\\\ for a backslash"},
    {"invalid octal number '%s'", "no such octet: ", "; write \\\\ for a backslash"},
};

static const char *first_string(va_list values)
{
    const char *text = va_arg(values, const char *);
    return text == NULL ? "" : text;
}

static void complain_other(struct reading *reading, cfg_t *section, const char *format, const char *text)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(format, rows[i].format) == 0)
            fault(reading, section->line, "%s\"%s\"%s", rows[i].before, text, rows[i].after);
}

void complain(struct reading *reading, cfg_t *section, const char *format, va_list values)
{
    char text[256];
    if (strcmp(format, "no such option '%s'") == 0)
        complain_unknown(reading, section, first_string(values));
    else if (strcmp(format, "found duplicate title '%s'") == 0)
        complain_twice(reading, section, first_string(values));
    else if (strstr(format, "%s") != NULL)
        complain_other(reading, section, format, first_string(values));
    if (reading->failed)
        return;
    vsnprintf(text, sizeof text, strchr(format, '%') == NULL ? format : "the file cannot be read", values);
    fault(reading, section->line, "%s; see tapir help file for the form of a network file", text);
}
