"""Paths through several routers: traceroute, path MTU, links that lose."""
from case import case
from frames import arp, arp_reply, echo, error, ip, ipv4, mac_of, pattern, ping, tcp, udp, words
from topology import ASKER, BEYOND, HOST, ROUTER, SERVER, host, router

SECOND, THIRD, END = "10.77.12.2", "10.77.23.3", "10.77.3.7"  # as the asker sees them


def interface(name, address, link=None, more=""):
    link = f"link = {link}  " if link else ""
    return f"    interface {name} {{ {link}address = {address}/24  mac = {mac_of(address)}{'  ' if more else ''}{more} }}\n"


def chain(line="latency = 5ms", back=True, narrow=""):
    """asker -- lan [r1] -- one -- [r2] -- two -- [r3] -- three -- eth0 [h]"""
    return f"""
# 10.77.1.10 -- lan [r1] -- one -- [r2] -- two -- [r3] -- three -- 10.77.3.7 [h]
node r1 {{
    forwarding = on
{interface("lan", ROUTER)}{interface("east", "10.77.12.1", "one")}    neighbor {ASKER} {{ interface = lan  mac = {mac_of(ASKER)} }}
    route 10.77.23.0/24 {{ via = {SECOND} }}
    route 10.77.3.0/24 {{ via = {SECOND} }}
}}
node r2 {{
    forwarding = on
{interface("west", SECOND, "one")}{interface("east", "10.77.23.2", "two", narrow)}    route 10.77.3.0/24 {{ via = {THIRD} }}
{'    route 10.77.1.0/24 { via = 10.77.12.1 }' + chr(10) if back else ''}}}
node r3 {{
    forwarding = on
{interface("west", THIRD, "two")}{interface("south", "10.77.3.1", "three")}    route default {{ via = 10.77.23.2 }}
}}
node h {{
{interface("eth0", END, "three")}    route default {{ via = 10.77.3.1 }}
}}
link one {{ {line} }}
link two {{ {line} }}
link three {{ {line} }}"""


def trace(c, probe, told, about):
    """Four probes with TTL 1 to 4, a second apart. `told(ttl)` is what the last one earns at the end."""
    c.runs(chain())
    c.leaves("east", 1, "ARP request for 10.77.12.2 by 10.77.12.1")
    for ttl in 1, 2, 3, 4:
        c.packet("lan", ttl - 1, probe(ttl), f"probe with TTL {ttl}",
                 "ip4-ttl answer-sent" if ttl == 1 else "forwarded")
        if ttl > 1:
            c.leaves("east", None, told(ttl, f"{ASKER} > {END}, TTL {ttl - 1}") + f" (by way of {SECOND})")
    for hop, (router_address, lasts) in enumerate(((ROUTER, 64), (SECOND, 63), (THIRD, 62))):
        c.leaves("lan", 0 if hop == 0 else None,
                 f"{router_address} > {ASKER}, TTL {lasts}, TOS 0xc0: time exceeded in transit about "
                 f"{ASKER} > {END}, protocol {about(hop + 1)}")


@case("Traceroute with UDP through three routers")
def traceroute_udp(c):
    """The probes go to ports where nobody listens, from 33434, with TTL 1, 2, 3, 4. Each router on the way in turn
    finds a TTL of 1 and tells (RFC 1812 5.3.1); the host at the end has no such port and says so (RFC 1122
    4.1.3.1). The quotes show the TTL as it was there, always 1. The first packets to each next hop wait for ARP.
    Look at the times: every link takes 5 ms."""
    trace(c, lambda ttl: udp(ASKER, END, 40000, 33433 + ttl, pattern(32), ttl=ttl),
          lambda ttl, flow: f"{flow}: UDP port 40000 > {33433 + ttl}, 32 octets",
          lambda ttl: f"17, TTL 1, port {33433 + ttl}; quotes all")
    c.leaves("lan", None,
             f"{END} > {ASKER}, TTL 61: port unreachable about {ASKER} > {END}, protocol 17, TTL 1, port 33437; quotes all")


@case("Traceroute with ICMP through three routers")
def traceroute_icmp(c):
    """As with UDP, but the probes are echo requests, and the host at the end answers with an echo reply. An echo
    request is no ICMP error, so errors about it are permitted (RFC 1122 3.2.2)."""
    trace(c, lambda ttl: ping(ASKER, END, ttl, ttl=ttl), lambda ttl,
          flow: f"{flow}: echo request, id 7 sequence {ttl}, 32 octets",
          lambda ttl: "1, TTL 1; quotes all")
    c.leaves("lan", None, f"{END} > {ASKER}, TTL 61: echo reply, id 7 sequence 4, 32 octets")


