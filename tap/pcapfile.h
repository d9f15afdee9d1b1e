/* Capture files: frames with nanosecond time stamps. Reads pcap of either byte order, micro- or nanoseconds, by
 * libpcap, and pcapng by tap/pcapng_read.h; writes nanosecond pcap, and pcapng
 * (tap/pcapng_write.h) where the name ends so.
 *
 * Frames come as they were captured, of whatever link type: tap/adapt.h makes Ethernet of them. Times are from
 * 1970 to 2106. Files that end too early or hold garbage are an error that names the frame; what stood before
 * it has been read. Next: tap/adapt.h. */
#ifndef TAP_PCAPFILE_H
#define TAP_PCAPFILE_H

#include "tapir.h"

enum {
    PCAPFILE_ERROR = 512,   /* octets that every message fits */
    PCAPFILE_FRAME = 262144 /* octets of the longest frame that is read or written */
};

enum pcapfile_result {
    PCAPFILE_READ,
    PCAPFILE_END,
    PCAPFILE_BAD
};

/* A frame of a file; what it points to is valid until the next call for the same file. */
struct pcapfile_frame {
    tapir_instant time; /* nanoseconds since 1970 */
    const uint8_t *data;
    uint32_t size;    /* octets that the file holds */
    uint32_t on_wire; /* octets that the frame had: more than `size` when the capture cut it, never less */
    int link_type;    /* DLT_... of libpcap */
    const char *interface; /* its name, or NULL */
    const char *comment;   /* its comments, a line each, or NULL */
};

struct pcapfile_reader;
struct pcapfile_writer;

/* Opens `path` ("-": stdin). NULL: `error` says in one line why. */
struct pcapfile_reader *pcapfile_open(const char *path, char error[PCAPFILE_ERROR]);

/* Reads the next frame. BAD: `error` names file and frame; nothing more can be read. */
enum pcapfile_result pcapfile_next(struct pcapfile_reader *reader, struct pcapfile_frame *frame,
                                   char error[PCAPFILE_ERROR]);

void pcapfile_close(struct pcapfile_reader *reader);

/* Creates or overwrites `path` ("-": stdout; pcapng if it ends in ".pcapng"). `interface`: its name, which pcapng keeps; NULL:
 * none. NULL: `error` says in one line why. */
struct pcapfile_writer *pcapfile_create(const char *path, const char *interface, char error[PCAPFILE_ERROR]);

/* Appends a frame. Errors show in pcapfile_finish. */
void pcapfile_write(struct pcapfile_writer *writer, tapir_instant time, const uint8_t *data, uint32_t size);

/* Flushes and closes. False: not everything could be written; `error` says why. */
bool pcapfile_finish(struct pcapfile_writer *writer, char error[PCAPFILE_ERROR]);

#endif
