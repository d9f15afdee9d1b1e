#include "icmp4/quote.h"

#include "wire/bytes.h"
#include "wire/icmp4.h"
#include "wire/icmp4_extension.h"
#include "wire/ip4.h"

enum {
    PORTS = 8 /* octets of transport that a quote holds at least, RFC 792 */
};

/* The quoted header. Its length is judged, its checksum and total length are not: routers on the way changed
 * both. */
static bool read_header(const uint8_t *quote, size_t size, struct tapir_packet_private *within)
{
    if (size == 0 || quote[0] >> 4 != 4)
        return false;
    uint8_t header = (uint8_t)((quote[0] & 0x0f) * 4);
    if (header < IP4_HEADER || size < (size_t)header + PORTS)
        return false;
    within->notice_total = bytes_get16(quote + IP4_AT_TOTAL);
    within->notice = (struct tapir_tuple){
        .source = ip4_get(quote + IP4_AT_SOURCE),
        .destination = ip4_get(quote + IP4_AT_DESTINATION),
        .source_port = bytes_get16(quote + header),
        .destination_port = bytes_get16(quote + header + 2),
        .id = bytes_get16(quote + IP4_AT_ID),
        .fragment = bytes_get16(quote + IP4_AT_FRAGMENT),
        .protocol = quote[IP4_AT_PROTOCOL],
        .tos = quote[IP4_AT_TOS],
        .header = header,
    };
    return true;
}

/* The octets of the quote: all behind the header, or as many as octet 5 says, with an extension behind them. A number that no
 * sender of extensions writes, below 128 octets or beyond the message, is an unused octet of older times. */
static enum tapir_verdict measure(const struct tapir_packet *packet, size_t *quote)
{
    const uint8_t *message = packet_payload(packet);
    size_t told = (size_t)message[ICMP4_AT_QUOTE_WORDS] * 4;
    *quote = packet_payload_size(packet) - ICMP4_HEADER;
    if (packet->within.notice_type == ICMP4_REDIRECT || told < ICMP4_QUOTE_LEAST || told > *quote)
        return TAPIR_UNSETTLED;
    enum tapir_verdict verdict = icmp4_extension_check(message + ICMP4_HEADER + told, *quote - told);
    *quote = told;
    return verdict;
}

enum tapir_verdict quote_parse(const struct ip4_state *ip4, struct tapir_packet *packet)
{
    const struct tapir_tuple *notice = &packet->within.notice;
    size_t quote;
    enum tapir_verdict verdict = measure(packet, &quote);
    if (verdict != TAPIR_UNSETTLED)
        return verdict;
    if (!read_header(packet_payload(packet) + ICMP4_HEADER, quote, &packet->within))
        return TAPIR_ICMP4_QUOTE;
    if (!ip4_is_ours(ip4, notice->source))
        return TAPIR_ICMP4_QUOTE_NOT_OURS;
    if (ip4_is_later_fragment(notice->fragment))
        return TAPIR_ICMP4_QUOTE_FRAGMENT;
    return TAPIR_UNSETTLED;
}
