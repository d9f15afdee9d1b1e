/* A million frames through a router, from a capture to a capture, beside libpcap reading the same file and writing it again:
 *
 *     bench_replay [rounds] [frames]
 *
 * Both take turns, each in a process of its own, so that neither finds memory that the other has left. Prints the medians of
 * seconds by the clock and of the processor, and of the ratios of each round, for what else the machine does weighs on both of
 * a round alike; in brackets the least and the most. */
#include "tap/replay.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "apps/config.h"
#include "wire/bytes.h"
#include "wire/ether.h"
#include "wire/ip4.h"

enum {
    ROUNDS = 7,
    ROUNDS_MOST = 99,
    FRAMES = 1000000,
    FRAMES_MOST = 10000000,
    HOSTS = 100, /* next hops of the frames */
    SIZE = 60,
    SECONDS_MOST = 600 /* of each child */
};

#define START    (INT64_C(1700000000) * 1000000000)
#define EVERY_NS 10000

static char folder[] = "/tmp/bench_replay.XXXXXX";

static const char *in_folder(char path[64], const char *name)
{
    snprintf(path, 64, "%s/%s", folder, name);
    return path;
}

static void fail(const char *why)
{
    fprintf(stderr, "bench_replay: %s\n", why);
    exit(1);
}

/* ---- what goes in -------------------------------------------------------------------------------------- */

static void frame_make(uint8_t frame[SIZE], uint32_t number)
{
    struct ip4_header header = {.source = {0x0a01000a},
                                .destination = {0x0a02000a + number % HOSTS},
                                .total = SIZE - ETHER_HEADER,
                                .id = (uint16_t)number,
                                .ttl = 64,
                                .protocol = IP4_UDP,
                                .size = IP4_HEADER};
    memset(frame, 0, SIZE);
    memcpy(frame, "\x02\0\0\0\0\x01\x02\0\0\0\x0a\x01\x08\0", ETHER_HEADER);
    ip4_build(frame + ETHER_HEADER, &header);
    bytes_put16(frame + ETHER_HEADER + IP4_HEADER, (uint16_t)(1024 + number % 1000));
    bytes_put16(frame + ETHER_HEADER + IP4_HEADER + 2, 9);
    bytes_put16(frame + ETHER_HEADER + IP4_HEADER + 4, SIZE - ETHER_HEADER - IP4_HEADER);
}

static void capture_make(uint32_t frames)
{
    char path[64], error[PCAPFILE_ERROR];
    uint8_t frame[SIZE];
    struct pcapfile_writer *writer = pcapfile_create(in_folder(path, "in.pcap"), NULL, error);
    if (writer == NULL)
        fail(error);
    for (uint32_t i = 0; i < frames; i++) {
        frame_make(frame, i);
        pcapfile_write(writer, (tapir_instant){START + (int64_t)i * EVERY_NS}, frame, SIZE);
    }
    if (!pcapfile_finish(writer, error))
        fail(error);
}

static void network_make(void)
{
    char path[64];
    FILE *file = fopen(in_folder(path, "network.conf"), "w");
    if (file == NULL)
        fail("cannot write the network file");
    fputs("node r {\n  forwarding = on\n"
          "  interface lan { mac = 02:00:00:00:00:01 address = 10.1.0.1/24 }\n"
          "  interface wan { mac = 02:00:00:00:00:02 address = 10.2.0.1/24 }\n",
          file);
    for (int i = 0; i < HOSTS; i++)
        fprintf(file, "  neighbor 10.2.0.%d { interface = wan mac = 02:00:00:00:10:%02x }\n", 10 + i, i);
    fputs("}\n", file);
    if (fclose(file) != 0)
        fail("cannot write the network file");
}

/* ---- the two --------------------------------------------------------------------------------------------- */

static int copy(uint32_t frames)
{
    char from[64], to[64], error[PCAP_ERRBUF_SIZE];
    struct pcap_pkthdr *header;
    const u_char *data;
    uint32_t n = 0;
    pcap_t *in = pcap_open_offline_with_tstamp_precision(in_folder(from, "in.pcap"),
                                                         PCAP_TSTAMP_PRECISION_NANO, error);
    pcap_dumper_t *out = in == NULL ? NULL : pcap_dump_open(in, in_folder(to, "copy.pcap"));
    if (out == NULL)
        return 1;
    for (; pcap_next_ex(in, &header, &data) == 1; n++)
        pcap_dump((u_char *)out, header, data);
    int flushed = pcap_dump_flush(out);
    pcap_dump_close(out);
    pcap_close(in);
    return flushed != 0 || n != frames;
}

