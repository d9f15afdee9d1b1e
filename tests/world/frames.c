/* Frames from specifications. Layouts are written down octet by octet. */
#include "tests/world/frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t either(int64_t wanted, int64_t otherwise)
{
    return wanted == ZERO ? 0 : wanted == 0 ? otherwise : wanted;
}

static uint8_t *put(uint8_t *at, int64_t value, int octets)
{
    for (int i = octets - 1; i >= 0; i--)
        *at++ = (uint8_t)((uint64_t)value >> (8 * i));
    return at;
}

static uint8_t *put_bytes(uint8_t *at, const void *bytes, size_t size)
{
    if (size > 0)
        memcpy(at, bytes, size);
    return at + size;
}

uint16_t naive_checksum(const uint8_t *bytes, size_t size, uint32_t start)
{
    uint32_t sum = start;
    for (size_t i = 0; i < size; i++)
        sum += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)(0xffff - sum);
}

bool is_icmp_error(unsigned type)
{
    return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

bool is_group(int64_t ip)
{
    return (ip >= IP(224, 0, 0, 0) && ip <= IP(239, 255, 255, 255)) || ip == BROADCAST;
}

const char *ip_text(int64_t ip)
{
    static char texts[4][32];
    static int turn;
    char *text = texts[turn++ % 4];
    snprintf(text, sizeof texts[0], "%d.%d.%d.%d", (int)(ip >> 24 & 255), (int)(ip >> 16 & 255),
             (int)(ip >> 8 & 255), (int)(ip & 255));
    return text;
}

static int64_t source_of(const struct frame *frame)
{
    return either(frame->from, frame->on == TAP_A ? HOST_A : HOST_B);
}

static int64_t destination_of(const struct frame *frame)
{
    return either(frame->to, frame->on == TAP_A ? DUT_A : DUT_B);
}

/* ---- what a datagram carries ---- */

size_t hex_read(const char *text, uint8_t *bytes)
{
    size_t size = 0;
    for (char *end; *text != '\0' && size < FRAME_MAX; text = end + (*end == ' '))
        bytes[size++] = (uint8_t)strtoul(text, &end, 16);
    return size;
}

static uint8_t *put_data(uint8_t *at, const struct frame *frame)
{
    if (frame->hex != NULL)
        return at + hex_read(frame->hex, at);
    size_t size = (size_t)either(frame->data, 8);
    if (frame->bytes != NULL)
        return put_bytes(at, frame->bytes, size);
    for (size_t i = 0; i < size; i++)
        *at++ = (uint8_t)(i * 7 + 3);
    return at;
}

static uint32_t pseudo_sum(const struct frame *frame, unsigned protocol, size_t size)
{
    uint8_t pseudo[12];
    put(put(put(put(pseudo, source_of(frame), 4), destination_of(frame), 4), protocol, 2), (int64_t)size, 2);
    return 0xffffU - naive_checksum(pseudo, sizeof pseudo, 0);
}

static void put_sum(uint8_t *at, const struct frame *frame, uint16_t right)
{
    put(at, either(frame->transport_sum, right) ^ frame->transport_sum_xor, 2);
}

static uint8_t *put_icmp(uint8_t *start, const struct frame *frame)
{
    bool is_echo = frame->carries == ECHO;
    uint8_t *at = put(start, is_echo ? 8 : frame->icmp_type, 1);
    at = put(put(at, frame->icmp_code, 1), 0, 2);
    at = put(at, either(frame->rest, frame->quote == NULL ? 0x12340001 : 0), 4);
    if (frame->quote != NULL) {
        uint8_t about[FRAME_MAX];
        frame_build(frame->quote, about);
        at = put_bytes(at, about + 14, (size_t)either(frame->quote_octets, 28));
    } else
        at = put_data(at, frame);
    put_sum(start + 2, frame, naive_checksum(start, (size_t)(at - start), 0));
    return at;
}

static uint8_t *put_udp(uint8_t *start, const struct frame *frame)
{
    uint8_t *at = put(put(start, either(frame->from_port, 5000), 2), either(frame->to_port, 7), 2);
    at = put_data(put(at, 0, 4), frame);
    int64_t length = at - start + frame->udp_length_more;
    put(start + 4, length, 2);
    /* A length beyond the datagram has no sum; this one is over what there is. */
    size_t summed = length < 8 || length > at - start ? (size_t)(at - start) : (size_t)length;
    uint16_t sum = naive_checksum(start, summed, pseudo_sum(frame, 17, (size_t)length));
    put_sum(start + 6, frame, sum == 0 ? 0xffff : sum);
    return at;
}

static uint8_t *put_tcp(uint8_t *start, const struct frame *frame)
{
    uint8_t *at = put(put(start, either(frame->from_port, 5000), 2), either(frame->to_port, 9998), 2);
    at = put(put(at, frame->sequence, 4), frame->acknowledgment, 4);
    at = put(put(at, either(frame->tcp_words, 5) << 4, 1), frame->flags, 1);
    at = put(put(at, 4096, 2), 0, 4);
    at = put_data(at, frame);
    size_t size = (size_t)(at - start);
    put_sum(start + 16, frame, naive_checksum(start, size, pseudo_sum(frame, 6, size)));
    return at;
}

static uint8_t *put_payload(uint8_t *at, const struct frame *frame)
{
    switch (frame->carries) {
    case ECHO:
    case ICMP:
        return put_icmp(at, frame);
    case UDP:
        return put_udp(at, frame);
    case TCP:
        return put_tcp(at, frame);
    case RAW:
        return put_data(at, frame);
    }
    return at;
}

static int64_t protocol_of(const struct frame *frame)
{
    static const int numbers[] = {[ECHO] = 1, [UDP] = 17, [TCP] = 6, [ICMP] = 1, [RAW] = 253};
    return either(frame->protocol, numbers[frame->carries]);
}

/* ---- IPv4 and Ethernet ---- */

static uint8_t *put_datagram(uint8_t *start, const struct frame *frame)
{
    size_t header = 20 + (size_t)frame->options_size;
    uint8_t *end = put_payload(start + header, frame);
    uint8_t *at =
        put(start, either(frame->version, 4) << 4 | either(frame->header_words, (int64_t)header / 4), 1);
    at = put(put(at, frame->tos, 1), either(frame->total, end - start) + frame->total_more, 2);
    at = put(put(at, either(frame->id, 0x4321), 2), frame->fragment, 2);
    at = put(put(put(at, either(frame->ttl, 64), 1), protocol_of(frame), 1), 0, 2);
    at = put(put(at, source_of(frame), 4), destination_of(frame), 4);
    put_bytes(at, frame->options, (size_t)frame->options_size);
    /* The sum is over the header that the frame announces, so that only what a test names is wrong. */
    size_t announced = (size_t)either(frame->header_words, (int64_t)header / 4) * 4;
    put(start + 10, naive_checksum(start, announced, 0) ^ frame->header_sum_xor, 2);
    return end;
}

size_t frame_build(const struct frame *frame, uint8_t bytes[FRAME_MAX])
{
    memset(bytes, 0, FRAME_MAX);
    uint8_t *at = put(bytes, either(frame->to_mac, frame->on == TAP_A ? MAC_A : MAC_B), 6);
    at = put(at, either(frame->from_mac, MAC_OF(source_of(frame))), 6);
    uint8_t *type = at;
    at = put_bytes(put(at, either(frame->type, 0x0800), 2), frame->llc, (size_t)frame->llc_size);
    at = put_datagram(at, frame);
    if (frame->llc != NULL)
        put(type, either(frame->type, at - type - 2), 2);
    int64_t junk = frame->padded && at - bytes < 60 ? 60 - (at - bytes) : frame->junk;
    memset(at, 0xee, (size_t)junk);
    at += junk;
    return frame->cut != 0 ? (size_t)either(frame->cut, 0) : (size_t)(at - bytes);
}