@case("Traceroute with TCP through three routers")
def traceroute_tcp(c):
    """The probes are SYN segments to port 80, which pass where a firewall stops UDP and ping. At the end nobody
    listens, and a reset says that the host is reached (RFC 9293 3.10.7.1)."""
    trace(c, lambda ttl: tcp(ASKER, END, 40000 + ttl, 80, "S", 1000, ttl=ttl),
          lambda ttl, flow: f"{flow}: TCP port {40000 + ttl} > 80 SYN, sequence 1000, acknowledges 0",
          lambda ttl: "6, TTL 1, port 80; quotes all")
    c.leaves("lan", None, f"{END} > {ASKER}, TTL 61, DF: TCP port 80 > 40004 RST ACK, sequence 0, acknowledges 1001")


# ---- path MTU ------------------------------------------------------------------------------------------------------


@case("Path MTU discovery: fragmentation needed")
def fragmentation_needed(c):
    """The way on takes 1,400 octets only, and the sender has forbidden fragments (DF). The router drops the packet
    and says so, with the MTU of the next hop (code 4, RFC 1191 4), so that the sender can send shorter ones: 1,400
    octets pass, 1,401 would not. Without DF the router makes fragments instead."""
    c.runs(router(wan="mtu = 1400"))
    for at, size, verdict in (0, 1500, "ip4-too-big answer-sent"), (1, 1401, "ip4-too-big answer-sent"), (2, 1400,
                                                                                                          "forwarded"):
        c.packet("lan", at, ping(ASKER, SERVER, at, pattern(size - 28), dont=True),
                 f"echo request of {size} octets, DF", verdict)
        if size > 1400:
            c.leaves("lan", at, f"{ROUTER} > {ASKER}, TTL 64, TOS 0xc0: fragmentation needed, MTU 1400 about "
                     f"{ASKER} > {SERVER}, protocol 1, TTL 64; quotes 548 of {size} octets")
    c.packet("lan", 3, ping(ASKER, SERVER, 3, pattern(1472)), "echo request of 1500 octets, without DF",
             "ip4-fragmented")
    c.leaves("wan", 2, f"{ASKER} > {SERVER}, TTL 63, DF: echo request, id 7 sequence 2, 1372 octets")
    c.leaves("wan", 3, f"{ASKER} > {SERVER}, TTL 63: fragment, octets 0 to 1375")
    c.leaves("wan", 3, f"{ASKER} > {SERVER}, TTL 63: fragment, octets 1376 to 1479, the last")


@case("Path MTU discovery: a host learns")
def path_mtu_learnt(c):
    """The other side of the same: our host has sent a datagram of 1,228 octets, and a router beyond says that 1,000
    is the most. It quotes what we sent, so it is believed (RFC 1191 6.3, RFC 5927 7.2), and the next answer leaves
    in fragments of at most 1,000 octets. An MTU below `pmtu.floor` (552) teaches the floor only: a forged one of 68
    would make a packet of every 48 octets. A message about a larger MTU than was ever sent is doubted."""
    c.runs(host("services { echo = 7 }"))
    asked, answer = udp(ASKER, HOST, 4000, 7, pattern(1200)), udp(HOST, ASKER, 7, 4000, pattern(1200))

    def too_big(at, mtu, what, verdict):
        c.packet("eth0", at, ipv4(ROUTER, HOST, error(3, 4, answer, words(0, mtu))), what, verdict)

    c.packet("eth0", 0, asked, "UDP echo request of 1228 octets", "udp-delivered")
    too_big(1, 1400, "fragmentation needed, MTU 1400, about the answer", "icmp4-mtu-doubted")
    too_big(2, 1000, "fragmentation needed, MTU 1000", "icmp4-mtu-learned")
    c.packet("eth0", 3, asked, "UDP echo request of 1228 octets", "udp-delivered")
    too_big(4, 68, "fragmentation needed, MTU 68", "icmp4-mtu-learned")
    c.packet("eth0", 5, asked, "UDP echo request of 1228 octets", "udp-delivered")
    c.leaves("eth0", 0, f"{HOST} > {ASKER}, TTL 64: UDP port 7 > 4000, 1200 octets")
    for at, spans in (3, ("0 to 975", "976 to 1207, the last")), (5,
                                                                  ("0 to 527", "528 to 1055",
                                                                   "1056 to 1207, the last")):
        for span in spans:
            c.leaves("eth0", at, f"{HOST} > {ASKER}, TTL 64: fragment, octets {span}")


