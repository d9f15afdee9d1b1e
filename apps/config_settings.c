/* Settings: see config_settings.h. */
#include "apps/config_settings.h"

#include <stdio.h>
#include <string.h>

bool setting_read(enum tapir_setting setting, const char *text, int64_t *value)
{
    static const struct {
        const char *text, *means;
    } words[] = {{"true", "on"}, {"yes", "on"}, {"false", "off"}, {"no", "off"}};
    if (tapir_setting_parse(setting, text, value))
        return true;
    if (tapir_setting(setting)->type != TAPIR_CHOICE)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(text, words[i].text) == 0)
            return tapir_setting_parse(setting, words[i].means, value);
    return false;
}

static void list_choices(const char *choices, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "one of: ");
    for (; *choices != '\0' && used + 3 < size; choices++) {
        used += (size_t)snprintf(out + used, size - used, *choices == '|' ? ", " : "%c", *choices);
    }
}

void setting_values(enum tapir_setting setting, char *out, size_t size)
{
    static const char *const kinds[] = {[TAPIR_CHOICE] = "",
                                        [TAPIR_NUMBER] = "number",
                                        [TAPIR_DURATION] = "duration",
                                        [TAPIR_SIZE] = "size",
                                        [TAPIR_PREFIX] = "network"};
    const struct tapir_setting_row *row = tapir_setting(setting);
    char low[32], high[32];
    if (row->type == TAPIR_CHOICE) {
        list_choices(row->choices, out, size);
        return;
    }
    tapir_setting_print(setting, row->low, low, sizeof low);
    tapir_setting_print(setting, row->high, high, sizeof high);
    snprintf(out, size, "a %s from %s to %s", kinds[row->type], low, high);
}

/* Appends the operation; but what the whole node shares is no setting of one interface. */
static bool set(struct reading *reading, const struct config_value *value, unsigned iface,
                struct network_node *node)
{
    const struct tapir_setting_row *row = tapir_setting(value->setting);
    if (iface != TAPIR_EVERYWHERE && row->scope == TAPIR_SCOPE_NODE)
        return fault(reading, value->line,
                     "%s holds for the whole node; write it in node \"%s\", outside of interface \"%s\"",
                     row->name, node->name, node->interfaces[iface].name);
    node->ops = list_grow(node->ops, node->n_ops, sizeof node->ops[0]);
    struct tapir_op *op = &node->ops[node->n_ops++];
    op->kind = TAPIR_OP_SET;
    op->iface = iface;
    op->set.setting = value->setting;
    op->set.value = value->number;
    return true;
}

bool settings_apply(struct reading *reading, cfg_t *section, unsigned iface, struct network_node *node)
{
    for (cfg_opt_t *option = section->opts; option->name != NULL; option++) {
        bool is_section =
            option->type == CFGT_SEC && (option->flags & CFGF_MULTI) == 0 && option->nvalues > 0;
        if (is_section && !settings_apply(reading, cfg_opt_getnsec(option, 0), iface, node))
            return false;
        if (option->type != CFGT_PTR || option->nvalues == 0)
            continue;
        const struct config_value *value = option->values[0]->ptr;
        if (value->form == FORM_SETTING && !set(reading, value, iface, node))
            return false;
    }
    return true;
}
