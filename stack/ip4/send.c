/* IPv4 leaves. Lanes: send -> frame */
#include "ip4/send.h"

#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/ip4.h"

/* TTL and protocol share a word of the header. */
static void write_ttl(struct tapir_packet *packet)
{
    uint8_t *header = packet_ip4(packet);
    uint16_t before = bytes_get16(header + IP4_AT_TTL);
    header[IP4_AT_TTL] = packet->within.ttl;
    uint16_t after = bytes_get16(header + IP4_AT_TTL);
    bytes_put16(header + IP4_AT_CHECKSUM,
                checksum_update(bytes_get16(header + IP4_AT_CHECKSUM), before, after));
}

/* The exit is asked first: a packet that it refuses leaves with the bytes that it came with. */
static void send(struct ip4_state *ip4, struct core *core, struct tapir_packet *packet)
{
    if (packet->within.role == ROLE_TRANSIT) {
        struct iface *exit = iface_lookup(&ip4->link.ifaces, packet->within.exit);
        enum tapir_verdict verdict = iface_judge_exit(&ip4->link.ifaces, exit, BAND_TRANSIT);
        if (verdict != TAPIR_UNSETTLED) {
            settle(core, packet, verdict);
            return;
        }
        exit->coming++;
        write_ttl(packet);
    }
    lane_push(core, LANE_FRAME, packet);
}

void ip4_send(struct ip4_state *ip4, struct core *core)
{
    struct tapir_packet *packets[LIMIT_BATCH];
    for (size_t n; (n = lane_take(core, LANE_SEND, packets, LIMIT_BATCH)) > 0;)
        for (size_t i = 0; i < n; i++)
            send(ip4, core, packets[i]);
}
