"""What is measured, of whom, and the goals. Next: report.py

A row names its contestants; a goal compares tapir with the best of some of them. Values are rates unless `less` is set.
"""

FORWARDERS = ["epoll", "drain", "uring", "merge", "uring-merge"]
WITH_HEADERS = ["epoll-vnet", "drain-vnet", "uring-vnet", "merge-vnet", "uring-merge-vnet"]
VARIANTS = ["", "-epoll", "-uring"]


def variants(name):
    return [name + variant for variant in VARIANTS]


class Goal:
    """tapir at least (or, where less is better, at most) `bound` times the best of `others`."""
    def __init__(self, bound, *others):
        self.bound, self.others = bound, others


class Row:
    less = False
    scale, unit = 1e6, "M/s"

    def __init__(self, name, title, contestants, tapir, goals):
        self.name, self.title, self.goals, self.tapir = name, title, goals, tapir
        self.contestants = contestants + variants(tapir)
        self.remarks = {}

    def remark(self, it, text):
        """What must be said of a contestant's figure, once for each round in which it is so."""
        self.remarks.setdefault(it.name, []).append(text)


class Flood(Row):
    """UDP frames as fast as the device takes them: `burst` frames of a flow in a row; size 0 is IMIX."""
    def __init__(self, name, title, flows, burst, size, contestants, goals):
        super().__init__(name, title, contestants, "tapir", goals)
        self.shape = (flows, burst, size)

    def ends(self, it):
        return (it.stage.a, it.a, it.stage.b, it.source, it.destination, *self.shape)

    def intact(self, it):
        return it.stage.load("verify", *self.ends(it), 4000)

    def measure(self, it, seconds):
        found = it.stage.load("flood", *self.ends(it), seconds, 0)
        if found.get("lost", 0) > found.get("frames", 0) / 100:
            self.remark(it, "the receiver was too slow: more than this")
        elif found and found["refused"] == 0 and found["frames"] > found["sent"] * 0.98:
            self.remark(it, "as fast as the load sends: perhaps more than this")
        return found.get("rate")


class Cpu(Flood):
    less, scale, unit = True, 1e3, "µs"

    def measure(self, it, seconds):
        before = it.cpu_ns()
        frames = it.stage.load("flood", *self.ends(it), seconds, 100000).get("frames")
        return (it.cpu_ns() - before) / frames if frames else None


class Tcp(Row):
    scale, unit = 1, "Gbit/s"

    def __init__(self, name, title, streams, contestants, tapir, goals):
        super().__init__(name, title, contestants, tapir, goals)
        self.streams = streams

    def intact(self, it):
        return it.stage.load("verify", it.stage.a, it.a, it.stage.b, it.source, it.destination, 16, 32, 1514, 4000)

    def measure(self, it, seconds):
        return it.stage.load("tcp", it.stage.a, it.stage.b, it.destination, self.streams, seconds + 0.1).get("gbit")


class Ping(Row):
    less, scale, unit = True, 1, "µs"
    window, key = 1, "p50"

    def intact(self, it):
        answered = it.stage.load("ping", it.stage.a, it.destination, 1, 0.02).get("answered", 0)
        return {"good": answered, "bad": 0, "total": answered} if answered else {}

    def measure(self, it, seconds):
        return it.stage.load("ping", it.stage.a, it.destination, self.window, seconds).get(self.key)


class PingRate(Ping):
    less, scale, unit = False, 1e6, "M/s"
    window, key = 128, "rate"


def all_rows():
    bursts = [Goal(0.9, "merge"), Goal(0.9, "uring-merge"), Goal(1.5, "kernel")]
    forwarders = FORWARDERS + ["kernel"]
    headers = [Goal(0.95, *WITH_HEADERS), Goal(0.9, "kernel")]
    plain = [Goal(1.0, "uring")]
    frame_by_frame = FORWARDERS + ["kernel-plain", "tapir-merge"]
    hosts = ["echo-epoll", "echo-uring"]
    return [
        Flood("mixed-64", "64-byte frames, every one of another flow", 64, 1, 64, forwarders, [Goal(0.92, "drain")]),
        Flood("burst-64", "64-byte frames, bursts of a flow", 24, 32, 64, forwarders, bursts),
        Flood("burst-1514", "1514-byte frames, bursts of a flow", 24, 32, 1514, forwarders, bursts),
        Flood("burst-imix", "IMIX, bursts of a flow", 24, 32, 0, forwarders, bursts),
        Tcp("tcp-1", "TCP, 1 stream, offloads on", 1, WITH_HEADERS + ["kernel"], "tapir", headers),
        Tcp("tcp-4", "TCP, 4 streams, offloads on", 4, WITH_HEADERS + ["kernel"], "tapir", headers),
        Tcp("tcp-1-plain", "TCP, 1 stream, offloads off", 1, frame_by_frame, "tapir-plain", plain),
        Tcp("tcp-4-plain", "TCP, 4 streams, offloads off", 4, frame_by_frame, "tapir-plain", plain),
        Ping("echo-rtt", "echo host, round trip, p50", hosts, "tapir-host", [Goal(1.05, "echo-epoll")]),
        PingRate("echo-rate", "echo host, 128 pings in flight", hosts, "tapir-host", [Goal(0.95, *hosts)]),
        Ping("rtt", "round trip through the router, p50", ["epoll", "drain", "uring", "kernel"], "tapir", [Goal(1.05, "epoll")]),
        Cpu("cpu", "CPU time a frame at 100,000 a second", 64, 1, 64, ["epoll", "drain", "uring"], [Goal(1.1, "epoll")]),
    ]
