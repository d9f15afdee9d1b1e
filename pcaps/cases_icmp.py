"""ICMP questions and answers, and messages that nobody asks for."""
from case import case
from frames import BROADCAST_MAC, checksum, echo, error, ether, icmp, ip, ipv4, mac_of, pattern, ping, udp, words
from topology import ASKER, BEYOND, HOST, ROUTER, SERVER, host, router

BACK = f"{HOST} > {ASKER}, TTL 64: "


@case("Echo: the ping and its answer")
def icmp_echo(c):
    """An echo reply carries the identifier, sequence number and data of the request (RFC 792), with addresses
    exchanged and a TTL of its own (RFC 1122 3.2.2.6). Sizes of nothing, of an odd number and of a whole frame are
    answered alike. The TOS comes back without its two ECN bits (RFC 1122 3.2.2.6, RFC 3168 5). An echo request to a
    broadcast is not answered unless `icmp.echo.broadcast` is on, and a reply that nobody asked for is dropped."""
    c.runs(host())
    for i, size in enumerate((32, 0, 33, 1472)):
        c.packet("eth0", i, ping(ASKER, HOST, i, pattern(size)), f"echo request of {size} octets", "icmp4-echoed")
        c.leaves("eth0", i, f"{BACK}echo reply, id 7 sequence {i}, {size} octets")
    c.packet("eth0", 4, ping(ASKER, HOST, 4, ttl=1), "with TTL 1: it has arrived, so that is enough", "icmp4-echoed")
    c.leaves("eth0", 4, f"{BACK}echo reply, id 7 sequence 4, 32 octets")
    c.packet("eth0", 5, ping(ASKER, HOST, 5, tos=0xB9), "with TOS 0xb9: low delay, ECN 01", "icmp4-echoed")
    c.leaves("eth0", 5, f"{HOST} > {ASKER}, TTL 64, TOS 0xb8: echo reply, id 7 sequence 5, 32 octets")
    c.frame("eth0", 6, ether(ping(ASKER, "10.77.1.255", 6), mac_of(ASKER), BROADCAST_MAC),
            "to the broadcast address of the network",
            "icmp4-echo-broadcast")
    c.frame("eth0", 7, ether(ping(ASKER, "255.255.255.255", 7), mac_of(ASKER), BROADCAST_MAC),
            "to everybody on the wire",
            "icmp4-echo-broadcast")
    c.packet("eth0", 8, ipv4(ASKER, HOST, echo(kind=0)), "an echo reply that nobody asked for", "icmp4-stray")


@case("Echo with its switches: off, and broadcasts on")
def icmp_echo_settings(c):
    """The router answers echo on its `wan` side only: RFC 1812 4.3.3.6 asks for a switch, which here stands in one
    interface. On that side echo requests to a broadcast are answered too, which RFC 1122 3.2.2.6 permits; the
    answer comes from an address of the router, never from the broadcast address. See `attack-smurf` for why it is
    off by default."""
    c.runs(router(lan="icmp { echo { answer = off } }", wan="icmp { echo { broadcast = on } }"))
    c.packet("lan", 0, ping(ASKER, ROUTER, 1), "echo request", "icmp4-echo-off")
    c.packet("lan", 1, ping(ASKER, BEYOND, 2), "echo request to the other address: where it arrives decides",
             "icmp4-echo-off")
    c.packet("wan", 2, ping(SERVER, BEYOND, 3), "echo request", "icmp4-echoed")
    c.frame("wan", 3, ether(ping(SERVER, "255.255.255.255", 4), mac_of(SERVER), BROADCAST_MAC),
            "echo request to everybody", "icmp4-echoed")
    for at, sequence in (2, 3), (3, 4):
        c.leaves("wan", at, f"{BEYOND} > {SERVER}, TTL 64: echo reply, id 7 sequence {sequence}, 32 octets")


