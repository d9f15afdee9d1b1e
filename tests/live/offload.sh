#!/bin/bash
# Super-frames between kernels: TCP and bursts of UDP through a router whose devices have offloads on both sides, on one, on none;
# a narrow way behind; what is left of it on a device that stays.
# shellcheck disable=SC2317 # functions are called by ok
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"
needs python3 tcpdump tshark tracepath timeout

space a
space b
router() { # router LAN WAN [MTU]: the network file, offload of each interface, MTU of wan
    network router <<END
node r {
    forwarding = on
    interface lan {
        tap = tap0  netns = $(space_name a)  address = 10.1.0.1/24  offload = $1
        peer { address = 10.1.0.10/24  gateway = 10.1.0.1 }
    }
    interface wan {
        tap = tap0  netns = $(space_name b)  address = 10.2.0.1/24  offload = $2  mtu = ${3:-1500}
        peer { address = 10.2.0.10/24  gateway = 10.2.0.1 }
    }
}
END
    start r run "$(file router)"
}

# What is sent is a pattern, so that each end knows all of it. The receivers listen in b, say so, and judge.
cat >"$(file flow.py)" <<'END'
import hashlib, socket, struct, sys, time
what, amount = sys.argv[1], int(sys.argv[2]) # octets of TCP, bursts of UDP
peer, pattern = ("10.2.0.10", 7001), hashlib.shake_256(b"tapir").digest(1 << 20)
size, each = 1400, 20 # of a datagram; datagrams of a burst

def say(line):
    print(line, flush=True)

def tcp_receive():
    s = socket.create_server(peer)
    say("listening")
    c, _ = s.accept()
    got = hashlib.sha256()
    while part := c.recv(1 << 20):
        got.update(part)
    c.sendall(got.digest())

def tcp_send():
    data = (pattern * (amount // len(pattern) + 1))[:amount]
    c = socket.create_connection(peer, timeout=5)
    try:
        c.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"cubic")
    except OSError:
        pass
    c.settimeout(15)
    start = time.monotonic()
    c.sendall(data)
    c.shutdown(socket.SHUT_WR)
    got = c.recv(64)
    say("%.2f Gbit/s" % (amount * 8e-9 / (time.monotonic() - start)))
    sys.exit(got != hashlib.sha256(data).digest())

# Datagrams carry their number; the last one of a burst is shorter.
def bursts():
    numbers = ((burst, k) for burst in range(amount) for k in range(each))
    return [(struct.pack("!II", *n) + pattern)[: size if n[1] < each - 1 else size // 2] for n in numbers]

# All arrive, in order, each as long as it was sent.
def udp_receive():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, 33, 1 << 26) # SO_RCVBUFFORCE
    s.bind(peer)
    s.settimeout(3)
    say("listening")
    for k, right in enumerate(bursts()):
        got = s.recv(65535)
        if got != right:
            say("datagram %d: %d octets in place of %d" % (k, len(got), len(right)))
            sys.exit(1)

def udp_send(segments):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.IPPROTO_IP, 10, int(sys.argv[3])) # IP_MTU_DISCOVER
    s.connect(peer)
    if segments:
        s.setsockopt(socket.IPPROTO_UDP, 103, size) # UDP_SEGMENT
    all = bursts()
    for at in range(0, len(all), each):
        part = all[at : at + each]
        for datagram in [b"".join(part)] if segments else part:
            s.send(datagram)
        time.sleep(0.001)

{"tcp-receive": tcp_receive, "tcp-send": tcp_send, "udp-receive": udp_receive,
 "udp-send": lambda: udp_send(False), "udp-send-segments": lambda: udp_send(True)}[what]()
END
listens() { grep -q listening "$(file "$1.out")"; }
judged() { # judged LABEL: it ends with 0 by itself
    local status pid
    pid=$(pid_of "$1")
    until_true 5 live_ended "$pid"
    wait "$pid"
    status=$?
    unset "live_pids[$1]"
    cat "$(file "$1.out")" "$(file "$1.err")"
    return "$status"
}
send() { inside a timeout --foreground 20 python3 "$(file flow.py)" "$@"; }
receives() { # receives LABEL WHAT AMOUNT: in the background; what an earlier one said is not this one's
    : >"$(file "$1.out")"
    background b "$1" python3 "$(file flow.py)" "$2" "$3"
    until_true 5 listens "$1"
}
tcp() { # tcp OCTETS
    receives tcp tcp-receive "$1" && send tcp-send "$1" >"$(file rate)" && judged tcp
}
udp() { # udp BURSTS udp-send|udp-send-segments [IP_MTU_DISCOVER]
    receives udp udp-receive "$1" && send "$2" "$1" "${3:-2}" && judged udp
}

# octets_a_frame SPACE rx|tx: of those that the kernel's end got or sent, in the mean.
octets_a_frame() { inside "$1" sh -c "cd /sys/class/net/tap0/statistics; echo \$((\$(cat $2_bytes) / (\$(cat $2_packets) + 1)))"; }
more_than() { echo "$2, more than $1?" && [ "$2" -gt "$1" ]; }
has_super() { more_than 2000 "$(octets_a_frame "$@")"; }
had() { report r >/dev/null && more_than 0 "$(verdict r r "$1")"; }
had_none() { report r >/dev/null && [ "$(verdict r r "$1")" = 0 ]; }
took_all() { [ "$(inside b cat /sys/class/net/tap0/statistics/rx_dropped)" = 0 ]; }

# right on|off LABEL: the checksum of a super-frame is not complete, but for that of its IPv4 header.
right() {
    has_frames "$2" 100 tcp || return 1
    case $1 in
    on) dissect "$2" -Y 'ip.checksum.status == "Bad"' ;;
    off) wrong_frames "$2" ;;
    esac >"$(file wrong)"
    head -n 5 "$(file wrong)"
    [ ! -s "$(file wrong)" ]
}

