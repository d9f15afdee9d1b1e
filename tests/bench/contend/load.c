/* Ready UDP frames, a packet socket into the TAP device that bypasses the queue, and a UDP socket that takes super-frames
 * whole. One process does both ends in turn: nobody has to be woken, and neither end takes the other's time unseen.
 * Next: flood.c */
#include "tests/bench/contend/load.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PORT           9000
#define RECEIVE_BUFFER (64 << 20)

static void put_frame(const struct load *load, uint8_t *frame, size_t size, unsigned flow, unsigned id)
{
    uint8_t *ip = frame + ETHER_SIZE, *udp = ip + IP4_SIZE;
    memcpy(frame, our_mac, 6);
    put16(frame + 12, 0x0800);
    ip[0] = 0x45;
    put16(ip + 2, (uint32_t)(size - ETHER_SIZE));
    put16(ip + 4, id);
    put16(ip + 6, 0x4000);
    ip[8] = 64;
    ip[9] = IPPROTO_UDP;
    put32(ip + 12, load->source);
    put32(ip + 16, load->destination);
    ip4_checksum(ip);
    put16(udp, 10000 + flow);
    put16(udp + 2, PORT);
    put16(udp + 4, (uint32_t)(size - ETHER_SIZE - IP4_SIZE));
    load_number(frame, size, 0);
}

void load_number(uint8_t *frame, size_t size, uint64_t number)
{
    uint8_t *ip = frame + ETHER_SIZE, *udp = ip + IP4_SIZE;
    put32(udp + UDP_SIZE, (uint32_t)(number >> 32));
    put32(udp + UDP_SIZE + 4, (uint32_t)number);
    for (size_t i = HEADERS + 8; i < size; i++)
        frame[i] = (uint8_t)(number + i * 7);
    put16(udp + 6, 0);
    uint16_t sum = (uint16_t)~fold(
        add_words(get16(udp + 4) + 17U + add_words(0, ip + 12, 8), udp, size - ETHER_SIZE - IP4_SIZE));
    put16(udp + 6, sum == 0 ? 0xffff : sum);
}

bool load_is_intact(const uint8_t *payload, size_t size, uint64_t *number)
{
    *number = 0;
    for (unsigned i = 0; i < 8; i++)
        *number = *number << 8 | payload[i];
    for (size_t i = 8; i < size; i++)
        if (payload[i] != (uint8_t)(*number + (i + HEADERS) * 7))
            return false;
    return true;
}

static size_t size_of(const struct load *load, unsigned flow)
{
    static const uint16_t imix[12] = {64, 594, 64, 64, 594, 64, 1514, 64, 594, 64, 594, 64};
    return load->size > 0 ? load->size : imix[flow % 12];
}

static void make_frames(struct load *load, const uint8_t *mac)
{
    load->n = load->flows * load->burst;
    load->bytes = calloc(load->n, 1536);
    load->pieces = calloc(load->n, sizeof *load->pieces);
    load->messages = calloc(load->n, sizeof *load->messages);
    if (load->bytes == NULL || load->pieces == NULL || load->messages == NULL)
        die("memory");
    for (unsigned i = 0; i < load->n; i++) {
        uint8_t *frame = load->bytes + (size_t)i * 1536;
        size_t size = size_of(load, i / load->burst);
        put_frame(load, frame, size, i / load->burst, i % load->burst + 1);
        memcpy(frame + 6, mac, 6);
        load->pieces[i] = (struct iovec){.iov_base = frame, .iov_len = size};
        load->messages[i].msg_hdr = (struct msghdr){.msg_iov = &load->pieces[i], .msg_iovlen = 1};
    }
}

uint8_t *load_frame(const struct load *load, unsigned index, size_t *size)
{
    *size = load->pieces[index % load->n].iov_len;
    return load->pieces[index % load->n].iov_base;
}

static int open_out(const struct load *load, struct ifreq *request)
{
    int on = 1, fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(load->device)};
    strncpy(request->ifr_name, load->device, IFNAMSIZ - 1);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        ioctl(fd, SIOCGIFHWADDR, request) < 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on) < 0)
        die(load->device);
    return fd;
}

static int open_in(const struct load *load)
{
    int on = 1, room = RECEIVE_BUFFER, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr.s_addr = htonl(load->destination)};
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof on) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0)
        die("receiving socket");
    return fd;
}

char **load_open(struct load *load, char **arguments)
{
    struct ifreq request = {0};
    *load = (struct load){.netns_from = arguments[0], .device = arguments[1], .netns_to = arguments[2]};
    load->source = address_of(arguments[3]);
    load->destination = address_of(arguments[4]);
    load->flows = (unsigned)number(arguments[5]);
    load->burst = (unsigned)number(arguments[6]);
    load->size = (unsigned)number(arguments[7]);
    enter_netns(load->netns_from);
    load->out = open_out(load, &request);
    enter_netns(load->netns_to);
    load->in = open_in(load);
    make_frames(load, (const uint8_t *)request.ifr_hwaddr.sa_data);
    return arguments + 8;
}

void load_close(struct load *load)
{
    free(load->messages);
    free(load->pieces);
    free(load->bytes);
    close(load->out);
    close(load->in);
}

size_t load_segment(struct msghdr *message, size_t size)
{
    int segment;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level != IPPROTO_UDP || c->cmsg_type != UDP_GRO)
            continue;
        memcpy(&segment, CMSG_DATA(c), sizeof segment);
        return (size_t)segment;
    }
    return size;
}

void load_drain(const struct load *load, struct arrived *arrived)
{
    static uint8_t control[BATCH][64], head[BATCH][8];
    struct iovec pieces[BATCH];
    struct mmsghdr messages[BATCH];
    int n;
    do {
        for (unsigned i = 0; i < BATCH; i++) {
            pieces[i] = (struct iovec){.iov_base = head[i], .iov_len = sizeof head[i]};
            messages[i].msg_hdr = (struct msghdr){.msg_iov = &pieces[i],
                                                  .msg_iovlen = 1,
                                                  .msg_control = control[i],
                                                  .msg_controllen = sizeof control[i]};
        }
        n = recvmmsg(load->in, messages, BATCH, MSG_DONTWAIT | MSG_TRUNC, NULL);
        for (int i = 0; i < n; i++) {
            size_t size = messages[i].msg_len, segment = load_segment(&messages[i].msg_hdr, size);
            arrived->octets += size;
            arrived->frames += segment > 0 ? (size + segment - 1) / segment : 0;
        }
    } while (n == BATCH);
}

uint32_t load_lost(const struct load *load)
{
    uint32_t info[SK_MEMINFO_VARS] = {0};
    socklen_t size = sizeof info;
    getsockopt(load->in, SOL_SOCKET, SO_MEMINFO, info, &size);
    return info[SK_MEMINFO_DROPS];
}
