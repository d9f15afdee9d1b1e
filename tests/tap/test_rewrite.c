/* Rewriting of addresses. Frames are built with the addresses before and, anew, with those after; every checksum is a
 * plain sum over 16-bit words. What rewriting makes of the first must be the second, octet for octet. */
#include "tap/rewrite.h"

#include <stdlib.h>
#include <string.h>

#include "tests/table.h"

enum {
    FRAME = 256,
    NONE = -1 /* in place of an amount by which a checksum is wrong: the checksum is zero */
};

#define A(a, b, c, d) ((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))

/* 192.0.2/24 -> 10.77.1/24, of it 192.0.2.128/25 -> 10.99.0.0/25, 198.51.100.7/32 -> 10.0.0.1, all else stays. */
static struct rewrite rules[] = {
    {{{A(192, 0, 2, 99)}, 24}, {{A(10, 77, 1, 55)}, 24}},
    {{{A(192, 0, 2, 128)}, 25}, {{A(10, 99, 0, 0)}, 25}},
    {{{A(198, 51, 100, 7)}, 32}, {{A(10, 0, 0, 1)}, 32}},
    {{{A(192, 0, 2, 0)}, 24}, {{A(1, 1, 1, 1)}, 24}}, /* named later: never used */
    {{{A(10, 77, 1, 0)}, 24}, {{A(2, 2, 2, 0)}, 24}}, /* for what was 10.77.1/24 before */
};

#define N_RULES (sizeof rules / sizeof rules[0])

/* ---- addresses ------------------------------------------------------------------------------------------- */

static const struct {
    const char *sentence;
    uint32_t before, after;
} addresses[] = {
    {"the host's part stays", A(192, 0, 2, 1), A(10, 77, 1, 1)},
    {"the first of a prefix", A(192, 0, 2, 0), A(10, 77, 1, 0)},
    {"the last before the longer prefix", A(192, 0, 2, 127), A(10, 77, 1, 127)},
    {"the longest prefix wins", A(192, 0, 2, 128), A(10, 99, 0, 0)},
    {"its last", A(192, 0, 2, 255), A(10, 99, 0, 127)},
    {"a single host", A(198, 51, 100, 7), A(10, 0, 0, 1)},
    {"its neighbour stays", A(198, 51, 100, 8), A(198, 51, 100, 8)},
    {"no address is exchanged twice", A(10, 77, 1, 1), A(2, 2, 2, 1)},
    {"what no rule names stays", A(8, 8, 8, 8), A(8, 8, 8, 8)},
};

static void check_address(void **state)
{
    const __typeof__(addresses[0]) *row = *state;
    assert_int_equal(rewrite_address(rules, N_RULES, (struct ip4){row->before}).value, row->after);
}

/* ---- frames ---------------------------------------------------------------------------------------------- */

/* What a frame is made of; the addresses of the quote are those of the frame, the other way round. */
struct recipe {
    int protocol; /* 6, 17, 1: an ICMP error, 8: an echo, 47: something else */
    int inner;    /* of what an ICMP error quotes */
    unsigned fragment;
    int transport_wrong, inner_wrong, header_wrong; /* how much too large a checksum is, or NONE */
    size_t options;                                 /* octets, a multiple of four */
    size_t data, quoted;                            /* octets of data; of the quote's transport */
    int type;                                       /* of ICMP */
    bool snap;
    bool no_total;       /* its length is not told, as a card that cuts it up leaves it */
    size_t padding, cut; /* octets behind the datagram, octets that the capture lost */
};

static void put16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

static unsigned words(const uint8_t *data, size_t size)
{
    unsigned sum = 0;
    for (size_t i = 0; i < size; i++)
        sum += i % 2 == 0 ? (unsigned)data[i] << 8 : data[i];
    return sum;
}

/* The checksum of a sum of words, made wrong. */
static unsigned finish(unsigned sum, int wrong)
{
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    sum = ~sum & 0xffff;
    return wrong == NONE ? 0 : (sum + (unsigned)wrong) % 0xffff;
}

