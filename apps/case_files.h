/* The files of a case and the interfaces that they are about:
 *
 *     in-IFACE.pcap, in-NODE:IFACE.pcap    what arrives there; without NODE: at the first node of the network file
 *     in.pcap                              the same for a node with one interface, or one that no link holds
 *     out-IFACE.pcap, out-NODE:IFACE.pcap  what is expected to leave there
 *     verdicts.jsonl                       what is expected to become of the frames that arrive
 *     options                              options of the replay (apps/case_options.h)
 *
 * .pcapng may stand in place of .pcap. Next: apps/case_run.h. */
#ifndef APPS_CASE_FILES_H
#define APPS_CASE_FILES_H

#include "tap/replay.h"

struct case_file {
    char name[256]; /* in its folder */
    size_t node;
    unsigned iface;
};

struct case_list {
    struct case_file *list; /* sorted by name */
    size_t n;
};

struct case_files {
    struct case_list in, out;
    bool has_verdicts;
};

/* Reads the names in `folder` and finds what they mean in `network`. False: `error` says in one line what is wrong and how to
 * mend it; case_files_free all the same. */
bool case_files_read(struct case_files *files, const char *folder, const struct network *network,
                     char error[PCAPFILE_ERROR]);

/* The file for an interface, or NULL. */
const struct case_file *case_file_find(const struct case_list *list, size_t node, unsigned iface);

/* Adds a file for an interface. False: no memory. */
bool case_file_add(struct case_list *list, const char *name, size_t node, unsigned iface);

void case_files_free(struct case_files *files);

#endif
