"""Attacks and impossible packets."""
from case import case
from frames import BROADCAST_MAC, ether, mac_of, pattern, ping, tcp, udp
from topology import ASKER, BEYOND, FAR, GATEWAY, HOST, ROUTER, SERVER, host, router


@case("Smurf: an echo request to a whole network")
def attack_smurf(c):
    """The attacker writes the victim's address as the source and pings the broadcast address of a large network:
    every host there answers the victim. RFC 2644 ended it: a router does not forward directed broadcasts, unless
    told to. Neither does it answer itself. The ping to one host behind it is forwarded."""
    c.runs(router())
    c.packet("wan", 0, ping("10.99.0.66", "10.77.1.255", 1), "echo request to all hosts of lan, as if from the victim",
             "ip4-directed-broadcast", by=GATEWAY)
    c.packet("wan", 1, ping("10.99.0.66", "10.77.1.0", 2), "to the old form of the broadcast address",
             "ip4-broadcast-net", by=GATEWAY)
    c.packet("wan", 2, ping(SERVER, ASKER, 3), "echo request to one of them", "forwarded")
    c.leaves("lan", 2, f"{SERVER} > {ASKER}, TTL 63: echo request, id 7 sequence 3, 32 octets")


@case("Directed broadcast, switched on")
def directed_broadcast(c):
    """With `ip.directed_broadcast = on` on `lan`, the router sends a packet for 10.77.1.255 to everybody there, in
    a broadcast frame (RFC 1812 5.3.5.2, RFC 2644): as one needs it to wake computers from afar. The router itself
    gets a copy and, as it is a broadcast, has no error to send about the closed port."""
    c.runs(router(lan="ip { directed_broadcast = on }"))
    c.packet("wan", 0, udp(SERVER, "10.77.1.255", 4000, 9, b"\xff" * 6 + b"\2\0\x0a\x4d\1\x0a" * 16),
             "a wake-up packet for all of lan", "forwarded")
    c.leaves("lan", 0, f"{SERVER} > 10.77.1.255, TTL 63: UDP port 4000 > 9, 102 octets (broadcast frame)")


@case("Fraggle: UDP to a whole network")
def attack_fraggle(c):
    """As smurf, with UDP to the echo service. Our host has that service, and it does not answer what was sent to a
    broadcast; nor is there an error about it (RFC 1122 3.2.2). Nor does it answer to port 7 or 19 of somebody: two
    such services would talk for ever. An honest request is answered."""
    c.runs(host("services { echo = 7 }"))
    c.frame("eth0", 0, ether(udp(FAR, "10.77.1.255", 4000, 7), mac_of(ROUTER), BROADCAST_MAC),
            "UDP echo request to a broadcast",
            "udp-delivered")
    c.frame("eth0", 1, ether(udp(FAR, "10.77.1.255", 4000, 19), mac_of(ROUTER), BROADCAST_MAC),
            "UDP to port 19 of a broadcast",
            "udp-port answer-destination")
    c.packet("eth0", 2, udp(FAR, HOST, 19, 7), "UDP echo request from port 19", "udp-delivered", by=ROUTER)
    c.packet("eth0", 3, udp(FAR, HOST, 7, 7), "UDP echo request from port 7", "udp-delivered", by=ROUTER)
    c.packet("eth0", 4, udp(FAR, HOST, 4000, 7), "UDP echo request", "udp-delivered", by=ROUTER)
    c.leaves("eth0", 4, f"{HOST} > {FAR}, TTL 64: UDP port 7 > 4000, 16 octets (by way of {ROUTER})")


