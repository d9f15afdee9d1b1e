/* The command line of `tapir replay`: options, and the names of nodes and interfaces that they hold.
 *
 * Next: apps/replay.c. */
#ifndef APPS_REPLAY_OPTIONS_H
#define APPS_REPLAY_OPTIONS_H

#include "tap/replay.h"

enum {
    REPLAY_FILES = 64, /* of each kind */
    REPLAY_REWRITES = 64
};

/* [NODE:]IFACE=PCAP, each; `files` is filled in by replay_options_resolve. */
struct replay_names {
    const char *texts[REPLAY_FILES];
    struct replay_file files[REPLAY_FILES];
    size_t n;
};

/* Strings are those of the command line. */
struct replay_options {
    const char *file; /* the network file */
    const char *node; /* for names without one; NULL: none */
    const char *verdicts, *table, *capture;
    const char *explain; /* [[NODE:]IFACE:]N; NULL: nothing */
    struct replay_names in, out;
    const char *onto, *netns; /* a TAP device and its namespace, instead of a network; NULL: none */
    double speed;             /* 0: as fast as it goes */
    bool has_speed;
    const char *const *captures; /* to write to the device */
    size_t n_captures;
    struct alter_plan alter;
    struct rewrite rewrites[REPLAY_REWRITES];
    size_t n_rewrites;
    int64_t until_ns;
    bool has_progress;
    uint8_t seed[16];
    bool has_seed;
};

/* One line on stderr: `what` is wrong with `which`. Returns the exit code. */
int replay_usage(const char *what, const char *which);

/* Reads the command line. 0; else the exit code, and one line on stderr has said why. */
int replay_options_parse(struct replay_options *options, int argc, char **argv);

/* No options; and one more, by its name without "--". NULL: it is fine; else what is wrong with `value`. */
void replay_options_init(struct replay_options *options);
const char *replay_options_take(struct replay_options *options, const char *name, const char *value);

/* Puts what is done to frames, the end and the chances into a plan, which points into `options` from then on. */
void replay_options_plan(const struct replay_options *options, struct replay_plan *plan);

/* Looks up what is named, in the network of the file, and makes the plan of it; it points into `options`. No output of it is
 * a file that is read, or another output. 0; else the exit code, and one line on stderr has said why. */
int replay_options_resolve(struct replay_options *options, const struct network *network,
                           struct replay_plan *plan);

#endif
