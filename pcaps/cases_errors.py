"""ICMP errors: unreachable, time exceeded, parameter problem, redirect, and when none may be sent."""
from case import case
from frames import (BROADCAST_MAC, cut, error, ether, icmp, ip, ipv4, mac_of, pattern, ping, tcp, udp, words)
from topology import ASKER, BEYOND, FAR, GATEWAY, HOST, ROUTER, SERVER, host, router


def from_router(what, about, to=ASKER):
    """An error of r1, with precedence 6 (RFC 1812 4.3.2.5)."""
    return f"{ROUTER} > {to}, TTL 64, TOS 0xc0: {what} about {about}"


def from_host(what, about, to=ASKER):
    return f"{HOST} > {to}, TTL 64: {what} about {about}"


@case("Net unreachable: no route leads there")
def net_unreachable(c):
    """A router without a route to the destination tells its source so: destination unreachable, code 0 (RFC 1812
    4.3.3.1). The quote has the whole packet as it came, for up to 576 octets of message (RFC 1812 4.3.2.3): the
    third packet is too long for that. Errors of a router have precedence 6, internetwork control (RFC 1812
    4.3.2.5): TOS 0xc0."""
    c.runs(router())
    nowhere = "10.99.0.1"
    c.packet("lan", 0, ping(ASKER, nowhere, 1), "echo request to where no route leads", "ip4-no-route answer-sent")
    c.packet("lan", 1, udp(ASKER, nowhere, 4000, 53), "UDP", "ip4-no-route answer-sent")
    c.packet("lan", 2, ping(ASKER, nowhere, 2, pattern(1472)), "echo request of 1,500 octets",
             "ip4-no-route answer-sent")
    c.leaves("lan", 0, from_router("net unreachable", f"{ASKER} > {nowhere}, protocol 1, TTL 64; quotes all"))
    c.leaves("lan", 1, from_router("net unreachable", f"{ASKER} > {nowhere}, protocol 17, TTL 64, port 53; quotes all"))
    c.leaves("lan", 2,
             from_router("net unreachable", f"{ASKER} > {nowhere}, protocol 1, TTL 64; quotes 548 of 1500 octets"))


@case("Protocol unreachable: nobody here speaks it")
def protocol_unreachable(c):
    """A datagram for us, of a protocol that we do not have, here 253 (for experiments, RFC 3692) and GRE:
    destination unreachable, code 2 (RFC 1122 3.2.2.1)."""
    c.runs(host())
    c.packet("eth0", 0, ipv4(ASKER, HOST, pattern(20), 253), "protocol 253", "ip4-protocol answer-sent")
    c.packet("eth0", 1, ipv4(ASKER, HOST, words(0, 0x0800) + ping(ASKER, HOST), 47), "GRE", "ip4-protocol answer-sent")
    c.leaves("eth0", 0, from_host("protocol unreachable", f"{ASKER} > {HOST}, protocol 253, TTL 64; quotes all"))
    c.leaves("eth0", 1, from_host("protocol unreachable", f"{ASKER} > {HOST}, protocol 47, TTL 64; quotes all"))


@case("Port unreachable: nobody listens")
def port_unreachable(c):
    """UDP to a port without a socket: destination unreachable, code 3 (RFC 1122 4.1.3.1); this is how traceroute
    knows that it has arrived. The socket on port 7 gets its datagram. To a broadcast there is no error, whatever
    the port (RFC 1122 3.2.2)."""
    c.runs(host("services { echo = 7 }"))
    c.packet("eth0", 0, udp(ASKER, HOST, 4000, 33434), "UDP to port 33434", "udp-port answer-sent")
    c.packet("eth0", 1, udp(ASKER, HOST, 4000, 7), "UDP to port 7", "udp-delivered")
    c.frame("eth0", 2, ether(udp(ASKER, "10.77.1.255", 4000, 33434), mac_of(ASKER), BROADCAST_MAC),
            "UDP to port 33434 of everybody",
            "udp-port answer-destination")
    c.leaves("eth0", 0, from_host("port unreachable", f"{ASKER} > {HOST}, protocol 17, TTL 64, port 33434; quotes all"))
    c.leaves("eth0", 1, f"{HOST} > {ASKER}, TTL 64: UDP port 7 > 4000, 16 octets")


