/* Inside of tapir/test.h: what a world of it holds. Next: apps/tapir_test.c. */
#ifndef APPS_TAPIR_TEST_WORLD_H
#define APPS_TAPIR_TEST_WORLD_H

#include "tap/gate.h"
#include "tap/journey.h"
#include "tap/virtual.h"

/* A frame that left, until it is taken. */
struct sent {
    struct sent *next;
    tapir_instant time;
    size_t node;
    unsigned iface;
    uint32_t size;
    uint8_t data[];
};

struct place {
    size_t node;
    unsigned iface;
};

struct tapir_test {
    struct network *network;
    struct gates **gates;     /* of each node */
    struct virtual_time time; /* without a world where the network has a fault */
    struct journeys *book;
    struct sent *first, **last; /* of all interfaces, in the order in which they left */
    struct sent *taken;         /* the last one */
    char *report;               /* of the last check */
    char fault[1024];           /* what went wrong first; empty: nothing */
};

/* Remembers what went wrong, unless something did before. */
void test_fault(struct tapir_test *world, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Finds an interface by its name. False: there is none, which is remembered. */
bool test_find(struct tapir_test *world, const char *name, struct place *place);

/* The link to the first frame that left an interface; *link is NULL when there is none. */
struct sent **test_sent(struct tapir_test *world, struct place place);

#endif