@case("A path MTU black hole")
def mtu_black_hole(c):
    """The second router's link to the third takes 1,000 octets only, and that router has no way back to the sender:
    its Fragmentation Needed gets lost. Small packets pass; large ones with DF vanish without a word, and the sender
    learns nothing. (The answer comes back by the third router over another link, as the paths of the real Internet
    are not symmetric either.) This is what a firewall that drops all ICMP does to its users; RFC 2923 2.1 tells the
    story, RFC 4821 how to live with it. The large one without DF arrives, in fragments."""
    c.runs(chain(back=False, narrow="mtu = 1000").replace("route default { via = 10.77.23.2 }",
           "route default { via = 10.77.13.1 }").replace(
           'mac = 02:00:0a:4d:03:01 }\n',
           f'mac = 02:00:0a:4d:03:01 }}\n{interface("back", "10.77.13.3", "four")}').replace(
           f'    neighbor {ASKER}',
           f'{interface("back", "10.77.13.1", "four")}    neighbor {ASKER}') + "\nlink four { latency = 5ms }")
    for at, size, dont in (0, 60, True), (1, 1500, True), (2, 1000, True), (3, 1500, False):
        what = f"echo request of {size} octets" + (", DF" if dont else "")
        c.packet("lan", at, ping(ASKER, END, at, pattern(size - 28), dont=dont), what, "forwarded")
        c.leaves("east", None,
                 f"{ASKER} > {END}, TTL 63{', DF' if dont else ''}: echo request, id 7 sequence {at}, {size - 28} octets "
                 f"(by way of {SECOND})")
        if size != 1500 or not dont:
            c.leaves("lan", None, f"{END} > {ASKER}, TTL 62: echo reply, id 7 sequence {at}, {size - 28} octets")
    c.out_lines["east"].insert(0, (0, f"ARP request for {SECOND} by 10.77.12.1"))
    c.leaves("back", None, "ARP reply to 10.77.13.3: 10.77.13.1 is at 02:00:0a:4d:0d:01")


BACK_BY_CHANCE = (1, 2, 4, 3, 7, 8, 10, 13, 13, 12, 16, 14, 17)  # the replies of lossy_link, by the seed of its link


@case("A link that loses, duplicates and delays")
def lossy_link(c):
    """Two routers and a link that loses a fifth of the frames, sends a tenth twice and lets a fifth be overtaken.
    Twenty echo requests go to a host behind it. All of that is chance, and yet every run is the same: the chance
    comes from the `seed` of the link. Change it, and another set of answers comes back. The verdicts are those of
    the first router, which forwards all."""
    c.runs(chain(line="latency = 5ms").replace("link two { latency = 5ms }",
           "link two { latency = 5ms  loss = 20%  duplicate = 10%  reorder = 20%  seed = 7 }"))
    c.leaves("east", 0, f"ARP request for {SECOND} by 10.77.12.1")
    for i in range(20):
        c.packet("lan", i / 500 + (2 if i else 0), ping(ASKER, END, i), "echo request", "forwarded")
        c.leaves("east", None,
                 f"{ASKER} > {END}, TTL 63: echo request, id 7 sequence {i}, 32 octets (by way of {SECOND})")
    for i in BACK_BY_CHANCE:
        c.leaves("lan", None, f"{END} > {ASKER}, TTL 61: echo reply, id 7 sequence {i}, 32 octets")