for pair in on:on on:off off:on off:off; do
    lan=${pair%:*} wan=${pair#*:} label=${pair/:/-}
    ok "offload $pair: tapir says ready" router "$lan" "$wan"
    watch b tap0 "$label" -c 3000
    ok "$pair: 12 MB by TCP arrive as they were sent" tcp 12000000
    echo "# $(cat "$(file rate)")"
    ok "$pair: bursts of UDP arrive as they were sent" udp 25 udp-send-segments
    ok "$pair: so do those of a sender without segmentation" udp 25 udp-send
    case $pair in
    on:on) ok "$pair: super-frames go through whole" has_super b rx ;;
    on:off) ok "$pair: super-frames are taken apart" had ip4-segmented ;;
    off:on) ok "$pair: frames leave together" had ip4-coalesced ;;
    off:off) ok "$pair: nothing is put together" had_none ip4-coalesced ;;
    esac
    ok "$pair: nothing was refused for its offload" had_none ip4-offload
    ok "$pair: the kernel could use all that came" took_all
    stop "$label"
    ok "$pair: it ends with 0" stop r
    ok "$pair: tshark finds no wrong checksum in what left" right "$wan" "$label"
done

# --- a narrow way ---
ok "an MTU of 1000 ahead: tapir says ready" router on on 1000
inside b ip link set tap0 mtu 1500 # else its MSS would tell of it
ok "TCP finds its way (PMTU-1)" tcp 8000000
ok "by our messages" had ip4-too-big
ok "so does tracepath" shows "pmtu 1000" ip netns exec "$(space_name a)" tracepath -n 10.2.0.10
inside a ip route flush cache
ok "super-frames without DF arrive, their segments in pieces (FRG-1)" udp 30 udp-send-segments 0
ok "they were taken apart for that" had ip4-segmented
ok "it ends with 0" stop r

# --- whose device? ---
ok "auto, on devices of its own: tapir says ready" router auto auto
ok "auto: TCP" tcp 8000000
ok "auto: super-frames go through" has_super b rx
ok "it ends with 0" stop r
for name in a b; do inside $name ip tuntap add tap0 mode tap; done
ok "auto, on devices that were there: tapir says ready" router auto auto
ok "auto: TCP" tcp 8000000
ok "auto: frames alone" not more_than 1514 "$(octets_a_frame a tx)"
ok "it ends with 0" stop r
ok "on, on devices that were there: tapir says ready" router on on
ok "on: TCP" tcp 8000000
ok "on: super-frames go through" has_super b rx
stop r KILL
ok "off, after one that was killed: tapir says ready" router off off
ok "off: TCP" tcp 8000000
ok "it ends with 0" stop r
finish