/* UDP or TCP of `size` octets whose pseudo-header says `length`. */
static void build_transport(uint8_t *at, size_t size, int protocol, uint32_t source, uint32_t destination,
                            int wrong)
{
    size_t sum_at = protocol == 17 ? 6 : 16;
    for (size_t i = 0; i < size; i++)
        at[i] = (uint8_t)(i * 37 + 11);
    if (sum_at + 2 > size)
        return;
    put16(at + sum_at, 0);
    uint8_t pseudo[12] = {0};
    put32(pseudo, source);
    put32(pseudo + 4, destination);
    pseudo[9] = (uint8_t)protocol;
    put16(pseudo + 10, (unsigned)size);
    unsigned sum = finish(words(pseudo, sizeof pseudo) + words(at, size), wrong);
    put16(at + sum_at, sum == 0 && protocol == 17 && wrong != NONE ? 0xffff : sum);
}

static void build_header(uint8_t *at, size_t options, size_t total, unsigned fragment, int protocol,
                         uint32_t source, uint32_t destination, int wrong)
{
    memset(at, 0, 20);
    memset(at + 20, 1, options); /* "no operation" */
    at[0] = (uint8_t)(0x45 + options / 4);
    put16(at + 2, (unsigned)total);
    put16(at + 6, fragment);
    at[8] = 64;
    at[9] = (uint8_t)protocol;
    put32(at + 12, source);
    put32(at + 16, destination);
    put16(at + 10, finish(words(at, 20 + options), wrong));
}

/* An ICMP error: the datagram that it quotes had no options and `data` octets behind its header. */
static size_t build_error(const struct recipe *recipe, uint8_t *at, uint32_t source, uint32_t destination,
                          uint32_t gateway)
{
    uint8_t whole[64];
    build_transport(whole, recipe->data, recipe->inner, destination, source, recipe->inner_wrong);
    memset(at, 0, 8);
    at[0] = (uint8_t)recipe->type;
    if (recipe->type == 5)
        put32(at + 4, gateway);
    build_header(at + 8, 0, 20 + recipe->data, 0, recipe->inner, destination, source, 0);
    memcpy(at + 28, whole, recipe->quoted);
    put16(at + 2, finish(words(at, 28 + recipe->quoted), recipe->transport_wrong));
    return 28 + recipe->quoted;
}

static size_t build(const struct recipe *recipe, uint8_t frame[FRAME], uint32_t source, uint32_t destination,
                    uint32_t gateway)
{
    size_t before = recipe->snap ? 22 : 14, size = recipe->data;
    memset(frame, 0xee, FRAME);
    memcpy(frame, "\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0\xaa\xaa\x03\0\0\0\x08\0", 22);
    uint8_t *ip = frame + before, *at = ip + 20 + recipe->options;
    if (recipe->protocol == 1)
        size = build_error(recipe, at, source, destination, gateway);
    else if (recipe->protocol == 6 || recipe->protocol == 17)
        build_transport(at, size, recipe->protocol, source, destination, recipe->transport_wrong);
    else
        memset(at, 8, size);
    build_header(ip, recipe->options, recipe->no_total ? 0 : 20 + recipe->options + size, recipe->fragment,
                 recipe->protocol == 8 ? 1 : recipe->protocol, source, destination, recipe->header_wrong);
    if (recipe->snap)
        put16(frame + 12, (unsigned)(8 + 20 + recipe->options + size));
    return before + 20 + recipe->options + size + recipe->padding - recipe->cut;
}

#define TRANSPORT(number) .protocol = (number), .data = 40
#define ERROR(kind, number, octets) \
    .protocol = 1, .type = (kind), .inner = (number), .data = 40, .quoted = (octets)

