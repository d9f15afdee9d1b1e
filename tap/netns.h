/* Named network namespaces: enter one, do something there, come back. For a program of one thread.
 *
 * What is opened inside stays there: a TAP device or a socket of rtnetlink belongs to the namespace of its
 * birth.
 *
 * Read next: tap/tap.h. */
#ifndef TAP_NETNS_H
#define TAP_NETNS_H

#include <stdbool.h>
#include <stddef.h>

struct netns {
    int home; /* our own namespace, or -1: we never left it */
};

/* Enters the namespace `name`; NULL: stays. False, with one line in `error` and nothing to leave, when it
 * cannot. */
bool netns_enter(struct netns *netns, const char *name, char *error, size_t error_size);

/* Goes back to where netns_enter came from. Keeps errno. */
void netns_leave(struct netns *netns);

#endif
