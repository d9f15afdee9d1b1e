#!/bin/bash
# tapir as a router between kernels: pings, MTU, fragments, refusals, a large file, iperf3; then tshark looks at every
# frame that left tapir, each with all its checksums (offload = off; the rest is offload.sh), and the counters must agree with the kernel's.
# shellcheck disable=SC2317 # functions are called by ok
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"
needs ping curl busybox iperf3 tcpdump tshark editcap capinfos sha256sum timeout
seconds=${LIVE_IPERF_SECONDS:-60}

space a
space b
space c
network router <<END
node r {
    forwarding = on
    interface lan {
        tap = tap0  netns = $(space_name a)  offload = off  address = 10.1.0.1/24
        peer { address = 10.1.0.10/24  gateway = 10.1.0.1 }
    }
    interface wan {
        tap = tap0  netns = $(space_name b)  offload = off  address = 10.2.0.1/24
        peer { address = 10.2.0.10/24  gateway = 10.2.0.1 }
    }
    interface narrow {
        tap = tap0  netns = $(space_name c)  offload = off  address = 10.3.0.1/24  mtu = 1400
        peer { address = 10.3.0.10/24  gateway = 10.3.0.1 }
    }
    route 10.65.0.0/16 { type = unreachable }
    route 10.66.0.0/16 { type = prohibit }
    route 10.67.0.0/16 { type = blackhole }
    icmp { rate = 0 }
}
END
ok "the router is ready" start r run "$(file router)"

# What leaves tapir, as the kernel's ends receive it: capture LABEL OPTION...
capture() {
    local where label=$1
    shift
    for where in a b c; do watch $where tap0 "$label-$where" "$@"; done
}
end_capture() {
    local where
    for where in a b c; do stop "$1-$where"; done
}

capture small

# --- pings ---
flood="10000 received, 0% packet loss"
ok "10,000 pings in a flood from a to b, none lost" shows "$flood" ip netns exec "$(space_name a)" ping -q -f -c 10000 10.2.0.10
ok "and from b to a" shows "$flood" ip netns exec "$(space_name b)" ping -q -f -c 10000 10.1.0.10
pings() { inside a ping -q -c 3 -i 0.01 -W 2 "$@"; }
ok "a payload of 0 octets" pings -s 0 10.2.0.10
ok "a payload of 1 octet" pings -s 1 10.2.0.10
ok "a payload that fills the MTU, not to be fragmented" pings -s 1472 -M "do" 10.2.0.10
ok "the far address of the router answers (FWD-3)" pings 10.2.0.1

# --- MTU and fragments ---
says() { # says TEXT PING-ARGUMENT...: what ping prints at a
    local text=$1
    shift
    shows "$text" ip netns exec "$(space_name a)" ping -c 1 -W 5 "$@"
}
ok "a smaller MTU ahead is told to who asked not to fragment (PMTU-1, FWD-24)" says "From 10.1.0.1.*Frag needed and DF set (mtu = 1400)" -s 1472 -M "do" 10.3.0.10
ok "and a's kernel remembers it" shows "mtu 1400" ip -n "$(space_name a)" route get 10.3.0.10
ok "what just fits passes" pings -s 1372 -M "do" 10.3.0.10
ok "fragments pass through, each by itself: 4000 octets (FWD-9)" pings -s 4000 10.2.0.10
ok "and 65,507 octets, in 45 fragments" pings -s 65507 10.2.0.10
ok "and through the narrow side, where each is cut once more (FRG-3, FRG-2)" pings -s 4000 10.3.0.10
ok "fragments for the router itself are put together, the answer is cut (FRG-7, ECHO-4)" pings -s 65507 10.1.0.1

# --- refusals, each in the right words ---
ok "a TTL of 1 ends here (TEX-1, FWD-4)" says "From 10.1.0.1 icmp_seq=1 Time to live exceeded" -t 1 10.2.0.10
ok "a TTL of 2 is enough" pings -t 2 10.2.0.10
ok "no route: net unreachable (FWD-22, DU-1)" says "From 10.1.0.1 icmp_seq=1 Destination Net Unreachable" 10.99.0.1
ok "a route that says unreachable: host unreachable" says "From 10.1.0.1 icmp_seq=1 Destination Host Unreachable" 10.65.0.1
ok "a route that says prohibit: filtered" says "From 10.1.0.1 icmp_seq=1 Packet filtered" 10.66.0.1
ok "a route that says blackhole: nothing at all" not inside a ping -q -c 3 -i 0.01 -W 0.5 10.67.0.1
ok "a host that does not answer ARP: host unreachable (DU-2, ARP-13)" says "From 10.1.0.1 icmp_seq=1 Destination Host Unreachable" 10.2.0.99
ok "the broadcast address of a far network: nothing at all (FWD-13)" not inside a ping -q -c 3 -i 0.01 -W 0.5 10.2.0.255
end_capture small

