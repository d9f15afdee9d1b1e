/* Builds trees of options. A section knows its own line and dotted name by a trick: an option of FORM_SELF
 * with a default value, which libconfuse parses, by the callback, at the very moment that the section begins.
 * Its name has a space, so that no file says it by accident. Next: config_grammar.c. */
#include "apps/config_options.h"

#include <assert.h>
#include <string.h>

char *arena_text(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena->text + arena->n_text;
    assert(arena->n_text + length + 1 <= ARENA_TEXT);
    memcpy(copy, text, length);
    copy[length] = '\0';
    arena->n_text += length + 1;
    return copy;
}

static void append(struct options *options, cfg_opt_t option)
{
    assert(options->n < OPTIONS_MAX - 1);
    options->list[options->n++] = option;
}

void options_begin(struct arena *arena, struct options *options, const char *self)
{
    memset(options, 0, sizeof *options);
    append(options, (cfg_opt_t){.name = " self",
                                .type = CFGT_PTR,
                                .def = {.number = FORM_SELF, .parsed = arena_text(arena, self, strlen(self))},
                                .parsecb = grammar_value,
                                .freecb = grammar_release});
}

void options_value(struct options *options, const char *name, enum form form, bool list)
{
    append(options, (cfg_opt_t){.name = name,
                                .type = CFGT_PTR,
                                .flags = CFGF_NODEFAULT | (list ? CFGF_LIST : 0),
                                .def = {.number = (long)form},
                                .parsecb = grammar_value,
                                .freecb = grammar_release});
}

void options_setting(struct options *options, const char *name, enum tapir_setting setting)
{
    options_value(options, name, FORM_SETTING, false);
    options->list[options->n - 1].def.number += (long)setting;
}

/* A plain section that the file does not have is not made: one with all settings in each of ten thousand interfaces
 * would take most of the time and of the memory. */
void options_section(struct options *options, const char *name, cfg_opt_t *inside, enum section_kind kind)
{
    static const cfg_flag_t flags[] = {
        [SECTION_PLAIN] = CFGF_NODEFAULT,
        [SECTION_TITLED] = CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES,
        [SECTION_REPEATED] = CFGF_MULTI,
    };
    append(options, (cfg_opt_t){.name = name, .type = CFGT_SEC, .flags = flags[kind], .subopts = inside});
}

cfg_opt_t *options_end(struct arena *arena, const struct options *options)
{
    cfg_opt_t *kept = arena->options + arena->n_options;
    assert(arena->n_options + options->n + 1 <= ARENA_OPTIONS);
    memcpy(kept, options->list, (options->n + 1) * sizeof *kept); /* the one behind the last is all zero */
    arena->n_options += options->n + 1;
    return kept;
}

/* "icmp.redirect." begins the names of a section's settings; "" those of a node. */
static bool is_below(enum tapir_setting setting, const char *start)
{
    return strncmp(tapir_setting(setting)->name, start, strlen(start)) == 0;
}

static bool is_there(const struct options *options, const char *name)
{
    for (size_t i = 0; i < options->n; i++)
        if (strcmp(options->list[i].name, name) == 0)
            return true;
    return false;
}

static void append_below(struct arena *arena, struct options *options, const char *start);

/* The section for the settings that share the part of `name` up to the dot behind `start`. It goes as deep as
 * there are dots in a name. */
static void append_group(struct arena *arena, struct options *options, const char *name, size_t start)
{
    struct options inside;
    size_t length = start + strcspn(name + start, ".");
    char *group = arena_text(arena, name + start, length - start);
    if (is_there(options, group))
        return;
    options_begin(arena, &inside, arena_text(arena, name, length));
    append_below(arena, &inside, arena_text(arena, name, length + 1));
    options_section(options, group, options_end(arena, &inside), SECTION_PLAIN);
}

static void append_below(struct arena *arena, struct options *options, const char *start)
{
    size_t length = strlen(start);
    for (unsigned i = 0; i < TAPIR_SETTING_COUNT; i++) {
        enum tapir_setting setting = (enum tapir_setting)i;
        const char *name = tapir_setting(setting)->name;
        if (!is_below(setting, start))
            continue;
        if (strchr(name + length, '.') == NULL)
            options_setting(options, name + length, setting);
        else
            append_group(arena, options, name, length);
    }
}

void options_settings(struct arena *arena, struct options *options)
{
    append_below(arena, options, "");
}
