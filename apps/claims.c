#include "apps/claims.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct claim {
    dev_t device;
    ino_t inode;
    char *name; /* of a file that is not there yet; else NULL */
};

static bool is_same(const struct claim *a, const struct claim *b)
{
    if (a->name != NULL && b->name != NULL)
        return strcmp(a->name, b->name) == 0;
    return a->name == NULL && b->name == NULL && a->device == b->device && a->inode == b->inode;
}

/* The status of a file, or of the stream that "-" means. */
static bool status_of(const char *path, int stream, struct stat *status)
{
    return strcmp(path, "-") == 0 ? fstat(stream, status) == 0 : stat(path, status) == 0;
}

/* Keeps the name of the claim, too. False: out of memory. */
static bool keep(struct claims *claims, const struct claim *claim)
{
    struct claim *more = realloc(claims->list, (claims->n + 1) * sizeof *more);
    if (more == NULL)
        return false;
    claims->list = more;
    claims->list[claims->n++] = *claim;
    return true;
}

bool claims_read(struct claims *claims, const char *path)
{
    struct stat status;
    if (!status_of(path, STDIN_FILENO, &status) || !S_ISREG(status.st_mode))
        return true;
    return keep(claims, &(struct claim){.device = status.st_dev, .inode = status.st_ino});
}

/* realpath of glibc leaves in `place` how far it came when the file is not there: the name that it would get. */
static bool name_of(const char *path, struct claim *claim)
{
    char place[PATH_MAX] = "";
    if (realpath(path, place) != NULL || place[0] == '\0')
        return true;
    claim->name = strdup(place);
    return claim->name != NULL;
}

enum claims_result claims_write(struct claims *claims, const char *path)
{
    struct stat status;
    struct claim claim = {.name = NULL};
    bool is_there = status_of(path, STDOUT_FILENO, &status);
    if (is_there && !S_ISREG(status.st_mode))
        return CLAIMS_FREE;
    if (is_there)
        claim = (struct claim){.device = status.st_dev, .inode = status.st_ino};
    else if (!name_of(path, &claim))
        return CLAIMS_STARVED;
    if (!is_there && claim.name == NULL)
        return CLAIMS_FREE;
    enum claims_result result = CLAIMS_FREE;
    for (size_t i = 0; i < claims->n; i++)
        if (is_same(&claims->list[i], &claim))
            result = CLAIMS_TAKEN;
    if (result == CLAIMS_FREE && keep(claims, &claim))
        return result;
    free(claim.name);
    return result == CLAIMS_FREE ? CLAIMS_STARVED : result;
}

void claims_free(struct claims *claims)
{
    for (size_t i = 0; i < claims->n; i++)
        free(claims->list[i].name);
    free(claims->list);
    *claims = (struct claims){.list = NULL};
}
