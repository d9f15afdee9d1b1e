"""Link layer and ARP."""
from case import case
from frames import BROADCAST_MAC, arp, arp_reply, ether, mac_of, pattern, ping, snap
from topology import ASKER, BEYOND, FAR, HOST, ROUTER, SERVER, host, router

REPLY = f"{HOST} > {ASKER}, TTL 64: echo reply, id 7 sequence "


@case("Frames of all kinds: Ethernet II, SNAP, VLAN tags, and those for others")
def link_frames(c):
    """A TAP device hands over everything, so the stack does what a network card does for others: it takes frames
    for its own MAC and for groups, and leaves the rest. IPv4 is understood in Ethernet II (RFC 894) and in IEEE
    802.3 frames with SNAP (RFC 1042; RFC 1122 2.3.3 wants that a host does); the answer is always Ethernet II. Tags
    of IEEE 802.1Q, other EtherTypes and other LLC frames are told apart by their verdicts. A short datagram is
    padded to 60 octets on a real wire: look at frame 2, whose padding is no part of the echo."""
    c.runs(host())
    me, him = mac_of(HOST), mac_of(ASKER)
    c.packet("eth0", 0, ping(ASKER, HOST, 1), "echo request in Ethernet II", "icmp4-echoed")
    c.frame("eth0", 1, ether(ping(ASKER, HOST, 2, b"ab") + b"\xee" * 16, him, me),
            "echo request of 2 octets, padded with 0xee",
            "icmp4-echoed")
    c.frame("eth0", 2, snap(ping(ASKER, HOST, 3), him, me), "echo request in IEEE 802.3 with SNAP", "icmp4-echoed")
    c.frame("eth0", 3, ether(bytes.fromhex("00010800") + ping(ASKER, HOST, 4), him, me, 0x8100),
            "echo request with the tag of VLAN 1",
            "ether-vlan")
    c.frame("eth0", 4, ether(bytes.fromhex("424203") + bytes(35), him, "01:80:c2:00:00:00", 38),
            "spanning tree, LLC without SNAP",
            "ether-length")
    c.frame("eth0", 5, ether(bytes([0x60]) + bytes(59), him, "33:33:00:00:00:01", 0x86DD), "IPv6 to all nodes",
            "ether-type")
    c.frame("eth0", 6, ether(ping(ASKER, HOST, 7), him, mac_of(ROUTER)), "echo request in a frame for another MAC",
            "ether-not-ours")
    c.frame("eth0", 7, ether(ping(ASKER, HOST, 8), him, BROADCAST_MAC),
            "echo request for one host in a broadcast frame",
            "ip4-link-broadcast")
    c.frame("eth0", 8, ether(ping(ASKER, HOST, 9), me, me), "echo request from our own MAC", "ether-own-source")
    c.frame("eth0", 9, ether(ping(ASKER, HOST, 10), "01:00:5e:00:00:01", me), "echo request from a group's MAC",
            "ether-group-source")
    c.frame("eth0", 10, pattern(13), "13 octets, less than an Ethernet header", "ether-short")
    for sequence, size in (1, 32), (2, 2), (3, 32):
        c.leaves("eth0", sequence - 1, f"{REPLY}{sequence}, {size} octets")


@case("ARP: a host asks who has an address, and is asked")
def arp_ask_and_answer(c):
    """A stranger asks for our MAC, as every conversation on an Ethernet begins (RFC 826). The request also tells
    who asks: the answer, and the echo reply after it, need no request of our own. A request for somebody else makes
    nobody known; so when that host pings us, we must ask for it first, and the echo reply waits until it answers. A
    probe (RFC 5227 2.1.1) has no sender address yet, and is answered all the same: the address is in use."""
    c.runs(host())
    new, other = "10.77.1.20", "10.77.1.30"
    c.frame("eth0", 0, arp(1, new, HOST), "ARP request for us", "arp-answered")
    c.packet("eth0", 0.5, ping(new, HOST, 1), "echo request of the one who asked", "icmp4-echoed")
    c.frame("eth0", 1, arp(1, other, ROUTER), "ARP request for the router", "arp-overheard")
    c.packet("eth0", 2, ping(other, HOST, 2), "echo request of the one who did not ask for us", "icmp4-echoed")
    c.frame("eth0", 2.25, arp_reply(other, HOST), "ARP reply to our request", "arp-learned")
    c.frame("eth0", 3, arp(1, "0.0.0.0", HOST, mac_of(other)), "ARP probe for our address", "arp-answered")
    c.frame("eth0", 4, arp(1, other, other), "ARP announcement of a neighbor that we know", "arp-learned")
    c.frame("eth0", 5, arp(3, other, HOST), "operation 3, which is RARP's", "arp-opcode")
    c.leaves("eth0", 0, f"ARP reply to {new}: {HOST} is at {mac_of(HOST)}")
    c.leaves("eth0", 0.5, f"{HOST} > {new}, TTL 64: echo reply, id 7 sequence 1, 32 octets")
    c.leaves("eth0", 2, f"ARP request for {other} by {HOST}")
    c.leaves("eth0", 2.25, f"{HOST} > {other}, TTL 64: echo reply, id 7 sequence 2, 32 octets")
    c.leaves("eth0", 3, f"ARP reply to 0.0.0.0: {HOST} is at {mac_of(HOST)}")


