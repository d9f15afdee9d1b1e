/* The text of a network file before libconfuse sees it: read, free of comments, its brackets and quotes in
 * pairs. */
#ifndef APPS_CONFIG_TEXT_H
#define APPS_CONFIG_TEXT_H

#include "apps/config_reading.h"

/* Reads the file of `reading`. Returns its text, which the caller frees, with a NUL behind its `*size`
 * octets; NULL with the fault told. */
char *text_read(struct reading *reading, size_t *size);

/* Reads any file whole, likewise; NULL with errno set. At most 64 MiB. */
char *text_load(const char *path, size_t *size);

/* Blanks out comments and checks what libconfuse would let pass or lose the line of: open brackets, strings
 * and comments, stray octets. False: the fault is told. */
bool text_check(struct reading *reading, char *text, size_t size);

#endif
