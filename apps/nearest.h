/* The name that was probably meant, for messages about an unknown one. */
#ifndef APPS_NEAREST_H
#define APPS_NEAREST_H

#include <stddef.h>

/* The one of `n` names with the fewest edits (insert, delete, replace, swap two neighbours) to `name`, the
 * first of several; NULL when each would need more than a third of its letters. */
const char *nearest_name(const char *name, const char *const names[], size_t n);

#endif
