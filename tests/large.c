#include "tests/large.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "apps/config.h"

static bool write_file(const char *path, const char *shape, const char *more)
{
    char command[512];
    snprintf(command, sizeof command, "{ tests/bench/large_world %s && printf '%%s\\n' '%s'; } >'%s'", shape,
             more, path);
    return system(command) == 0;
}

struct network *large_network(const char *shape, const char *more)
{
    char path[] = "/tmp/tapir-large-XXXXXX", error[512] = "tests/bench/large_world failed";
    int file = mkstemp(path);
    if (file < 0)
        return NULL;
    struct network *network =
        write_file(path, shape, more) ? config_read(path, error, sizeof error, NULL) : NULL;
    if (network == NULL)
        fprintf(stderr, "large network \"%s\": %s\n", shape, error);
    close(file);
    unlink(path);
    return network;
}