# --- bulk ---
capture large -c 10000
mkdir "$(file www)"
head -c 100M /dev/urandom >"$(file www/file)"
background b web busybox httpd -f -p 10.2.0.10:80 -h "$(file www)"
listens() { inside b ss -Hltn | grep -q ":$1 "; }
until_true 5 listens 80
fetches() {
    inside a timeout --foreground 60 curl -sS -o "$(file fetched)" http://10.2.0.10/file &&
        [ "$(sha256sum <"$(file fetched)")" = "$(sha256sum <"$(file www/file)")" ]
}
ok "a file of 100 MiB by HTTP has the same SHA-256" fetches
stop web
rm -f "$(file fetched)" "$(file www/file)"

background b iperf iperf3 -s
until_true 5 listens 5201
iperf() { inside a timeout --foreground $((seconds + 20)) iperf3 -J -c 10.2.0.10 "$@" >"$(file iperf.json)"; }
sums() { awk '/"sum":/ { on = 1 } on && /"bytes":/ { gsub(/[^0-9]/, ""); print; on = 0 }' "$(file iperf.json)"; }
number() { sed -n "/\"$1\":/,/}/s/.*\"$2\":[^0-9]*\\([0-9.]*\\).*/\\1/p" "$(file iperf.json)"; }
streams() {
    iperf -t "$seconds" || return 1
    echo "octets each second: $(sums | tr '\n' ' ')"
    [ "$(sums | wc -l)" -ge "$seconds" ] && ! sums | grep -qx 0
}
ok "iperf3 TCP for $seconds s, and never a second without a byte" streams
echo "# TCP: $(number sum_received bits_per_second | cut -d. -f1) bit/s"
udp() { iperf -u -b 50M -l 1400 -t 3 && [ "$(number sum lost_percent | tail -n 1 | cut -d. -f1)" -lt 5 ]; }
ok "iperf3 UDP at 50 Mbit/s loses less than 5 %" udp
echo "# UDP: $(number sum lost_packets | tail -n 1) of $(number sum packets | tail -n 1) lost"
backwards() { iperf -R -t 3 && [ "$(sums | wc -l)" -ge 3 ] && ! sums | grep -qx 0; }
ok "iperf3 TCP from b to a" backwards
stop iperf
end_capture large

# --- tshark as an oracle ---
right() { # right MINIMUM LABEL: at least so many frames, none wrong
    local where n=0
    for where in a b c; do
        wrong_frames "$2-$where" >>"$(file "$2.wrong")"
        n=$((n + $(capinfos -TMrc "$(file "$2-$where.pcap")" | cut -f 2)))
    done
    echo "$n frames; wrong ones:"
    head -n 20 "$(file "$2.wrong")"
    [ "$n" -ge "$1" ] && [ ! -s "$(file "$2.wrong")" ]
}
ok "tshark finds no wrong checksum and nothing malformed in what left tapir" right 40000 small
ok "nor in the bulk" right 10000 large
finds_damage() {
    editcap -r -E 0.02 --seed 1 "$(file small-a.pcap)" "$(file damaged.pcap)" 1-500 >/dev/null 2>&1
    [ "$(wrong_frames damaged | wc -l)" -gt 100 ]
}
ok "but it would: it finds damage where there is some" finds_damage

# --- nothing lost without a verdict ---
kernel() { # kernel COUNTER: over the kernel's ends; tx: what tapir has read, rx: what it has written
    local where sum=0
    for where in a b c; do
        sum=$((sum + $(inside $where cat "/sys/class/net/tap0/statistics/$1")))
    done
    echo $sum
}
adds_up() {
    local line
    report r >/dev/null || return 1
    for origin in received born; do
        line=$(grep "^r: [0-9]* $origin = " "$(file r.report)")
        # shellcheck disable=SC2086 # in words: r: N received = N settled + N held + N waiting
        set -- $line
        [ $# = 12 ] && [ "$2" = $(($5 + $8 + ${11})) ] || return 1
    done
}
frames_read() {
    adds_up || return 1
    set -- "$(sed -n 's/^r: \([0-9]*\) received = .*/\1/p' "$(file r.report)")" "$(kernel tx_packets)"
    echo "tapir received $1, the kernel handed over $2 and dropped $(kernel tx_dropped)"
    [ "$1" = "$2" ]
}
frames_written() {
    report r >/dev/null
    set -- "$(verdict r r forwarded)" "$(sed -n 's/^r: sent .* received *\([0-9]*\) born.*/\1/p' "$(file r.report)")" "$(kernel rx_packets)"
    echo "tapir forwarded $1 and sent $2; the kernel got $3"
    [ $(($1 + $2)) = "$3" ]
}
ok "received and born: all = settled + held + waiting" adds_up
ok "tapir received every frame that the kernel handed over" until_true 5 frames_read
ok "the kernel got every frame that tapir forwarded or sent" until_true 5 frames_written
echo "# $(frames_read)"
ok "it ends with 0" stop r
finish
