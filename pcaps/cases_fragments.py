"""Fragments: made, put together, late, and hostile."""
from case import case
from frames import cut, ip, ipv4, pattern, ping, udp
from topology import ASKER, HOST, ROUTER, SERVER, host, router

BACK = f"{HOST} > {ASKER}, TTL 64: "


@case("Fragments made by a router")
def fragments_made(c):
    """The way on takes 576 octets, and the packet has 1,500. The router cuts its payload at multiples of eight
    octets (RFC 791 3.2): 552, 552 and 376. All have the identification of the whole. A fragment is cut in the same
    way, and keeps saying that more follow. Of the options only those with the copy bit go into all fragments: the
    record route stands in the first alone."""
    c.runs(router(wan="mtu = 576"))
    whole = f"{ASKER} > {SERVER}, TTL 63: fragment, octets "
    c.packet("lan", 0, ping(ASKER, SERVER, 1, pattern(1472)), "echo request of 1,500 octets", "ip4-fragmented")
    c.packet("lan", 1, cut(ping(ASKER, SERVER, 2, pattern(2992)), 1480)[0], "the first 1,480 octets of a longer one",
             "ip4-fragmented")
    c.packet("lan", 2, ping(ASKER, SERVER, 3, pattern(592), options=bytes([7, 7, 4, 0, 0, 0, 0, 0])),
             "628 octets with a record route",
             "ip4-fragmented")
    for at, spans in (0, ("0 to 551", "552 to 1103", "1104 to 1479, the last")), (1,
                                                                                  ("0 to 551", "552 to 1103",
                                                                                   "1104 to 1479")):
        for span in spans:
            c.leaves("wan", at, whole + span)
    c.leaves("wan", 2, f"{ASKER} > {SERVER}, TTL 63 [record route at 8: 10.77.2.1]: fragment, octets 0 to 543")
    c.leaves("wan", 2, whole + "544 to 599, the last")


@case("Fragments put together")
def fragments_joined(c):
    """Fragments may come in any order and over each other's heads; the last one to come completes the datagram,
    which then is a packet of its own (RFC 791 3.2, RFC 1122 3.3.2). `into` in the verdicts joins all fragments to
    it. Look at the second datagram: 3,000 octets of echo, more than a frame, so the answer leaves in fragments as
    well. A copy of a fragment does no harm."""
    c.runs(host())
    one, two, three = cut(ping(ASKER, HOST, 1, pattern(92)), 40, 32)
    for at, part, what in (0, three, "last"), (0.1, one, "first"), (0.2, two, "middle"):
        c.packet("eth0", at, part, f"the {what} fragment of an echo request", "ip4-reassembled")
    c.leaves("eth0", 0.2, f"{BACK}echo reply, id 7 sequence 1, 92 octets")
    one, two, three = cut(ping(ASKER, HOST, 2, pattern(2992)), 1480, 1480)
    c.packet("eth0", 1, one, "the first fragment of an echo request of 3,000 octets", "ip4-reassembled")
    c.packet("eth0", 1.1, one, "the same again", "ip4-fragment-duplicate")
    c.packet("eth0", 1.2, two, "the second fragment", "ip4-reassembled")
    c.packet("eth0", 1.3, three, "the last fragment", "ip4-reassembled")
    for span in "0 to 1479", "1480 to 2959", "2960 to 2999, the last":
        c.leaves("eth0", 1.3, f"{BACK}fragment, octets {span}")


@case("Fragments that wait in vain: time exceeded in reassembly")
def fragments_timeout(c):
    """The last fragment of an echo request got lost. The others wait for `ip.reassembly.timeout`, 60 s (RFC 1122
    3.3.2), then they are dropped and the sender is told: time exceeded, code 1, with a quote of the first fragment.
    Where the first fragment is the one that is missing there is no message (RFC 792), for nobody could say what it
    was about."""
    c.runs(host())
    one, two, _ = cut(ping(ASKER, HOST, 1, pattern(92)), 40, 32)
    c.packet("eth0", 0, one, "the first fragment", "ip4-fragment-timeout answer-sent")
    c.packet("eth0", 1, two, "the middle fragment", "ip4-fragment-timeout answer-told")
    c.packet("eth0", 2, cut(ping(ASKER, HOST, 2, pattern(92)), 40)[1], "a last fragment without the others",
             "ip4-fragment-timeout answer-fragment")
    c.leaves("eth0", 60, f"{BACK}time exceeded in reassembly about {ASKER} > {HOST}, protocol 1, TTL 64; quotes all")


