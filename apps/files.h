/* Small things about whole files: are two the same, copy one, replace one at one stroke, remove a folder. */
#ifndef APPS_FILES_H
#define APPS_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* The octets of two files differ, first in octet *at, from 0. One that cannot be read differs from octet 0 on. */
bool file_differs(const char *a, const char *b, size_t *at);

/* Copies a file, over what is there. False, with errno: could not. */
bool file_copy(const char *from, const char *to);

/* Copies `from` beside `to` and renames it, so that nobody ever sees half of it; the mode of what was there stays. False, with
 * errno: nothing has changed. */
bool file_replace(const char *from, const char *to);

/* Removes a folder and all that is in it; symbolic links are not followed. */
void folder_remove(const char *path);

#endif
