/* The grammar of a network file, and the parse callback that checks each value on its line.
 *
 * libconfuse hands its callbacks no context, and its lexer is made of globals anyway: `current` is the one
 * reading that is going on. Next: config_form.c (values), config_options.c (settings), config_complain.c
 * (libconfuse's own errors). */
#include "apps/config_complain.h"
#include "apps/config_options.h"
#include "apps/config_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct reading *current;

struct row {
    const char *name;
    enum form form;
    bool list;
};

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static cfg_opt_t *section(struct arena *arena, const char *self, const struct row rows[], size_t n)
{
    struct options options;
    options_begin(arena, &options, self);
    for (size_t i = 0; i < n; i++)
        options_value(&options, rows[i].name, rows[i].form, rows[i].list);
    return options_end(arena, &options);
}

static cfg_opt_t *interface_section(struct arena *arena)
{
    static const struct row rows[] = {{"tap", FORM_DEVICE, false},      {"netns", FORM_NAME, false},
                                      {"link", FORM_NAME, false},       {"address", FORM_PREFIX, true},
                                      {"mtu", FORM_MTU, false},         {"mac", FORM_MAC, false},
                                      {"offload", FORM_OFFLOAD, false}, {"advertise", FORM_ADDRESS, true}};
    static const struct row peer[] = {{"address", FORM_PREFIX, false}, {"gateway", FORM_ADDRESS, false}};
    struct options options;
    options_begin(arena, &options, "interface");
    for (size_t i = 0; i < COUNT(rows); i++)
        options_value(&options, rows[i].name, rows[i].form, rows[i].list);
    options_section(&options, "peer", section(arena, "peer", peer, COUNT(peer)), SECTION_PLAIN);
    options_settings(arena, &options);
    return options_end(arena, &options);
}

static cfg_opt_t *node_section(struct arena *arena)
{
    static const struct row route[] = {{"via", FORM_ADDRESS, true},
                                       {"metric", FORM_METRIC, true},
                                       {"tos", FORM_TOS, true},
                                       {"type", FORM_ROUTE_TYPE, false}};
    static const struct row neighbor[] = {{"interface", FORM_DEVICE, false}, {"mac", FORM_MAC, false}};
    static const struct row services[] = {
        {"echo", FORM_PORT, true}, {"stall", FORM_PORT, true}, {"close", FORM_PORT, true}};
    struct options options;
    options_begin(arena, &options, "node");
    options_section(&options, "interface", interface_section(arena), SECTION_TITLED);
    options_section(&options, "route", section(arena, "route", route, COUNT(route)), SECTION_TITLED);
    options_section(&options, "neighbor", section(arena, "neighbor", neighbor, COUNT(neighbor)),
                    SECTION_TITLED);
    options_value(&options, "routes", FORM_FILE, true);
    options_section(&options, "services", section(arena, "services", services, COUNT(services)),
                    SECTION_PLAIN);
    options_settings(arena, &options);
    return options_end(arena, &options);
}

static cfg_opt_t *root_section(struct arena *arena)
{
    static const struct row link[] = {{"latency", FORM_DURATION, false},
                                      {"loss", FORM_PROBABILITY, false},
                                      {"rate", FORM_RATE, false},
                                      {"seed", FORM_SEED, false},
                                      {"queue", FORM_QUEUE, false},
                                      {"reorder", FORM_PROBABILITY, false},
                                      {"duplicate", FORM_PROBABILITY, false},
                                      {"corrupt", FORM_PROBABILITY, false}};
    static const struct row event[] = {{"at", FORM_MOMENT, false},
                                       {"link", FORM_NAME, false},
                                       {"node", FORM_NAME, false},
                                       {"interface", FORM_DEVICE, false},
                                       {"state", FORM_STATE, false}};
    static const struct row traffic[] = {{"from", FORM_NAME, false},    {"to", FORM_NAME, false},
                                         {"every", FORM_PERIOD, false}, {"count", FORM_COUNT, false},
                                         {"start", FORM_MOMENT, false}, {"timeout", FORM_PERIOD, false},
                                         {"size", FORM_OCTETS, false},  {"ttl", FORM_TTL, false}};
    static const struct row loop[] = {{"engine", FORM_ENGINE, false}, {"spin", FORM_SPIN, false}};
    struct options options;
    options_begin(arena, &options, "network");
    options_section(&options, "node", node_section(arena), SECTION_TITLED);
    options_section(&options, "link", section(arena, "link", link, COUNT(link)), SECTION_TITLED);
    options_section(&options, "event", section(arena, "event", event, COUNT(event)), SECTION_REPEATED);
    options_section(&options, "traffic", section(arena, "traffic", traffic, COUNT(traffic)),
                    SECTION_REPEATED);
    options_section(&options, "loop", section(arena, "loop", loop, COUNT(loop)), SECTION_PLAIN);
    return options_end(arena, &options);
}

