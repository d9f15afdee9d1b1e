#include "apps/case_update.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/files.h"

/* The names in the folder, and how many there are. */
struct names {
    struct dirent **list;
    int n;
};

static int is_plain(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void print_names(FILE *out, const struct names *names)
{
    for (int i = 0; i < names->n; i++)
        fprintf(out, i == 0 ? "%s" : ", %s", names->list[i]->d_name);
}

/* A y as the first letter of a line; the end of the input is no. */
static enum update_result ask(const char *folder, const struct names *names, int signals)
{
    char letter, first = 'n';
    fprintf(stderr, "%s: replace ", folder);
    print_names(stderr, names);
    fprintf(stderr, "? [y/N] ");
    for (size_t i = 0;; i++) {
        struct pollfd fds[] = {{STDIN_FILENO, POLLIN, 0}, {signals, POLLIN, 0}};
        poll(fds, 2, -1);
        if (fds[1].revents != 0)
            return UPDATE_INTERRUPTED;
        if (read(STDIN_FILENO, &letter, 1) != 1 || letter == '\n')
            break;
        if (i == 0)
            first = letter;
    }
    return first == 'y' || first == 'Y' ? UPDATE_DONE : UPDATE_DECLINED;
}

static enum update_result replace(const char *folder, const char *offered, const struct names *names)
{
    for (int i = 0; i < names->n; i++) {
        char from[PATH_MAX], to[PATH_MAX];
        int a = snprintf(from, sizeof from, "%s/%s", offered, names->list[i]->d_name);
        int b = snprintf(to, sizeof to, "%s/%s", folder, names->list[i]->d_name);
        errno = ENAMETOOLONG;
        if (a < PATH_MAX && b < PATH_MAX && file_replace(from, to))
            continue;
        fprintf(stderr, "tapir test: %s: %s; it is as it was\n", to, strerror(errno));
        return UPDATE_FAILED;
    }
    fprintf(stderr, "%s: wrote ", folder);
    print_names(stderr, names);
    fputc('\n', stderr);
    return UPDATE_DONE;
}

enum update_result case_update(const char *folder, const char *work, int yes, int signals)
{
    char offered[PATH_MAX];
    struct names names;
    snprintf(offered, sizeof offered, "%s/new", work);
    names.n = scandir(offered, &names.list, is_plain, alphasort);
    if (names.n < 0)
        return UPDATE_NOTHING;
    enum update_result result = names.n == 0 ? UPDATE_NOTHING
                                : yes        ? UPDATE_DONE
                                             : ask(folder, &names, signals);
    if (result == UPDATE_DONE)
        result = replace(folder, offered, &names);
    for (int i = 0; i < names.n; i++)
        free(names.list[i]);
    free(names.list);
    return result;
}
