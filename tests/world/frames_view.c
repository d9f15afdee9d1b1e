/* The dissector of what leaves: it accepts nothing that is not exactly right. */
#include "tests/world/frames.h"

#include <string.h>

static int64_t get(const uint8_t *at, int octets)
{
    uint64_t value = 0;
    for (int i = 0; i < octets; i++)
        value = value << 8 | at[i];
    return (int64_t)value;
}

static bool is_zero(const uint8_t *at, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (at[i] != 0)
            return false;
    return true;
}

/* A frame is as long as what it carries, or padded with zeros to 60 octets. */
static const char *check_padding(const uint8_t *bytes, size_t size, size_t used)
{
    if (size != (used < 60 ? 60 : used))
        return "the frame is not as long as what it carries, at least 60 octets";
    return is_zero(bytes + used, size - used) ? NULL : "the padding is not zero";
}

static const char *view_arp(const uint8_t *bytes, size_t size, struct view *view)
{
    static const uint8_t head[] = {0, 1, 8, 0, 6, 4};
    const uint8_t *arp = bytes + 14;
    if (memcmp(arp, head, sizeof head) != 0)
        return "ARP not for Ethernet and IPv4";
    view->operation = (unsigned)get(arp + 6, 2);
    view->sender_mac = get(arp + 8, 6);
    view->sender = get(arp + 14, 4);
    view->target_mac = get(arp + 18, 6);
    view->target = get(arp + 24, 4);
    if (view->operation != 1 && view->operation != 2)
        return "ARP neither request nor reply";
    if (view->sender_mac != view->from_mac)
        return "the ARP sender is not who sent the frame";
    return check_padding(bytes, size, 14 + 28);
}

static uint16_t transport_sum(const struct view *view)
{
    uint8_t pseudo[12] = {0};
    memcpy(pseudo, view->datagram + 12, 8);
    pseudo[9] = (uint8_t)view->protocol;
    pseudo[10] = (uint8_t)(view->payload_size >> 8);
    pseudo[11] = (uint8_t)view->payload_size;
    return naive_checksum(view->payload, view->payload_size,
                          0xffffU - naive_checksum(pseudo, sizeof pseudo, 0));
}

static void set_data(struct view *view, size_t header)
{
    view->data = view->payload + header;
    view->data_size = view->payload_size - header;
}

static const char *view_icmp(struct view *view)
{
    if (view->payload_size < 8)
        return "ICMP shorter than 8 octets";
    view->icmp_type = view->payload[0];
    view->icmp_code = view->payload[1];
    view->rest = (uint32_t)get(view->payload + 4, 4);
    set_data(view, 8);
    return naive_checksum(view->payload, view->payload_size, 0) == 0 ? NULL : "the ICMP checksum is wrong";
}

static const char *view_udp(struct view *view)
{
    if (view->payload_size < 8 || get(view->payload + 4, 2) != (int64_t)view->payload_size)
        return "the UDP length is not that of the datagram";
    view->from_port = (unsigned)get(view->payload, 2);
    view->to_port = (unsigned)get(view->payload + 2, 2);
    set_data(view, 8);
    if (get(view->payload + 6, 2) == 0)
        return "no UDP checksum";
    return transport_sum(view) == 0 ? NULL : "the UDP checksum is wrong";
}

static const char *view_tcp(struct view *view)
{
    size_t header = view->payload_size < 20 ? 0 : (size_t)(view->payload[12] >> 4) * 4;
    if (header < 20 || header > view->payload_size)
        return "the TCP header is too short or beyond the datagram";
    view->from_port = (unsigned)get(view->payload, 2);
    view->to_port = (unsigned)get(view->payload + 2, 2);
    view->sequence = (uint32_t)get(view->payload + 4, 4);
    view->acknowledgment = (uint32_t)get(view->payload + 8, 4);
    view->flags = view->payload[13];
    set_data(view, header);
    return transport_sum(view) == 0 ? NULL : "the TCP checksum is wrong";
}

/* Fragments have no transport that could be judged here. */
static const char *view_transport(struct view *view)
{
    if ((view->fragment & 0x3fff) != 0)
        return NULL;
    switch (view->protocol) {
    case 1:
        return view_icmp(view);
    case 17:
        return view_udp(view);
    case 6:
        return view_tcp(view);
    default:
        return NULL;
    }
}

static const char *view_ip(const uint8_t *bytes, size_t size, struct view *view)
{
    const uint8_t *ip = bytes + 14;
    view->datagram = ip;
    view->header = (size_t)(ip[0] & 15) * 4;
    view->total = (size_t)get(ip + 2, 2);
    if (ip[0] >> 4 != 4 || view->header < 20 || view->total < view->header || 14 + view->total > size)
        return "version, header length or total length are wrong";
    if (naive_checksum(ip, view->header, 0) != 0)
        return "the IPv4 header checksum is wrong";
    if (get(ip + 10, 2) == 0xffff)
        return "the IPv4 header checksum is minus zero";
    view->tos = ip[1];
    view->id = (unsigned)get(ip + 4, 2);
    view->fragment = (unsigned)get(ip + 6, 2);
    view->ttl = ip[8];
    view->protocol = ip[9];
    view->from = get(ip + 12, 4);
    view->to = get(ip + 16, 4);
    view->payload = ip + view->header;
    view->payload_size = view->total - view->header;
    const char *wrong = check_padding(bytes, size, 14 + view->total);
    view->transport_fault = view_transport(view);
    return wrong != NULL ? wrong : view->ttl == 0 ? "the TTL is 0" : NULL;
}

const char *frame_view(const uint8_t *bytes, size_t size, struct view *view)
{
    *view = (struct view){0};
    if (size < 60)
        return "shorter than 60 octets";
    view->to_mac = get(bytes, 6);
    view->from_mac = get(bytes + 6, 6);
    view->type = (unsigned)get(bytes + 12, 2);
    if (view->type == 0x0806)
        return view_arp(bytes, size, view);
    return view->type == 0x0800 ? view_ip(bytes, size, view) : "neither IPv4 nor ARP";
}
