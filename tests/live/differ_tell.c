/* A frame in words that leave out what chance decides: identifications, checksums, the text of what was forwarded. Two
 * routers did the same when they left the same words. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/live/differ.h"

static char *words_end;

static void __attribute__((format(printf, 2, 3))) say(char **at, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int n = vsnprintf(*at, (size_t)(words_end - *at), format, list);
    va_end(list);
    *at += n < words_end - *at ? n : words_end - *at - 1;
}

static void say_octets(char **at, const char *what, const uint8_t *bytes, size_t size)
{
    say(at, ", %s ", what);
    for (size_t i = 0; i < size; i++)
        say(at, "%02x", bytes[i]);
}

/* The station that has a MAC. */
static void say_mac(char **at, int64_t mac)
{
    if (mac == MAC_BROADCAST)
        say(at, "everybody");
    else if (mac >> 32 == MAC_OF(0) >> 32)
        say(at, "%s", ip_text(mac & 0xffffffff));
    else
        say(at, "%012llx", (unsigned long long)mac);
}

static void say_arp(char **at, const struct view *view)
{
    say(at, view->operation == 1 ? "ARP request for %s" : "ARP reply for %s",
        ip_text(view->operation == 1 ? view->target : view->sender));
    say(at, " by %s to ",
        view->sender_mac == MAC_A   ? "a"
        : view->sender_mac == MAC_B ? "b"
                                    : "somebody else");
    say_mac(at, view->to_mac);
}

/* Of the header beyond addresses. */
static void say_header(char **at, const struct view *view, unsigned ttl, unsigned tos)
{
    if (view->ttl != ttl)
        say(at, ", TTL %u", view->ttl);
    if (view->tos != tos)
        say(at, ", TOS 0x%02x", view->tos);
    if ((view->fragment & IS_RESERVED) != 0)
        say(at, ", reserved bit");
    if (view->header > 20)
        say_octets(at, "options", view->datagram + 20, view->header - 20);
}

/* ---- what the router passed on ---- */

static const uint8_t *datagram_sent(const struct sent *sent, size_t i)
{
    bool is_snap = sent->bytes[i][12] < 6;
    return sent->bytes[i] + (is_snap ? 22 : 14);
}

static bool is_from_sender(const struct view *view, const struct sent *sent, size_t i)
{
    return memcmp(view->datagram + 12, datagram_sent(sent, i) + 12, 4) == 0 &&
           memcmp(view->datagram + 4, datagram_sent(sent, i) + 4, 2) == 0;
}

static void say_forwarded(char **at, const struct view *view, const uint8_t *was)
{
    size_t header = (size_t)(was[0] & 15) * 4, total = (size_t)was[2] << 8 | was[3];
    say(at, "forwarded to ");
    say_mac(at, view->to_mac);
    say_header(at, view, was[8] - 1U, was[1]);
    if (memcmp(view->datagram + 16, was + 16, 4) != 0)
        say(at, ", destination %s", ip_text(view->to));
    if (view->total - view->header != total - header)
        say(at, ", octets %u to %zu%s", (view->fragment & 0x1fff) * 8,
            (view->fragment & 0x1fff) * 8 + view->payload_size,
            (view->fragment & IS_MF) != 0 ? " of more" : "");
    else if (memcmp(view->payload, was + header, view->payload_size) != 0)
        say(at, ", other data");
    else if (view->fragment != ((unsigned)was[6] << 8 | was[7]))
        say(at, ", fragment field 0x%04x", view->fragment);
}

/* ---- what the router said itself ---- */

/* How true a quote is to what was sent. */
static void say_quote(char **at, const struct view *view, const struct sent *sent)
{
    const uint8_t *was = datagram_sent(sent, 0);
    for (size_t i = 1; i < sent->n; i++)
        if (view->data_size >= 8 && memcmp(view->data + 4, datagram_sent(sent, i) + 4, 4) == 0)
            was = datagram_sent(sent, i);
    size_t total = (size_t)was[2] << 8 | was[3];
    say(at, ", quotes ");
    if (view->data_size == total)
        say(at, "all");
    else
        say(at, "%zu", view->data_size);
    for (size_t i = 0; i < view->data_size && i < total; i++)
        if (view->data[i] != was[i] && i != 10 && i != 11)
            say(at, i == 8 ? ", TTL %zu" : ", octet %zu altered", i == 8 ? (size_t)view->data[i] : i);
}

static void say_icmp(char **at, const struct view *view, const struct sent *sent)
{
    const uint8_t *was = datagram_sent(sent, 0);
    bool is_error = is_icmp_error(view->icmp_type);
    say(at, "type %u code %u from %s to %s", view->icmp_type, view->icmp_code, ip_text(view->from),
        ip_text(view->to));
    if (is_error ? view->rest != 0 : false)
        say(at, ", field 0x%08x", view->rest);
    say_header(at, view, 64, is_error ? 0xc0 | was[1] : was[1]);
    if ((view->fragment & (IS_MF | 0x1fff)) != 0)
        say(at, ", in fragments");
    if (is_error)
        say_quote(at, view, sent);
    else
        say(at, ", %zu octets", view->data_size);
    if (view->payload[2] == view->payload[3] && (view->payload[2] == 0 || view->payload[2] == 0xff))
        say(at, ", checksum 0x%02x%02x", view->payload[2], view->payload[3]);
}

static void say_own(char **at, const struct view *view, const struct sent *sent)
{
    if ((view->fragment & 0x1fff) != 0)
        say(at, "a later fragment from %s", ip_text(view->from));
    else if (view->protocol == 1)
        say_icmp(at, view, sent);
    else if (view->protocol == 6)
        say(at, "TCP from %s, flags 0x%02x, sequence %u, acknowledgment %u", ip_text(view->from), view->flags,
            view->sequence, view->acknowledgment);
    else
        say(at, "protocol %u from %s", view->protocol, ip_text(view->from));
}

void tell(const struct sent *sent, char side, const uint8_t *bytes, size_t size, char *words, size_t room)
{
    uint8_t whole[FRAME_MAX] = {0}; /* a kernel's link does not pad */
    struct view view;
    char *at = words;
    words_end = words + room;
    memcpy(whole, bytes, size);
    const char *wrong = frame_view(whole, size < 60 ? 60 : size, &view);
    say(&at, "%c: ", side);
    if (wrong != NULL) {
        say(&at, "%s", wrong);
        return;
    }
    if (view.type == 0x0806) {
        say_arp(&at, &view);
        return;
    }
    for (size_t i = 0; i < sent->n; i++)
        if (is_from_sender(&view, sent, i)) {
            say_forwarded(&at, &view, datagram_sent(sent, i));
            return;
        }
    say_own(&at, &view, sent);
}