@case("ARP that is broken or lies")
def arp_broken(c):
    """ARP has no checksum and no proof of who speaks; all that can be done is to refuse what cannot be true. RFC
    826 says which fields to look at and in which order; RFC 1812 3.3.2 adds that nobody is at a broadcast or
    multicast MAC, RFC 5227 that a sender address must be one that a host can have. None of these frames changes the
    neighbor table: the ping at the end is answered to the MAC that the network file names."""
    c.runs(host())
    good = arp(1, ASKER, HOST)
    c.frame("eth0", 0, good[:-1], "an ARP request that ends one octet early", "arp-short")
    c.frame("eth0", 1, good[:14] + b"\0\x06" + good[16:], "hardware type 6 in an Ethernet II frame", "arp-hardware")
    c.frame("eth0", 2, good[:16] + b"\x86\xdd" + good[18:], "protocol IPv6", "arp-protocol")
    c.frame("eth0", 3, good[:18] + b"\x08\x04" + good[20:], "hardware addresses of 8 octets", "arp-lengths")
    c.frame("eth0", 4, arp(2, ASKER, HOST, BROADCAST_MAC, source=mac_of(ASKER), destination=mac_of(HOST)),
            "claims that a host is at the broadcast MAC", "arp-sender-mac")
    c.frame("eth0", 5, arp(2, ASKER, HOST, "01:00:5e:01:02:03", source=mac_of(ASKER), destination=mac_of(HOST)),
            "claims that a host is at a multicast MAC", "arp-sender-mac")
    c.frame("eth0", 6, arp(1, "224.0.0.1", HOST, mac_of(ASKER)), "a multicast group asks", "arp-sender-martian")
    c.frame("eth0", 7, arp(1, SERVER, HOST), "a host of another network asks", "arp-off-subnet")
    c.frame("eth0", 8, arp(2, ASKER, HOST, "02:00:00:00:06:66", destination=mac_of(HOST)),
            "another MAC for a neighbor that was set by hand", "arp-permanent")
    c.packet("eth0", 9, ping(ASKER, HOST, 1), "echo request", "icmp4-echoed")
    c.leaves("eth0", 9, f"{REPLY}1, 32 octets")


@case("ARP conflict: a host gives up its address")
def arp_conflict(c):
    """A second machine was given our address. It announces itself (RFC 5227 2.3), and we notice: a sender address
    that is ours beside a MAC that is not. We defend the address with one announcement. The other one claims it
    again within ten seconds, so it will not yield, and a host gives up (RFC 5227 2.4 b): the ping at the end is no
    longer for us, and the other one may have it."""
    c.runs(host())
    evil = "02:00:00:00:06:66"
    c.packet("eth0", 0, ping(ASKER, HOST, 1), "echo request", "icmp4-echoed")
    c.frame("eth0", 2, arp(1, HOST, HOST, evil), "another MAC announces our address", "arp-conflict")
    c.frame("eth0", 5, arp(1, HOST, HOST, evil), "again, within ten seconds", "arp-conflict")
    c.packet("eth0", 6, ping(ASKER, HOST, 2), "echo request", "ip4-not-forwarding")
    c.leaves("eth0", 0, f"{REPLY}1, 32 octets")
    c.leaves("eth0", 2, f"ARP announcement of {HOST}")


