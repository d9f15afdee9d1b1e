#include "tap/pcapfile.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap/pcapng_read.h"
#include "tap/pcapng_write.h"
#include "tap/plain_read.h"
#include "tap/plain_write.h"

#define NS_PER_SECOND INT64_C(1000000000)

enum {
    PCAPNG_FIRST = '\n' /* pcap never begins with it */
};

/* pcapng, or libpcap, which opens all else; where `plain` is there it reads the frames. */
struct pcapfile_reader {
    pcap_t *pcap;
    struct plain_reader *plain;
    struct pcapng_reader *pcapng;
    FILE *file;      /* of pcapng */
    uint64_t frames; /* read so far */
    char path[256];
};

/* One of the two is there. */
struct pcapfile_writer {
    struct pcapng_writer *pcapng;
    struct plain_writer *plain;
    char path[256];
};

/* libpcap begins most of its messages with the path and some not: ours always have it once. */
static const char *without_path(const char *message, const char *path)
{
    size_t length = strlen(path);
    return strncmp(message, path, length) == 0 && strncmp(message + length, ": ", 2) == 0
               ? message + length + 2
               : message;
}

static void close_file(FILE *file)
{
    if (file != NULL && file != stdin)
        fclose(file);
}

/* The first octet tells pcapng and both kinds of plain pcap, and one can be put back into any stream. */
static int first_octet(FILE *file)
{
    int first = getc(file);
    if (first != EOF)
        ungetc(first, file);
    return first;
}

/* Hands the file to whoever can read it: the reader closes it. False: `why` says why, the file is still ours. */
static bool attach(struct pcapfile_reader *reader, FILE *file, char why[PCAPFILE_ERROR])
{
    char error[PCAP_ERRBUF_SIZE] = "";
    int first = first_octet(file);
    if (first == PCAPNG_FIRST) {
        reader->pcapng = pcapng_open(file, why);
        reader->file = file;
        return reader->pcapng != NULL;
    }
    reader->pcap = pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, error);
    snprintf(why, PCAPFILE_ERROR, "%s", without_path(error, reader->path));
    if (reader->pcap != NULL)
        reader->plain = plain_open(reader->pcap, first);
    return reader->pcap != NULL;
}

struct pcapfile_reader *pcapfile_open(const char *path, char error[PCAPFILE_ERROR])
{
    char why[PCAPFILE_ERROR];
    struct pcapfile_reader *reader = calloc(1, sizeof *reader);
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    snprintf(why, sizeof why, "%s", strerror(file == NULL ? errno : ENOMEM));
    if (reader != NULL)
        snprintf(reader->path, sizeof reader->path, "%s", path);
    if (reader != NULL && file != NULL && attach(reader, file, why))
        return reader;
    snprintf(error, PCAPFILE_ERROR, "%.200s: cannot be read as a capture: %.250s", path, why);
    close_file(file);
    free(reader);
    return NULL;
}

static enum pcapfile_result bad_frame(const struct pcapfile_reader *reader, char error[PCAPFILE_ERROR],
                                      const char *why)
{
    snprintf(error, PCAPFILE_ERROR, "%s: frame %llu: %s", reader->path,
             (unsigned long long)reader->frames + 1, why);
    return PCAPFILE_BAD;
}

/* libpcap hands on 32 bits of seconds as if they had a sign: they go to 2106, and all that a file says lies
 * there. So no time stamp overflows, nor any that is a few minutes or years later. With nanosecond precision
 * tv_usec holds nanoseconds; garbage may hold more than a second's worth. Out of that range: -1. */
static tapir_instant read_time(const struct pcap_pkthdr *header)
{
    int64_t seconds = header->ts.tv_sec;
    if (seconds < 0 && seconds >= INT32_MIN)
        seconds += INT64_C(1) << 32;
    if (seconds < 0 || seconds > UINT32_MAX)
        return (tapir_instant){-1};
    return (tapir_instant){seconds * NS_PER_SECOND + (int64_t)header->ts.tv_usec};
}

static enum pcapfile_result next_of_pcap(struct pcapfile_reader *reader, struct pcapfile_frame *frame,
                                         char error[PCAPFILE_ERROR])
{
    struct pcap_pkthdr *header;
    const u_char *data;
    int result = pcap_next_ex(reader->pcap, &header, &data);
    if (result == PCAP_ERROR_BREAK)
        return PCAPFILE_END;
    if (result != 1)
        return bad_frame(reader, error, pcap_geterr(reader->pcap));
    if (header->caplen > PCAPFILE_FRAME)
        return bad_frame(reader, error, "longer than 262144 octets");
    *frame = (struct pcapfile_frame){.time = read_time(header),
                                     .data = data,
                                     .size = header->caplen,
                                     .on_wire = header->len,
                                     .link_type = pcap_datalink(reader->pcap)};
    return PCAPFILE_READ;
}

