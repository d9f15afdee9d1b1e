/* Network namespaces by name: hold one, enter it, come back. For a program of one thread.
 *
 * What is opened inside stays there: a TAP device or a socket of rtnetlink belongs to the namespace of its
 * birth. The namespace is held by its file, not by its name: it stays the same one when the name is deleted
 * or given anew.
 *
 * Read next: tap/rtnl.h, tap/tap.h. */
#ifndef TAP_NETNS_H
#define TAP_NETNS_H

#include <stdbool.h>
#include <stddef.h>

struct netns {
    int home; /* where the program lives */
    int fd;   /* where netns_enter goes; -1: stays at home */
};

/* Finds the namespace `name`, as `ip netns` makes them; NULL: our own. False, with one line in `error` and
 * nothing to close, when it cannot be opened. It has not been entered yet. */
bool netns_open(struct netns *netns, const char *name, char *error, size_t error_size);

/* Enters it. False: errno says why, and the program is where it was. */
bool netns_enter(const struct netns *netns);

/* Goes home. Keeps errno. */
void netns_leave(const struct netns *netns);

void netns_close(struct netns *netns);

#endif
