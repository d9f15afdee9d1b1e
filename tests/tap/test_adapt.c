/* Frames of other link types as Ethernet. The oracle is hand-written bytes: libpcap's list of link types before,
 * an Ethernet header after. */
#include "tap/adapt.h"

#include <stdlib.h>
#include <string.h>

#include "tests/table.h"

#define BYTES(text) text, sizeof(text) - 1
#define TO          "\x02\x11\x22\x33\x44\x55" /* whom the caller names */
#define NOBODY      "\x02\0\0\0\0\0"
#define ALL         "\xff\xff\xff\xff\xff\xff"
#define PEER        "\x02\0\0\0\0\x07"

#define IP4(destination) "\x45\0\0\x14\0\0\0\0\x40\x01\0\0\x0a\0\0\x01" destination
#define UNICAST          IP4("\x0a\0\0\x02")
#define GROUP            IP4("\xe0\x80\0\x09")
#define EVERYBODY        IP4("\xff\xff\xff\xff")
#define IP6              "\x60\0\0\0six"

#define COOKED(kind, size, address, protocol)  "\0" kind "\0\x01\0" size address "\0\0" protocol
#define COOKED2(kind, size, address, protocol) protocol "\0\0\0\0\0\x03\0\x01" kind size address "\0\0"

static const struct {
    const char *sentence;
    int link_type;
    const char *before;
    size_t before_size;
    const char *after; /* NULL: refused */
    size_t after_size;
} frames[] = {
    {"Ethernet stays as it is", 1, BYTES("any octets"), BYTES("any octets")},
    {"raw IP gets a header", 12, BYTES(UNICAST), BYTES(TO NOBODY "\x08\0" UNICAST)},
    {"so does that of OpenBSD", 14, BYTES(UNICAST), BYTES(TO NOBODY "\x08\0" UNICAST)},
    {"so does its number in files", 101, BYTES(UNICAST), BYTES(TO NOBODY "\x08\0" UNICAST)},
    {"so does raw IPv4", 228, BYTES(UNICAST), BYTES(TO NOBODY "\x08\0" UNICAST)},
    {"raw IPv6 is known by its version", 12, BYTES(IP6), BYTES(TO NOBODY "\x86\xdd" IP6)},
    {"and as raw IPv6", 229, BYTES(IP6), BYTES(TO NOBODY "\x86\xdd" IP6)},
    {"no octet at all is a header alone", 12, BYTES(""), BYTES(TO NOBODY "\x08\0")},
    {"a group has its MAC, of its low 23 bits", 12, BYTES(GROUP),
     BYTES("\x01\0\x5e\0\0\x09" NOBODY "\x08\0" GROUP)},
    {"the limited broadcast is one", 12, BYTES(EVERYBODY), BYTES(ALL NOBODY "\x08\0" EVERYBODY)},
    {"an address that is cut names nobody", 12,
     BYTES("\x45\0\0\x14\0\0\0\0\x40\x01\0\0\x0a\0\0\x01\xff\xff\xff"),
     BYTES(TO NOBODY "\x08\0\x45\0\0\x14\0\0\0\0\x40\x01\0\0\x0a\0\0\x01\xff\xff\xff")},

    {"loopback of a little-endian host", 0, BYTES("\x02\0\0\0" UNICAST), BYTES(TO NOBODY "\x08\0" UNICAST)},
    {"loopback of a big-endian host", 0, BYTES("\0\0\0\x02" UNICAST), BYTES(TO NOBODY "\x08\0" UNICAST)},
    {"loopback in network order", 108, BYTES("\0\0\0\x02" UNICAST), BYTES(TO NOBODY "\x08\0" UNICAST)},
    {"network order is no order of a host", 108, BYTES("\x02\0\0\0" UNICAST),
     BYTES(TO NOBODY "\xff\xff" UNICAST)},
    {"a group on loopback", 0, BYTES("\x02\0\0\0" GROUP), BYTES("\x01\0\x5e\0\0\x09" NOBODY "\x08\0" GROUP)},
    {"IPv6 of Linux", 0, BYTES("\x0a\0\0\0" IP6), BYTES(TO NOBODY "\x86\xdd" IP6)},
    {"IPv6 of NetBSD", 0, BYTES("\0\0\0\x18" IP6), BYTES(TO NOBODY "\x86\xdd" IP6)},
    {"IPv6 of FreeBSD", 0, BYTES("\x1c\0\0\0" IP6), BYTES(TO NOBODY "\x86\xdd" IP6)},
    {"IPv6 of macOS", 108, BYTES("\0\0\0\x1e" IP6), BYTES(TO NOBODY "\x86\xdd" IP6)},
    {"another family has an EtherType that is nobody's", 0, BYTES("\x07\0\0\0osi"),
     BYTES(TO NOBODY "\xff\xff"
                     "osi")},
    {"a loopback header that is cut is too short for Ethernet", 0, BYTES("\x02\0\0"), BYTES("\x02\0\0")},

    {"cooked, to this host", 113, BYTES(COOKED("\0", "\x06", PEER, "\x08\0") UNICAST),
     BYTES(TO PEER "\x08\0" UNICAST)},
    {"cooked, from this host", 113, BYTES(COOKED("\x04", "\x06", PEER, "\x08\0") UNICAST),
     BYTES(TO PEER "\x08\0" UNICAST)},
    {"cooked, to all", 113, BYTES(COOKED("\x01", "\x06", PEER, "\x08\x06") "arp"),
     BYTES(ALL PEER "\x08\x06"
                    "arp")},
    {"cooked, to all, whatever the address says", 113, BYTES(COOKED("\x01", "\x06", PEER, "\x08\0") GROUP),
     BYTES(ALL PEER "\x08\0" GROUP)},
    {"cooked, to a group", 113, BYTES(COOKED("\x02", "\x06", PEER, "\x08\0") GROUP),
     BYTES("\x01\0\x5e\0\0\x09" PEER "\x08\0" GROUP)},
    {"cooked, to a group that is not known: broadcast", 113,
     BYTES(COOKED("\x02", "\x06", PEER, "\x08\0") UNICAST), BYTES(ALL PEER "\x08\0" UNICAST)},
    {"cooked, without an address", 113, BYTES(COOKED("\0", "\0", PEER, "\x08\0") UNICAST),
     BYTES(TO NOBODY "\x08\0" UNICAST)},
    {"cooked, an address of eight octets", 113, BYTES(COOKED("\0", "\x08", PEER, "\x08\0") UNICAST),
     BYTES(TO NOBODY "\x08\0" UNICAST)},
    {"cooked, the zeros of lo", 113, BYTES(COOKED("\0", "\x06", "\0\0\0\0\0\0", "\x08\0") UNICAST),
     BYTES(TO NOBODY "\x08\0" UNICAST)},
    {"cooked, another protocol", 113, BYTES(COOKED("\0", "\x06", PEER, "\x88\xcc") "lldp"),
     BYTES(TO PEER "\x88\xcc"
                   "lldp")},
    {"an address is one only in IPv4", 113, BYTES(COOKED("\0", "\x06", PEER, "\x88\xcc") GROUP),
     BYTES(TO PEER "\x88\xcc" GROUP)},
    {"cooked, with LLC: 802.3 has a length there", 113,
     BYTES(COOKED("\0", "\x06", PEER, "\0\x04") "\xaa\xaa\x03..."), BYTES(TO PEER "\0\x06\xaa\xaa\x03...")},
    {"cooked, a bus of a car", 113, BYTES(COOKED("\0", "\x06", PEER, "\0\x0c") "can"),
     BYTES(TO PEER "\xff\xff"
                   "can")},
    {"cooked, cut within its header", 113, BYTES("\0\0\0\x01\0\x06" PEER "\0\0\x08"),
     BYTES("\0\0\0\x01\0\x06" PEER "\0")},

    {"cooked 2, to this host", 276, BYTES(COOKED2("\0", "\x06", PEER, "\x08\0") UNICAST),
     BYTES(TO PEER "\x08\0" UNICAST)},
    {"cooked 2, to all", 276, BYTES(COOKED2("\x01", "\x06", PEER, "\x08\0") UNICAST),
     BYTES(ALL PEER "\x08\0" UNICAST)},
    {"cooked 2, to a group", 276, BYTES(COOKED2("\x02", "\x06", PEER, "\x08\0") GROUP),
     BYTES("\x01\0\x5e\0\0\x09" PEER "\x08\0" GROUP)},
    {"cooked 2, cut within its header", 276, BYTES("\x08\0\0\0\0\0\0\x03\0\x01\0\x06" PEER "\0"),
     BYTES("\x08\0\0\0\0\0\0\x03\0\x01\0\x06\x02")},

    {"wireless is refused", 105, BYTES("any octets"), NULL, 0},
    {"so is what nobody knows", 999, BYTES("any octets"), NULL, 0},
};