@case("ICMP that is broken, unknown or obsolete")
def icmp_broken(c):
    """A message with a wrong checksum is dropped (RFC 792), so is one that ends too early. A type that nobody knows
    is discarded silently, RFC 1122 3.2.2: an error about it could go on for ever between two hosts that do not
    understand each other."""
    c.runs(host())
    c.packet("eth0", 0, ipv4(ASKER, HOST, icmp(8, 0, words(7, 1), pattern(32), wrong_sum=True)),
             "echo request with a wrong ICMP checksum",
             "icmp4-checksum")
    c.packet("eth0", 1, ipv4(ASKER, HOST, b"\x08\0\xf7\xff"), "echo request of 4 octets", "icmp4-short")
    c.packet("eth0", 2, ipv4(ASKER, HOST, icmp(37, 0, words(7, 1))),
             "domain name request, type 37, which RFC 6918 retired", "icmp4-type")
    c.packet("eth0", 3, ipv4(ASKER, HOST, icmp(200)), "type 200, which is nobody's", "icmp4-type")
    c.packet("eth0", 4, ipv4(ASKER, HOST, icmp(3, 3, data=pattern(10))), "port unreachable with a quote of 10 octets",
             "icmp4-quote")
    c.packet("eth0", 5, ipv4(ASKER, HOST, echo()), "echo request that is right", "icmp4-echoed")
    c.leaves("eth0", 5, f"{BACK}echo reply, id 7 sequence 1, 32 octets")


@case("Timestamp: what time is it there?")
def icmp_timestamp(c):
    """The answer to a timestamp request has three times in milliseconds since midnight UT (RFC 792): the asker's
    own, when the request came, when the reply went. Second 0 of this capture is 22:13:20, 80000000 ms. Frame 2
    comes a quarter of a second later. To a broadcast there is no answer (RFC 1122 3.2.2.8), and a request must be
    whole, 20 octets."""
    c.runs(host())
    asked = words(7, 1) + (80000000).to_bytes(4, "big") + bytes(8)
    c.packet("eth0", 0, ipv4(ASKER, HOST, icmp(13, 0, asked)), "timestamp request", "icmp4-timestamped")
    c.packet("eth0", 0.25, ipv4(ASKER, HOST, icmp(13, 0, asked)), "the same 250 ms later", "icmp4-timestamped")
    c.frame("eth0", 1, ether(ipv4(ASKER, "10.77.1.255", icmp(13, 0, asked)), mac_of(ASKER), BROADCAST_MAC),
            "to a broadcast address",
            "icmp4-query-broadcast")
    c.packet("eth0", 2, ipv4(ASKER, HOST, icmp(13, 0, asked[:8])), "a request of 12 octets", "icmp4-short")
    c.leaves("eth0", 0, f"{BACK}timestamp reply, id 7 sequence 1, times 80000000 80000000 80000000")
    c.leaves("eth0", 0.25, f"{BACK}timestamp reply, id 7 sequence 1, times 80000000 80000250 80000250")


@case("Information request: which network is this?")
def icmp_information(c):
    """A host without an address once asked for the number of its network with an information request from network 0
    (RFC 792). RFC 6918 2.2 has retired it; the router answers it only where `icmp.information = on`, here on `lan`.
    The reply names the network by its source, and goes to the host's number on it."""
    c.runs(router(lan="icmp { information = on }"))
    c.packet("lan", 0, ipv4(ASKER, ROUTER, icmp(15, 0, words(7, 1))), "information request", "icmp4-informed")
    c.frame("lan", 1, ether(ipv4("0.0.0.10", "0.0.0.0", icmp(15, 0, words(7, 2))), mac_of(ASKER), BROADCAST_MAC),
            "information request from host 10 of network 0", "icmp4-informed")
    c.packet("wan", 2, ipv4(SERVER, BEYOND, icmp(15, 0, words(7, 3))), "information request where it is off",
             "icmp4-information-off")
    for at, sequence in (0, 1), (1, 2):
        c.leaves("lan", at, f"{ROUTER} > {ASKER}, TTL 64: information reply, id 7 sequence {sequence}")


