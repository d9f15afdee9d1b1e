/* The network file (docs/configuration.md) into data that tap/world makes real.
 *
 * Every fault is one line: `file:line: what is wrong; what to write instead`. Warnings have the same form.
 * Read next: tap/network.h (the result), config.c (the order of the work). */
#ifndef APPS_CONFIG_H
#define APPS_CONFIG_H

#include <stddef.h>

#include "tap/network.h"

/* Is told of each warning, one line without a newline, while config_read runs. */
struct config_warnings {
    void (*warn)(void *context, const char *line);
    void *context;
};

/* Reads the network file at `path`. `warnings` may be NULL. Returns the network, which network_free takes
 * back, or NULL with one line, without a newline, in `error`. Never prints, never exits. */
struct network *config_read(const char *path, char *error, size_t error_size,
                            const struct config_warnings *warnings);

/* The same for the text of a network file; `name` stands for its path in what is told. */
struct network *config_read_text(const char *name, const char *text, char *error, size_t error_size,
                                 const struct config_warnings *warnings);

/* Frees a network of config_read; NULL is fine. */
void network_free(struct network *network);

#endif
