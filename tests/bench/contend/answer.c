/* What a contender does with a frame: rewrite the MACs, or answer as the least host that answers a ping. Next: main.c */
#include <string.h>

#include "tests/bench/contend/common.h"

int forward(const struct job *job, size_t from, uint8_t *frame, size_t size)
{
    if (size < ETHER_SIZE)
        return -1;
    memcpy(frame, job->taps[!from].mac, 6);
    memcpy(frame + 6, our_mac, 6);
    return (int)!from;
}

static void turn_round(uint8_t *frame)
{
    memcpy(frame, frame + 6, 6);
    memcpy(frame + 6, our_mac, 6);
}

static bool is_for(uint32_t address, const uint8_t *at)
{
    uint8_t bytes[4];
    put32(bytes, address);
    return memcmp(at, bytes, sizeof bytes) == 0;
}

static int answer_arp(const struct job *job, size_t from, uint8_t *frame)
{
    uint8_t *arp = frame + ETHER_SIZE;
    if (get16(arp + 6) != 1 || !is_for(job->address, arp + 24))
        return -1;
    put16(arp + 6, 2);
    memcpy(arp + 18, arp + 8, 10);
    memcpy(arp + 8, our_mac, 6);
    put32(arp + 14, job->address);
    turn_round(frame);
    return (int)from;
}

/* Addresses change places, which leaves the header checksum; the type falls from 8 to 0, which adds 0x0800 to the other. */
static int answer_echo(const struct job *job, size_t from, uint8_t *frame)
{
    uint8_t *ip = frame + ETHER_SIZE, *icmp = ip + IP4_SIZE;
    if (ip[0] != 0x45 || ip[9] != 1 || icmp[0] != 8 || !is_for(job->address, ip + 16))
        return -1;
    memcpy(ip + 16, ip + 12, 4);
    put32(ip + 12, job->address);
    icmp[0] = 0;
    put16(icmp + 2, fold(get16(icmp + 2) + 0x0800U));
    turn_round(frame);
    return (int)from;
}

int echo(const struct job *job, size_t from, uint8_t *frame, size_t size)
{
    if (size < HEADERS)
        return -1;
    switch (get16(frame + 12)) {
    case 0x0806:
        return answer_arp(job, from, frame);
    case 0x0800:
        return answer_echo(job, from, frame);
    default:
        return -1;
    }
}
