"""Says in one line what a frame is, and checks all its checksums on the way: "WRONG" stands in the line if one fails."""
import struct

from frames import ICMP, TCP, UDP, checksum, mac_of, pseudo

ICMP_NAMES = {
    (0, 0): "echo reply", (8, 0): "echo request", (3, 0): "net unreachable", (3, 1): "host unreachable",
    (3, 2): "protocol unreachable", (3, 3): "port unreachable", (3, 4): "fragmentation needed",
    (3, 5): "source route failed", (3, 11): "net unreachable for this TOS", (3, 12): "host unreachable for this TOS",
    (3, 13): "administratively prohibited", (4, 0): "source quench", (5, 0): "redirect for the network",
    (5, 1): "redirect for the host", (9, 0): "router advertisement", (10, 0): "router solicitation",
    (11, 0): "time exceeded in transit", (11, 1): "time exceeded in reassembly", (12, 0): "parameter problem",
    (13, 0): "timestamp request", (14, 0): "timestamp reply", (15, 0): "information request",
    (16, 0): "information reply", (17, 0): "address mask request", (18, 0): "address mask reply",
    (30, 0): "traceroute: forwarded", (30, 1): "traceroute: no route", (42, 0): "extended echo request",
    (43, 0): "extended echo reply", (43, 1): "extended echo reply: malformed query",
    (43, 2): "extended echo reply: no such interface", (43, 3): "extended echo reply: no such table entry",
    (43, 4): "extended echo reply: several interfaces",
}


def dotted(octets):
    return ".".join(str(octet) for octet in octets)


def number(octets):
    return int.from_bytes(octets, "big")


def wrong(is_right):
    return "" if is_right else " WRONG CHECKSUM"


# ---- ICMP ----------------------------------------------------------------------------------------------------------


def quoted(octets):
    """The packet that an error is about: its flow, its TTL and how much of it is quoted."""
    header, total = (octets[0] & 15) * 4, number(octets[2:4])
    flow = f"{dotted(octets[12:16])} > {dotted(octets[16:20])}, protocol {octets[9]}, TTL {octets[8]}"
    if octets[9] in (TCP, UDP) and number(octets[6:8]) & 0x1FFF == 0:
        flow += f", port {number(octets[header + 2:header + 4])}"
    size = "all" if len(octets) == total else f"{len(octets)} of {total} octets"
    if len(octets) > total:
        size = f"all, padded to {len(octets)}" if not any(octets[total:]) else "WRONG PADDING"
    return f"about {flow}; quotes {size}"


def extension_object(octets):
    """RFC 4884 object; of class 2 (RFC 5837) the parts are told."""
    size, kind, sub = struct.unpack(">HBB", octets[:4])
    body, parts = octets[4:size], []
    if kind == 2 and sub & 8:
        parts, body = [f"index {number(body[:4])}"], body[4:]
    if kind == 2 and sub & 4:
        parts, body = parts + [f"address {dotted(body[4:8])}"], body[8:]
    if kind == 2 and sub & 2:
        parts, body = parts + [f"name {body[1:body[0]].rstrip(bytes(1)).decode()}"], body[body[0]:]
    if kind == 2 and sub & 1:
        parts, body = parts + [f"MTU {number(body[:4])}"], body[4:]
    return f"extension class {kind} role {sub >> 6} ({', '.join(parts)})", octets[size:]


def extensions(octets):
    text, rest = f" version {octets[0] >> 4}{wrong(checksum(octets) == 0)}", octets[4:]
    while rest:
        told, rest = extension_object(rest)
        text += ", " + told
    return "; extensions" + text


def icmp_error(kind, code, octets):
    """Errors: what the second word says, the quote, extensions."""
    second = ""
    if (kind, code) == (3, 4):
        second = f", MTU {number(octets[6:8])}"
    if kind == 5:
        second = f", by {dotted(octets[4:8])}"
    if kind == 12:
        second = f", octet {octets[4]}"
    words_of_quote = octets[5] if kind in (3, 11, 12) else 0
    if words_of_quote == 0:
        return f"{second} {quoted(octets[8:])}"
    quote, rest = octets[8:8 + words_of_quote * 4], octets[8 + words_of_quote * 4:]
    return f"{second} {quoted(quote)}{extensions(rest)}"


def icmp_query(kind, octets):
    text = f", id {number(octets[4:6])} sequence {number(octets[6:8])}"
    if kind in (13, 14):
        return text + f", times {number(octets[8:12])} {number(octets[12:16])} {number(octets[16:20])}"
    if kind in (17, 18):
        return text + f", mask {dotted(octets[8:12])}"
    if kind in (42, 43):
        state = f", state {octets[7] >> 5} active {octets[7] >> 2 & 1} IPv4 {octets[7] >> 1 & 1}" if kind == 43 else ""
        return f", id {number(octets[4:6])} sequence {octets[6]}{state}"
    return text + (f", {len(octets) - 8} octets" if kind in (0, 8) else "")