@case("Routes that refuse: unreachable, prohibit, blackhole")
def route_kinds(c):
    """Three routes have no next hop. `unreachable` answers Host Unreachable (code 1), `prohibit` Communication
    Administratively Prohibited (code 13, RFC 1812 5.2.7.1), and `blackhole` says nothing. A longer prefix wins: one
    host of the prohibited network can be reached."""
    c.runs(router("""
route 10.60.0.0/16 { type = unreachable }
route 10.66.0.0/16 { type = prohibit }
route 10.66.0.7/32 { via = 10.77.2.254 }
route 10.67.0.0/16 { type = blackhole }"""))
    c.packet("lan", 0, ping(ASKER, "10.60.0.1", 1), "echo request to an unreachable network",
             "ip4-unreachable answer-sent")
    c.packet("lan", 1, ping(ASKER, "10.66.0.1", 2), "to a prohibited one", "ip4-prohibited answer-sent")
    c.packet("lan", 2, ping(ASKER, "10.66.0.7", 3), "to its one host that is not", "forwarded")
    c.packet("lan", 3, ping(ASKER, "10.67.0.1", 4), "into the black hole", "ip4-blackhole")
    c.leaves("lan", 0, from_router("host unreachable", f"{ASKER} > 10.60.0.1, protocol 1, TTL 64; quotes all"))
    c.leaves("lan", 1,
             from_router("administratively prohibited", f"{ASKER} > 10.66.0.1, protocol 1, TTL 64; quotes all"))
    c.leaves("wan", 2, f"{ASKER} > 10.66.0.7, TTL 63: echo request, id 7 sequence 3, 32 octets (by way of {GATEWAY})")


@case("Unreachable for this type of service")
def tos_unreachable(c):
    """Routes may be for one type of service (RFC 1349, RFC 1812 5.3.2): here one network is reached with low delay
    (TOS 0x10) only, and one host with high throughput (0x08) only. A packet of another TOS earns code 11, or 12
    where the route is one host's. RFC 2474 has since given the octet another meaning, so only files that say `tos`
    see this."""
    c.runs(router("""
route 10.61.0.0/16 { via = 10.77.2.254  tos = 16 }
route 10.62.0.7/32 { via = 10.77.2.254  tos = 8 }"""))
    c.packet("lan", 0, ping(ASKER, "10.61.0.1", 1, tos=0x10), "with TOS 0x10 to the network for 0x10", "forwarded")
    c.packet("lan", 1, ping(ASKER, "10.61.0.1", 2), "with TOS 0 to the same", "ip4-no-tos answer-sent")
    c.packet("lan", 2, ping(ASKER, "10.62.0.7", 3, tos=0x04), "with TOS 0x04 to the host for 0x08",
             "ip4-no-tos-host answer-sent")
    c.leaves("wan", 0,
             f"{ASKER} > 10.61.0.1, TTL 63, TOS 0x10: echo request, id 7 sequence 1, 32 octets (by way of {GATEWAY})")
    c.leaves("lan", 1,
             from_router("net unreachable for this TOS", f"{ASKER} > 10.61.0.1, protocol 1, TTL 64; quotes all"))
    c.leaves("lan", 2, f"{ROUTER} > {ASKER}, TTL 64, TOS 0xc4: host unreachable for this TOS about "
             f"{ASKER} > 10.62.0.7, protocol 1, TTL 64; quotes all")


