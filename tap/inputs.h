/* The captures that a replay reads, merged by time stamp; at the same time in the order in which they were
 * named, and all as Ethernet frames.
 *
 * A time stamp below the one before it in its file counts as that one. Next: tap/replay.c. */
#ifndef TAP_INPUTS_H
#define TAP_INPUTS_H

#include "tap/alter.h"
#include "tap/network.h"

/* A capture and the interface that it is for. */
struct replay_file {
    size_t node; /* place in the network */
    unsigned iface;
    const char *path;
};

/* One capture and the frame at its head. */
struct input {
    struct pcapfile_reader *reader;
    struct pcapfile_frame head; /* an Ethernet frame, whatever it was */
    tapir_instant due;          /* of the head: its time stamp, never below the one before */
    uint64_t frames;            /* number of the head in the file, from 1 */
    size_t node;
    unsigned iface;
    struct mac mac; /* of that interface: to whom frames of other link types are sent */
    const char *path;
    bool has_head, has_due;
    uint8_t room[PCAPFILE_FRAME]; /* the head, where it was altered or not Ethernet */
};

struct inputs {
    const struct alter *alter; /* or NULL */
    struct input *list;
    size_t n;
    uint64_t backward; /* time stamps that went backwards */
    uint64_t cut;      /* frames of which the capture holds only the beginning */
    uint64_t left_out; /* by the filter */
};

/* Opens all files and reads their first frames; network, paths and `alter` (NULL: frames stay as they are) must outlive
 * it. False: `error` says why; inputs_close all the same. */
bool inputs_open(struct inputs *inputs, const struct network *network, const struct replay_file files[],
                 size_t n, const struct alter *alter, char error[PCAPFILE_ERROR]);

/* The input whose head comes first; NULL: all are at their end. */
struct input *inputs_first(const struct inputs *inputs);

/* Goes on to the next frame of `input`. False: the file is broken there and `error` says how. */
bool inputs_advance(struct inputs *inputs, struct input *input, char error[PCAPFILE_ERROR]);

void inputs_close(struct inputs *inputs);

#endif