def icmp_notice(kind, octets):
    """Messages that nobody asked for: advertisements and RFC 1393."""
    if kind == 9:
        addresses = [f"{dotted(octets[i:i + 4])} preference {number(octets[i + 4:i + 8])}" for i in range(8,
                                                                                                          len(octets),
                                                                                                          8)]
        return f", lifetime {number(octets[6:8])} s: {', '.join(addresses)}"
    if kind == 30:
        out, back, speed, mtu = struct.unpack(">HHII", octets[8:20])
        return f", id {number(octets[4:6])}, hops out {out}, back {back}, speed {speed}, MTU {mtu}"
    return ""


def tell_icmp(octets):
    kind, code = octets[0], octets[1]
    text = ICMP_NAMES.get((kind, code), f"ICMP type {kind} code {code}")
    if kind in (3, 4, 5, 11, 12):
        text += icmp_error(kind, code, octets)
    elif kind in (9, 10, 30):
        text += icmp_notice(kind, octets)
    else:
        text += icmp_query(kind, octets)
    return text + wrong(checksum(octets) == 0)


# ---- the rest ------------------------------------------------------------------------------------------------------


def tell_tcp(octets):
    source, port, sequence, acknowledged, _, flags = struct.unpack(">HHIIBB", octets[:14])
    names = " ".join(name for i, name in enumerate(("FIN", "SYN", "RST", "PSH", "ACK", "URG")) if flags & 1 << i)
    return f"TCP port {source} > {port} {names}, sequence {sequence}, acknowledges {acknowledged}"


def tell_payload(packet, header):
    protocol, payload, offset = packet[9], packet[header:], (number(packet[6:8]) & 0x1FFF) * 8
    more = number(packet[6:8]) & 0x2000
    if offset or more:
        return f"fragment, octets {offset} to {offset + len(payload) - 1}" + \
               ("" if more else ", the last")
    total = pseudo(dotted(packet[12:16]), dotted(packet[16:20]), protocol, payload)
    if protocol == ICMP:
        return tell_icmp(payload)
    if protocol == UDP:
        told = f"UDP port {number(payload[:2])} > {number(payload[2:4])}, {len(payload) - 8} octets"
        return told + wrong(payload[6:8] == b"\0\0" or checksum(total) == 0)
    if protocol == TCP:
        return tell_tcp(payload) + wrong(checksum(total) == 0)
    return f"protocol {protocol}, {len(payload)} octets"


def tell_options(octets):
    """Route and timestamp options with what stands in them, others by number."""
    parts = []
    while octets and octets[0] != 0:
        if octets[0] == 1:
            octets = octets[1:]
            continue
        option, octets = octets[:octets[1]], octets[octets[1]:]
        name = {7: "record route", 131: "loose source route", 137: "strict source route"}.get(option[0])
        if name:
            parts.append(f"{name} at {option[2]}: " + " ".join(dotted(option[i:i + 4]) for i in range(3,
                                                                                                      len(option) - 3,
                                                                                                      4)))
        elif option[0] == 68:
            flag, step = option[3] & 15, 4 if option[3] & 15 == 0 else 8
            stamps = [option[i:i + step] for i in range(4, len(option), step)]
            told = [(dotted(stamp[:4]) + " " if flag else "") + str(number(stamp[-4:])) for stamp in stamps]
            parts.append(f"timestamps at {option[2]}, overflow {option[3] >> 4}: " + ", ".join(told))
        else:
            parts.append(f"option {option[0]}")
    return f" [{'; '.join(parts)}]" if parts else ""


def tell_ipv4(packet):
    header, total = (packet[0] & 15) * 4, number(packet[2:4])
    tos = f", TOS 0x{packet[1]:02x}" if packet[1] else ""
    dont = ", DF" if number(packet[6:8]) & 0x4000 else ""
    text = f"{dotted(packet[12:16])} > {dotted(packet[16:20])}, TTL {packet[8]}{tos}{dont}"
    return text + tell_options(packet[20:header]) + wrong(checksum(packet[:header]) == 0) + ": " + \
        tell_payload(packet[:total], header)


def tell_arp(octets):
    operation, sender, target = number(octets[6:8]), dotted(octets[14:18]), dotted(octets[24:28])
    if operation == 2:
        return f"ARP reply to {target}: {sender} is at {octets[8:14].hex(':')}"
    if sender == "0.0.0.0":
        return f"ARP probe for {target}"
    return f"ARP announcement of {sender}" if sender == target else f"ARP request for {target} by {sender}"


def next_hop(frame, destination):
    """Nothing if the frame goes to the MAC of its IPv4 destination, else to whom."""
    address = frame[:6].hex(":")
    if address == mac_of(destination):
        return ""
    if frame[0] & 1:
        return " (broadcast frame)" if address == "ff:ff:ff:ff:ff:ff" else f" (multicast frame {address})"
    return f" (by way of {dotted(frame[2:6])})" if frame[:2] == b"\x02\0" else f" (to {address})"


def tell(frame):
    kind = number(frame[12:14])
    if kind == 0x0806:
        return tell_arp(frame[14:])
    if kind != 0x0800:
        return f"EtherType 0x{kind:04x}"
    return tell_ipv4(frame[14:]) + next_hop(frame, dotted(frame[30:34]))
