/* Fragments, naively. */
#include "tests/world/pieces.h"

#include <stdlib.h>
#include <string.h>

static void put(uint8_t *at, uint64_t value, int octets)
{
    for (int i = octets - 1; i >= 0; i--, value >>= 8)
        at[i] = (uint8_t)value;
}

static uint64_t get(const uint8_t *at, int octets)
{
    uint64_t value = 0;
    for (int i = 0; i < octets; i++)
        value = value << 8 | at[i];
    return value;
}

static void mend_header(uint8_t *ip, size_t size)
{
    put(ip + 10, 0, 2);
    put(ip + 10, naive_checksum(ip, size, 0), 2);
}

void whole_make(struct whole *datagram, const struct frame *frame)
{
    struct frame small = *frame;
    uint8_t bytes[FRAME_MAX];
    small.data = 8;
    small.bytes = NULL;
    frame_build(&small, bytes);
    uint8_t *ip = datagram->bytes;
    datagram->header = (size_t)(bytes[14] & 15) * 4;
    size_t head = datagram->header + 8, data = (size_t)frame->data;
    datagram->size = head + data;
    memcpy(ip, bytes + 14, head);
    for (size_t i = 0; i < data; i++)
        ip[head + i] = (uint8_t)(i * 7 + i / 256 + 3);
    put(ip + 2, datagram->size, 2);
    mend_header(ip, datagram->header);
    uint8_t *transport = ip + datagram->header;
    if (ip[9] == 17) {
        put(transport + 4, 8 + data, 2);
        put(transport + 6, 0, 2);
    } else {
        put(transport + 2, 0, 2);
        put(transport + 2, naive_checksum(transport, 8 + data, 0), 2);
    }
}

uint64_t whole_send_piece(struct bench *bench, enum tap on, const struct whole *datagram,
                          const struct piece *piece)
{
    static uint8_t frame[DATAGRAM_MAX + 100];
    const uint8_t *whole = datagram->bytes;
    uint8_t *ip = frame + 14;
    size_t header = 20 + piece->options_size, data = piece->end - piece->start;
    memcpy(ip, whole, 20);
    if (piece->options_size > 0)
        memcpy(ip + 20, piece->options, piece->options_size);
    ip[0] = (uint8_t)(0x40 | header / 4);
    put(ip + 2, header + data, 2);
    put(ip + 6, piece->fragment | (piece->start / 8), 2);
    if (piece->tos != 0)
        ip[1] = (uint8_t)piece->tos;
    if (piece->ttl != 0)
        ip[8] = (uint8_t)piece->ttl;
    if (piece->id != 0)
        put(ip + 4, (uint64_t)piece->id, 2);
    if (piece->protocol != 0)
        ip[9] = (uint8_t)piece->protocol;
    if (piece->from != 0)
        put(ip + 12, (uint64_t)piece->from, 4);
    if (piece->to != 0)
        put(ip + 16, (uint64_t)piece->to, 4);
    mend_header(ip, header);
    memcpy(ip + header, whole + datagram->header + piece->start, data);
    put(frame, (uint64_t)(on == TAP_A ? MAC_A : MAC_B), 6);
    put(frame + 6, (uint64_t)MAC_OF((int64_t)get(ip + 12, 4)), 6);
    put(frame + 12, 0x0800, 2);
    return bench_send_bytes(bench, on, frame, 14 + header + data);
}

uint64_t whole_send(struct bench *bench, enum tap on, const struct whole *datagram, size_t start, size_t end)
{
    size_t all = datagram->size - datagram->header;
    struct piece piece = {.start = start, .end = end < all ? end : all, .fragment = end < all ? IS_MF : 0};
    if (start == 0) {
        piece.options = (const char *)datagram->bytes + 20;
        piece.options_size = datagram->header - 20;
    }
    return whole_send_piece(bench, on, datagram, &piece);
}

/* Puts a fragment into place; false: it cannot be part of the datagram. */
static bool join(struct whole *datagram, const uint8_t *ip, size_t total, size_t *end)
{
    size_t header = (size_t)(ip[0] & 15) * 4, start = (get(ip + 6, 2) & 0x1fff) * 8;
    bool more = (ip[6] & 0x20) != 0;
    size_t data = total - header;
    if (start + data > DATAGRAM_MAX || (more && data % 8 != 0))
        return false;
    if (!more)
        *end = start + data;
    if (start == 0) {
        datagram->header = header;
        memcpy(datagram->bytes, ip, header);
    }
    memcpy(datagram->bytes + 60 + start, ip + header, data);
    return true;
}

/* The data was collected behind the room for the longest header. */
static void close_up(struct whole *datagram, size_t end)
{
    memmove(datagram->bytes + datagram->header, datagram->bytes + 60, end);
    datagram->size = datagram->header + end;
    datagram->bytes[6] &= 0xc0;
    datagram->bytes[7] = 0;
    put(datagram->bytes + 2, datagram->size, 2);
    mend_header(datagram->bytes, datagram->header);
}

bool whole_join(struct bench *bench, struct whole *datagram, size_t mtu, size_t *n)
{
    size_t end = 0, next = 0;
    unsigned id = 0;
    *datagram = (struct whole){.size = 0};
    for (*n = 0; end == 0; ++*n) {
        const struct sight *sight = expect_frame(bench);
        const struct view *view = &sight->view;
        id = *n == 0 ? view->id : id;
        if (view->type != 0x0800 || view->id != id || view->total > mtu ||
            (view->fragment & 0x1fff) * 8 != next || !join(datagram, view->datagram, view->total, &end))
            return false;
        next += view->payload_size;
    }
    close_up(datagram, end);
    return true;
}

static const uint8_t *datagram_in(const struct given_frame *frame, size_t *total)
{
    *total = frame->size < 34 ? 0 : get(frame->bytes + 16, 2);
    return *total < 20 || *total + 14 > frame->size || get(frame->bytes + 12, 2) != 0x0800
               ? NULL
               : frame->bytes + 14;
}

bool whole_given(const struct bench *bench, uint64_t number, struct whole *datagram)
{
    size_t total, end = 0;
    const uint8_t *ip = datagram_in(&bench->frames[number], &total);
    if (ip == NULL || (get(ip + 6, 2) & 0x3fff) == 0)
        return false;
    *datagram = (struct whole){.size = 0};
    for (uint64_t i = 1; i <= number; i++) {
        const uint8_t *at = datagram_in(&bench->frames[i], &total);
        if (at != NULL && memcmp(at + 12, ip + 12, 8) == 0 && memcmp(at + 4, ip + 4, 2) == 0 &&
            at[9] == ip[9] && (get(at + 6, 2) & 0x3fff) != 0)
            join(datagram, at, total, &end);
    }
    if (end == 0 || datagram->header == 0)
        return false;
    close_up(datagram, end);
    return true;
}

void whole_expect_echo(struct bench *bench, const struct whole *request)
{
    static struct whole joined;
    size_t n;
    assert_true(whole_join(bench, &joined, 1500, &n));
    assert_int_equal(joined.size, request->size);
    assert_int_equal(joined.bytes[20], 0);
    assert_int_equal(naive_checksum(joined.bytes + 20, joined.size - 20, 0), 0);
    assert_memory_equal(joined.bytes + 24, request->bytes + 24, joined.size - 24);
}