@case("Address mask: an agent tells, others keep silent")
def icmp_address_mask(c):
    """Before DHCP a host asked for the mask of its network (RFC 950). Only an authorized agent may answer (RFC 1122
    3.2.2.9), so the router is one on `lan` alone. To a host that has no address yet the reply is a broadcast on its
    network. RFC 6918 2.4 has retired it."""
    c.runs(router(lan="icmp { address_mask = agent }"))
    c.packet("lan", 0, ipv4(ASKER, ROUTER, icmp(17, 0, words(7, 1) + bytes(4))), "address mask request",
             "icmp4-mask-told")
    c.frame("lan", 1,
            ether(ipv4("0.0.0.0", "255.255.255.255", icmp(17, 0, words(7, 2) + bytes(4))), mac_of(ASKER),
                  BROADCAST_MAC),
            "address mask request of a host without an address", "icmp4-mask-told")
    c.packet("wan", 2, ipv4(SERVER, BEYOND, icmp(17, 0, words(7, 3) + bytes(4))),
             "address mask request where we are no agent",
             "icmp4-mask-off")
    c.leaves("lan", 0, f"{ROUTER} > {ASKER}, TTL 64: address mask reply, id 7 sequence 1, mask 255.255.255.0")
    c.leaves("lan", 1,
             f"{ROUTER} > 10.77.1.255, TTL 64: address mask reply, id 7 sequence 2, mask 255.255.255.0 (broadcast frame)")


# ---- router discovery ----------------------------------------------------------------------------------------------


@case("Router discovery: a router answers a solicitation and advertises")
def router_advertisement(c):
    """A host that has just started asks all routers (224.0.0.2) who is there; the router answers with an
    advertisement to all hosts within 2 s. It also advertises unasked, at first up to three times in a row at most
    16 s apart, then every 450 to 600 s (RFC 1256 4.3). The lifetime is three times the longest interval. Look at
    the TTL of 1: an advertisement never leaves the wire. A solicitation from another network is refused."""
    c.runs(router(lan="icmp { router_discovery = on }"))
    c.frame("lan", 0, ether(ipv4(ASKER, "224.0.0.2", icmp(10), ttl=1), mac_of(ASKER), "01:00:5e:00:00:02"),
            "router solicitation",
            "icmp4-solicited")
    c.frame("lan", 9, ether(ipv4("10.99.0.1", "224.0.0.2", icmp(10), ttl=1), mac_of(ASKER), "01:00:5e:00:00:02"),
            "router solicitation from another network", "icmp4-solicitation")
    c.frame("wan", 9.5, ether(ipv4(SERVER, "224.0.0.2", icmp(10), ttl=1), mac_of(SERVER), "01:00:5e:00:00:02"),
            "router solicitation where discovery is off", "icmp4-discovery-off")
    c.leaves("lan", None, f"{ROUTER} > 224.0.0.1, TTL 1: router advertisement, lifetime 1800 s: {ROUTER} preference 0 "
             "(multicast frame 01:00:5e:00:00:01)", 3)


@case("Router discovery: a host learns its default router")
def router_learnt(c):
    """A host without a default route cannot answer one who is not on its wire: the UDP echo to 10.99.0.1 finds no
    way. An advertisement arrives (RFC 1256 5.2), and the next one is sent by way of the advertised router, of two
    the one with the higher preference. The host also asks by itself when it starts, up to three times: the
    solicitations. The last advertisement says that the router with the higher preference goes out of service
    (lifetime 0), and the other one takes over."""
    other = "10.77.1.3"
    c.runs(f"""
node h1 {{
    interface eth0 {{ address = 10.77.1.2/24  mac = 02:00:0a:4d:01:02 }}
    neighbor {ROUTER} {{ interface = eth0  mac = {mac_of(ROUTER)} }}
    neighbor {other} {{ interface = eth0  mac = {mac_of(other)} }}
    services {{ echo = 7 }}
    icmp {{ router_discovery = on }}
}}""")

    def advertised(at, router_address, preference, lifetime, what):
        body = bytes([1, 2]) + words(lifetime) + ip(router_address) + preference.to_bytes(4, "big")
        packet = ipv4(router_address, "224.0.0.1", icmp(9, 0, body[:4], body[4:]), ttl=1)
        c.frame("eth0", at, ether(packet, mac_of(router_address), "01:00:5e:00:00:01"), what, "icmp4-advertised")

    def asked(at, what, by=ROUTER):
        c.packet("eth0", at, udp("10.99.0.1", HOST, 4000 + at, 7), what, "udp-delivered", by=by)

    asked(0, "UDP echo from afar, while no router is known")
    c.leaves("eth0", None, f"{HOST} > 224.0.0.2, TTL 1: router solicitation (multicast frame 01:00:5e:00:00:02)", 3)
    advertised(21, ROUTER, 10, 1800, "a router advertises itself, preference 10")
    asked(22, "UDP echo from afar")
    advertised(23, other, 20, 1800, "another router, preference 20")
    asked(24, "UDP echo from afar")
    advertised(25, other, 20, 0, "the other router goes out of service")
    asked(26, "UDP echo from afar")
    for at, by in (22, ROUTER), (24, other), (26, ROUTER):
        c.leaves("eth0", at, f"{HOST} > 10.99.0.1, TTL 64: UDP port 7 > {4000 + at}, 16 octets (by way of {by})")


