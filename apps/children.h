/* Work in child processes side by side, its ends told in order.
 *
 * What a child does, its parent does not suffer from: a crash is a status like any other. SIGINT, SIGTERM and SIGHUP end all
 * children and the whole; none is left, not even as a zombie. Next: apps/test.c. */
#ifndef APPS_CHILDREN_H
#define APPS_CHILDREN_H

#include <stddef.h>

struct children {
    size_t n;       /* pieces of work */
    unsigned most;  /* at one time */
    unsigned limit; /* seconds for a piece; SIGALRM ends one that takes longer */
    /* Does piece `index`, in a child, and returns its exit code. */
    int (*work)(void *context, size_t index);
    /* Is told of the end of each piece, in order: `status` as wait gives it. */
    void (*ended)(void *context, size_t index, int status);
    void *context;
};

/* Keeps the signals that end a program until children_signals_restore: children_run and children_signal_fd look for them. A
 * reader of stdout that goes away is no signal any more but a fault of writing. */
void children_signals_keep(void);
void children_signals_restore(void);

/* Does all. 0, or the signal that ended it; -1: no child can be made, errno says why. */
int children_run(const struct children *children);

/* A descriptor that can be read when one of the signals has come; -1 without one. */
int children_signal_fd(void);

#endif