@case("Time exceeded: the TTL runs out")
def time_exceeded(c):
    """A router takes one from the TTL of each packet that it forwards; at zero it drops it and tells the source
    (RFC 1812 5.3.1). The quote shows the TTL as it came. For an address of the router itself a TTL of 1 is enough,
    and even 0 (RFC 1122 3.2.1.7, the last two); with a TTL of 2 a packet leaves with 1."""
    c.runs(router())
    c.packet("lan", 0, ping(ASKER, SERVER, 1, ttl=1), "echo request with TTL 1", "ip4-ttl answer-sent")
    c.packet("lan", 1, ping(ASKER, SERVER, 2, ttl=0), "with TTL 0", "ip4-ttl answer-sent")
    c.packet("lan", 2, ping(ASKER, SERVER, 3, ttl=2), "with TTL 2", "forwarded")
    c.packet("lan", 3, ping(ASKER, BEYOND, 4, ttl=1), "with TTL 1 to the router's other address", "icmp4-echoed")
    for at, ttl in (0, 1), (1, 0):
        c.leaves("lan", at,
                 from_router("time exceeded in transit", f"{ASKER} > {SERVER}, protocol 1, TTL {ttl}; quotes all"))
    c.leaves("wan", 2, f"{ASKER} > {SERVER}, TTL 1: echo request, id 7 sequence 3, 32 octets")
    c.leaves("lan", 3, f"{BEYOND} > {ASKER}, TTL 64: echo reply, id 7 sequence 4, 32 octets")
    c.packet("lan", 4, ping(ASKER, ROUTER, 5, ttl=0), "with TTL 0 to the router", "icmp4-echoed")
    c.leaves("lan", 4, f"{ROUTER} > {ASKER}, TTL 64: echo reply, id 7 sequence 5, 32 octets")


@case("Parameter problem: a pointer to the wrong octet")
def parameter_problem(c):
    """A header that makes no sense earns a parameter problem, whose pointer counts octets of the header from 0 (RFC
    792, RFC 1122 3.2.2.5): the length of an option is at 21, if the option is the first. So does a total length
    beyond the frame (RFC 1812 5.2.2), whose pointer is at the total length, 2. Two source routes are forbidden (RFC
    1812 5.2.4.1)."""
    c.runs(router("ip { option { lsrr = process } }"))
    route = bytes([131, 7, 4]) + ip(FAR)
    c.packet("lan", 0, ping(ASKER, SERVER, 1, options=bytes([7, 0, 4, 0])), "record route with length 0",
             "ip4-option-length answer-sent")
    c.packet("lan", 1, ping(ASKER, SERVER, 2, options=bytes([1, 1, 1, 7, 9, 4, 0, 0])),
             "record route that leaves the header",
             "ip4-option-length answer-sent")
    c.packet("lan", 2, ping(ASKER, SERVER, 3, options=bytes([7, 7, 3]) + bytes(4)), "record route with pointer 3",
             "ip4-option-route answer-sent")
    c.packet("lan", 3, ping(ASKER, ROUTER, 4, options=route + bytes([137, 7, 4]) + ip(FAR)), "two source routes",
             "ip4-option-two-routes answer-sent")
    c.packet("lan", 4, ping(ASKER, SERVER, 5, total=100), "total length 100 in a frame with 60",
             "ip4-truncated answer-sent")
    for at, octet in (0, 21), (1, 24), (2, 22):
        c.leaves("lan", at,
                 from_router("parameter problem, octet " + str(octet),
                             f"{ASKER} > {SERVER}, protocol 1, TTL 64; quotes all"))
    c.leaves("lan", 3,
             from_router("parameter problem, octet 27", f"{ASKER} > {ROUTER}, protocol 1, TTL 64; quotes all"))
    c.leaves("lan", 4,
             from_router("parameter problem, octet 2",
                         f"{ASKER} > {SERVER}, protocol 1, TTL 64; quotes 60 of 100 octets"))