@case("ARP conflict: a router keeps its address")
def arp_defence(c):
    """Everybody behind a router depends on its address, so it defends it for ever and never gives it up (RFC 5227
    2.4 c), but announces it at most once in ten seconds: two machines that both defended at once would fill the
    wire."""
    c.runs(router())
    for at in 2, 5, 20:
        c.frame("lan", at, arp(1, ROUTER, ROUTER, "02:00:00:00:06:66"), "another MAC announces our address",
                "arp-conflict")
    c.packet("lan", 21, ping(ASKER, ROUTER, 1), "echo request", "icmp4-echoed")
    for at in 2, 20:
        c.leaves("lan", at, f"ARP announcement of {ROUTER}")
    c.leaves("lan", 21, f"{ROUTER} > {ASKER}, TTL 64: echo reply, id 7 sequence 1, 32 octets")


@case("Address conflict detection: an address is probed before it is used")
def arp_probe(c):
    """With `arp.acd = on` a host asks three times whether its new address is taken, before it uses it, and then
    announces it twice (RFC 5227 2.1, 2.3). When each probe leaves is left to chance within the bounds of 2.1.1,
    here to the chance of the seed. Meanwhile it answers nobody: look at the first ping."""
    c.runs(host("arp { acd = on }"))
    c.packet("eth0", 0, ping(ASKER, HOST, 1), "echo request while the address is being probed", "ip4-not-forwarding")
    c.packet("eth0", 20, ping(ASKER, HOST, 2), "echo request", "icmp4-echoed")
    c.leaves("eth0", None, f"ARP probe for {HOST}", 3)
    c.leaves("eth0", None, f"ARP announcement of {HOST}", 2)
    c.leaves("eth0", 20, f"{REPLY}2, 32 octets")


@case("Packets wait for a MAC, in order")
def arp_hold(c):
    """The first packet to a next hop whose MAC is not known must not be lost (RFC 1122 2.3.2.2): it waits while ARP
    asks, and so do those behind it, up to `arp.hold`. When the answer comes they leave in the order in which they
    came. The verdict of a packet that waited is told under its own number when it leaves: compare `time_ns` and
    `settled_ns`."""
    c.runs(router())
    for i in range(4):
        c.packet("lan", i / 100, ping(ASKER, "10.77.2.50", i + 1),
                 f"echo request {i + 1} for a host whose MAC is unknown", "forwarded")
        c.leaves("wan", 0.25, f"{ASKER} > 10.77.2.50, TTL 63: echo request, id 7 sequence {i + 1}, 32 octets")
    c.frame("wan", 0.25, arp_reply("10.77.2.50", BEYOND), "ARP reply", "arp-learned")
    c.out_lines["wan"].insert(0, (0, f"ARP request for 10.77.2.50 by {BEYOND}"))


@case("ARP is not answered: host unreachable")
def arp_unanswered(c):
    """Nobody has the address. The router asks three times, one second apart (RFC 1122 2.3.2.1 wants at most one a
    second), then gives up: the packets that waited are refused and their sender gets Host Unreachable (RFC 1812
    3.3.2, 5.2.7.1), once for all that waited. Another sender is told as well. For a short while afterwards the next
    hop is known not to answer."""
    c.runs(router("neighbor 10.77.1.11 { interface = lan  mac = 02:00:0a:4d:01:0b }"))
    gone, second = "10.77.2.99", "10.77.1.11"
    c.packet("lan", 0, ping(ASKER, gone, 1), "echo request for a host that is not there", "neighbor-failed answer-sent")
    c.packet("lan", 0.5, ping(ASKER, gone, 2), "another one", "neighbor-failed answer-told")
    c.packet("lan", 1, ping(second, gone, 1), "one of another sender", "neighbor-failed answer-sent")
    for at in 0, 1, 2:
        c.leaves("wan", at, f"ARP request for {gone} by {BEYOND}")
    for sender in ASKER, second:
        c.leaves("lan", 3,
                 f"{ROUTER} > {sender}, TTL 64, TOS 0xc0: host unreachable about {sender} > {gone}, protocol 1, TTL 64; quotes all")