@case("LAND: from ourselves to ourselves")
def attack_land(c):
    """A SYN whose source is its destination: in 1997 systems answered themselves until they hung. A packet from the
    wire cannot come from one of our own addresses (RFC 6274 4.3), also not from another one of ours, nor from the
    loopback network."""
    c.runs(router())
    c.packet("lan", 0, tcp(ROUTER, ROUTER, 139, 139, "S"), "SYN from us to us", "ip4-source-ours", by=ASKER)
    c.packet("lan", 1, tcp(BEYOND, ROUTER, 139, 139, "S"), "SYN from our other address", "ip4-source-ours", by=ASKER)
    c.packet("lan", 2, tcp("127.0.0.1", ROUTER, 139, 139, "S"), "SYN from 127.0.0.1", "ip4-source-martian", by=ASKER)
    c.packet("lan", 3, tcp(ASKER, ROUTER, 139, 139, "S"), "SYN from a neighbor", "tcp-closed answer-sent")
    c.leaves("lan", 3, f"{ROUTER} > {ASKER}, TTL 64, DF: TCP port 139 > 139 RST ACK, sequence 0, acknowledges 1001")


@case("Martians: addresses that cannot be")
def martians(c):
    """Some addresses can be no source on a wire: this network, loopback, groups, broadcasts, the reserved class E;
    some no destination (RFC 1812 5.3.7, RFC 6890). Such packets are dropped without a word: there is nobody to
    tell. Link-local addresses are real, but no router forwards them (RFC 3927 7)."""
    c.runs(router("route default { via = 10.77.2.254 }"))
    for at, source, verdict in (
            (0, "0.0.0.0", "ip4-source-martian"), (1, "0.1.2.3", "ip4-source-martian"),
            (2, "127.0.0.1", "ip4-source-martian"),
            (3, "224.0.0.5", "ip4-source-martian"), (4, "240.0.0.1", "ip4-source-martian"),
            (5, "255.255.255.255", "ip4-source-martian"),
            (6, "10.77.1.255", "ip4-source-broadcast"), (7, "10.77.2.255", "ip4-source-broadcast"),
            (8, "169.254.1.1", "ip4-link-local")):
        c.packet("lan", at, ping(source, FAR, at), f"echo request from {source}", verdict, by=ASKER)
    for at, destination, verdict in ((9, "0.1.2.3", "ip4-destination-martian"),
                                     (10, "127.0.0.1", "ip4-destination-martian"),
                                     (11, "240.0.0.1", "ip4-destination-martian"),
                                     (12, "169.254.1.1", "ip4-link-local")):
        c.packet("lan", at, ping(ASKER, destination, at), f"echo request to {destination}", verdict)
    c.packet("lan", 13, ping(ASKER, FAR, 13), "echo request of a neighbor", "forwarded")
    c.leaves("wan", 13, f"{ASKER} > {FAR}, TTL 63: echo request, id 7 sequence 13, 32 octets (by way of {GATEWAY})")


@case("Broken IPv4 headers")
def broken_headers(c):
    """RFC 1812 5.2.2 has the order of the checks: long enough, checksum, version 4, header length at least 20,
    total length at least that. Who fails is dropped in silence, for nothing in such a header can be relied on, also
    not the source. The first one is right; each of the others differs from it in one point."""
    c.runs(router())
    c.packet("lan", 0, ping(ASKER, SERVER, 1), "echo request", "forwarded")
    c.packet("lan", 1, ping(ASKER, SERVER, 1, wrong_sum=True), "with a wrong header checksum", "ip4-checksum")
    c.packet("lan", 2, ping(ASKER, SERVER, 1, version=6), "with version 6", "ip4-version")
    c.packet("lan", 3, ping(ASKER, SERVER, 1, words_of_header=4), "with a header of 16 octets", "ip4-header-length")
    c.packet("lan", 4, ping(ASKER, SERVER, 1, total=19), "with a total length of 19", "ip4-total-length")
    c.frame("lan", 5, ether(ping(ASKER, SERVER, 1)[:19], mac_of(ASKER), mac_of(ROUTER)), "cut off after 19 octets",
            "ip4-short")
    c.leaves("wan", 0, f"{ASKER} > {SERVER}, TTL 63: echo request, id 7 sequence 1, 32 octets")