# ---- messages that are not believed, or that are of late years -----------------------------------------------------


@case("Source quench: received, and ignored")
def source_quench_received(c):
    """Once a host had to slow down when a router or host told it to (RFC 1122 3.2.2.3). RFC 6633 forbids to send
    source quench and to react to it: anybody could forge one. The host had sent a UDP answer, so the quench is
    about a packet of its own; it makes no difference, and the next answer goes out at once."""
    c.runs(host("services { echo = 7 }"))
    answer = udp(HOST, ASKER, 7, 4000)
    c.packet("eth0", 0, udp(ASKER, HOST, 4000, 7), "UDP echo request", "udp-delivered")
    c.packet("eth0", 1, ipv4(ROUTER, HOST, error(4, 0, answer)), "source quench about the answer", "icmp4-quench")
    c.packet("eth0", 1, udp(ASKER, HOST, 4000, 7), "UDP echo request", "udp-delivered")
    c.leaves("eth0", 0, f"{BACK}UDP port 7 > 4000, 16 octets")
    c.leaves("eth0", 1, f"{BACK}UDP port 7 > 4000, 16 octets")


@case("Source quench: sent, in the laboratory")
def source_quench_sent(c):
    """In 1981 a gateway without a buffer for a datagram told its source to be slower (RFC 792). RFC 6633 forbids it
    today; `icmp.source_quench.send = on` shows how it was. One packet may wait for the MAC of a next hop here
    (`arp.hold = 1`), so each further one pushes the oldest out, and its sender is told. The last one gets Host
    Unreachable in the end."""
    c.runs(router("arp { hold = 1 }\nicmp { source_quench { send = on } }"))
    gone = "10.77.2.99"
    for i in 1, 2:
        c.packet("lan", i / 10, ping(ASKER, gone, i), "echo request that is pushed out by the next one",
                 "quenched answer-sent")
        c.leaves("lan", (i + 1) / 10,
                 f"{ROUTER} > {ASKER}, TTL 64: source quench about {ASKER} > {gone}, protocol 1, TTL 64; quotes all")
    c.packet("lan", 0.3, ping(ASKER, gone, 3), "echo request", "neighbor-failed answer-sent")
    for second in range(3):
        c.leaves("wan", 0.1 + second, f"ARP request for {gone} by {BEYOND}")
    c.leaves("lan", 3.1,
             f"{ROUTER} > {ASKER}, TTL 64, TOS 0xc0: host unreachable about {ASKER} > {gone}, protocol 1, TTL 64; quotes all")