static const struct {
    const char *sentence;
    struct recipe recipe;
} frames[] = {
    {"UDP", {TRANSPORT(17)}},
    {"UDP with a wrong checksum keeps a wrong one", {TRANSPORT(17), .transport_wrong = 77}},
    {"UDP without a checksum keeps none", {TRANSPORT(17), .transport_wrong = NONE}},
    {"TCP", {TRANSPORT(6)}},
    {"TCP with a wrong checksum keeps a wrong one", {TRANSPORT(6), .transport_wrong = 40000}},
    {"TCP with options in IPv4", {TRANSPORT(6), .options = 12}},
    {"UDP with all the options that fit", {TRANSPORT(17), .options = 40}},
    {"a wrong checksum of the header stays wrong", {TRANSPORT(17), .header_wrong = 1}},
    {"UDP of an odd length", {.protocol = 17, .data = 41}},
    {"padding is nobody's", {TRANSPORT(17), .padding = 3}},
    {"padding where the checksum of UDP would be", {.protocol = 17, .data = 6, .padding = 12}},
    {"TCP of a length that is not told", {TRANSPORT(6), .no_total = true}},
    {"a protocol that knows no addresses", {TRANSPORT(47)}},
    {"an echo request", {TRANSPORT(8)}},
    {"SNAP", {TRANSPORT(17), .snap = true}},
    {"UDP that ends before its checksum", {.protocol = 17, .data = 7}},
    {"TCP that ends before its checksum", {.protocol = 6, .data = 17}},
    {"TCP whose checksum the capture cut off", {.protocol = 6, .data = 18, .cut = 2}},
    {"nothing but a header", {.protocol = 17}},
    {"the first piece of a datagram of UDP", {TRANSPORT(17), .fragment = 0x2000}},

    {"an unreachable port: UDP whole in the quote", {ERROR(3, 17, 40)}},
    {"eight octets of UDP in the quote", {ERROR(3, 17, 8)}},
    {"UDP without a checksum in the quote", {ERROR(3, 17, 40), .inner_wrong = NONE}},
    {"UDP with a wrong checksum in the quote", {ERROR(11, 17, 40), .inner_wrong = 5}},
    {"eight octets of TCP in the quote", {ERROR(11, 6, 8)}},
    {"TCP whole in the quote", {ERROR(12, 6, 40)}},
    {"an error with a wrong checksum keeps a wrong one", {ERROR(3, 17, 40), .transport_wrong = 9}},
    {"source quench", {ERROR(4, 17, 8)}},
    {"a redirect, and its gateway", {ERROR(5, 17, 8)}},
    {"an error behind options", {ERROR(3, 17, 8), .options = 4}},
    {"the first piece of an error", {ERROR(3, 17, 40), .fragment = 0x2000}},
};

/* Many addresses, so that every carry of every sum comes by. */
static void check_frame(void **state)
{
    const __typeof__(frames[0]) *row = *state;
    static const uint32_t far[] = {A(192, 0, 2, 7), A(192, 0, 2, 200), A(198, 51, 100, 7), A(8, 8, 8, 8),
                                   A(10, 77, 1, 3)};
    static uint8_t before[FRAME], after[FRAME];
    for (uint32_t i = 0; i < 256 * 5; i++) {
        uint32_t source = A(192, 0, 2, i % 256), destination = far[i / 256], gateway = A(192, 0, 2, 254);
        size_t size = build(&row->recipe, before, source, destination, gateway);
        build(&row->recipe, after, rewrite_address(rules, N_RULES, (struct ip4){source}).value,
              rewrite_address(rules, N_RULES, (struct ip4){destination}).value,
              rewrite_address(rules, N_RULES, (struct ip4){gateway}).value);
        uint8_t *exact = malloc(size);
        memcpy(exact, before, size);
        rewrite_frame(rules, N_RULES, exact, size);
        assert_memory_equal(exact, after, size);
        free(exact);
    }
}

/* ---- frames by hand: what stays as it is, and ARP -------------------------------------------------------- */

#define BYTES(text) text, sizeof(text) - 1
#define MACS        "\x02\0\0\0\0\x02\x02\0\0\0\0\x01"
#define ARP(form, sender, target) \
    MACS "\x08\x06\0\x01" form "\0\x01\x02\0\0\0\0\x01" sender "\0\0\0\0\0\0" target

