/* ping: echo requests with so many in flight for a while; the round trip times, and how many answers a second.
 * Next: tcp.c */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/contend/common.h"

#define SIZE    64
#define WAIT_US 20000
#define MOST    1000000

struct pinger {
    int fd;
    uint16_t id, sequence;
    uint64_t sent_at[65536];
    uint64_t answered, lost;
    uint32_t *times;
};

static int by_value(const void *a, const void *b)
{
    uint32_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static void send_batch(struct pinger *pinger, unsigned n)
{
    static uint8_t bytes[128][SIZE];
    struct iovec pieces[128];
    struct mmsghdr messages[128];
    for (unsigned i = 0; i < n; i++) {
        uint16_t sequence = pinger->sequence++;
        bytes[i][0] = 8;
        put16(bytes[i] + 2, 0);
        put16(bytes[i] + 4, pinger->id);
        put16(bytes[i] + 6, sequence);
        put16(bytes[i] + 2, (uint16_t)~fold(add_words(0, bytes[i], SIZE)));
        pinger->sent_at[sequence] = now_ns();
        pieces[i] = (struct iovec){.iov_base = bytes[i], .iov_len = SIZE};
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &pieces[i], .msg_iovlen = 1};
    }
    if (sendmmsg(pinger->fd, messages, n, 0) < 0)
        die("ping");
}

static bool note(struct pinger *pinger, const uint8_t *packet, size_t size)
{
    const uint8_t *icmp = packet + IP4_SIZE;
    if (size < IP4_SIZE + SIZE || icmp[0] != 0 || get16(icmp + 4) != pinger->id)
        return false;
    uint64_t *sent = &pinger->sent_at[get16(icmp + 6)];
    if (*sent == 0)
        return false;
    if (pinger->answered < MOST)
        pinger->times[pinger->answered] = (uint32_t)(now_ns() - *sent);
    pinger->answered++;
    *sent = 0;
    return true;
}

/* Waits for one answer and takes those that are there too; 0 when none came in time. */
static unsigned receive_batch(struct pinger *pinger)
{
    static uint8_t bytes[128][256];
    struct iovec pieces[128];
    struct mmsghdr messages[128];
    unsigned answers = 0;
    for (unsigned i = 0; i < 128; i++) {
        pieces[i] = (struct iovec){.iov_base = bytes[i], .iov_len = sizeof bytes[i]};
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &pieces[i], .msg_iovlen = 1};
    }
    int n = recvmmsg(pinger->fd, messages, 128, MSG_WAITFORONE, NULL);
    if (n < 0 && errno != EAGAIN && errno != EINTR)
        die("ping");
    for (int i = 0; i < n; i++)
        answers += note(pinger, bytes[i], messages[i].msg_len);
    return answers;
}

static void open_socket(struct pinger *pinger, const char *netns, const char *to)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address_of(to))};
    struct timeval wait = {.tv_usec = WAIT_US};
    enter_netns(netns);
    pinger->fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
    if (pinger->fd < 0 || connect(pinger->fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        setsockopt(pinger->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) < 0)
        die("raw socket");
}

/* NETNS ADDRESS IN-FLIGHT (at most 128) SECONDS */
int load_ping(char **arguments)
{
    static struct pinger pinger;
    unsigned window = (unsigned)number(arguments[2]), under_way = 0;
    pinger.id = (uint16_t)getpid();
    pinger.times = calloc(MOST, sizeof *pinger.times);
    if (pinger.times == NULL || window == 0 || window > 128)
        die("ping");
    open_socket(&pinger, arguments[0], arguments[1]);
    uint64_t begin = now_ns(), end = begin + (uint64_t)(number(arguments[3]) * 1e9);
    while (now_ns() < end) {
        if (under_way < window)
            send_batch(&pinger, window - under_way);
        unsigned answers = receive_batch(&pinger);
        pinger.lost += answers == 0 ? window : 0;
        under_way = answers == 0 ? 0 : window - answers;
    }
    double seconds = (double)(now_ns() - begin) / 1e9;
    size_t n = pinger.answered < MOST ? pinger.answered : MOST;
    qsort(pinger.times, n, sizeof *pinger.times, by_value);
    printf("rate=%.0f p50=%.2f p99=%.2f answered=%lu lost=%lu\n", (double)pinger.answered / seconds,
           n > 0 ? pinger.times[n / 2] / 1e3 : 0.0, n > 0 ? pinger.times[n * 99 / 100] / 1e3 : 0.0,
           (unsigned long)pinger.answered, (unsigned long)pinger.lost);
    free(pinger.times);
    return pinger.answered > 0 ? 0 : 1;
}
