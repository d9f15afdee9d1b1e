#include "apps/files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BLOCK = 65536,
    FOLDERS_OPEN = 16
};

bool file_differs(const char *a, const char *b, size_t *at)
{
    FILE *of_a = fopen(a, "re"), *of_b = fopen(b, "re");
    int x = EOF, y = EOF;
    *at = 0;
    bool readable = of_a != NULL && of_b != NULL;
    for (; readable; ++*at) {
        x = getc_unlocked(of_a);
        y = getc_unlocked(of_b);
        if (x != y || x == EOF)
            break;
    }
    if (of_a != NULL)
        fclose(of_a);
    if (of_b != NULL)
        fclose(of_b);
    return !readable || x != y;
}

/* All of `in` to `out`. */
static bool pump(int in, int out)
{
    char block[BLOCK];
    ssize_t n;
    while ((n = read(in, block, sizeof block)) > 0)
        for (ssize_t done = 0, written; done < n; done += written) {
            written = write(out, block + done, (size_t)(n - done));
            if (written < 0)
                return false;
        }
    return n == 0;
}

/* Closes both; a fault before or now counts. */
static bool close_both(int in, int out, bool fine)
{
    int error = errno;
    if (in >= 0)
        close(in);
    if (out < 0 || close(out) == 0) {
        errno = error;
        return fine;
    }
    return false;
}

bool file_copy(const char *from, const char *to)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    return close_both(in, out, in >= 0 && out >= 0 && pump(in, out));
}

/* That of the file, or of one that is newly made. */
static mode_t mode_of(const char *path)
{
    struct stat status;
    if (stat(path, &status) == 0)
        return status.st_mode & 07777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

bool file_replace(const char *from, const char *to)
{
    char path[PATH_MAX];
    const char *slash = strrchr(to, '/');
    int folder = slash == NULL ? 0 : (int)(slash - to + 1);
    int size = snprintf(path, sizeof path, "%.*s.tapir-XXXXXX", folder, to);
    int in = size < PATH_MAX ? open(from, O_RDONLY | O_CLOEXEC) : -1;
    int out = in < 0 ? -1 : mkostemp(path, O_CLOEXEC);
    bool made = out >= 0;
    bool fine = made && pump(in, out) && fchmod(out, mode_of(to)) == 0 && fsync(out) == 0;
    fine = close_both(in, out, fine) && rename(path, to) == 0;
    int error = errno;
    if (made && !fine)
        unlink(path);
    errno = error;
    return fine;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    remove(path);
    return 0;
}

void folder_remove(const char *path)
{
    nftw(path, remove_entry, FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS);
}