static uint8_t room[PCAPFILE_FRAME], long_frame[PCAPFILE_FRAME];

static const struct mac whom = {{0x02, 0x11, 0x22, 0x33, 0x44, 0x55}};

static void check_frame(void **state)
{
    const __typeof__(frames[0]) *row = *state;
    char why[PCAPFILE_ERROR] = "";
    uint8_t *exact = malloc(row->before_size + 1);
    memcpy(exact, row->before, row->before_size);
    struct pcapfile_frame frame = {.data = exact,
                                   .size = (uint32_t)row->before_size,
                                   .on_wire = (uint32_t)row->before_size,
                                   .link_type = row->link_type};
    assert_int_equal(adapt_frame(&frame, whom, room, why), row->after != NULL);
    if (row->after == NULL) {
        assert_non_null(strstr(why, "Ethernet, raw IP, Linux cooked and BSD loopback can be read"));
    } else {
        assert_int_equal(frame.size, row->after_size);
        assert_memory_equal(frame.data, row->after, row->after_size);
        assert_int_equal(frame.link_type, 1);
    }
    free(exact);
}

/* ---- scenes ---------------------------------------------------------------------------------------------- */

static void scene_cut(void)
{
    char why[PCAPFILE_ERROR];
    struct pcapfile_frame frame = {.data = long_frame, .size = 96, .on_wire = 1500, .link_type = 113};
    assert_true(adapt_frame(&frame, whom, room, why));
    assert_int_equal(frame.size, 94);
    assert_int_equal(frame.on_wire, 1498);
    frame = (struct pcapfile_frame){.data = long_frame, .size = 96, .on_wire = UINT32_MAX, .link_type = 12};
    assert_true(adapt_frame(&frame, whom, room, why));
    assert_int_equal(frame.size, 110);
    assert_int_equal(frame.on_wire, UINT32_MAX);
}

