/* The values of all settings, of a node or of one interface.
 *
 * An interface has a full set: its own values where it was given one, its node's elsewhere. So the packet's
 * path reads one array. The rows stand in core/settings.def; names and texts are read and written by
 * tapir.h's tapir_setting_*. Next: core/settings.def. */
#ifndef CORE_SETTINGS_H
#define CORE_SETTINGS_H

#include "tapir.h"

struct settings {
    /* Bits of those that are not 0: what a packet asks for lies in a few octets. */
    uint64_t on[(TAPIR_SETTING_COUNT + 63) / 64];
    int64_t value[TAPIR_SETTING_COUNT];
};

static inline int64_t settings_get(const struct settings *settings, enum tapir_setting setting)
{
    return settings->value[setting];
}

/* For off|on and the like: anything but the first choice. */
static inline bool settings_is_on(const struct settings *settings, enum tapir_setting setting)
{
    return (settings->on[setting / 64] >> setting % 64 & 1) != 0;
}

/* Gives a setting a value that settings_accepts. */
static inline void settings_put(struct settings *settings, enum tapir_setting setting, int64_t value)
{
    uint64_t bit = UINT64_C(1) << setting % 64;
    settings->value[setting] = value;
    settings->on[setting / 64] &= ~bit;
    if (value != 0)
        settings->on[setting / 64] |= bit;
}

/* Every setting to its initial value. */
void settings_init(struct settings *settings);

/* The setting exists and may have that value. */
bool settings_accepts(enum tapir_setting setting, int64_t value);

/* Gives an interface its node's value for each setting that is not its `own`. */
void settings_inherit(struct settings *iface, const bool own[TAPIR_SETTING_COUNT],
                      const struct settings *node);

#endif
