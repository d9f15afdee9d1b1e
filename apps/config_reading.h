/* What the steps of reading one network file share: where faults and warnings go, and the network so far. */
#ifndef APPS_CONFIG_READING_H
#define APPS_CONFIG_READING_H

#include "apps/config.h"

struct reading {
    const char *path;
    const char *text; /* in place of what stands at `path`; or NULL */
    char *error;
    size_t error_size;
    bool failed;
    const struct config_warnings *warnings; /* may be NULL */
    struct network *network;
};

/* Tells what is wrong, as `path:line: ...`, or `path: ...` for line 0. Only the first fault counts: it is the
 * cause of the others. Returns false, so that a check can end with it. */
bool fault(struct reading *reading, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Tells what is odd but no fault. */
void warn(struct reading *reading, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Room for one more element of `size` octets behind the `n` of a list, zeroed; the list may move. A machine
 * without memory for a network file ends the program. */
void *list_grow(void *list, size_t n, size_t size);

/* A copy of a string, never NULL. */
char *text_copy(const char *text);

#endif
