/* Which frames are a run: equal size, headers that follow from each other. They leave as one frame, whose payload is gathered
 * by writev, and the receiving kernel takes them through its stack as one. Next: common.h */
#include "tests/bench/contend/runs.h"

#include <string.h>

#include "tests/bench/contend/common.h"

/* Newer than the headers of Debian 12. */
#define GSO_UDP_L4 5
#define TCP_PSH    0x08

static size_t payload(const struct frame *frame)
{
    return frame->size - frame->headers;
}

/* Plain IPv4 without options, UDP or TCP with nothing but ACK and PSH set, of exactly the length that its header says. */
void frame_look(struct frame *frame, uint8_t *slot, size_t size)
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

size_t frame_run(const struct frame *first, size_t left)
{
    size_t n = 1, most;
    if (!first->may_merge)
        return 1;
    most = (65535 - first->headers) / payload(first);
    if (most > left)
        most = left;
    if (most > BATCH)
        most = BATCH;
    while (n < most && same_flow(first, &first[n], n) && first[n].is_tcp == first->is_tcp &&
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

void frame_join(struct frame *first, size_t n, struct iovec *pieces)
{
    pieces[0] = (struct iovec){.iov_base = first->virtio, .iov_len = sizeof *first->virtio + first->size};
    for (size_t i = 1; i < n; i++)
        pieces[i] = (struct iovec){.iov_base = first[i].ip - ETHER_SIZE + first[i].headers,
                                   .iov_len = payload(&first[i])};
    if (n > 1)
        make_super(first, n);
}
