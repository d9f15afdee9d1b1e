/* Trees of libconfuse options, built at run time: settings.def decides what stands in them.
 *
 * They live in an arena until libconfuse has copied them. Limits: OPTIONS_MAX in a section, ARENA_OPTIONS in
 * all. */
#ifndef APPS_CONFIG_OPTIONS_H
#define APPS_CONFIG_OPTIONS_H

#include "apps/config_grammar.h"

enum {
    OPTIONS_MAX = 64,
    ARENA_OPTIONS = 512,
    ARENA_TEXT = 16384
};

struct arena {
    cfg_opt_t options[ARENA_OPTIONS];
    char text[ARENA_TEXT];
    size_t n_options, n_text;
};

/* The options of one section while they are gathered. */
struct options {
    cfg_opt_t list[OPTIONS_MAX];
    size_t n;
};

/* How often a section may stand: once, not at all until it does; once for each title; any number of times. */
enum section_kind {
    SECTION_PLAIN,
    SECTION_TITLED,
    SECTION_REPEATED
};

/* Begins the options of a section whose dotted name is `self`. */
void options_begin(struct arena *arena, struct options *options, const char *self);

/* Appends one option: a value or list of values, a setting, a section. Names must live as long as the arena.
 */
void options_value(struct options *options, const char *name, enum form form, bool list);
void options_setting(struct options *options, const char *name, enum tapir_setting setting);
void options_section(struct options *options, const char *name, cfg_opt_t *inside, enum section_kind kind);

/* Appends all settings, for a node or an interface: a value for each name, a section for each dot in it. */
void options_settings(struct arena *arena, struct options *options);

/* Moves the options into the arena, with the end mark behind them. */
cfg_opt_t *options_end(struct arena *arena, const struct options *options);

/* A copy of the first `length` octets of a string, in the arena. */
char *arena_text(struct arena *arena, const char *text, size_t length);

/* What libconfuse calls for each value and to release it. In config_grammar.c. */
int grammar_value(cfg_t *section, cfg_opt_t *option, const char *text, void *result);
void grammar_release(void *value);

#endif