static enum pcapfile_result next_of_pcapng(struct pcapfile_reader *reader, struct pcapfile_frame *frame,
                                           char error[PCAPFILE_ERROR])
{
    char why[PCAPFILE_ERROR];
    enum pcapfile_result result = pcapng_next(reader->pcapng, frame, why);
    if (result == PCAPFILE_BAD)
        snprintf(error, PCAPFILE_ERROR, "%s: %.250s", reader->path, why);
    return result;
}

static enum pcapfile_result next_of_plain(struct pcapfile_reader *reader, struct pcapfile_frame *frame,
                                          char error[PCAPFILE_ERROR])
{
    char why[PLAIN_ERROR];
    enum pcapfile_result result = plain_next(reader->plain, frame, why);
    return result == PCAPFILE_BAD ? bad_frame(reader, error, why) : result;
}

static enum pcapfile_result next(struct pcapfile_reader *reader, struct pcapfile_frame *frame,
                                 char error[PCAPFILE_ERROR])
{
    if (reader->plain != NULL)
        return next_of_plain(reader, frame, error);
    return reader->pcap != NULL ? next_of_pcap(reader, frame, error) : next_of_pcapng(reader, frame, error);
}

enum pcapfile_result pcapfile_next(struct pcapfile_reader *reader, struct pcapfile_frame *frame,
                                   char error[PCAPFILE_ERROR])
{
    enum pcapfile_result result = next(reader, frame, error);
    if (result != PCAPFILE_READ)
        return result;
    if (frame->time.ns < 0 || frame->time.ns / NS_PER_SECOND > UINT32_MAX)
        return bad_frame(reader, error, "its time is not between 1970 and 2106; shift it with: editcap -t");
    if (frame->on_wire < frame->size)
        frame->on_wire = frame->size;
    reader->frames++;
    return PCAPFILE_READ;
}

void pcapfile_close(struct pcapfile_reader *reader)
{
    if (reader == NULL)
        return;
    plain_close(reader->plain);
    if (reader->pcap != NULL)
        pcap_close(reader->pcap);
    pcapng_close(reader->pcapng);
    close_file(reader->file);
    free(reader);
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static bool create_plain(struct pcapfile_writer *writer, const char *path, char error[PCAPFILE_ERROR])
{
    writer->plain = plain_create(path);
    if (writer->plain == NULL)
        snprintf(error, PCAPFILE_ERROR, "%.200s: cannot be written: %.250s", path, strerror(errno));
    return writer->plain != NULL;
}

static bool create_pcapng(struct pcapfile_writer *writer, const char *path, const char *interface,
                          char error[PCAPFILE_ERROR])
{
    writer->pcapng = pcapng_create(path, error);
    if (writer->pcapng != NULL)
        pcapng_interface(writer->pcapng, interface);
    return writer->pcapng != NULL;
}

struct pcapfile_writer *pcapfile_create(const char *path, const char *interface, char error[PCAPFILE_ERROR])
{
    struct pcapfile_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        snprintf(error, PCAPFILE_ERROR, "%.400s: out of memory", path);
        return NULL;
    }
    snprintf(writer->path, sizeof writer->path, "%s", path);
    if (ends_with(path, ".pcapng") ? create_pcapng(writer, path, interface, error)
                                   : create_plain(writer, path, error))
        return writer;
    free(writer);
    return NULL;
}

void pcapfile_write(struct pcapfile_writer *writer, tapir_instant time, const uint8_t *data, uint32_t size)
{
    if (writer->plain != NULL)
        plain_write(writer->plain, time, data, size);
    else
        pcapng_write(writer->pcapng,
                     &(struct pcapng_packet){.time = time, .data = data, .size = size, .on_wire = size});
}

static bool finish_plain(struct pcapfile_writer *writer, char error[PCAPFILE_ERROR])
{
    int fault = plain_finish(writer->plain);
    if (fault != 0)
        snprintf(error, PCAPFILE_ERROR, "%s: could not be written: %s", writer->path, strerror(fault));
    return fault == 0;
}

bool pcapfile_finish(struct pcapfile_writer *writer, char error[PCAPFILE_ERROR])
{
    if (writer == NULL)
        return true;
    bool written = writer->plain != NULL ? finish_plain(writer, error) : pcapng_finish(writer->pcapng, error);
    free(writer);
    return written;
}