@case("When no error may be sent")
def silence(c):
    """RFC 1122 3.2.2 lists it: no ICMP error about an ICMP error, about a packet to a broadcast or multicast, about
    a frame that was one on the link, about a later fragment, nor to a source that is no single host. Each packet
    here would earn an error; its second verdict says why there is none. The last one is the control, an ICMP query:
    it may earn an error."""
    c.runs(router())
    old = udp(SERVER, ASKER, 53, 4000)
    first, later = cut(ping(ASKER, SERVER, 1, pattern(80), ttl=1), 48)
    c.packet("lan", 0, ipv4(ASKER, SERVER, error(3, 3, old), ttl=1), "an ICMP error with TTL 1",
             "ip4-ttl answer-about-error")
    c.packet("lan", 1, ipv4(ASKER, SERVER, icmp(200), ttl=1), "an ICMP message of unknown type with TTL 1",
             "ip4-ttl answer-about-error")
    c.packet("lan", 2, first, "a first fragment with TTL 1: the control of the next", "ip4-ttl answer-sent")
    c.packet("lan", 3, later, "its later fragment", "ip4-ttl answer-fragment")
    c.frame("lan", 4, ether(udp(ASKER, "255.255.255.255", 4000, 9), mac_of(ASKER), BROADCAST_MAC),
            "UDP to a broadcast, nobody listens",
            "udp-port answer-destination")
    c.frame("lan", 5, ether(udp(ASKER, "224.0.0.1", 4000, 9, ttl=1), mac_of(ASKER), "01:00:5e:00:00:01"),
            "UDP to a group, nobody listens",
            "udp-port answer-destination")
    c.packet("lan", 6, ping(ASKER, SERVER, 2, ttl=1), "an echo request with TTL 1", "ip4-ttl answer-sent")
    for at, rest in (2, "quotes all"), (6, "quotes all"):
        c.leaves("lan", at, from_router("time exceeded in transit", f"{ASKER} > {SERVER}, protocol 1, TTL 1; {rest}"))


@case("Errors that tell of the interface (RFC 4884, RFC 5837)")
def extensions(c):
    """With `icmp.extensions.interface = on` a time exceeded says where the packet arrived: index, address, name and
    MTU of the interface. They stand behind the quote, which RFC 4884 then pads to 128 octets at least; the length
    field in the header counts it in words of four octets. Off by default: it tells of the inside of a network (RFC
    5837 6)."""
    c.runs(router("icmp { extensions { interface = on } }"))
    c.packet("lan", 0, ping(ASKER, SERVER, 1, ttl=1), "echo request with TTL 1", "ip4-ttl answer-sent")
    c.packet("lan", 1, udp(ASKER, "10.99.0.1", 4000, 53), "UDP to where no route leads", "ip4-no-route answer-sent")
    tells = "quotes all, padded to 128; extensions version 2, extension class 2 role 0 (index 1, address 10.77.1.1, name lan, MTU 1500)"
    c.leaves("lan", 0, from_router("time exceeded in transit", f"{ASKER} > {SERVER}, protocol 1, TTL 1; {tells}"))
    c.leaves("lan", 1, from_router("net unreachable", f"{ASKER} > 10.99.0.1, protocol 17, TTL 64, port 53; {tells}"))


# ---- redirects -----------------------------------------------------------------------------------------------------


@case("Redirect: a router knows a better first hop")
def redirect_sent(c):
    """The asker sends to 10.77.8.8 by way of the router, but the way there leads back through the same wire to
    10.77.1.254. The router forwards the packet all the same, and tells the asker (RFC 1812 5.2.7.2): redirect for
    the host, code 1, with the quote of what came. If the asker does not heed it, reminders are limited:
    `icmp.redirect.burst` for one pair of addresses. A source that is no neighbor gets none: it sent by way of
    somebody else."""
    c.runs(router("""
neighbor 10.77.1.254 { interface = lan  mac = 02:00:0a:4d:01:fe }
route 10.77.8.0/24 { via = 10.77.1.254 }
icmp { redirect { burst = 2 } }"""))
    there, better = "10.77.8.8", "10.77.1.254"
    for i in range(4):
        c.packet("lan", i / 10, ping(ASKER, there, i), "echo request by way of the wrong router",
                 "forwarded answer-sent" if i < 2 else "forwarded answer-rate-destination")
        if i < 2:
            c.leaves("lan", i / 10, f"{ROUTER} > {ASKER}, TTL 64, TOS 0xc0: redirect for the host, by {better} about "
                     f"{ASKER} > {there}, protocol 1, TTL 64; quotes all")
        c.leaves("lan", i / 10,
                 f"{ASKER} > {there}, TTL 63: echo request, id 7 sequence {i}, 32 octets (by way of {better})")
    c.packet("lan", 5, ping("10.55.0.1", there, 9), "one from a source that is no neighbor", "forwarded",
             by="10.77.1.20")
    c.leaves("lan", 5, f"10.55.0.1 > {there}, TTL 63: echo request, id 7 sequence 9, 32 octets (by way of {better})")