@case("An ARP storm")
def arp_storm(c):
    """A loop in a network of switches, or a worm that scans: a hundred requests in a tenth of a second. Those for
    others cost a look at the target and no more; they may not fill the neighbor table (RFC 826: an entry is made
    only if the target is us). Each that is for us is answered. The ping in the middle of it is answered as ever."""
    c.runs(host())
    for i in range(100):
        if i == 50:
            c.packet("eth0", 0.05, ping(ASKER, HOST, 1), "echo request amid the storm", "icmp4-echoed")
            c.leaves("eth0", 0.05, f"{REPLY}1, 32 octets")
        sender, target = f"10.77.1.{i + 20}", HOST if i % 20 == 19 else f"10.77.1.{(i * 7 + 3) % 200 + 20}"
        what = "ARP request for us" if target == HOST else "ARP request for another"
        c.frame("eth0", i / 1000, arp(1, sender, target), what, "arp-answered" if target == HOST else "arp-overheard")
        if target == HOST:
            c.leaves("eth0", i / 1000, f"ARP reply to {sender}: {HOST} is at {mac_of(HOST)}")


@case("Proxy ARP: a router answers for the hosts behind it")
def arp_proxy(c):
    """A host believes that the whole of 10.77/16 is on its wire and asks for a host that is behind the router. With
    `arp.proxy = on` the router answers with its own MAC (RFC 1027 2.2), and the packet that follows is forwarded.
    It does not answer for hosts on the asker's own wire, for those that it has no route to, nor for broadcasts."""
    c.runs(router(lan="arp { proxy = on }"))
    c.frame("lan", 0, arp(1, ASKER, SERVER), "ARP request for a host behind the router", "arp-proxied")
    c.packet("lan", 0.1, ping(ASKER, SERVER, 1), "echo request to the MAC that was told", "forwarded")
    c.frame("lan", 1, arp(1, ASKER, FAR), "ARP request for a host behind the next router", "arp-proxied")
    c.frame("lan", 2, arp(1, ASKER, "10.77.1.99"), "ARP request for a host on the same wire", "arp-overheard")
    c.frame("lan", 3, arp(1, ASKER, "10.99.0.1"), "ARP request for a host to which there is no route", "arp-overheard")
    c.frame("lan", 4, arp(1, ASKER, "10.77.2.255"), "ARP request for a broadcast address", "arp-overheard")
    for at, target in (0, SERVER), (1, FAR):
        c.leaves("lan", at, f"ARP reply to {ASKER}: {target} is at {mac_of(ROUTER)}")
    c.leaves("wan", 0.1, f"{ASKER} > {SERVER}, TTL 63: echo request, id 7 sequence 1, 32 octets")


@case("ARP poisoning, and a stack that doubts")
def arp_poisoning(c):
    """An attacker tells a host that the MAC of its neighbor has changed, so as to be in the middle of their
    conversation. RFC 826 believes whoever speaks last. With `arp.inspect = on` the host first asks the old MAC
    whether it is still there; as it answers, the attacker is not believed, and the ping at the end is answered to
    the right MAC. Replies that nobody asked for are refused, and so is ARP whose sender is not the frame's."""
    c.runs(host("arp { inspect = on }"))
    new, evil = "10.77.1.20", "02:00:00:00:06:66"
    c.frame("eth0", 0, arp(1, new, HOST), "ARP request of a neighbor", "arp-answered")
    c.packet("eth0", 0.1, ping(new, HOST, 1), "its echo request", "icmp4-echoed")
    c.frame("eth0", 2, arp(1, new, HOST, evil), "a request that names another MAC for it", "arp-doubted")
    c.frame("eth0", 2.2, arp_reply(new, HOST), "the true neighbor answers", "arp-learned")
    c.frame("eth0", 3, arp(2, "10.77.1.77", HOST, evil, mac_of(HOST), destination=mac_of(HOST)),
            "a reply that nobody asked for",
            "arp-unasked")
    c.frame("eth0", 4, arp(1, "10.77.1.30", HOST, source=evil), "ARP names a sender that the frame does not have",
            "arp-sender-frame")
    c.packet("eth0", 5, ping(new, HOST, 2), "echo request of the neighbor", "icmp4-echoed")
    c.leaves("eth0", 0, f"ARP reply to {new}: {HOST} is at {mac_of(HOST)}")
    c.leaves("eth0", 0.1, f"{HOST} > {new}, TTL 64: echo reply, id 7 sequence 1, 32 octets")
    c.leaves("eth0", 2, f"ARP request for {new} by {HOST}")
    c.leaves("eth0", 5, f"{HOST} > {new}, TTL 64: echo reply, id 7 sequence 2, 32 octets")