@case("Truncated packets at a router")
def truncated(c):
    """The total length says more than the frame has. A router tells the source by a parameter problem (RFC 1812
    5.2.2); a host drops it in silence (RFC 1122 3.2.1). See `truncated-host` for that. A frame that is longer than the datagram is fine: the rest is padding and is not sent on."""
    c.runs(router())
    c.frame("lan", 0, ether(ping(ASKER, SERVER, 1)[:50], mac_of(ASKER), mac_of(ROUTER)), "60 octets, of which 50 came",
            "ip4-truncated answer-sent")
    c.packet("lan", 1, ping(ASKER, SERVER, 2) + bytes(9), "60 octets and 9 of padding", "forwarded")
    c.leaves("lan", 0,
             f"{ROUTER} > {ASKER}, TTL 64, TOS 0xc0: parameter problem, octet 2 about {ASKER} > {SERVER}, protocol 1, TTL 64; "
             "quotes 50 of 60 octets")
    c.leaves("wan", 1, f"{ASKER} > {SERVER}, TTL 63: echo request, id 7 sequence 2, 32 octets")


@case("Truncated packets at a host")
def truncated_host(c):
    """As `truncated`, but at a host: it drops in silence what is cut off (RFC 1122 3.2.1). UDP and TCP have lengths
    of their own, which are looked at too."""
    c.runs(host("services { echo = 7 }"))
    c.frame("eth0", 0, ether(ping(ASKER, HOST, 1)[:50], mac_of(ASKER), mac_of(HOST)), "60 octets, of which 50 came",
            "ip4-truncated-host")
    c.packet("eth0", 1, udp(ASKER, HOST, 4000, 7, length=40), "UDP that says 40 octets and has 24", "udp-length")
    c.packet("eth0", 2, udp(ASKER, HOST, 4000, 7, length=7), "UDP that says 7 octets", "udp-length")
    c.packet("eth0", 3, udp(ASKER, HOST, 4000, 7, wrong_sum=True), "UDP with a wrong checksum", "udp-checksum")
    c.packet("eth0", 4, udp(ASKER, HOST, 4000, 7, no_sum=True), "UDP without a checksum, which is permitted",
             "udp-delivered")
    c.packet("eth0", 5, tcp(ASKER, HOST, 4000, 80, "S", wrong_sum=True), "TCP with a wrong checksum", "tcp-checksum")
    c.leaves("eth0", 4, f"{HOST} > {ASKER}, TTL 64: UDP port 7 > 4000, 16 octets")


@case("A scan of a whole network")
def attack_scan(c):
    """Somebody tries 140 addresses behind the router in a seventh of a second, and nobody is there. Each has to be
    asked for by ARP. At most a quarter of the neighbor table (128 of 512) may be waiting for an answer, so that a
    scan does not push out the neighbors that are known: each further one takes the place of the one that has waited
    longest, whose packet is refused at once. The others fail after three seconds, and the errors about them are
    limited as ever. The packet to a known neighbor passes amid the scan."""
    c.runs(router())
    for i in range(140):
        verdict = "neighbor-crowded" if i < 12 else "neighbor-failed answer-sent" if i < 18 else "neighbor-failed answer-rate-destination"
        c.packet("lan", i / 1000, ping(ASKER, f"10.77.2.{i + 20}", i), "echo request to an address where nobody is",
                 verdict)
    c.packet("lan", 0.14, ping(ASKER, SERVER, 140), "echo request to a known neighbor", "forwarded")
    for second in range(3):
        for i in range(0 if second == 0 else 12, 140):
            c.leaves("wan", i / 1000 + second, f"ARP request for 10.77.2.{i + 20} by {BEYOND}")
        if second == 0:
            c.leaves("wan", 0.14, f"{ASKER} > {SERVER}, TTL 63: echo request, id 7 sequence 140, 32 octets")
    for i in range(12, 18):
        c.leaves("lan", 3 + i / 1000,
                 f"{ROUTER} > {ASKER}, TTL 64, TOS 0xc0: host unreachable about {ASKER} > 10.77.2.{i + 20}, "
                 "protocol 1, TTL 64; quotes all")