static void scene_length(void)
{
    char why[PCAPFILE_ERROR];
    static const uint8_t cooked[] = "\0\0\0\x01\0\x06\x02\0\0\0\0\x07\0\0\0\x04\xaa\xaa\x03";
    struct pcapfile_frame frame = {.data = cooked, .size = 19, .on_wire = 16 + 1500, .link_type = 113};
    assert_true(adapt_frame(&frame, whom, room, why));
    assert_memory_equal(frame.data + 12, "\x05\xdc\xaa\xaa\x03", 5);
    frame = (struct pcapfile_frame){.data = cooked, .size = 19, .on_wire = 16 + 1501, .link_type = 113};
    assert_true(adapt_frame(&frame, whom, room, why));
    assert_memory_equal(frame.data + 12, "\xff\xff\xaa\xaa\x03", 5);
}

static void scene_longest(void)
{
    char why[PCAPFILE_ERROR];
    struct pcapfile_frame frame = {
        .data = long_frame, .size = PCAPFILE_FRAME - 14, .on_wire = PCAPFILE_FRAME - 14, .link_type = 12};
    assert_true(adapt_frame(&frame, whom, room, why));
    assert_int_equal(frame.size, PCAPFILE_FRAME);
    frame = (struct pcapfile_frame){
        .data = long_frame, .size = PCAPFILE_FRAME - 13, .on_wire = PCAPFILE_FRAME - 13, .link_type = 12};
    assert_false(adapt_frame(&frame, whom, room, why));
    assert_string_equal(why, "longer than 262144 octets with an Ethernet header");
}

static void scene_names(void)
{
    char why[PCAPFILE_ERROR];
    struct pcapfile_frame frame = {.data = long_frame, .link_type = 105};
    assert_false(adapt_frame(&frame, whom, room, why));
    assert_non_null(strstr(why, "IEEE802_11 (105)"));
    frame.link_type = 999;
    assert_false(adapt_frame(&frame, whom, room, why));
    assert_non_null(strstr(why, "unknown (999)"));
}

static const struct {
    const char *sentence;
    void (*scene)(void);
} scenes[] = {
    {"a frame that was cut stays cut by as much", scene_cut},
    {"the length of 802.3 is that on the wire, and no EtherType when it is none", scene_length},
    {"the longest frame has room for its header, and one octet more is refused", scene_longest},
    {"a link type that is refused is named", scene_names},
};

static void check_scene(void **state)
{
    const __typeof__(scenes[0]) *row = *state;
    row->scene();
}

int main(void)
{
    return RUN_TABLE("other link types", frames, check_frame) +
           RUN_TABLE("other link types", scenes, check_scene);
}
