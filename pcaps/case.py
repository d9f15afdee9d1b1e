"""A case: a network, frames that arrive, the verdict that each must get and the frames that must leave.

What must happen is written by hand, from the RFCs, beside what is sent; `make --record` compares it with what tapir did.
"""
import os
import re
import struct

from frames import ether, mac_of

START = 1700000000  # second 0 of every case
HERE = os.path.dirname(os.path.abspath(__file__))
ORIGIN = "Origin: made for this project by `pcaps/make`; licence: MIT, that of the program."
CASES = []          # in the order of the table in README.md


def case(title):
    """Makes a function that fills a Case one of the cases. Its name is the folder's, its docstring the story."""
    def add(fill):
        CASES.append((fill.__name__.replace("_", "-"), title, fill))
        return fill
    return add


class Case:
    def __init__(self, name, title, fill):
        self.name, self.title = name, title
        self.story = "\n".join(line[4:] if line.startswith("    ") else line for line in fill.__doc__.strip().split("\n"))
        self.network, self.watched, self.in_frames, self.out_lines = "", "", {}, {}
        self.start, self.kept, self.origin, self.options = START, [], ORIGIN, []
        fill(self)
        self.order = sorted((frame for frames in self.in_frames.values() for frame in frames),
                            key=lambda frame: frame["at"])

    def runs(self, network):
        """The network file. Its first node is the one whose interfaces are meant."""
        self.network = network.strip("\n") + "\n"
        self.watched = re.search(r"^node (\S+) \{(.*?)^\}", self.network, re.M | re.S)
        self.node = self.watched[1]
        self.interfaces = dict(re.findall(r"interface (\w+) +\{[^}]*?address = \{? *([\d.]+)/", self.watched[2]))
        self.out_lines = {iface: [] for iface in self.interfaces}

    def reads(self, *options):
        """How the captures are read: lines of the file `options`."""
        self.options = list(options)

    def frame(self, iface, at, octets, what, verdict):
        """A whole frame arrives at second `at`. The verdict stands with what became of the message that it earns, if any;
        without a verdict it is left out by a filter."""
        frames = self.in_frames.setdefault(iface, [])
        assert not frames or frames[-1]["at"] <= at, (self.name, what, "comes too early")
        frames.append({"iface": iface, "at": at, "octets": octets, "what": what, "verdict": verdict,
                       "number": len(frames) + 1})

    def packet(self, iface, at, packet, what, verdict, by=None, to=None):
        """An IPv4 packet arrives, from the MAC of its source or of `by`, for our MAC or that of `to`."""
        source = by or ".".join(str(octet) for octet in packet[12:16])
        octets = ether(packet, mac_of(source), mac_of(to or self.interfaces[iface]))
        self.frame(iface, at, octets, what, verdict)

    def keeps(self, iface, origin, told):
        """The input is a file of somebody else's that lies in the folder. told: what each frame is, and its verdict."""
        path = os.path.join(HERE, self.name, f"in-{iface}.pcap")
        self.start, self.origin = int(read_capture(path, 0)[0][0]), origin
        self.kept.append(iface)
        frames = read_capture(path, self.start)
        assert len(frames) == len(told), (self.name, len(frames), len(told))
        for (at, octets), (what, verdict) in zip(frames, told):
            self.frame(iface, at, octets, what, verdict)

    def leaves(self, iface, at, line, times=1):
        """A frame must leave, of which tell.py says `line`. at: its second, "+" and one or None where chance decides."""
        self.out_lines[iface] += [(at, line)] * times


# ---- captures ------------------------------------------------------------------------------------------------------


def nanoseconds(second):
    return round(second * 1000000) * 1000


def capture(frames):
    """A classic pcap file with microseconds, Ethernet."""
    octets = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
    for frame in frames:
        seconds, rest = divmod(nanoseconds(frame["at"]), 1000000000)
        size = len(frame["octets"])
        octets += struct.pack("<IIII", START + seconds, rest // 1000, size, size) + frame["octets"]
    return octets


def read_capture(path, start):
    """Second since `start` and octets of each frame of a pcap file, low octets first, as tapir writes them."""
    with open(path, "rb") as file:
        octets, frames, at = file.read(), [], 24
    units = {0xA1B23C4D: 1000000000, 0xA1B2C3D4: 1000000}[struct.unpack("<I", octets[:4])[0]]
    while at < len(octets):
        seconds, rest, size, _ = struct.unpack("<IIII", octets[at:at + 16])
        frames.append((seconds - start + rest / units, octets[at + 16:at + 16 + size]))
        at += 16 + size
    return frames
