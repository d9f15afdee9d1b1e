#include "tests/harvest.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One write for each line: programs run side by side. */
static void append(const char *path, const char *line, size_t size)
{
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (file < 0)
        return;
    if (write(file, line, size) != (ssize_t)size)
        perror(path);
    close(file);
}

void harvest(unsigned iface, const uint8_t *frame, size_t size)
{
    const char *path = getenv("TAPIR_FRAMES");
    if (path == NULL || size > HARVEST_FRAME)
        return;
    char line[2 * HARVEST_FRAME + 16];
    int n = snprintf(line, sizeof line, "%u ", iface);
    for (size_t i = 0; i < size; i++)
        n += snprintf(line + n, 3, "%02x", frame[i]);
    line[n++] = '\n';
    append(path, line, (size_t)n);
}

static int digit(char c)
{
    const char *digits = "0123456789abcdef", *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

int harvest_parse(const char *line, unsigned *iface, uint8_t frame[HARVEST_FRAME])
{
    char *at;
    *iface = (unsigned)strtoul(line, &at, 10);
    if (at == line || *at++ != ' ')
        return -1;
    int size = 0;
    for (; size < HARVEST_FRAME && digit(at[0]) >= 0 && digit(at[1]) >= 0; at += 2)
        frame[size++] = (uint8_t)(digit(at[0]) << 4 | digit(at[1]));
    return *at == '\n' || *at == '\0' ? size : -1;
}
