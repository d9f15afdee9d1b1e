#include "tap/pcapfile.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_SECOND INT64_C(1000000000)

struct pcapfile_reader {
    pcap_t *pcap;
    uint64_t frames; /* read so far */
    char path[256];
};

struct pcapfile_writer {
    pcap_t *pcap;
    pcap_dumper_t *dumper;
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

static struct pcapfile_reader *reader_for(pcap_t *pcap, const char *path, char error[PCAPFILE_ERROR])
{
    int type = pcap_datalink(pcap);
    if (type != DLT_EN10MB) {
        const char *name = pcap_datalink_val_to_name(type);
        snprintf(error, PCAPFILE_ERROR, "%s: link type is %s (%d); only Ethernet captures can be read", path,
                 name == NULL ? "unknown" : name, type);
        return NULL;
    }
    struct pcapfile_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) {
        snprintf(error, PCAPFILE_ERROR, "%s: out of memory", path);
        return NULL;
    }
    reader->pcap = pcap;
    snprintf(reader->path, sizeof reader->path, "%s", path);
    return reader;
}

struct pcapfile_reader *pcapfile_open(const char *path, char error[PCAPFILE_ERROR])
{
    char why[PCAP_ERRBUF_SIZE] = "";
    pcap_t *pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);
    if (pcap == NULL) {
        snprintf(error, PCAPFILE_ERROR, "%s: cannot be read as a capture: %s", path, without_path(why, path));
        return NULL;
    }
    struct pcapfile_reader *reader = reader_for(pcap, path, error);
    if (reader == NULL)
        pcap_close(pcap);
    return reader;
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
 * tv_usec holds nanoseconds; garbage may hold more than a second's worth. False: out of that range. */
static bool read_time(const struct pcap_pkthdr *header, int64_t *ns)
{
    int64_t seconds = header->ts.tv_sec;
    if (seconds < 0 && seconds >= INT32_MIN)
        seconds += INT64_C(1) << 32;
    if (seconds < 0 || seconds > UINT32_MAX)
        return false;
    *ns = seconds * NS_PER_SECOND + (int64_t)header->ts.tv_usec;
    return *ns >= 0;
}

enum pcapfile_result pcapfile_next(struct pcapfile_reader *reader, struct pcapfile_frame *frame,
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
    int64_t ns;
    if (!read_time(header, &ns))
        return bad_frame(reader, error, "its time is not between 1970 and 2106; shift it with: editcap -t");
    *frame = (struct pcapfile_frame){
        .time = {ns}, .data = data, .size = header->caplen, .on_wire = header->len, .link_type = DLT_EN10MB};
    reader->frames++;
    return PCAPFILE_READ;
}

void pcapfile_close(struct pcapfile_reader *reader)
{
    if (reader == NULL)
        return;
    pcap_close(reader->pcap);
    free(reader);
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

struct pcapfile_writer *pcapfile_create(const char *path, char error[PCAPFILE_ERROR])
{
    if (ends_with(path, ".pcapng")) {
        snprintf(error, PCAPFILE_ERROR, "%s: pcapng cannot be written yet; name the file .pcap", path);
        return NULL;
    }
    struct pcapfile_writer *writer = calloc(1, sizeof *writer);
    if (writer != NULL)
        writer->pcap =
            pcap_open_dead_with_tstamp_precision(DLT_EN10MB, PCAPFILE_FRAME, PCAP_TSTAMP_PRECISION_NANO);
    if (writer == NULL || writer->pcap == NULL) {
        snprintf(error, PCAPFILE_ERROR, "%s: out of memory", path);
        free(writer);
        return NULL;
    }
    writer->dumper = pcap_dump_open(writer->pcap, path);
    if (writer->dumper == NULL) {
        snprintf(error, PCAPFILE_ERROR, "%s: cannot be written: %s", path,
                 without_path(pcap_geterr(writer->pcap), path));
        pcap_close(writer->pcap);
        free(writer);
        return NULL;
    }
    snprintf(writer->path, sizeof writer->path, "%s", path);
    return writer;
}

void pcapfile_write(struct pcapfile_writer *writer, tapir_instant time, const uint8_t *data, uint32_t size)
{
    struct pcap_pkthdr header = {.caplen = size, .len = size};
    header.ts.tv_sec = (time_t)(time.ns / NS_PER_SECOND);
    header.ts.tv_usec = (suseconds_t)(time.ns % NS_PER_SECOND);
    pcap_dump((u_char *)writer->dumper, &header, data);
}

bool pcapfile_finish(struct pcapfile_writer *writer, char error[PCAPFILE_ERROR])
{
    if (writer == NULL)
        return true;
    errno = 0;
    bool written = pcap_dump_flush(writer->dumper) == 0 && ferror(pcap_dump_file(writer->dumper)) == 0;
    if (!written)
        snprintf(error, PCAPFILE_ERROR, "%s: could not be written: %s", writer->path,
                 errno != 0 ? strerror(errno) : "write error");
    pcap_dump_close(writer->dumper);
    pcap_close(writer->pcap);
    free(writer);
    return written;
}
