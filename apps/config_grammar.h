/* The grammar of a network file for libconfuse, and the values that come out of it.
 *
 * Every value is a struct config_value with its line, so that later checks can name it too. */
#ifndef APPS_CONFIG_GRAMMAR_H
#define APPS_CONFIG_GRAMMAR_H

#include <confuse.h>

#include "apps/config_reading.h"

/* What a value looks like. The rows stand in config_form.c. */
enum form {
    FORM_PREFIX,
    FORM_ADDRESS,
    FORM_MAC,
    FORM_DURATION,
    FORM_RATE,
    FORM_PROBABILITY,
    FORM_SEED,
    FORM_QUEUE,
    FORM_NAME,
    FORM_DEVICE,
    FORM_MTU,
    FORM_PORT,
    FORM_METRIC,
    FORM_TOS,
    FORM_OFFLOAD,
    FORM_ROUTE_TYPE,
    FORM_MOMENT,
    FORM_PERIOD,
    FORM_STATE,
    FORM_COUNT,
    FORM_OCTETS,
    FORM_TTL,
    FORM_ENGINE,
    FORM_SPIN,
    FORM_FILE,
    FORM_SELF,   /* not a value of the file: where a section begins, and its dotted name */
    FORM_SETTING /* the setting decides; libconfuse carries FORM_SETTING + its number */
};

struct config_value {
    int line;
    enum form form;
    enum tapir_setting setting; /* of FORM_SETTING */
    union {
        struct ip4 address;
        struct ip4_prefix prefix;
        struct mac mac;
        int64_t number; /* also a place among choices, nanoseconds, bits a second, a setting's value */
        double probability;
    };
    char text[]; /* as it stands in the file */
};

/* Reads `text` as the form wants it into `*value`. False: it is not that. */
bool form_parse(enum form form, const char *text, struct config_value *value);

/* What the form is called, and an example of it. */
const char *form_is(enum form form);
const char *form_like(enum form form);

/* Parses the text of a file. Returns the root section, for cfg_free, or NULL with the fault told. libconfuse
 * keeps its lexer in globals: one file at a time in a process. */
cfg_t *grammar_parse(struct reading *reading, char *text, size_t size);

/* The value of option `name`, or NULL; the n-th of a list, from 0. A section that the file does not have (NULL) has
 * none. */
const struct config_value *section_get(cfg_t *section, const char *name);
const struct config_value *section_item(cfg_t *section, const char *name, unsigned n);

/* The plain section of that name inside a section; NULL: the file does not have it. */
cfg_t *section_inside(cfg_t *section, const char *name);

/* The line on which a section begins, and its dotted name: "interface", "icmp.redirect", "network" for the
 * root. */
int section_line(cfg_t *section);
const char *section_path(cfg_t *section);

/* Is it the option in which a section keeps those two? */
bool is_self(const cfg_opt_t *option);

#endif