static const struct {
    const char *sentence;
    const char *before;
    size_t size;
    const char *after; /* NULL: it stays */
} others[] = {
    {"ARP: sender and target", BYTES(ARP("\x08\0\x06\x04", "\xc0\0\x02\x01", "\xc0\0\x02\xff")),
     ARP("\x08\0\x06\x04", "\x0a\x4d\x01\x01", "\x0a\x63\0\x7f")},
    {"ARP, padded", BYTES(ARP("\x08\0\x06\x04", "\xc0\0\x02\x01", "\x08\x08\x08\x08") "\xc0\0\x02\x01"),
     ARP("\x08\0\x06\x04", "\x0a\x4d\x01\x01", "\x08\x08\x08\x08") "\xc0\0\x02\x01"},
    {"ARP that ends early", ARP("\x08\0\x06\x04", "\xc0\0\x02\x01", "\xc0\0\x02\xff"), 41, NULL},
    {"ARP of other lengths", BYTES(ARP("\x08\0\x04\x06", "\xc0\0\x02\x01", "\xc0\0\x02\xff")), NULL},
    {"ARP for another protocol", BYTES(ARP("\x86\xdd\x06\x04", "\xc0\0\x02\x01", "\xc0\0\x02\xff")), NULL},
    {"another EtherType", BYTES(MACS "\x88\xcc\x45\0\0\x14\0\0\0\0\x40\x01\0\0\xc0\0\x02\x01\xc0\0\x02\x02"),
     NULL},
    {"a VLAN tag",
     BYTES(MACS "\x81\0\0\x01\x08\0\x45\0\0\x14\0\0\0\0\x40\x01\0\0\xc0\0\x02\x01\xc0\0\x02\x02"), NULL},
    {"IPv4 that says another version",
     BYTES(MACS "\x08\0\x55\0\0\x14\0\0\0\0\x40\x01\0\0\xc0\0\x02\x01\xc0\0\x02\x02"), NULL},
    {"an IPv4 header of 16 octets",
     BYTES(MACS "\x08\0\x44\0\0\x14\0\0\0\0\x40\x01\0\0\xc0\0\x02\x01\xc0\0\x02\x02"), NULL},
    {"an IPv4 header that is cut",
     BYTES(MACS "\x08\0\x45\0\0\x14\0\0\0\0\x40\x01\0\0\xc0\0\x02\x01\xc0\0\x02"), NULL},
    {"a frame without a header", BYTES(MACS), NULL},
    {"a later piece has no checksum of TCP",
     BYTES(MACS
           "\x08\0\x45\0\0\x28\0\0\0\x01\x40\x06\0\0\xc0\0\x02\x01\x08\x08\x08\x08 anything of twenty..."),
     MACS
     "\x08\0\x45\0\0\x28\0\0\0\x01\x40\x06\xb6\xb3\x0a\x4d\x01\x01\x08\x08\x08\x08 anything of twenty..."},
    {"an error that ends before its quote",
     BYTES(MACS "\x08\0\x45\0\0\x18\0\0\0\0\x40\x01\0\0\xc0\0\x02\x01\x08\x08\x08\x08\x03\0\0\0"),
     MACS "\x08\0\x45\0\0\x18\0\0\0\0\x40\x01\xb6\xb3\x0a\x4d\x01\x01\x08\x08\x08\x08\x03\0\0\0"},
    {"a header longer than the frame",
     BYTES(MACS "\x08\0\x4f\0\0\x18\0\0\0\0\x40\x01\0\0\xc0\0\x02\x01\x08\x08\x08\x08\x03\0\0\0"),
     MACS "\x08\0\x4f\0\0\x18\0\0\0\0\x40\x01\xb6\xb3\x0a\x4d\x01\x01\x08\x08\x08\x08\x03\0\0\0"},
    {"a later piece quotes nothing",
     BYTES(MACS "\x08\0\x45\0\0\x30\0\0\0\x01\x40\x01\0\0\xc0\0\x02\x01\x08\x08\x08\x08"
                "\x03\0\0\0\0\0\0\0\x45\0\0\x14\0\0\0\0\x40\x01\0\0\xc0\0\x02\x01\xc0\0\x02\x02"),
     MACS "\x08\0\x45\0\0\x30\0\0\0\x01\x40\x01\xb6\xb3\x0a\x4d\x01\x01\x08\x08\x08\x08"
          "\x03\0\0\0\0\0\0\0\x45\0\0\x14\0\0\0\0\x40\x01\0\0\xc0\0\x02\x01\xc0\0\x02\x02"},
};

static void check_other(void **state)
{
    const __typeof__(others[0]) *row = *state;
    uint8_t *exact = malloc(row->size);
    memcpy(exact, row->before, row->size);
    rewrite_frame(rules, N_RULES, exact, row->size);
    assert_memory_equal(exact, row->after == NULL ? row->before : row->after, row->size);
    free(exact);
}

int main(void)
{
    rewrite_sort(rules, N_RULES);
    return RUN_TABLE("addresses that are exchanged", addresses, check_address) +
           RUN_TABLE("frames of which they are", frames, check_frame) +
           RUN_TABLE("frames by hand", others, check_other);
}
