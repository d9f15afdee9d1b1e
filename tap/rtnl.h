/* rtnetlink: what the kernel knows about its end of a device, and how that end is set up.
 *
 * All calls act in the namespace in which rtnl_open was called. Read next: tap/tap.h. */
#ifndef TAP_RTNL_H
#define TAP_RTNL_H

#include "tapir.h"

struct rtnl;

/* What became of a request. */
enum rtnl_result {
    RTNL_DONE,
    RTNL_ALREADY, /* it was so before */
    RTNL_FAILED   /* errno says why */
};

/* One device, as a notification or a query tells it. */
struct rtnl_link {
    char name[16];
    int index;
    bool gone; /* it was removed, or left this namespace */
    bool up;   /* set up by its owner: frames can be written to it */
    uint32_t mtu;
};

/* A socket in the current namespace that also hears of every change of a device there. NULL: errno says why.
 */
struct rtnl *rtnl_open(void);
void rtnl_close(struct rtnl *rtnl);

/* Readable when there may be a notification. */
int rtnl_fd(const struct rtnl *rtnl);

/* The next notification about a device. False: none now. `*lost`: some were lost, ask for each device. */
bool rtnl_next(struct rtnl *rtnl, struct rtnl_link *link, bool *lost);

/* Asks for the device of that name. False: there is none. */
bool rtnl_lookup(struct rtnl *rtnl, const char *name, struct rtnl_link *link);

/* Takes from the kernel its wish to speak IPv6 on a device that is about to be set up, so that nothing is
 * sent unasked; gives it an MTU; sets it up. False: errno says why. */
bool rtnl_quiet(struct rtnl *rtnl, int index);
bool rtnl_mtu(struct rtnl *rtnl, int index, uint32_t mtu);
bool rtnl_up(struct rtnl *rtnl, int index);

/* Adds or removes an address of a device. */
enum rtnl_result rtnl_address(struct rtnl *rtnl, int index, struct ip4_prefix address, bool remove);

/* Adds or removes the default route by `gateway`. Another default route of the same metric is kept: ALREADY.
 */
enum rtnl_result rtnl_gateway(struct rtnl *rtnl, int index, struct ip4 gateway, bool remove);

#endif
