"""Frames made by hand, from values to octets: lengths and checksums are filled in, whatever is to be wrong can be named.

Addresses are text. Every host has the MAC that spells its IPv4 address: 10.77.1.10 is 02:00:0a:4d:01:0a.
"""
import struct

BROADCAST_MAC = "ff:ff:ff:ff:ff:ff"
ICMP, TCP, UDP = 1, 6, 17


def checksum(octets):
    """RFC 1071, over 16-bit words with a zero octet behind an odd one."""
    octets += b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip(text):
    return bytes(int(number) for number in text.split("."))


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def mac_of(address):
    return "02:00:" + ip(address).hex(":")


def words(*numbers):
    """16-bit numbers, high octet first."""
    return struct.pack(f">{len(numbers)}H", *numbers)


def pattern(size, start=0):
    """Data in which a shifted or missing octet shows."""
    return bytes((start + i) % 251 for i in range(size))


# ---- link ----------------------------------------------------------------------------------------------------------


def ether(payload, source, destination, kind=0x0800):
    return mac(destination) + mac(source) + words(kind) + payload


def snap(payload, source, destination, kind=0x0800):
    """IEEE 802.3 with LLC and SNAP, RFC 1042."""
    body = bytes.fromhex("aaaa03000000") + words(kind) + payload
    return ether(body, source, destination, len(body))


def arp(operation, sender, target, sender_mac=None, target_mac="00:00:00:00:00:00", source=None,
        destination=BROADCAST_MAC):
    """operation: 1 request, 2 reply. The frame's source is the sender's MAC unless `source` says otherwise."""
    sender_mac = sender_mac or mac_of(sender)
    body = words(1, 0x0800, 0x0604, operation) + mac(sender_mac) + ip(sender) + mac(target_mac) + ip(target)
    return ether(body, source or sender_mac, destination, 0x0806)


def arp_reply(sender, target, sender_mac=None):
    """`sender` tells `target` its MAC."""
    return arp(2, sender, target, sender_mac, mac_of(target), destination=mac_of(target))


# ---- IPv4 ----------------------------------------------------------------------------------------------------------


def ipv4(source, destination, payload, protocol=ICMP, ttl=64, tos=0, ident=1, dont=False, more=False, offset=0,
         options=b"", version=4, words_of_header=None, total=None, wrong_sum=False):
    """offset is in octets; options are padded with zeros; total and words_of_header only to tell a lie."""
    options += b"\0" * (-len(options) % 4)
    size = 20 + len(options)
    flags = (0x4000 if dont else 0) | (0x2000 if more else 0) | offset // 8
    header = struct.pack(">BBHHHBBH4s4s", version << 4 | (words_of_header or size // 4), tos, total or size + len(payload),
                         ident, flags, ttl, protocol, 0, ip(source), ip(destination)) + options
    total_sum = checksum(header) ^ (0x0100 if wrong_sum else 0)
    return header[:10] + words(total_sum) + header[12:] + payload


def cut(packet, *sizes):
    """Fragments of `packet`, a datagram without options: the payload in parts of these sizes and the rest."""
    header, payload, parts, offset = packet[:20], packet[20:], [], 0
    for size in list(sizes) + [len(payload) - sum(sizes)]:
        more = 0x2000 if offset + size < len(payload) else 0
        part = header[:2] + words(20 + size) + header[4:6] + words(more | offset // 8) + header[8:10] + b"\0\0" + header[12:]
        parts.append(part[:10] + words(checksum(part)) + part[12:] + payload[offset:offset + size])
        offset += size
    return parts


# ---- ICMP, UDP, TCP ------------------------------------------------------------------------------------------------


def icmp(kind, code=0, rest=b"\0\0\0\0", data=b"", wrong_sum=False):
    body = bytes([kind, code, 0, 0]) + rest + data
    total = checksum(body) ^ (0x0100 if wrong_sum else 0)
    return body[:2] + words(total) + body[4:]


def echo(ident=7, sequence=1, data=pattern(32), kind=8, code=0):
    return icmp(kind, code, words(ident, sequence), data)


def ping(source, destination, sequence=1, data=pattern(32), **header):
    return ipv4(source, destination, echo(7, sequence, data), ident=100 + sequence, **header)


def error(kind, code, about, rest=b"\0\0\0\0", size=28):
    """An ICMP error that quotes the first `size` octets of the packet `about`."""
    return icmp(kind, code, rest, about[:size])


def pseudo(source, destination, protocol, segment):
    return ip(source) + ip(destination) + bytes([0, protocol]) + words(len(segment)) + segment


def udp(source, destination, source_port, port, data=pattern(16), length=None, no_sum=False, wrong_sum=False, **header):
    """A datagram with its IPv4 header."""
    segment = words(source_port, port, length or 8 + len(data), 0) + data
    total = checksum(pseudo(source, destination, UDP, segment)) or 0xFFFF
    total = 0 if no_sum else total ^ (0x0100 if wrong_sum else 0)
    return ipv4(source, destination, segment[:6] + words(total) + data, UDP, **header)


def tcp(source, destination, source_port, port, flags, sequence=1000, acknowledged=0, data=b"", wrong_sum=False, **header):
    """A segment with its IPv4 header; flags is text such as "SA"."""
    bits = sum(1 << "FSRPAU".index(flag) for flag in flags)
    segment = struct.pack(">HHIIBBHHH", source_port, port, sequence, acknowledged, 0x50, bits, 8192, 0, 0) + data
    total = checksum(pseudo(source, destination, TCP, segment)) ^ (0x0100 if wrong_sum else 0)
    return ipv4(source, destination, segment[:16] + words(total) + segment[18:], TCP, **header)
