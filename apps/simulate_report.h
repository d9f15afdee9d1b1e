/* What a simulation reports: the same octets for the same file and seed. */
#ifndef APPS_SIMULATE_REPORT_H
#define APPS_SIMULATE_REPORT_H

#include "tap/world.h"

struct simulate_report {
    const struct network *network;
    struct world *world;
    int64_t for_ns, seed;
};

/* Prints it on stdout, for people or as one JSON object. */
void report_text(const struct simulate_report *report);
void report_json(const struct simulate_report *report);

#endif
