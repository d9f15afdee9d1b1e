"""Namespaces, devices and the programs under test: what tests/bench/run measures, set up once and taken down at the end.

The load has the namespaces bench-PID-a and bench-PID-b, one processor and, for each program under test, a device in either
(x3a and x3b for the third, with 10.3.1.10 and 10.3.2.10). The programs have the other processor; all run from the beginning
to the end and sleep while another one is measured. Next: rows.py
"""
import os
import re
import subprocess
import tempfile

OUR_MAC = "02:be:00:00:00:01"
LOAD_CPU, TEST_CPU = 0, 1


def pinned(cpu):
    """What a new process does first: it stays on one processor, and goes before other work of the machine if it may."""
    def first():
        os.sched_setaffinity(0, {cpu})
        # The kernel weighs sessions against each other where it groups them, and processes within.
        os.setsid()
        try:
            os.nice(-10)
            with open("/proc/self/autogroup", "w", encoding="ascii") as file:
                file.write("-10")
        except OSError:
            pass
    return first


class Failure(Exception):
    """A command or a program that did not do what it should; the text says which."""


class Stage:
    def __init__(self, contend, tapir):
        self.contend, self.tapir = contend, tapir
        self.a, self.b, self.c = (f"bench-{os.getpid()}-{end}" for end in "abc")
        self.made, self.running, self.number = [], [], 0
        self.files = tempfile.TemporaryDirectory(prefix="bench-")

    def build(self):
        for name in (self.a, self.b, self.c):
            command("ip", "netns", "add", name)
            self.made.append(name)
            inside(name, "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6")
            command("ip", "-n", name, "link", "set", "lo", "up")
        inside(self.c, "echo 1 >/proc/sys/net/ipv4/ip_forward")

    def clear(self):
        """Everything goes, whatever else went wrong; a program is ended by its own number."""
        for process in self.running:
            process.kill()
            process.wait()
        for name in self.made:
            subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL, check=False)
        self.files.cleanup()

    def load(self, *arguments):
        """Runs a generator and returns what it measured."""
        try:
            done = subprocess.run([self.contend, *map(str, arguments)], capture_output=True, text=True, timeout=30,
                                  preexec_fn=pinned(LOAD_CPU), check=False)
        except subprocess.TimeoutExpired:
            return {}
        return {key: float(value) for key, value in re.findall(r"(\w+)=([0-9.]+)", done.stdout)}

    def start(self, arguments):
        """Starts a program under test and waits until it is ready."""
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   preexec_fn=pinned(TEST_CPU))
        self.running.append(process)
        if process.stdout.readline().strip() != "ready":
            process.kill()
            raise Failure(process.stderr.read().strip().partition("\n")[0] or "did not start")
        return process

    def network_file(self, text):
        self.number += 1
        path = os.path.join(self.files.name, f"{self.number}.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        return path

    def takes(self, text):
        """Whether tapir knows all that stands in this network file."""
        path = self.network_file(text)
        return subprocess.run([self.tapir, "check", path], capture_output=True, check=False).returncode == 0


def command(*arguments):
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(" ".join(arguments) + ": " + done.stderr.strip())
    return done.stdout


def inside(netns, script):
    return command("ip", "netns", "exec", netns, "sh", "-c", script)


class Contestant:
    """One program under test between two devices. A subclass says how it is started."""
    pid = None

    def __init__(self, stage, name, number):
        self.stage, self.name, self.number = stage, name, number
        self.a, self.b = f"x{number}a", f"x{number}b"
        self.source, self.destination = f"10.{number}.1.10", f"10.{number}.2.10"

    def lead(self, device, netns, own, address, router, other):
        """The kernel's end: what the router between would tell it by ARP and routes is given."""
        if own:
            command("ip", "-n", netns, "addr", "add", address + "/24", "dev", device)
        command("ip", "-n", netns, "neigh", "replace", router, "lladdr", OUR_MAC, "dev", device)
        command("ip", "-n", netns, "route", "add", other, "via", router, "dev", device)

    def lead_both(self, own):
        n = self.number
        self.lead(self.a, self.stage.a, own, self.source, f"10.{n}.1.1", f"10.{n}.2.0/24")
        self.lead(self.b, self.stage.b, own, self.destination, f"10.{n}.2.1", f"10.{n}.1.0/24")

    def cpu_ns(self):
        """Time of the processor that its threads have had."""
        total, tasks = 0, f"/proc/{self.pid}/task"
        for task in os.listdir(tasks):
            with open(f"{tasks}/{task}/schedstat", encoding="ascii") as file:
                total += int(file.read().split()[0])
        return total


class Contender(Contestant):
    def start(self):
        stage = self.stage
        self.pid = stage.start([stage.contend, self.name, stage.a, self.a, stage.b, self.b]).pid
        self.lead_both(True)


class Echo(Contestant):
    """A host on one device, to which the load talks."""
    def start(self):
        stage = self.stage
        self.destination = f"10.{self.number}.1.1"
        self.pid = stage.start([stage.contend, self.name, stage.a, self.a, self.destination]).pid
        command("ip", "-n", stage.a, "addr", "add", self.source + "/24", "dev", self.a)


class Tapir(Contestant):
    """A router; `loop` and `offload` are lines of the network file, empty for what tapir does by itself. With `plain_ends` the
    kernel's ends send frame by frame, whatever they are offered."""
    loop = offload = ""
    host = plain_ends = False

    def interface(self, device, netns, net, address):
        return (f"    interface {device} {{\n        tap = {device}  netns = {netns}  mac = {OUR_MAC}  {self.offload}\n"
                f"        address = 10.{self.number}.{net}.1/24\n        peer {{ address = {address}/24 }}\n    }}\n")

    def text(self):
        ends = self.interface(self.a, self.stage.a, 1, self.source)
        if self.host:
            return f"{self.loop}\nnode host {{\n{ends}}}\n"
        ends += self.interface(self.b, self.stage.b, 2, self.destination)
        return f"{self.loop}\nnode router {{\n    forwarding = on\n{ends}}}\n"

    def start(self):
        stage = self.stage
        self.pid = stage.start([stage.tapir, "run", stage.network_file(self.text())]).pid
        if self.host:
            self.destination = f"10.{self.number}.1.1"
            return
        self.lead_both(False)
        if self.plain_ends:
            for where, device in ((stage.a, self.a), (stage.b, self.b)):
                command(stage.contend, "plain", where, device)


class Kernel(Contestant):
    """The kernel's own forwarding between veth pairs. RPS steers packets to the processor where a program would run."""
    plain = False

    def pair(self, device, netns, net):
        far, stage = device + "r", self.stage
        command("ip", "-n", stage.c, "link", "add", far, "address", OUR_MAC,
                "type", "veth", "peer", "name", device, "netns", netns)
        command("ip", "-n", stage.c, "addr", "add", f"10.{self.number}.{net}.1/24", "dev", far)
        for name, where in ((far, stage.c), (device, netns)):
            command("ip", "-n", where, "link", "set", name, "up")
            if self.plain:
                command(stage.contend, "plain", where, name)
        inside(stage.c, f"echo {1 << TEST_CPU:x} >/sys/class/net/{far}/queues/rx-0/rps_cpus")

    def start(self):
        self.pair(self.a, self.stage.a, 1)
        self.pair(self.b, self.stage.b, 2)
        self.lead_both(True)
