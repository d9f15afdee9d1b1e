#include "tap/adapt.h"

#include <pcap/dlt.h>
#include <pcap/pcap.h>
#include <pcap/sll.h>
#include <stdio.h>

#include "wire/addr.h"
#include "wire/bytes.h"
#include "wire/ether.h"
#include "wire/ip4.h"

enum {
    LINK_RAW = 12, /* DLT_RAW of libpcap on Linux, and its other numbers */
    LINK_RAW_OPENBSD = 14,
    LINK_RAW_FILE = 101,

    FAMILY_SIZE = 4, /* octets of a loopback header */
    FAMILY_IP4 = 2,  /* the same on every system; IPv6 is not */
    FAMILY_IP6_LINUX = 10,
    FAMILY_IP6_NETBSD = 24,
    FAMILY_IP6_FREEBSD = 28,
    FAMILY_IP6_DARWIN = 30,

    TYPE_IP6 = 0x86dd,
    TYPE_NONE = 0xffff /* reserved, so nobody's */
};

/* What the header of the capture says. */
struct link {
    uint32_t size; /* octets of that header */
    uint16_t type; /* EtherType */
    bool to_all, to_group;
    struct mac source;
};

static const struct mac nobody = {{0x02}};

/* ---- the headers --------------------------------------------------------------------------------------- */

static struct link raw(const struct pcapfile_frame *frame)
{
    bool ip6 = frame->size > 0 && frame->data[0] >> 4 == 6;
    return (struct link){.type = ip6 ? TYPE_IP6 : ETHERTYPE_IP4, .source = nobody};
}

/* The family is a number of the host that captured, in its byte order; for DLT_LOOP in that of the network. */
static struct link loopback(const struct pcapfile_frame *frame)
{
    struct link link = {.size = FAMILY_SIZE, .type = TYPE_NONE, .source = nobody};
    uint32_t family = frame->size < FAMILY_SIZE ? 0 : bytes_get32(frame->data);
    if (frame->link_type == DLT_NULL && family > UINT16_MAX)
        family = __builtin_bswap32(family);
    if (family == FAMILY_IP4)
        link.type = ETHERTYPE_IP4;
    if (family == FAMILY_IP6_LINUX || family == FAMILY_IP6_NETBSD || family == FAMILY_IP6_FREEBSD ||
        family == FAMILY_IP6_DARWIN)
        link.type = TYPE_IP6;
    return link;
}

/* `protocol`: an EtherType, or a small number of Linux for frames of 802.3, whose type is their length. */
static struct link cooked(const struct pcapfile_frame *frame, uint32_t size, unsigned kind, uint16_t protocol,
                          unsigned mac_size, const uint8_t *mac)
{
    struct link link = {.size = size, .type = protocol, .source = nobody};
    link.to_all = kind == LINUX_SLL_BROADCAST;
    link.to_group = kind == LINUX_SLL_MULTICAST;
    if (mac_size == sizeof link.source && !mac_is_zero(mac_get(mac)))
        link.source = mac_get(mac);
    uint32_t length = frame->on_wire - size;
    if (protocol < ETHERTYPE_MIN)
        link.type = TYPE_NONE;
    if ((protocol == LINUX_SLL_P_802_2 || protocol == LINUX_SLL_P_802_3) && length <= ETHERTYPE_LENGTH_MAX)
        link.type = (uint16_t)length;
    return link;
}

/*   0      2      4      6            14         16
 *  | kind | ARP  | size | address ... | protocol |      */
static struct link cooked_1(const struct pcapfile_frame *frame)
{
    const uint8_t *at = frame->data;
    if (frame->size < SLL_HDR_LEN)
        return (struct link){.size = SLL_HDR_LEN};
    return cooked(frame, SLL_HDR_LEN, bytes_get16(at), bytes_get16(at + 14), bytes_get16(at + 4), at + 6);
}

/*   0          2      4           8     10     11     12            20
 *  | protocol | zero | interface | ARP | kind | size | address ... |      */
static struct link cooked_2(const struct pcapfile_frame *frame)
{
    const uint8_t *at = frame->data;
    if (frame->size < SLL2_HDR_LEN)
        return (struct link){.size = SLL2_HDR_LEN};
    return cooked(frame, SLL2_HDR_LEN, at[10], bytes_get16(at), at[11], at + 12);
}

/* False: a link type that nobody knows here. */
static bool parse(const struct pcapfile_frame *frame, struct link *link)
{
    switch (frame->link_type) {
    case LINK_RAW:
    case LINK_RAW_OPENBSD:
    case LINK_RAW_FILE:
    case DLT_IPV4:
    case DLT_IPV6:
        *link = raw(frame);
        return true;
    case DLT_NULL:
    case DLT_LOOP:
        *link = loopback(frame);
        return true;
    case DLT_LINUX_SLL:
        *link = cooked_1(frame);
        return true;
    case DLT_LINUX_SLL2:
        *link = cooked_2(frame);
        return true;
    default:
        return false;
    }
}

/* ---- the new header ------------------------------------------------------------------------------------ */

static struct mac destination(const struct pcapfile_frame *frame, const struct link *link, struct mac to)
{
    struct ip4 address = {0};
    if (link->type == ETHERTYPE_IP4 && frame->size >= link->size + IP4_HEADER)
        address = ip4_get(frame->data + link->size + IP4_AT_DESTINATION);
    if (link->to_all || ip4_is_limited_broadcast(address))
        return mac_broadcast();
    if (ip4_is_multicast(address))
        return mac_of_group(address);
    return link->to_group ? mac_broadcast() : to;
}

/* Nothing is left of a frame that ends within its link header but that it is too short. */
static void too_short(struct pcapfile_frame *frame)
{
    if (frame->size >= ETHER_HEADER)
        frame->size = ETHER_HEADER - 1;
    frame->link_type = DLT_EN10MB;
}

bool adapt_frame(struct pcapfile_frame *frame, struct mac to, uint8_t room[PCAPFILE_FRAME],
                 char why[PCAPFILE_ERROR])
{
    struct link link;
    if (frame->link_type == DLT_EN10MB)
        return true;
    if (!parse(frame, &link)) {
        const char *name = pcap_datalink_val_to_name(frame->link_type);
        snprintf(why, PCAPFILE_ERROR,
                 "its link type is %s (%d); Ethernet, raw IP, Linux cooked and BSD loopback can be read",
                 name == NULL ? "unknown" : name, frame->link_type);
        return false;
    }
    if (frame->size < link.size) {
        too_short(frame);
        return true;
    }
    uint32_t size = frame->size - link.size;
    if (size > PCAPFILE_FRAME - ETHER_HEADER) {
        snprintf(why, PCAPFILE_ERROR, "longer than %d octets with an Ethernet header", PCAPFILE_FRAME);
        return false;
    }
    if (size > 0)
        memcpy(room + ETHER_HEADER, frame->data + link.size, size);
    struct mac to_whom = destination(frame, &link, to);
    ether_build(room, &to_whom, &link.source, link.type);
    uint32_t lost = frame->on_wire - frame->size;
    frame->data = room;
    frame->size = size + ETHER_HEADER;
    frame->on_wire = lost > UINT32_MAX - frame->size ? UINT32_MAX : frame->size + lost;
    frame->link_type = DLT_EN10MB;
    return true;
}
