#include "tap/log.h"

#include <stdarg.h>
#include <stdio.h>

enum {
    LINE = 512
};

static const char *const level_names[] = {"error", "warning", "info", "debug"};

static enum log_level shown = LOG_WARNING;

void log_limit(enum log_level level)
{
    shown = level;
}

/* One write for the whole line: lines of several processes on one terminal do not mix. */
void log_event(enum log_level level, const char *format, ...)
{
    char line[LINE];
    va_list arguments;

    if (level > shown)
        return;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    fprintf(stderr, "tapir: %s: %s\n", level_names[level], line);
}
