"""Routes, options and services."""
from case import case
from frames import cut, ether, ip, mac_of, pattern, ping, tcp, udp
from topology import ASKER, BEYOND, FAR, GATEWAY, HOST, ROUTER, SERVER, host, router


BY_THE_SECOND = 0, 4, 6, 7, 9, 10, 11  # flows of multipath, as the seed of the node has it


@case("Several next hops: shared by flow")
def multipath(c):
    """Two routers lead to the same network. The flow decides which one gets a packet: source, destination,
    protocol, ports (RFC 2991 6). So all packets of a flow go one way and none overtakes another. Of the sixteen
    flows here nine go one way and seven the other, as the seed has it; the second packet of each goes where the
    first went. A fragment has no ports, or only the first has; so the three of one datagram are told apart by
    addresses and protocol alone, and go one way."""
    c.runs(router("""
neighbor 10.77.2.253 { interface = wan  mac = 02:00:0a:4d:02:fd }
route 10.88.0.0/16 { via = { 10.77.2.254, 10.77.2.253 } }"""))
    for round_number in 0, 1:
        for flow in range(16):
            c.packet("lan", round_number + flow / 100, udp(ASKER, "10.88.0.1", 4000 + flow, 9999),
                     f"packet {round_number + 1} of a flow", "forwarded")
            by = "10.77.2.253" if flow in BY_THE_SECOND else GATEWAY
            c.leaves("wan", round_number + flow / 100,
                     f"{ASKER} > 10.88.0.1, TTL 63: UDP port {4000 + flow} > 9999, 16 octets (by way of {by})")
    spans = "0 to 39", "40 to 79", "80 to 107, the last"
    for i, part in enumerate(cut(udp(ASKER, "10.88.0.1", 4003, 9999, pattern(100)), 40, 40)):
        c.packet("lan", 2 + i / 100, part, "fragment of a datagram", "forwarded")
        c.leaves("wan", 2 + i / 100, f"{ASKER} > 10.88.0.1, TTL 63: fragment, octets {spans[i]} (by way of {GATEWAY})")


@case("Reverse path filter, strict")
def rpfilter_strict(c):
    """A packet that claims to come from the other side is forged, or went astray. With `ip.rpfilter = strict` the
    router looks whether its way back to the source leads out where the packet came in (RFC 3704 2.2, BCP 38). It
    drops it without a word. A source to which there is no way at all is dropped as well."""
    c.runs(router("ip { rpfilter = strict }"))
    c.packet("lan", 0, ping(ASKER, SERVER, 1), "echo request from a host of lan", "forwarded")
    c.packet("lan", 1, ping(FAR, SERVER, 2), "from a host that is behind wan", "ip4-rpfilter", by=ASKER)
    c.packet("lan", 2, ping("10.99.0.1", SERVER, 3), "from a host to which no route leads", "ip4-rpfilter", by=ASKER)
    c.packet("wan", 3, ping(FAR, ASKER, 4), "from the host behind wan, by wan", "forwarded", by=GATEWAY)
    c.packet("lan", 4, ping(FAR, ROUTER, 5), "to the router, from a host that is behind wan", "ip4-rpfilter", by=ASKER)
    c.leaves("wan", 0, f"{ASKER} > {SERVER}, TTL 63: echo request, id 7 sequence 1, 32 octets")
    c.leaves("lan", 3, f"{FAR} > {ASKER}, TTL 63: echo request, id 7 sequence 4, 32 octets")


@case("Source route, dropped")
def source_route_dropped(c):
    """With a source route the sender chooses the path, and may go around what protects a network. RFC 7126 4.3 and
    4.4 say to drop such packets, and that is the default: loose or strict, to us or through us, and silently."""
    c.runs(router())
    for at, kind, name in (0, 131, "loose"), (1, 137, "strict"):
        c.packet("lan", at, ping(ASKER, ROUTER, at, options=bytes([kind, 7, 4]) + ip(SERVER)),
                 f"echo request with a {name} source route",
                 "ip4-option-source-route")
    c.packet("lan", 2, ping(ASKER, SERVER, 2, options=bytes([131, 7, 8]) + ip(ROUTER)),
             "with a loose one that is used up",
             "ip4-option-source-route")
    c.packet("lan", 3, ping(ASKER, SERVER, 3), "without one", "forwarded")
    c.leaves("wan", 3, f"{ASKER} > {SERVER}, TTL 63: echo request, id 7 sequence 3, 32 octets")


