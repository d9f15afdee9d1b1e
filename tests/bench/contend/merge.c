/* merge: drain that writes a run of one flow as one super-frame. Reads up to 64 frames of a device, then writes them in
 * order; frames of equal size whose headers follow from each other go out together, their payload gathered by writev, and the
 * receiving kernel takes them through its stack as one. Next: common.h */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/bench/contend/common.h"

/* Newer than the headers of Debian 12. */
#define GSO_UDP_L4 5
#define STRIDE     (LARGEST + 128)
#define TCP_PSH    0x08

struct frame {
    struct virtio_net_hdr *virtio;
    uint8_t *ip, *l4;
    size_t size, headers;
    bool may_merge, is_tcp;
};

struct batch {
    uint8_t *slots;
    struct frame frames[BATCH];
    size_t n;
};

static size_t payload(const struct frame *frame)
{
    return frame->size - frame->headers;
}

/* Plain IPv4 without options, UDP or TCP with nothing but ACK and PSH set, of exactly the length that its header says. */
static void look(struct frame *frame, uint8_t *slot, size_t size)
{
    uint8_t *ethernet = slot + sizeof *frame->virtio;
    frame->virtio = (struct virtio_net_hdr *)(void *)slot;
    frame->ip = ethernet + ETHER_SIZE;
    frame->l4 = frame->ip + IP4_SIZE;
    frame->size = size - sizeof *frame->virtio;
    frame->may_merge = false;
    if (frame->virtio->gso_type != VIRTIO_NET_HDR_GSO_NONE || frame->size <= HEADERS ||
        get16(ethernet + 12) != 0x0800 || frame->ip[0] != 0x45 || (get16(frame->ip + 6) & 0x3fff) != 0 ||
        get16(frame->ip + 2) + ETHER_SIZE != (int)frame->size)
        return;
    frame->is_tcp = frame->ip[9] == 6;
    frame->headers = HEADERS;
    if (frame->is_tcp)
        frame->headers = ETHER_SIZE + IP4_SIZE + (size_t)(frame->l4[12] >> 4) * 4;
    frame->may_merge =
        frame->size > frame->headers && (frame->is_tcp ? (frame->l4[13] & ~TCP_PSH) == 0x10
                                                       : frame->ip[9] == 17 && get16(frame->l4 + 6) != 0);
}

/* Addresses, ports, TOS, TTL and fragment field are those of the first; the identification counts up. */
static bool same_flow(const struct frame *first, const struct frame *next, size_t distance)
{
    return next->may_merge && next->size == first->size && next->ip[1] == first->ip[1] &&
           memcmp(next->ip + 6, first->ip + 6, 4) == 0 && memcmp(next->ip + 12, first->ip + 12, 12) == 0 &&
           get16(next->ip + 4) == (uint16_t)(get16(first->ip + 4) + distance);
}

static uint32_t sequence(const struct frame *frame)
{
    return (uint32_t)get16(frame->l4 + 4) << 16 | get16(frame->l4 + 6);
}

/* Sequence numbers follow on; acknowledgement, window and options are the same. PSH ends a run. */
static bool same_tcp(const struct frame *first, const struct frame *last, const struct frame *next,
                     size_t distance)
{
    const uint8_t *a = first->l4, *b = next->l4;
    return next->headers == first->headers && (last->l4[13] & TCP_PSH) == 0 &&
           sequence(next) == (uint32_t)(sequence(first) + distance * payload(first)) &&
           memcmp(a + 8, b + 8, 5) == 0 && memcmp(a + 14, b + 14, 2) == 0 &&
           memcmp(a + 18, b + 18, first->headers - ETHER_SIZE - IP4_SIZE - 18) == 0;
}

static size_t run_from(const struct batch *batch, size_t at)
{
    const struct frame *first = &batch->frames[at];
    size_t n = 1, room;
    if (!first->may_merge)
        return 1;
    room = (65535 - first->headers) / payload(first);
    while (at + n < batch->n && n < room && same_flow(first, &first[n], n) &&
           first[n].is_tcp == first->is_tcp &&
           (!first->is_tcp || same_tcp(first, &first[n - 1], &first[n], n)))
        n++;
    return n;
}

/* Lengths of the whole, and a transport checksum of the pseudo header alone: the kernel adds the rest where it must. */
static void make_super(struct frame *first, size_t n)
{
    size_t l4_size = first->headers - ETHER_SIZE - IP4_SIZE + n * payload(first);
    unsigned checksum = first->is_tcp ? 16 : 6;
    put16(first->ip + 2, (uint32_t)(l4_size + IP4_SIZE));
    ip4_checksum(first->ip);
    if (first->is_tcp)
        first->l4[13] |= first[n - 1].l4[13] & TCP_PSH;
    else
        put16(first->l4 + 4, (uint32_t)l4_size);
    put16(first->l4 + checksum, fold(add_words(first->ip[9] + (uint32_t)l4_size, first->ip + 12, 8)));
    *first->virtio =
        (struct virtio_net_hdr){.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
                                .gso_type = first->is_tcp ? VIRTIO_NET_HDR_GSO_TCPV4 : GSO_UDP_L4,
                                .hdr_len = (uint16_t)first->headers,
                                .gso_size = (uint16_t)payload(first),
                                .csum_start = ETHER_SIZE + IP4_SIZE,
                                .csum_offset = (uint16_t)checksum};
}

static void write_run(int fd, struct frame *first, size_t n)
{
    struct iovec pieces[BATCH];
    pieces[0] = (struct iovec){.iov_base = first->virtio, .iov_len = sizeof *first->virtio + first->size};
    for (size_t i = 1; i < n; i++)
        pieces[i] = (struct iovec){.iov_base = first[i].ip - ETHER_SIZE + first[i].headers,
                                   .iov_len = payload(&first[i])};
    if (n > 1)
        make_super(first, n);
    if (writev(fd, pieces, (int)n) < 0 && errno == EBADF)
        die("writev");
}

static void read_batch(struct batch *batch, int fd)
{
    for (batch->n = 0; batch->n < BATCH; batch->n++) {
        uint8_t *slot = batch->slots + batch->n * STRIDE;
        ssize_t size = read(fd, slot, LARGEST);
        if (size <= (ssize_t)sizeof(struct virtio_net_hdr) + ETHER_SIZE)
            return;
        look(&batch->frames[batch->n], slot, (size_t)size);
    }
}

static void pass_on(const struct job *job, size_t from, struct batch *batch)
{
    read_batch(batch, job->taps[from].fd);
    for (size_t at = 0, n; at < batch->n; at += n) {
        struct frame *first = &batch->frames[at];
        n = run_from(batch, at);
        int to = job->answer(job, from, first->ip - ETHER_SIZE, first->size);
        if (to >= 0)
            write_run(job->taps[to].fd, first, n);
    }
}

void run_merge(struct job *job)
{
    static struct batch batch;
    struct epoll_event events[2];
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    batch.slots = aligned_alloc(64, (size_t)BATCH * STRIDE);
    for (size_t i = 0; i < job->n_taps; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u64 = i};
        if (batch.slots == NULL || epoll_ctl(epoll, EPOLL_CTL_ADD, job->taps[i].fd, &event) < 0)
            die("epoll");
    }
    for (;;) {
        int n = epoll_wait(epoll, events, 2, -1);
        if (n < 0 && errno != EINTR)
            die("epoll_wait");
        for (int i = 0; i < n; i++)
            pass_on(job, events[i].data.u64, &batch);
    }
}
