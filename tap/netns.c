#include "tap/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char folder[] = "/run/netns/";

/* One line about why the namespace could not be opened or entered. */
static void explain(const char *name, char *error, size_t error_size)
{
    if (errno == ENOENT)
        snprintf(error, error_size, "no network namespace \"%s\"; create it with: ip netns add %s", name,
                 name);
    else if (errno == EPERM || errno == EACCES)
        snprintf(error, error_size, "no permission to enter network namespace \"%s\"; run as root", name);
    else if (errno == EINVAL)
        snprintf(error, error_size, "%s%s is no network namespace; create one with: ip netns add NAME",
                 folder, name);
    else
        snprintf(error, error_size, "network namespace \"%s\": %s", name, strerror(errno));
}

/* The file of the namespace, or -1. A name with a slash would leave the folder. */
static int open_named(const char *name)
{
    char path[sizeof folder + NAME_MAX];
    if (*name == '\0' || strchr(name, '/') != NULL || strlen(name) > NAME_MAX) {
        errno = ENOENT;
        return -1;
    }
    snprintf(path, sizeof path, "%s%s", folder, name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

bool netns_open(struct netns *netns, const char *name, char *error, size_t error_size)
{
    *netns = (struct netns){.home = -1, .fd = -1};
    if (name == NULL)
        return true;
    netns->home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    if (netns->home < 0) {
        snprintf(error, error_size, "cannot open /proc/self/ns/net: %s; is /proc mounted?", strerror(errno));
        return false;
    }
    netns->fd = open_named(name);
    if (netns->fd < 0 || !netns_enter(netns)) {
        explain(name, error, error_size);
        netns_close(netns);
        return false;
    }
    netns_leave(netns);
    return true;
}

bool netns_enter(const struct netns *netns)
{
    return netns->fd < 0 || setns(netns->fd, CLONE_NEWNET) == 0;
}

/* To stay in a foreign namespace without noticing would be worse than to end. */
void netns_leave(const struct netns *netns)
{
    int kept = errno;
    if (netns->fd >= 0 && setns(netns->home, CLONE_NEWNET) != 0) {
        perror("tapir: error: cannot come back from a network namespace");
        abort();
    }
    errno = kept;
}

void netns_close(struct netns *netns)
{
    if (netns->fd >= 0)
        close(netns->fd);
    if (netns->home >= 0)
        close(netns->home);
    *netns = (struct netns){.home = -1, .fd = -1};
}
