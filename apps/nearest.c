/* Edit distance (optimal string alignment), one row at a time. Names beyond NAME_MAX_LENGTH are nobody's
 * neighbour. */
#include "apps/nearest.h"

#include <stdbool.h>
#include <string.h>

enum {
    NAME_MAX_LENGTH = 32
};

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The cost of turning a[0..i) into b[0..j), from the rows for i - 1 and i - 2. */
static size_t cell(const char *a, const char *b, size_t i, size_t j, size_t rows[3][NAME_MAX_LENGTH + 1])
{
    size_t same = a[i - 1] == b[j - 1] ? 0 : 1;
    size_t cost = min(min(rows[1][j], rows[2][j - 1]) + 1, rows[1][j - 1] + same);
    bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
    return swapped ? min(cost, rows[0][j - 2] + 1) : cost;
}

static size_t distance(const char *a, const char *b)
{
    size_t rows[3][NAME_MAX_LENGTH + 1];
    size_t la = strlen(a), lb = strlen(b);
    if (la > NAME_MAX_LENGTH || lb > NAME_MAX_LENGTH)
        return NAME_MAX_LENGTH;
    for (size_t j = 0; j <= lb; j++)
        rows[0][j] = rows[1][j] = rows[2][j] = j;
    for (size_t i = 1; i <= la; i++) {
        memcpy(rows[0], rows[1], sizeof rows[0]);
        memcpy(rows[1], rows[2], sizeof rows[1]);
        rows[2][0] = i;
        for (size_t j = 1; j <= lb; j++)
            rows[2][j] = cell(a, b, i, j, rows);
    }
    return rows[2][lb];
}

const char *nearest_name(const char *name, const char *const names[], size_t n)
{
    const char *best = NULL;
    size_t fewest = 0;
    for (size_t i = 0; i < n; i++) {
        size_t edits = distance(name, names[i]);
        if (edits > (strlen(names[i]) + 2) / 3 || (best != NULL && edits >= fewest))
            continue;
        best = names[i];
        fewest = edits;
    }
    return best;
}
