/* A sorted list of names, so that one of thousands is found in a dozen comparisons. Next: tap/world.c. */
#ifndef TAP_NAMES_H
#define TAP_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct name_place {
    const char *name;
    size_t place;
};

struct names {
    struct name_place *list;
    size_t n;
};

/* Takes `n` names; names_add fills it, names_sort ends that. False: no memory. */
bool names_init(struct names *names, size_t n);
void names_add(struct names *names, const char *name, size_t place);
void names_sort(struct names *names);

/* The place of a name. False: there is none of that name. */
bool names_find(const struct names *names, const char *name, size_t *place);

void names_free(struct names *names);

#endif