@case("Extended echo: is that interface up?")
def extended_echo(c):
    """PROBE (RFC 8335) asks a router about one of its interfaces, by name, index or address, from anywhere. Answers
    are off by default and have three switches and a list of who may ask, for they tell of a network's inside (RFC
    8335 8). The state of an interface that is up is: active, and IPv4 runs on it. Code 2: there is no such
    interface; code 3: no such entry in the table of neighbors; code 1: the question cannot be understood. RFC 8335
    4 wants a TTL of 255 and DF in the answer."""
    c.runs(router(lan="icmp { probe { answer = on  name = on  index = on  address = on  remote = on } }"))

    def asks(at, about, what, verdict="icmp4-probed", local=1, iface="lan", source=ASKER, target=ROUTER):
        extension = words(0x2000, 0) + about
        extension = words(0x2000, checksum(extension)) + about
        body = words(7) + bytes([at, local])
        c.packet(iface, at, ipv4(source, target, icmp(42, 0, body, extension)), what, verdict)

    asks(1, words(8, 0x0301) + b"wan\0", "by name: wan")
    asks(2, words(8, 0x0302) + words(0, 2), "by index: 2")
    asks(3, words(12, 0x0303) + words(1, 0x0400) + ip(BEYOND), "by address: that of wan")
    asks(4, words(8, 0x0301) + b"dmz\0", "by name: dmz, which there is not")
    asks(5, words(12, 0x0303) + words(1, 0x0400) + ip(SERVER), "about a neighbor on wan", local=0)
    asks(6, words(12, 0x0303) + words(1, 0x0400) + ip("10.77.2.99"), "about a neighbor that is not known", local=0)
    asks(7, words(8, 0x0307) + words(0, 2), "by something that RFC 8335 does not know")
    asks(8, words(8, 0x0301) + b"lan\0", "the same where it is off", "icmp4-probe-off", iface="wan", source=SERVER,
         target=BEYOND)
    reply = f"{ROUTER} > {ASKER}, TTL 255, DF: extended echo reply"
    for at in 1, 2, 3:
        c.leaves("lan", at, f"{reply}, id 7 sequence {at}, state 0 active 1 IPv4 1")
    c.leaves("lan", 4, f"{reply}: no such interface, id 7 sequence 4, state 0 active 0 IPv4 0")
    c.leaves("lan", 5, f"{reply}, id 7 sequence 5, state 2 active 0 IPv4 0")
    c.leaves("lan", 6, f"{reply}: no such table entry, id 7 sequence 6, state 0 active 0 IPv4 0")
    c.leaves("lan", 7, f"{reply}: malformed query, id 7 sequence 7, state 0 active 0 IPv4 0")


@case("Traceroute by an IP option, RFC 1393")
def traceroute_option(c):
    """RFC 1393 wanted to trace a path with n + 1 packets, not 2n: a packet with option 82 goes its way, and each
    router tells the originator named in it by an ICMP message of type 30 that it has forwarded it, after how many
    hops and to an MTU of what. It never spread and was retired (RFC 6814, RFC 6918); `icmp.traceroute1393 = on`
    brings it back. Without a route the sender hears Net Unreachable, and only that. A message of type 30 to us is
    dropped."""
    c.runs(router("icmp { traceroute1393 = on }"))
    option = bytes([82, 12]) + words(99, 3, 0xFFFF) + ip(ASKER)
    c.packet("lan", 0, ping(ASKER, SERVER, 1, options=option), "echo request with option 82, three hops counted",
             "forwarded answer-sent")
    c.packet("lan", 1, ping(ASKER, "10.99.0.1", 2, options=option), "to where no route leads",
             "ip4-no-route answer-sent")
    c.packet("lan", 2, ipv4(ASKER, ROUTER, icmp(30, 0, words(99, 0), bytes(12))), "a message of type 30 to us",
             "icmp4-type")
    c.leaves("wan", 0, f"{ASKER} > {SERVER}, TTL 63 [option 82]: echo request, id 7 sequence 1, 32 octets")
    c.leaves("lan", 0,
             f"{ROUTER} > {ASKER}, TTL 64: traceroute: forwarded, id 99, hops out 4, back 65535, speed 0, MTU 1500")
    c.leaves("lan", 1,
             f"{ROUTER} > {ASKER}, TTL 64, TOS 0xc0: net unreachable about {ASKER} > 10.99.0.1, protocol 1, TTL 64; quotes all")