/* A bit of the option's flags that libconfuse does not use: it had a value before. */
#define GIVEN 0x40000000

/* A second `name = value` silently replaces the first in libconfuse. The first value of a second list comes
 * alone. */
static bool is_repeated(cfg_opt_t *option)
{
    bool again = (option->flags & GIVEN) != 0 && option->nvalues <= 1;
    option->flags |= GIVEN;
    return again;
}

static bool read_setting(cfg_t *section, const char *text, struct config_value *value)
{
    if (setting_read(value->setting, text, &value->number))
        return true;
    char right[256];
    setting_values(value->setting, right, sizeof right);
    return fault(current, section->line, "\"%s\" is not a value of %s; write %s", text,
                 tapir_setting(value->setting)->name, right);
}

static bool read_value(cfg_t *section, cfg_opt_t *option, struct config_value *value)
{
    if (is_repeated(option))
        return fault(current, section->line, "\"%s\" stands twice in this section; keep one of them",
                     option->name);
    if (value->form == FORM_SETTING)
        return read_setting(section, value->text, value);
    if (form_parse(value->form, value->text, value))
        return true;
    return fault(current, section->line, "\"%s\" is not %s; write it like %s", value->text,
                 form_is(value->form), form_like(value->form));
}

int grammar_value(cfg_t *section, cfg_opt_t *option, const char *text, void *result)
{
    size_t size = strlen(text) + 1;
    void **slot = result; /* what a CFGT_PTR option keeps */
    struct config_value *value = calloc(1, sizeof *value + size);
    if (value == NULL)
        abort();
    long form = option->def.number;
    value->form = form < FORM_SETTING ? (enum form)form : FORM_SETTING;
    value->setting = (enum tapir_setting)(form < FORM_SETTING ? 0 : form - FORM_SETTING);
    value->line = section->line;
    memcpy(value->text, text, size);
    if (value->form != FORM_SELF && !read_value(section, option, value)) {
        free(value);
        return -1;
    }
    *slot = value;
    return 0;
}

void grammar_release(void *value)
{
    free(value);
}

__attribute__((format(printf, 2, 0))) static void complained(cfg_t *section, const char *format,
                                                             va_list values)
{
    complain(current, section, format, values);
}

static cfg_t *grammar_create(void)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (arena == NULL)
        abort();
    cfg_t *root = cfg_init(root_section(arena), CFGF_NONE);
    free(arena);
    if (root == NULL)
        abort();
    cfg_set_error_function(root, complained);
    return root;
}

cfg_t *grammar_parse(struct reading *reading, char *text, size_t size)
{
    current = reading;
    cfg_t *root = grammar_create();
    FILE *file = size == 0 ? NULL : fmemopen(text, size, "r"); /* an empty one is fine by the grammar */
    int result = file == NULL ? CFG_SUCCESS : cfg_parse_fp(root, file);
    if (file != NULL)
        fclose(file);
    if (result != CFG_SUCCESS) {
        fault(reading, root->line, "this cannot be read; see tapir help file for the form of a network file");
        cfg_free(root);
        root = NULL;
    }
    current = NULL;
    return root;
}
