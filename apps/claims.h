/* The files of one run: nothing that is written may destroy what is read, or what is written elsewhere.
 *
 * A regular file is known by its inode, so other names, links and redirections of it are noticed; one that is not there yet, by
 * the name that it will get. Devices and pipes belong to nobody. */
#ifndef APPS_CLAIMS_H
#define APPS_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>

/* Zero claims nothing. */
struct claims {
    struct claim *list;
    size_t n;
};

/* `path` ("-": stdin) will be read. False: out of memory. */
bool claims_read(struct claims *claims, const char *path);

enum claims_result {
    CLAIMS_FREE,
    CLAIMS_TAKEN, /* it has been claimed before */
    CLAIMS_STARVED
};

/* `path` ("-": stdout) will be written, from its beginning. */
enum claims_result claims_write(struct claims *claims, const char *path);

void claims_free(struct claims *claims);

#endif
