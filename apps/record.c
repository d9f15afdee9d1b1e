#include "apps/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool complain(const char *path, const char *what)
{
    fprintf(stderr, "tapir run: %s: %s: %s\n", path, what, strerror(errno));
    return false;
}

bool record_is_there(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool record_path_network(char path[RECORD_PATH], const char *dir)
{
    return snprintf(path, RECORD_PATH, "%s/network.conf", dir) < RECORD_PATH;
}

bool record_path_tape(char path[RECORD_PATH], const char *dir, size_t node)
{
    return snprintf(path, RECORD_PATH, "%s/%zu.tape", dir, node + 1) < RECORD_PATH;
}

static bool copy(FILE *from, FILE *to)
{
    char buffer[4096];
    size_t n;
    while ((n = fread(buffer, 1, sizeof buffer, from)) > 0)
        if (fwrite(buffer, 1, n, to) != n)
            return false;
    return ferror(from) == 0;
}

static bool copy_file(const char *file, const char *path)
{
    FILE *from = fopen(file, "re"), *to = from == NULL ? NULL : fopen(path, "wxe");
    bool copied = to != NULL && copy(from, to);
    if (from != NULL)
        fclose(from);
    if (to != NULL && fclose(to) != 0)
        copied = false;
    return copied;
}

bool record_begin(struct record *record, const char *dir, const char *file, struct world *world)
{
    char path[RECORD_PATH], error[TAPE_ERROR];
    if (mkdir(dir, 0777) != 0)
        return complain(dir, "a folder for the recording cannot be made; name one that is not there");
    errno = ENAMETOOLONG;
    if (!record_path_network(path, dir) || !copy_file(file, path))
        return complain(path, "the network file cannot be copied");
    record->n = world_nodes(world);
    record->tapes = calloc(record->n + 1, sizeof(struct tape *));
    for (size_t i = 0; i < record->n; i++) {
        snprintf(error, sizeof error, "out of memory, or the name is too long");
        if (record->tapes != NULL && record_path_tape(path, dir, i))
            record->tapes[i] = node_record(world_node(world, i), path, error);
        if (record->tapes == NULL || record->tapes[i] == NULL) {
            fprintf(stderr, "tapir run: %s\n", error);
            return false;
        }
    }
    return true;
}

bool record_end(struct record *record)
{
    char error[TAPE_ERROR];
    bool written = true;
    for (size_t i = 0; record->tapes != NULL && i < record->n; i++)
        if (!tape_finish(record->tapes[i], error)) {
            fprintf(stderr, "tapir run: %s\n", error);
            written = false;
        }
    free(record->tapes);
    *record = (struct record){0};
    return written;
}