@case("A capture of another network, and of another router")
def foreign_capture(c):
    """A capture that somebody made at home: a laptop asks for its router, pings a host of the Internet and traces the
    first hop. Would r1 do the same? The file `options` fits the capture to r1: other networks, our MAC in place of the
    other router's, and only what the laptop sent, since the answers of that router are in the capture too. A filter
    speaks the addresses of the capture. r1 says who has the address (RFC 826), forwards the ping, and tells of the TTL
    that ran out (RFC 1812 5.3.1); the name that the laptop asked for is left out. All checksums are right again."""
    home, laptop, there = "192.168.1.1", "192.168.1.20", "203.0.113.7"
    c.runs(f"""
# A router in place of the one at home. It knows the MACs of the laptop and of the host there.
node r1 {{
    forwarding = on
    interface lan {{ address = {ROUTER}/24  mac = {mac_of(ROUTER)} }}
    interface wan {{ address = {BEYOND}/24  mac = {mac_of(BEYOND)} }}
    neighbor 10.77.1.20 {{ interface = lan  mac = {mac_of(laptop)} }}
    neighbor {SERVER} {{ interface = wan  mac = {mac_of(SERVER)} }}
}}""")
    c.reads("--dst-mac router", "--rewrite 192.168.1.0/24=10.77.1.0/24", "--rewrite 203.0.113.0/24=10.77.2.0/24",
            f"--filter ether src {mac_of(laptop)} and not port 53")
    c.frame("lan", 0, arp(1, laptop, home), "the laptop asks who is its router", "arp-answered")
    c.frame("lan", 0.001, arp_reply(home, laptop), "its router's answer, left out", "")
    c.packet("lan", 0.002, udp(laptop, home, 4000, 53), "it asks for a name, left out", "", to=home)
    c.packet("lan", 1, ping(laptop, there, 1), "echo request", "forwarded", to=home)
    c.packet("lan", 1.01, ipv4(there, laptop, echo(kind=0), ttl=57), "the reply as it came then, left out", "", by=home,
             to=laptop)
    c.packet("lan", 2, udp(laptop, there, 4001, 33434, ttl=1), "first probe of a traceroute", "ip4-ttl answer-sent",
             to=home)
    c.leaves("lan", 0, f"ARP reply to 10.77.1.20: {ROUTER} is at {mac_of(ROUTER)}")
    c.leaves("lan", 2,
             f"{ROUTER} > 10.77.1.20, TTL 64, TOS 0xc0: time exceeded in transit about 10.77.1.20 > {SERVER}, protocol 17, "
             f"TTL 1, port 33434; quotes all (by way of {laptop})")
    c.leaves("wan", 1, f"10.77.1.20 > {SERVER}, TTL 63: echo request, id 7 sequence 1, 32 octets")


@case("Record route")
def record_route(c):
    """Each router writes the address by which it sends the packet on into the option, as long as there is room (RFC
    791 3.1, RFC 1812 5.2.4.1), and who answers copies the option, so that the way back is recorded too (RFC 1122
    3.2.2.6). The option here has room for six: three for the way there, one for the host, two for the way back."""
    c.runs(chain())
    option = bytes([1, 7, 27, 4]) + bytes(24)
    c.packet("lan", 0, ping(ASKER, END, 1, options=option), "echo request with a record route of six places",
             "forwarded")
    there, back = f"10.77.12.1 10.77.23.2 10.77.3.1 {END}", f"{THIRD} {SECOND}"
    c.leaves("east", 0, f"ARP request for {SECOND} by 10.77.12.1")
    c.leaves("east", 0.01,
             f"{ASKER} > {END}, TTL 63 [record route at 8: 10.77.12.1{' 0.0.0.0' * 5}]: echo request, id 7 sequence 1, "
             f"32 octets (by way of {SECOND})")
    c.leaves("lan", 0.06,
             f"{END} > {ASKER}, TTL 61 [record route at 28: {there} {back}]: echo reply, id 7 sequence 1, 32 octets")


@case("Timestamp option")
def timestamp_option(c):
    """Each router writes its address and the time in milliseconds since midnight UT into the option (RFC 791 3.1;
    flag 1). Four fit. Those that find no room count one up in the overflow field: on the way back the third and
    second router and, when the packet arrives here again, the first. Second 0 is 80000000 ms, and each link takes 5
    ms; the steps beyond that are ARP on the way."""
    c.runs(chain())
    option = bytes([68, 36, 5, 1]) + bytes(32)
    c.packet("lan", 0, ping(ASKER, END, 1, options=option), "echo request with a timestamp option, address and time",
             "forwarded")
    first, rest = "10.77.12.1 80000010", f"10.77.23.2 80000025, 10.77.3.1 80000040, {END} 80000045"
    c.leaves("east", 0, f"ARP request for {SECOND} by 10.77.12.1")
    c.leaves("east", 0.01,
             f"{ASKER} > {END}, TTL 63 [timestamps at 13, overflow 0: {first}{', 0.0.0.0 0' * 3}]: echo request, id 7 "
             f"sequence 1, 32 octets (by way of {SECOND})")
    c.leaves("lan", 0.06,
             f"{END} > {ASKER}, TTL 61 [timestamps at 37, overflow 3: {first}, {rest}]: echo reply, id 7 sequence 1, 32 octets")
