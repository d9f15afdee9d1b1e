/* contend: programs that do nothing but move frames, to measure tapir against, and the load for both. tests/bench/run starts
 * them; tests/bench/README.md tells of them. Next: answer.c, then epoll.c. */
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/bench/contend/common.h"

enum engine {
    EPOLL,
    DRAIN,
    MERGE,
    URING,
    URING_MERGE
};

/* `offload`: the kernel's end may send super-frames and partial checksums. */
static const struct contender {
    const char *name;
    enum engine engine;
    bool virtio, offload;
} contenders[] = {
    {"epoll", EPOLL, false, false},
    {"drain", DRAIN, false, false},
    {"uring", URING, false, false},
    {"merge", MERGE, true, false},
    {"epoll-vnet", EPOLL, true, true},
    {"drain-vnet", DRAIN, true, true},
    {"uring-vnet", URING, true, true},
    {"merge-vnet", MERGE, true, true},
    {"uring-merge", URING_MERGE, true, false},
    {"uring-merge-vnet", URING_MERGE, true, true},
    {"echo-epoll", EPOLL, false, false},
    {"echo-uring", URING, false, false},
};

static const struct load {
    const char *name, *arguments;
    int count;
    int (*run)(char **);
} loads[] = {
    {"flood", "NETNS DEVICE NETNS SOURCE DESTINATION FLOWS BURST SIZE SECONDS RATE", 10, load_flood},
    {"verify", "NETNS DEVICE NETNS SOURCE DESTINATION FLOWS BURST SIZE FRAMES", 9, load_verify},
    {"ping", "NETNS ADDRESS IN-FLIGHT SECONDS", 4, load_ping},
    {"tcp", "NETNS NETNS ADDRESS STREAMS SECONDS", 5, load_tcp},
};

static void open_taps(struct job *job, const struct contender *contender, char **arguments)
{
    for (size_t i = 0; i < job->n_taps; i++)
        job->taps[i] =
            open_tap(arguments[2 * i], arguments[2 * i + 1], contender->virtio, contender->offload);
    job->virtio = contender->virtio ? sizeof(struct virtio_net_hdr) : 0;
}

_Noreturn static void contend(const struct contender *contender, char **arguments)
{
    struct job job = {.n_taps = 2, .answer = forward};
    if (strncmp(contender->name, "echo-", 5) == 0) {
        job.n_taps = 1;
        job.answer = echo;
        job.address = address_of(arguments[2]);
    }
    open_taps(&job, contender, arguments);
    puts("ready");
    fflush(stdout);
    switch (contender->engine) {
    case EPOLL:
        run_epoll(&job, 1);
    case DRAIN:
        run_epoll(&job, BATCH);
    case MERGE:
        run_merge(&job);
    case URING:
        run_uring(&job, false);
    case URING_MERGE:
        run_uring(&job, true);
    }
    _exit(2);
}

/* What a system call that does nothing costs here, in nanoseconds: the best of several times, for the machine may be busy. */
static int system_call(void)
{
    uint64_t best = UINT64_MAX;
    for (unsigned turn = 0; turn < 20; turn++) {
        uint64_t begin = now_ns();
        for (unsigned i = 0; i < 10000; i++)
            syscall(SYS_getppid);
        uint64_t took = now_ns() - begin;
        best = took < best ? took : best;
    }
    printf("ns=%.0f\n", (double)best / 10000);
    return 0;
}

/* NETNS DEVICE: checksums are computed before the device, which switches super-frames off too. */
static int plain(char **arguments)
{
    struct ethtool_value off = {.cmd = ETHTOOL_STXCSUM};
    struct ifreq request = {.ifr_data = (char *)&off};
    enter_netns(arguments[0]);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    strncpy(request.ifr_name, arguments[1], IFNAMSIZ - 1);
    if (ioctl(fd, SIOCETHTOOL, &request) < 0)
        die(arguments[1]);
    return 0;
}

static int usage(void)
{
    fputs("usage: contend system-call\n       contend plain NETNS DEVICE\n", stderr);
    for (size_t i = 0; i < sizeof contenders / sizeof contenders[0]; i++)
        fprintf(stderr, "       contend %s %s\n", contenders[i].name,
                strncmp(contenders[i].name, "echo-", 5) == 0 ? "NETNS DEVICE ADDRESS"
                                                             : "NETNS DEVICE NETNS DEVICE");
    for (size_t i = 0; i < sizeof loads / sizeof loads[0]; i++)
        fprintf(stderr, "       contend %s %s\n", loads[i].name, loads[i].arguments);
    return 2;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    if (strcmp(name, "system-call") == 0)
        return system_call();
    if (strcmp(name, "plain") == 0 && argc == 4)
        return plain(argv + 2);
    for (size_t i = 0; i < sizeof loads / sizeof loads[0]; i++)
        if (strcmp(name, loads[i].name) == 0 && argc == loads[i].count + 2)
            return loads[i].run(argv + 2);
    for (size_t i = 0; i < sizeof contenders / sizeof contenders[0]; i++)
        if (strcmp(name, contenders[i].name) == 0 && argc == (strncmp(name, "echo-", 5) == 0 ? 5 : 6))
            contend(&contenders[i], argv + 2);
    return usage();
}