@case("Redirect: a host takes the better first hop")
def redirect_accepted(c):
    """The host answers one who is far away by way of its default router. That one says that 10.77.1.3 is nearer:
    the redirect comes from the present first hop, names a router on the same network and quotes a packet of ours
    (RFC 1122 3.2.2.2). The next answer goes by way of 10.77.1.3; to another destination nothing changes. Ten
    minutes later (`icmp.redirect.timeout`) it is forgotten; this capture ends before."""
    c.runs(host("services { echo = 7 }\nneighbor 10.77.1.3 { interface = eth0  mac = 02:00:0a:4d:01:03 }"))
    better = "10.77.1.3"
    c.packet("eth0", 0, udp(FAR, HOST, 4000, 7), "UDP echo request from afar", "udp-delivered", by=ROUTER)
    c.packet("eth0", 1, ipv4(ROUTER, HOST, error(5, 1, udp(HOST, FAR, 7, 4000), ip(better))),
             "redirect to 10.77.1.3 for that host",
             "icmp4-redirected")
    c.packet("eth0", 2, udp(FAR, HOST, 4000, 7), "UDP echo request from the same host", "udp-delivered", by=ROUTER)
    c.packet("eth0", 3, udp("10.77.9.10", HOST, 4000, 7), "UDP echo request from its neighbor", "udp-delivered",
             by=ROUTER)
    for at, to, by in (0, FAR, ROUTER), (2, FAR, better), (3, "10.77.9.10", ROUTER):
        c.leaves("eth0", at, f"{HOST} > {to}, TTL 64: UDP port 7 > 4000, 16 octets (by way of {by})")


@case("Redirect: forged ones are refused")
def redirect_forged(c):
    """Whoever can make a host believe a redirect reads its traffic. RFC 1122 3.2.2.2 has the rules: it must come
    from our present first hop for that destination, and name a router on the network where it arrived. A router
    believes none (RFC 1812 5.2.7.2). After all of them the answer still goes by way of the default router."""
    c.runs(host("services { echo = 7 }"))
    answer, evil = udp(HOST, FAR, 7, 4000), "10.77.1.66"

    def redirect(at, source, gateway, about, code, what, verdict, by=None):
        c.packet("eth0", at, ipv4(source, HOST, error(5, code, about, ip(gateway))), what, verdict, by)

    c.packet("eth0", 0, udp(FAR, HOST, 4000, 7), "UDP echo request from afar", "udp-delivered", by=ROUTER)
    redirect(1, evil, evil, answer, 1, "from a neighbor that is not our router", "icmp4-redirect-sender")
    redirect(2, ROUTER, "10.99.0.1", answer, 1, "to a router of another network", "icmp4-redirect-off-subnet", evil)
    redirect(3, ROUTER, HOST, answer, 1, "to ourselves", "icmp4-redirect-gateway", evil)
    redirect(4, ROUTER, evil, answer, 7, "with code 7", "icmp4-redirect-code", evil)
    redirect(5, ROUTER, evil, udp(HOST, ASKER, 7, 4000), 1, "for a host that is our neighbor",
             "icmp4-redirect-on-link", evil)
    redirect(6, ROUTER, evil, udp(SERVER, FAR, 7, 4000), 1, "about a packet that is not ours", "icmp4-quote-not-ours",
             evil)
    c.packet("eth0", 7, udp(FAR, HOST, 4000, 7), "UDP echo request from afar", "udp-delivered", by=ROUTER)
    for at in 0, 7:
        c.leaves("eth0", at, f"{HOST} > {FAR}, TTL 64: UDP port 7 > 4000, 16 octets (by way of {ROUTER})")


