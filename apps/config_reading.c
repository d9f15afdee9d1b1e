/* Faults, warnings and growing lists of config_read. */
#include "apps/config_reading.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_MAX_LENGTH = 1024
};

/* Control characters of the file do not reach the terminal. */
static void make_printable(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = '?';
}

__attribute__((format(printf, 5, 0))) static void compose(const struct reading *reading, int line, char *out,
                                                          size_t size, const char *format, va_list values)
{
    char where[16] = "";
    if (line > 0)
        snprintf(where, sizeof where, ":%d", line);
    int used = snprintf(out, size, "%s%s: ", reading->path, where);
    if (used > 0 && (size_t)used < size)
        vsnprintf(out + used, size - (size_t)used, format, values);
    make_printable(out);
}

bool fault(struct reading *reading, int line, const char *format, ...)
{
    if (reading->failed)
        return false;
    reading->failed = true;
    if (reading->error_size == 0)
        return false;
    va_list values;
    va_start(values, format);
    compose(reading, line, reading->error, reading->error_size, format, values);
    va_end(values);
    return false;
}

void warn(struct reading *reading, int line, const char *format, ...)
{
    char text[LINE_MAX_LENGTH];
    if (reading->warnings == NULL || reading->warnings->warn == NULL)
        return;
    va_list values;
    va_start(values, format);
    compose(reading, line, text, sizeof text, format, values);
    va_end(values);
    reading->warnings->warn(reading->warnings->context, text);
}

void *list_grow(void *list, size_t n, size_t size)
{
    if ((n & (n - 1)) == 0) /* full at each power of two: the room doubles there */
        list = realloc(list, (n == 0 ? 1 : 2 * n) * size);
    if (list == NULL)
        abort();
    memset((char *)list + n * size, 0, size);
    return list;
}

char *text_copy(const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL)
        abort();
    return copy;
}
