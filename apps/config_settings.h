/* Settings of a network file: their words, and the operations that give them their values. */
#ifndef APPS_CONFIG_SETTINGS_H
#define APPS_CONFIG_SETTINGS_H

#include "apps/config_grammar.h"

/* Reads a value as tapir_setting_parse does, and also true, yes, false and no where on and off stand. */
bool setting_read(enum tapir_setting setting, const char *text, int64_t *value);

/* The right values in words: `one of: off, loose, strict, explicit` or `a number from 1 to 20`. */
void setting_values(enum tapir_setting setting, char *out, size_t size);

/* Appends an OP_SET for each setting that stands in a section or below it, for one interface or
 * TAPIR_EVERYWHERE. False: one of them is not for an interface, which is told. */
bool settings_apply(struct reading *reading, cfg_t *section, unsigned iface, struct network_node *node);

#endif