# ---- rate and forgery ----------------------------------------------------------------------------------------------


@case("A flood against the limit of errors")
def error_rate(c):
    """Sixty datagrams to closed ports in a tenth of a second. Each would earn an error; an attacker who forges the
    source would make us flood a third party. So errors are limited (RFC 1812 4.3.2.8): six at once and one a second
    to one host (`icmp.destination`). Each packet's second verdict says which limit it met. Another host is told at
    once, for it has a bucket of its own; and the echo reply is no error."""
    c.runs(host())
    for i in range(60):
        verdict = "udp-port answer-sent" if i < 6 else "udp-port answer-rate-destination"
        c.packet("eth0", i / 600, udp(ASKER, HOST, 4000, 9, ident=i), "UDP to a closed port", verdict)
        if i < 6:
            c.leaves("eth0", i / 600,
                     from_host("port unreachable", f"{ASKER} > {HOST}, protocol 17, TTL 64, port 9; quotes all"))
    c.packet("eth0", 0.1, udp(ROUTER, HOST, 4000, 9), "UDP of another host to a closed port", "udp-port answer-sent")
    c.leaves("eth0", 0.1,
             from_host("port unreachable", f"{ROUTER} > {HOST}, protocol 17, TTL 64, port 9; quotes all", ROUTER))
    c.packet("eth0", 0.1, ping(ASKER, HOST, 1), "echo request", "icmp4-echoed")
    c.leaves("eth0", 0.1, f"{HOST} > {ASKER}, TTL 64: echo reply, id 7 sequence 1, 32 octets")
    c.packet("eth0", 2.5, udp(ASKER, HOST, 4000, 9), "UDP to a closed port, seconds later", "udp-port answer-sent")
    c.leaves("eth0", 2.5, from_host("port unreachable", f"{ASKER} > {HOST}, protocol 17, TTL 64, port 9; quotes all"))


@case("Forged errors")
def attack_forged_error(c):
    """An attacker who is not on the path sends errors to end or slow down a conversation that he can only guess
    (RFC 5927). The quote must be of a packet that we sent: from our address, of a flow that some socket has. What
    is left tells the socket. The last one quotes what really was sent: it is told, and nothing else happens."""
    c.runs(host("services { echo = 7 }"))
    c.packet("eth0", 0, udp(ASKER, HOST, 4000, 7), "UDP echo request", "udp-delivered")
    c.packet("eth0", 1, ipv4(ROUTER, HOST, error(3, 1, udp(SERVER, ASKER, 7, 4000))),
             "host unreachable about a packet of somebody else",
             "icmp4-quote-not-ours")
    c.packet("eth0", 2, ipv4(ROUTER, HOST, error(3, 3, udp(HOST, ASKER, 99, 4000))),
             "port unreachable about a port that we do not use",
             "icmp4-no-flow")
    c.packet("eth0", 3, ipv4(ROUTER, HOST, error(3, 1, tcp(HOST, ASKER, 80, 4000, "A"))),
             "host unreachable about a TCP connection",
             "icmp4-no-flow")
    c.packet("eth0", 4, ipv4(ROUTER, HOST, error(3, 2, ipv4(HOST, ASKER, pattern(8), 47))),
             "protocol unreachable about GRE",
             "icmp4-quote-protocol")
    c.packet("eth0", 5, ipv4(ROUTER, HOST, error(11, 0, ipv4(HOST, ASKER, pattern(8), 17, offset=64))),
             "time exceeded about a later fragment",
             "icmp4-quote-fragment")
    c.packet("eth0", 6, ipv4(ROUTER, HOST, error(3, 1, udp(HOST, ASKER, 7, 4000))),
             "host unreachable about the answer that was sent",
             "icmp4-noticed")
    c.packet("eth0", 7, udp(ASKER, HOST, 4000, 7), "UDP echo request", "udp-delivered")
    for at in 0, 7:
        c.leaves("eth0", at, f"{HOST} > {ASKER}, TTL 64: UDP port 7 > 4000, 16 octets")
