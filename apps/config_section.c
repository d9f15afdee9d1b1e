/* Looks into the sections that libconfuse has made. */
#include "apps/config_grammar.h"

#include <string.h>

static const char self[] = " self";

const struct config_value *section_item(cfg_t *section, const char *name, unsigned n)
{
    return section == NULL ? NULL : cfg_getnptr(section, name, n);
}

const struct config_value *section_get(cfg_t *section, const char *name)
{
    return section_item(section, name, 0);
}

cfg_t *section_inside(cfg_t *section, const char *name)
{
    cfg_opt_t *option = cfg_getopt(section, name);
    return cfg_opt_size(option) == 0 ? NULL : cfg_opt_getnsec(option, 0);
}

int section_line(cfg_t *section)
{
    const struct config_value *value = section_get(section, self);
    return value->line;
}

const char *section_path(cfg_t *section)
{
    const struct config_value *value = section_get(section, self);
    return value->text;
}

bool is_self(const cfg_opt_t *option)
{
    return strcmp(option->name, self) == 0;
}
