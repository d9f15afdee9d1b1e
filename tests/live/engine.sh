#!/bin/bash
# The two engines of the loop: which one is taken, what happens where io_uring is forbidden, polling before sleep, and queues
# of the stack that are full while the ring goes on reading.
# shellcheck disable=SC2317 # functions are called by ok
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"
needs ping python3
unset TAPIR_ENGINE

space a
host() { # host NAME LOOP: a host whose file begins with that
    network "$1" <<END
$2
node h {
    ip { reassembly { datagrams = 4096  per_source = 4096  memory = 16MiB } }
    interface eth0 { tap = lan0  netns = $(space_name a)  address = 10.77.1.1/24  peer { address = 10.77.1.10/24 } }
    interface far { link = line  address = 10.78.0.1/16 }
    forwarding = on
    arp { hold = 256 }
}
node x { interface eth0 { link = line  address = 10.78.0.2/16 } }
link line { }
END
}
host auto ''
host uring 'loop { engine = uring }'
host epoll 'loop { engine = epoll }'
network memory <<END
loop { engine = uring }
node x { interface eth0 { link = line  address = 10.78.0.1/24 } }
node y { interface eth0 { link = line  address = 10.78.0.2/24 } }
link line { }
END
pings() { inside a ping -q -c 20 -i 0.002 -W 2 10.77.1.1; }
warnings() { [ "$(grep -c warning "$(file "$1.err")")" = "$2" ]; }

# --- where it is forbidden: a filter that lets io_uring_setup (425 everywhere) fail ---
for name in EPERM ENOSYS; do
    cat >"$(file "forbid.$name")" <<END
#!/usr/bin/env python3
import ctypes, errno, os, struct, sys
program = struct.pack('=HBBIHBBIHBBIHBBI', 0x20, 0, 0, 0, 0x15, 0, 1, 425, 0x06, 0, 0, 0x50000 | errno.$name, 0x06, 0, 0, 0x7fff0000)
kept = ctypes.create_string_buffer(program)
libc = ctypes.CDLL(None, use_errno=True)
filter = struct.pack('HxxxxxxP', 4, ctypes.addressof(kept))
libc.prctl(38, 1, 0, 0, 0)
if libc.prctl(22, 2, filter, 0, 0) != 0:
    sys.exit(os.strerror(ctypes.get_errno()))
os.execv('$TAPIR', ['$TAPIR'] + sys.argv[1:])
END
    chmod +x "$(file "forbid.$name")"
done
program=$TAPIR
TAPIR=$(file forbid.EPERM)
ok "where io_uring is forbidden and a ring is asked for, tapir runs" start h run "$(file uring)"
ok "and says so once" warnings h 1
ok "and why" said h "warning: engine: epoll, for io_uring cannot be used here: Operation not permitted"
ok "it answers" pings
stop h
export TAPIR_ENGINE=auto
ok "where nobody asked, it runs" start h run "$(file auto)"
ok "and warns of nothing" warnings h 0
ok "and answers" pings
stop h
TAPIR_ENGINE=uring
ok "a ring that the environment asks for counts as asked for" start h run "$(file auto)"
ok "it says so, once" warnings h 1
stop h
unset TAPIR_ENGINE
ok "a network in memory alone needs no ring" start h run "$(file memory)"
ok "and misses none" warnings h 0
stop h
TAPIR=$(file forbid.ENOSYS)
ok "where the kernel has none, tapir runs" start h run "$(file uring)"
ok "and says why" said h "engine: epoll, for io_uring cannot be used here: Function not implemented"
ok "it answers, too" pings
stop h
TAPIR=$program

# --- what is taken ---
ok "by itself it takes one of the two" start h run -v "$(file auto)"
ok "and says which, with -v" said h "info: engine: "
stop h
ok "epoll is taken where the file says so" start h run -v "$(file epoll)"
ok "and the ring is not" not said h "io_uring"
stop h
TAPIR_ENGINE=kqueue start h run "$(file auto)"
ok "an engine that there is not, in the environment: epoll, and a warning" said h "TAPIR_ENGINE is \"kqueue\""
stop h
start h run -v "$(file uring)"
if said h "epoll, for io_uring"; then
    stop h
    skip "the ring" "io_uring cannot be used here"
    finish
fi
ok "the ring is taken where the file says so" said h "info: engine: io_uring"

# --- queues that are full: 5,000 first fragments, and frames for 2,000 neighbors that are not there ---
flood() {
    inside a python3 - "$(inside a cat /sys/class/net/lan0/address)" <<'END'
import socket, struct, sys
mac = bytes.fromhex(sys.argv[1].replace(':', ''))
lan = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
lan.bind(('lan0', 0x0800))
ask = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ask.sendto(b'', ('10.77.1.1', 9))
import time; time.sleep(0.2)
router = next(bytes.fromhex(l.split()[3].replace(':', '')) for l in open('/proc/net/arp') if l.startswith('10.77.1.1 '))
def total(octets):
    s = sum(struct.unpack('!10H', octets))
    s = (s & 0xffff) + (s >> 16)
    return ~(s + (s >> 16)) & 0xffff
def frame(number, to, more):
    head = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 524, number & 0xffff, more, 64, 17, 0, socket.inet_aton('10.77.1.10'), socket.inet_aton(to))
    head = head[:10] + struct.pack('!H', total(head)) + head[12:]
    return router + mac + b'\x08\x00' + head + bytes(504)
for i in range(7000):
    lan.send(frame(i, '10.77.1.1', 0x2000) if i < 5000 else frame(i, '10.78.%d.%d' % (1 + i % 20, 1 + i % 200), 0))
    if i % 50 == 0: time.sleep(0.001)
END
}
held() { # of node h: "... received = ... settled + N held + ..."
    report h >&2 && sed -n 's/^h: .* received = .* + \([0-9]*\) held + .*/\1/p' "$(file h.report)"
}
holds() { local n; n=$(held); echo "$n held"; [ "${n:-0}" -gt 600 ]; } # more than the device has slots
ok "a flood of fragments and of frames for neighbors that are not there" flood
ok "more packets are held than the device has slots" holds
ok "and the ring goes on reading" pings
stop h

# --- polling ---
ticks() { awk '{ print $14 + $15 }' "/proc/$(pid_of h)/stat"; }
busy() { # busy LEAST MOST: ticks (10 ms each) of the processor in half a second after a ping
    local before
    inside a ping -q -c 1 -W 2 10.77.1.1
    before=$(ticks)
    sleep 0.5
    echo "$(($(ticks) - before)) ticks"
    [ $(($(ticks) - before)) -ge "$1" ] && [ $(($(ticks) - before)) -le "$2" ]
}
for engine in uring epoll; do
    host spin "loop { engine = $engine  spin = 1s }"
    start h run "$(file spin)"
    ok "with spin it polls after a ping ($engine)" busy 5 1000 # a second of polling, however long the half of one takes here
    sleep 1.2
    before=$(ticks)
    sleep 0.5
    ok "and then sleeps ($engine)" test $(($(ticks) - before)) -le 2
    stop h
    start h run "$(file "$engine")"
    sleep 0.3
    ok "without, it sleeps at once ($engine)" busy 0 2
    stop h
done
finish