@case("Source route, processed; source route failed")
def source_route(c):
    """As RFC 791 3.1 had it: the packet is addressed to the router, which puts the next address of the route into
    the header and its own, that of the side where it leaves, into the option (RFC 1812 5.2.4.1). A strict route
    whose next address is not on a wire of the router's, or a loose one to where no route leads, earns destination
    unreachable, code 5, source route failed (RFC 1812 5.2.4.3, 5.2.7.1). A strict route that names somebody else
    than us has gone astray: parameter problem (RFC 1812 5.2.2)."""
    c.runs(router("ip { option { lsrr = process  ssrr = process } }"))
    loose, strict = bytes([131, 7, 4]), bytes([137, 7, 4])
    c.packet("lan", 0, ping(ASKER, ROUTER, 1, options=loose + ip(SERVER)), "loose, to a host on wan", "forwarded")
    c.packet("lan", 1, ping(ASKER, ROUTER, 2, options=strict + ip(SERVER)), "strict, to a host on wan", "forwarded")
    c.packet("lan", 2, ping(ASKER, ROUTER, 3, options=loose + ip(FAR)), "loose, to a host behind the next router",
             "forwarded")
    c.packet("lan", 3, ping(ASKER, ROUTER, 4, options=strict + ip(FAR)), "strict, to the same",
             "ip4-source-route answer-sent")
    c.packet("lan", 4, ping(ASKER, ROUTER, 5, options=loose + ip("10.99.0.1")), "loose, to where no route leads",
             "ip4-source-route answer-sent")
    c.packet("lan", 5, ping(ASKER, SERVER, 6, options=strict + ip(FAR)), "strict, and not addressed to us",
             "ip4-option-astray answer-sent")
    for at, name, to, via in (0, "loose", SERVER, ""), (1, "strict", SERVER, ""), (2, "loose", FAR,
                                                                                   f" (by way of {GATEWAY})"):
        c.leaves("wan", at,
                 f"{ASKER} > {to}, TTL 63 [{name} source route at 8: {BEYOND}]: echo request, id 7 sequence {at + 1}, 32 octets{via}")
    for at, what, to in ((3, "source route failed", ROUTER), (4, "source route failed", ROUTER),
                         (5, "parameter problem, octet 16", SERVER)):
        c.leaves("lan", at,
                 f"{ROUTER} > {ASKER}, TTL 64, TOS 0xc0: {what} about {ASKER} > {to}, protocol 1, TTL 64; quotes all")


@case("A host is no router")
def host_no_router(c):
    """A host gets packets that are for others: somebody has it for a router, or a switch floods. It must not
    forward them, and says nothing (RFC 1122 3.2.1.3). The same for broadcasts of networks that are not its own."""
    c.runs(host())
    c.packet("eth0", 0, ping(ASKER, SERVER, 1), "echo request to somebody else", "ip4-not-forwarding")
    c.packet("eth0", 1, ping(ASKER, "10.77.2.255", 2), "to a broadcast address of another network",
             "ip4-not-forwarding")
    c.frame("eth0", 2, ether(ping(ASKER, "224.0.0.9", 3), mac_of(ASKER), "01:00:5e:00:00:09"),
            "to a group that it is not in", "ip4-group")
    c.packet("eth0", 3, ping(ASKER, HOST, 4), "to the host", "icmp4-echoed")
    c.leaves("eth0", 3, f"{HOST} > {ASKER}, TTL 64: echo reply, id 7 sequence 4, 32 octets")


@case("TCP to a closed port: reset")
def tcp_closed_port(c):
    """Nobody listens. A segment with ACK gets a reset whose sequence number is what it acknowledged; one without
    gets sequence 0 and an acknowledgment of all that it took up in sequence space, SYN and FIN included (RFC 9293
    3.10.7.1). A reset never earns a reset, nor does what came to a broadcast (RFC 9293 MUST-57)."""
    c.runs(host())
    for at, flags, data, what, answer in (
            (0, "S", b"", "SYN", "RST ACK, sequence 0, acknowledges 1001"),
            (1, "SA", b"", "SYN and ACK", "RST, sequence 5000, acknowledges 0"),
            (2, "A", pattern(10), "10 octets with ACK", "RST, sequence 5000, acknowledges 0"),
            (3, "FP", pattern(10), "10 octets and FIN without ACK", "RST ACK, sequence 0, acknowledges 1011"),
            (4, "R", b"", "a reset", None)):
        acknowledged = 5000 if "A" in flags else 0
        c.packet("eth0", at, tcp(ASKER, HOST, 4000, 80, flags, 1000, acknowledged, data), what,
                 "tcp-closed answer-sent" if answer else "tcp-stray-reset")
        if answer:
            c.leaves("eth0", at, f"{HOST} > {ASKER}, TTL 64, DF: TCP port 80 > 4000 {answer}")
    c.packet("eth0", 5, tcp(ASKER, "10.77.1.255", 4000, 80, "S"), "SYN to a broadcast", "tcp-broadcast")


@case("The UDP echo service")
def udp_echo(c):
    """RFC 862: who sends a datagram to port 7 gets it back, with addresses and ports exchanged; empty ones and long
    ones too. The sender asked with TOS 0x10, which an answer need not copy. A port beside it is closed."""
    c.runs(host("services { echo = 7 }"))
    for at, size in enumerate((16, 0, 1, 1472)):
        c.packet("eth0", at, udp(ASKER, HOST, 4000, 7, pattern(size), tos=0x10), f"{size} octets to port 7",
                 "udp-delivered")
        c.leaves("eth0", at, f"{HOST} > {ASKER}, TTL 64: UDP port 7 > 4000, {size} octets")
    c.packet("eth0", 4, udp(ASKER, HOST, 4000, 8), "16 octets to port 8", "udp-port answer-sent")
    c.leaves("eth0", 4,
             f"{HOST} > {ASKER}, TTL 64: port unreachable about {ASKER} > {HOST}, protocol 17, TTL 64, port 8; quotes all")
