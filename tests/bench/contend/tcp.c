/* tcp: bulk streams with cubic for a while, both ends in one process that sends and receives in turn. Next: main.c */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/contend/common.h"

#define MOST       8
#define PIECE      (256 << 10)
#define PORT       9001
#define WARM_UP_NS 150000000

/* The sending ends lie before the receiving ones. */
struct streams {
    struct pollfd ends[2 * MOST];
    unsigned n;
    uint64_t received;
};

static int new_socket(void)
{
    struct timeval wait = {.tv_sec = 1};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) < 0)
        die("cubic");
    return fd;
}

static int listen_at(const struct sockaddr_in *address)
{
    int on = 1, fd = new_socket();
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        bind(fd, (const struct sockaddr *)address, sizeof *address) < 0 || listen(fd, MOST) < 0)
        die("listen");
    return fd;
}

static void open_streams(struct streams *streams, char **arguments)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr.s_addr = htonl(address_of(arguments[2]))};
    enter_netns(arguments[1]);
    int listener = listen_at(&address);
    enter_netns(arguments[0]);
    for (unsigned i = 0; i < streams->n; i++) {
        int from = new_socket();
        if (connect(from, (struct sockaddr *)&address, sizeof address) < 0)
            die("connect");
        int to = accept(listener, NULL, NULL);
        if (to < 0)
            die("accept");
        streams->ends[i] = (struct pollfd){.fd = from, .events = POLLOUT};
        streams->ends[streams->n + i] = (struct pollfd){.fd = to, .events = POLLIN};
    }
    close(listener);
}

static void turn(struct streams *streams)
{
    static uint8_t piece[PIECE];
    if (poll(streams->ends, 2 * streams->n, 100) < 0 && errno != EINTR)
        die("poll");
    for (unsigned i = 0; i < streams->n; i++)
        if (streams->ends[i].revents != 0 &&
            send(streams->ends[i].fd, piece, sizeof piece, MSG_DONTWAIT) < 0 && errno != EAGAIN)
            die("send");
    for (unsigned i = streams->n; i < 2 * streams->n; i++) {
        ssize_t size = 0;
        /* MSG_TRUNC: TCP throws the octets away instead of copying them. */
        if (streams->ends[i].revents != 0)
            size = recv(streams->ends[i].fd, NULL, 4 * PIECE, MSG_DONTWAIT | MSG_TRUNC);
        streams->received += size > 0 ? (uint64_t)size : 0;
    }
}

/* NETNS NETNS ADDRESS STREAMS SECONDS */
int load_tcp(char **arguments)
{
    struct streams streams = {.n = (unsigned)number(arguments[3])};
    if (streams.n == 0 || streams.n > MOST)
        die("streams");
    open_streams(&streams, arguments);
    uint64_t now = now_ns(), begin = now + WARM_UP_NS, start = 0, at_start = 0;
    uint64_t end = begin + (uint64_t)(number(arguments[4]) * 1e9);
    for (; now < end; now = now_ns()) {
        turn(&streams);
        if (start == 0 && now >= begin) {
            start = now;
            at_start = streams.received;
        }
    }
    printf("gbit=%.3f\n", (double)(streams.received - at_start) * 8 / (double)(now - start));
    return streams.received > at_start ? 0 : 1;
}
