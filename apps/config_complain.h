/* The complaints of libconfuse in our words. */
#ifndef APPS_CONFIG_COMPLAIN_H
#define APPS_CONFIG_COMPLAIN_H

#include <stdarg.h>

#include "apps/config_grammar.h"

/* Tells the fault that libconfuse found in `section`, in the form `what is wrong; what to write instead`. */
void complain(struct reading *reading, cfg_t *section, const char *format, va_list values)
    __attribute__((format(printf, 3, 0)));

#endif
