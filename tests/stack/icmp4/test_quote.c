/* The quote in an error: each size in a block of exactly that size, and headers that lie. */
#include "icmp4/quote.h"

#include "tests/stack/route/homes.h"
#include "tests/stack/wire/exact.h"

enum {
    OURS = IP(10, 1, 2, 3),
    BEFORE = 8, /* octets of the message before its quote */
    ROOM = 100
};

/* A quote of `size` octets: first octet `first`, flags and offset `fragment`, from `source`. */
static const struct row {
    const char *sentence;
    uint8_t first;
    unsigned size;
    uint16_t fragment;
    uint32_t source;
    enum tapir_verdict verdict;
} rows[] = {
    {"a header and 8 octets are enough", 0x45, 28, 0, OURS, TAPIR_UNSETTLED},
    {"more than that is fine", 0x45, 92, 0, OURS, TAPIR_UNSETTLED},
    {"a header and 7 octets are too short", 0x45, 27, 0, OURS, TAPIR_ICMP4_QUOTE},
    {"no quote at all is too short", 0x45, 0, 0, OURS, TAPIR_ICMP4_QUOTE},
    {"one octet is too short", 0x45, 1, 0, OURS, TAPIR_ICMP4_QUOTE},
    {"IPv6 is no quote", 0x65, 92, 0, OURS, TAPIR_ICMP4_QUOTE},
    {"a header length of 0 is none", 0x40, 92, 0, OURS, TAPIR_ICMP4_QUOTE},
    {"a header length of 4 words is too short", 0x44, 92, 0, OURS, TAPIR_ICMP4_QUOTE},
    {"a header length of 6 words moves the ports", 0x46, 32, 0, OURS, TAPIR_UNSETTLED},
    {"a header length of 6 words needs 8 octets behind it", 0x46, 31, 0, OURS, TAPIR_ICMP4_QUOTE},
    {"a header length of 15 words with 8 octets is fine", 0x4f, 68, 0, OURS, TAPIR_UNSETTLED},
    {"a header length of 15 words with 7 octets is too short", 0x4f, 67, 0, OURS, TAPIR_ICMP4_QUOTE},
    {"a header of 15 words that ends beyond the quote is too short", 0x4f, 28, 0, OURS, TAPIR_ICMP4_QUOTE},
    {"a first fragment names its flow", 0x45, 28, 0x2000, OURS, TAPIR_UNSETTLED},
    {"don't fragment is no fragment", 0x45, 28, 0x4000, OURS, TAPIR_UNSETTLED},
    {"the reserved flag is no fragment", 0x45, 28, 0x8000, OURS, TAPIR_UNSETTLED},
    {"a later fragment names no flow", 0x45, 28, 0x2001, OURS, TAPIR_ICMP4_QUOTE_FRAGMENT},
    {"the last fragment names no flow", 0x45, 28, 0x1fff, OURS, TAPIR_ICMP4_QUOTE_FRAGMENT},
    {"another host's datagram is not ours", 0x45, 28, 0, IP(10, 1, 2, 4), TAPIR_ICMP4_QUOTE_NOT_OURS},
    {"a datagram of our broadcast is not ours", 0x45, 28, 0, IP(10, 1, 2, 255), TAPIR_ICMP4_QUOTE_NOT_OURS},
    {"a datagram of our TENTATIVE address is not ours", 0x45, 28, 0, IP(10, 9, 2, 3),
     TAPIR_ICMP4_QUOTE_NOT_OURS},
    {"a datagram of no source is not ours", 0x45, 28, 0, 0, TAPIR_ICMP4_QUOTE_NOT_OURS},
    {"another host's later fragment is not ours first", 0x45, 28, 0x2001, IP(10, 1, 2, 4),
     TAPIR_ICMP4_QUOTE_NOT_OURS},
    {"what is too short is that first", 0x45, 27, 0x2001, IP(10, 1, 2, 4), TAPIR_ICMP4_QUOTE},
};

/* A message whose octets count up, so that each field has a value of its own; the checksum and total length of the
 * quote are wrong. */
static struct exact message_of(const struct row *row)
{
    uint8_t octets[ROOM];
    uint8_t *quote = octets + BEFORE;
    for (unsigned i = 0; i < ROOM; i++)
        octets[i] = (uint8_t)i;
    quote[0] = row->first;
    quote[6] = (uint8_t)(row->fragment >> 8);
    quote[7] = (uint8_t)row->fragment;
    for (unsigned i = 0; i < 4; i++)
        quote[12 + i] = (uint8_t)(row->source >> (24 - 8 * i));
    return exact_copy(octets, BEFORE + row->size);
}

/* Octet i of a quote that counts up is i + 8. */
static void expect_notice(const struct row *row, const struct tapir_packet_private *within)
{
    const struct tapir_tuple *notice = &within->notice;
    assert_int_equal(within->notice_total, 10 << 8 | 11);
    unsigned ports = (row->first & 15u) * 4 + BEFORE;
    assert_int_equal(notice->header, ports - BEFORE);
    assert_int_equal(notice->source.value, row->source);
    assert_int_equal(notice->destination.value, IP(24, 25, 26, 27));
    assert_int_equal(notice->source_port, ports << 8 | (ports + 1));
    assert_int_equal(notice->destination_port, (ports + 2) << 8 | (ports + 3));
    assert_int_equal(notice->id, 12 << 8 | 13);
    assert_int_equal(notice->fragment, row->fragment);
    assert_int_equal(notice->protocol, 17);
    assert_int_equal(notice->tos, 9);
}

static void check(void **state)
{
    const struct row *row = *state;
    static const struct home homes[HOMES] = {{OURS, 24, 1, TAPIR_ADDRESS_READY},
                                             {IP(10, 9, 2, 3), 24, 1, TAPIR_ADDRESS_TENTATIVE}};
    struct memory memory;
    struct ip4_state ip4 = {0};
    homes_begin(&ip4.addresses, &memory, homes);
    struct exact message = message_of(row);
    struct tapir_packet packet = {.data = message.data, .size = (uint32_t)message.size};
    packet.within.end = (uint32_t)message.size;
    assert_int_equal(quote_parse(&ip4, &packet), row->verdict);
    if (row->verdict == TAPIR_UNSETTLED)
        expect_notice(row, &packet.within);
    exact_free(message);
    address_table_free(&ip4.addresses, &memory);
}

int main(void)
{
    return RUN_TABLE("quote", rows, check);
}
