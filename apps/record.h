/* The recording of a run, in a folder: network.conf, a copy of the network file, and N.tape, what node N of it (from 1) was
 * told and what came of it.
 *
 * Next: tap/tape.h, and apps/rerun.c, which makes the run again. */
#ifndef APPS_RECORD_H
#define APPS_RECORD_H

#include "tap/world.h"

enum {
    RECORD_PATH = 4096
};

/* Zero records nothing. */
struct record {
    struct tape **tapes; /* of each node */
    size_t n;
};

/* Makes the folder `dir`, copies `file` into it and lets every node of the world record. False: one line on stderr has
 * said why. */
bool record_begin(struct record *record, const char *dir, const char *file, struct world *world);

/* After world_destroy. False: not everything could be written, and one line on stderr has said why. */
bool record_end(struct record *record);

/* Is `path` a folder, as recordings are? */
bool record_is_there(const char *path);

/* The path of a file of the recording; false: it is too long. */
bool record_path_network(char path[RECORD_PATH], const char *dir);
bool record_path_tape(char path[RECORD_PATH], const char *dir, size_t node);

#endif
