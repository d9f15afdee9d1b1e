/* A line chart as SVG, both axes logarithmic: nanoseconds a packet over how many there are. */
#ifndef TESTS_BENCH_PLOT_H
#define TESTS_BENCH_PLOT_H

#include <stdbool.h>
#include <stddef.h>

enum {
    PLOT_POINTS = 8
};

struct plot_line {
    const char *name;
    size_t n;
    double x[PLOT_POINTS], y[PLOT_POINTS];
};

/* x from 1 to 10^6, y from 10 to 1,000. False: the file cannot be written, and stderr says so. */
bool plot_write(const char *path, const struct plot_line lines[], size_t n);

#endif
