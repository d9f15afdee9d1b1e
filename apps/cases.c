#include "apps/cases.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    DEPTH = 32 /* of folders in folders */
};

static bool exists(const char *folder, const char *name)
{
    char path[PATH_MAX];
    struct stat status;
    int size = snprintf(path, sizeof path, "%s/%s", folder, name);
    return size < PATH_MAX && stat(path, &status) == 0;
}

/* One without a network.conf but with expectations is a case with a fault, not a folder like any other. */
static bool is_case(const char *folder)
{
    return exists(folder, "network.conf") || exists(folder, "verdicts.jsonl");
}

static bool add(struct cases *cases, const char *path)
{
    char **paths = realloc(cases->paths, (cases->n + 1) * sizeof *paths);
    char *copy = strdup(path);
    if (paths != NULL)
        cases->paths = paths;
    if (paths == NULL || copy == NULL) {
        free(copy);
        fprintf(stderr, "tapir test: out of memory\n");
        return false;
    }
    cases->paths[cases->n++] = copy;
    return true;
}

static bool search(struct cases *cases, const char *folder, unsigned depth);

static bool enter(struct cases *cases, const char *folder, const char *name, unsigned depth)
{
    char path[PATH_MAX];
    struct stat status;
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= PATH_MAX)
        return true;
    if (name[0] == '.' || lstat(path, &status) != 0 || !S_ISDIR(status.st_mode))
        return true;
    return search(cases, path, depth + 1);
}

static bool search(struct cases *cases, const char *folder, unsigned depth)
{
    struct dirent **entries;
    if (is_case(folder))
        return add(cases, folder);
    if (depth == DEPTH)
        return true;
    int n = scandir(folder, &entries, NULL, alphasort);
    if (n < 0) {
        fprintf(stderr, "tapir test: %s: %s; name a folder with a network.conf, or one of such folders\n",
                folder, strerror(errno));
        return false;
    }
    bool fine = true;
    for (int i = 0; i < n; i++) {
        fine = fine && enter(cases, folder, entries[i]->d_name, depth);
        free(entries[i]);
    }
    free(entries);
    return fine;
}

bool cases_find(struct cases *cases, const char *folder)
{
    char path[PATH_MAX];
    size_t before = cases->n, length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    snprintf(path, sizeof path, "%.*s", (int)length, folder);
    if (!search(cases, path, 0))
        return false;
    if (cases->n > before)
        return true;
    fprintf(stderr, "tapir test: %s: there is no case in it; a case is a folder with a network.conf\n",
            folder);
    return false;
}

void cases_free(struct cases *cases)
{
    for (size_t i = 0; i < cases->n; i++)
        free(cases->paths[i]);
    free(cases->paths);
    *cases = (struct cases){0};
}