@case("Teardrop: fragments that overlap")
def attack_teardrop(c):
    """The second fragment begins inside the first and ends there as well. In 1997 that made systems copy a negative
    number of octets. RFC 1858 and RFC 3128 show what else overlaps are good for: to write over a port after the
    firewall has looked at it. tapir gives up the whole datagram (`ip.reassembly.overlap = drop`; RFC 5722 demands
    that of IPv6). A sound datagram after it is put together as ever."""
    c.runs(host())
    one = ipv4(ASKER, HOST, pattern(36), 17, ident=242, more=True)
    c.packet("eth0", 0, one, "first fragment of 36 octets, no multiple of 8", "ip4-fragment-length")
    c.packet("eth0", 1, ipv4(ASKER, HOST, pattern(40), 17, ident=243, more=True), "first fragment of 40 octets",
             "ip4-fragment-overlap")
    c.packet("eth0", 2, ipv4(ASKER, HOST, pattern(8), 17, ident=243, offset=24),
             "the last, octets 24 to 31, inside the first",
             "ip4-fragment-overlap")
    c.packet("eth0", 3, ipv4(ASKER, HOST, pattern(48), 17, ident=244, more=True),
             "another first fragment, octets 0 to 47", "ip4-fragment-overlap")
    c.packet("eth0", 4, ipv4(ASKER, HOST, pattern(40), 17, ident=244, offset=32), "the last, octets 32 to 71",
             "ip4-fragment-overlap")
    one, two = cut(ping(ASKER, HOST, 1, pattern(92)), 48)
    c.packet("eth0", 5, one, "first fragment of an echo request", "ip4-reassembled")
    c.packet("eth0", 6, two, "its last", "ip4-reassembled")
    c.leaves("eth0", 6, f"{BACK}echo reply, id 7 sequence 1, 92 octets")


@case("Ping of death: longer than a datagram can be")
def attack_ping_of_death(c):
    """A datagram has at most 65,535 octets, but the last fragment can begin at 65,528 and have 1,480. In 1996 the
    sum overflowed the buffers of nearly everybody. Such a fragment is refused (RFC 6274 3.7). So are those without
    data and those that contradict another about where the datagram ends. The first fragment, which was sound, waits
    for a minute, and its sender is told then."""
    c.runs(host())
    c.packet("eth0", 0, cut(ping(ASKER, HOST, 1, pattern(2000)), 1480)[0], "the first fragment",
             "ip4-fragment-timeout answer-sent")
    c.packet("eth0", 1, ipv4(ASKER, HOST, pattern(1480), ident=101, offset=65528), "the last, octets 65,528 to 67,007",
             "ip4-fragment-beyond")
    c.packet("eth0", 2, ipv4(ASKER, HOST, b"", ident=5, offset=800), "a fragment without data", "ip4-fragment-empty")
    c.packet("eth0", 3, ipv4(ASKER, HOST, pattern(8), ident=6, offset=80), "a last fragment: the datagram ends at 88",
             "ip4-fragment-contradiction")
    c.packet("eth0", 4, ipv4(ASKER, HOST, pattern(8), ident=6, offset=800), "another last fragment: it ends at 808",
             "ip4-fragment-contradiction")
    c.leaves("eth0", 60,
             f"{BACK}time exceeded in reassembly about {ASKER} > {HOST}, protocol 1, TTL 64; quotes 548 of 1500 octets")


@case("A flood of fragments")
def attack_fragment_flood(c):
    """Eighty first fragments of datagrams that never become whole. Each would hold memory for a minute; so one
    source may have 64 datagrams in reassembly here (`ip.reassembly.per_source`), and the oldest make room for the
    newest. Another source is not harmed: its datagram is put together amid the flood. When the minute is over,
    errors about them are limited as ever."""
    c.runs(host())
    for i in range(80):
        verdict = "ip4-fragment-crowded" if i < 16 else "ip4-fragment-timeout answer-sent" if i < 22 else \
            "ip4-fragment-timeout answer-rate-destination"
        c.packet("eth0", i / 1000, udp(ASKER, HOST, 4000, 9, pattern(24), ident=1000 + i, more=True),
                 "first fragment of UDP", verdict)
    one, two = cut(ping(ROUTER, HOST, 1, pattern(92)), 48)
    c.packet("eth0", 0.079, one, "first fragment of another source's echo request", "ip4-reassembled")
    c.packet("eth0", 0.08, two, "its last", "ip4-reassembled")
    c.leaves("eth0", 0.08, f"{HOST} > {ROUTER}, TTL 64: echo reply, id 7 sequence 1, 92 octets")
    for i in range(16, 22):
        c.leaves("eth0", 60 + i / 1000,
                 f"{BACK}time exceeded in reassembly about {ASKER} > {HOST}, protocol 17, TTL 64, port 9; quotes all")