/* The reading of the network file counts too. */
static int replay(uint32_t frames)
{
    char conf[64], from[64], to[64], error[PCAPFILE_ERROR];
    struct network *network = config_read(in_folder(conf, "network.conf"), error, sizeof error, NULL);
    if (network == NULL)
        return 1;
    struct replay_file in = {.node = 0, .iface = 0, .path = in_folder(from, "in.pcap")};
    struct replay_file out = {.node = 0, .iface = 1, .path = in_folder(to, "out.pcap")};
    struct replay_plan plan = {
        .network = network, .in = &in, .out = &out, .n_in = 1, .n_out = 1, .until_ns = -1};
    struct replay_result result;
    int status = replay_run(&plan, &result, error);
    network_free(network);
    return status != 0 || result.verdicts != frames || result.written != frames;
}

/* ---- measuring ------------------------------------------------------------------------------------------- */

struct sample {
    double wall, cpu;
};

/* Of all rounds. */
struct series {
    double wall[ROUNDS_MOST], cpu[ROUNDS_MOST];
};

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static struct sample measure(int (*work)(uint32_t frames), uint32_t frames)
{
    struct timespec begin, end;
    struct rusage usage;
    int status = 1;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS_MOST);
        _exit(work(frames));
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0)
        fail("a run did not come to its end, or lost frames");
    clock_gettime(CLOCK_MONOTONIC, &end);
    return (struct sample){(double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9,
                           seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime)};
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Prints the median, the least and the most. */
static void tell(const char *what, double values[], size_t n)
{
    qsort(values, n, sizeof *values, compare);
    printf("  %s %.3f (%.3f to %.3f)", what, values[n / 2], values[0], values[n - 1]);
}

static void tell_both(const char *who, struct series *series, size_t n)
{
    printf("%-28s", who);
    tell("clock", series->wall, n);
    tell("processor", series->cpu, n);
    putchar('\n');
}

static void race(size_t rounds, uint32_t frames)
{
    static struct series libpcap, tapir, ratio;
    for (size_t i = 0; i < rounds; i++) {
        struct sample theirs = measure(copy, frames), ours = measure(replay, frames);
        libpcap.wall[i] = theirs.wall;
        libpcap.cpu[i] = theirs.cpu;
        tapir.wall[i] = ours.wall;
        tapir.cpu[i] = ours.cpu;
        ratio.wall[i] = ours.wall / theirs.wall;
        ratio.cpu[i] = ours.cpu / theirs.cpu;
    }
    printf("%u frames, %zu rounds\n", frames, rounds);
    tell_both("libpcap reads and writes, s", &libpcap, rounds);
    tell_both("replay, s", &tapir, rounds);
    tell_both("ratio (at most 2)", &ratio, rounds);
    printf("%-28s  clock %.3f  processor %.3f\n", "the fastest of each", tapir.wall[0] / libpcap.wall[0],
           tapir.cpu[0] / libpcap.cpu[0]);
}

/* ---- the folder -------------------------------------------------------------------------------------------- */

static void clean_up(void)
{
    static const char *const names[] = {"in.pcap", "network.conf", "copy.pcap", "out.pcap"};
    char path[64];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unlink(in_folder(path, names[i]));
    rmdir(folder);
}

static long number_of(const char *text, long least, long most)
{
    long number = atol(text);
    return number < least ? least : number > most ? most : number;
}

int main(int argc, char **argv)
{
    size_t rounds = argc > 1 ? (size_t)number_of(argv[1], 1, ROUNDS_MOST) : ROUNDS;
    uint32_t frames = argc > 2 ? (uint32_t)number_of(argv[2], 1, FRAMES_MOST) : FRAMES;
    if (mkdtemp(folder) == NULL)
        fail("cannot make a folder in /tmp");
    atexit(clean_up);
    network_make();
    capture_make(frames);
    race(rounds, frames);
    return 0;
}
