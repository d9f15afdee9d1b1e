#include "tap/names.h"

#include <stdlib.h>
#include <string.h>

bool names_init(struct names *names, size_t n)
{
    *names = (struct names){.list = calloc(n + 1, sizeof *names->list)};
    return names->list != NULL;
}

void names_add(struct names *names, const char *name, size_t place)
{
    names->list[names->n++] = (struct name_place){name, place};
}

/* Of equal names the first comes first, whatever qsort does with equals. */
static int compare(const void *a, const void *b)
{
    const struct name_place *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    return order != 0 ? order : (left->place > right->place) - (left->place < right->place);
}

void names_sort(struct names *names)
{
    qsort(names->list, names->n, sizeof *names->list, compare);
}

bool names_find(const struct names *names, const char *name, size_t *place)
{
    size_t low = 0, high = names->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(names->list[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == names->n || strcmp(names->list[low].name, name) != 0)
        return false;
    *place = names->list[low].place;
    return true;
}

void names_free(struct names *names)
{
    free(names->list);
}
