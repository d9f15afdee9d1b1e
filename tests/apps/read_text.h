/* Network files as strings, for tests of their reader: each goes to net.conf in a directory of its own. */
#ifndef TESTS_APPS_READ_TEXT_H
#define TESTS_APPS_READ_TEXT_H

#include "apps/config.h"
#include "tests/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A node with one interface in 10.0.0.0/24, the given lines from line 2 on. */
#define NODE(lines) "node n { interface i { tap = t address = 10.0.0.1/24 }\n" lines "}\n"
/* An interface with the given lines from line 2 on. */
#define INTERFACE(lines) "node n { interface i {\n" lines "}}\n"

struct result {
    struct network *network;
    char error[512];
    char warnings[2048]; /* each with a newline */
};

static inline void keep_warning(void *context, const char *line)
{
    struct result *result = context;
    size_t used = strlen(result->warnings);
    snprintf(result->warnings + used, sizeof result->warnings - used, "%s\n", line);
}

static inline void write_file(const char *text, size_t size)
{
    FILE *file = fopen("net.conf", "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    fclose(file);
}

static inline void read_octets(const char *text, size_t size, struct result *result)
{
    struct config_warnings warnings = {keep_warning, result};
    memset(result, 0, sizeof *result);
    write_file(text, size);
    result->network = config_read("net.conf", result->error, sizeof result->error, &warnings);
}

static inline void read_text(const char *text, struct result *result)
{
    read_octets(text, strlen(text), result);
}

static inline int enter_directory(void **state)
{
    static char directory[] = "/tmp/tapir-config-XXXXXX";
    *state = directory;
    return mkdtemp(directory) == NULL || chdir(directory) != 0 ? -1 : 0;
}

static inline int leave_directory(void **state)
{
    unlink("net.conf");
    return chdir("/") == 0 ? rmdir(*state) : -1;
}

#endif
