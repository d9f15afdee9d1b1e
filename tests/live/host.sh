#!/bin/bash
# tapir as a host, judged by the kernel: ping of all sizes, arping, UDP and TCP ports that are open or closed, silence.
# shellcheck disable=SC2016,SC2317 # functions are called by ok; the inner bash expands
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"
needs ping arping curl timeout

space a
network host <<END
node h {
    interface eth0 {
        tap     = lan0
        netns   = $(space_name a)
        address = { 10.77.1.1/24, 10.77.1.2/24 }
        peer { address = 10.77.1.10/24 }
    }
    icmp { rate = 0 }
    services { echo = 7 }
}
END
ok "the host is ready" start h run "$(file host)"

# --- ping ---
pings() { inside a ping -q -c 3 -i 0.01 -W 2 "$@"; }
# shown TEXT COMMAND...: as shows, in the namespace.
shown() {
    local text=$1
    shift
    shows "$text" ip netns exec "$(space_name a)" "$@"
}
ok "10,000 pings in a flood, none lost" shown "10000 received, 0% packet loss" ping -q -f -c 10000 10.77.1.1
ok "a payload of 0 octets" pings -s 0 10.77.1.1
ok "a payload of 1 octet" pings -s 1 10.77.1.1
ok "a payload that fills the MTU" pings -s 1472 -M "do" 10.77.1.1
ok "the second address answers from itself (ECHO-2)" shown "from 10.77.1.2: icmp_seq=1 ttl=64" ping -c 1 -W 2 10.77.1.2
ok "a ping with a TTL of 1 is for us, and answered (ECHO-5)" pings -t 1 10.77.1.1

# --- ARP ---
ok "arping gets a reply to each request" shown "Received 2 response" arping -c 2 -I lan0 10.77.1.1
ok "arping -D finds the address taken (ARP-8)" not inside a arping -D -q -c 2 -w 2 -I lan0 10.77.1.1
ok "arping -D finds an address free that nobody has" inside a arping -D -q -c 1 -w 1 -I lan0 10.77.1.99
ok "nobody answers for an address that is not there" not inside a arping -q -f -c 1 -w 1 -I lan0 10.77.1.99

# --- UDP and TCP, by the kernel's sockets ---
# echoes TEXT: sends it to port 7 and reads as much from the connected socket.
echoes() {
    inside a timeout --foreground 2 bash -c 'exec 3<>/dev/udp/10.77.1.1/7 && printf %s "$1" >&3 && [ "$(dd bs=2000 count=1 <&3)" = "$1" ]' - "$1"
}
at_once() {
    local start=${EPOCHREALTIME/./}
    "$@" && [ $((${EPOCHREALTIME/./} - start)) -lt 500000 ]
}
ok "the UDP echo service echoes" echoes "hello"
ok "and a message that fills the MTU" echoes "$(printf '%01472d' 7)"
ok "a closed UDP port is refused at once (DU-4)" \
    at_once shown "Connection refused" bash -c 'exec 3<>/dev/udp/10.77.1.1/9 && echo >&3 && head -c 1 <&3'
ok "a closed TCP port is refused at once" at_once shown "Connection refused" bash -c 'exec 3<>/dev/tcp/10.77.1.1/80'
ok "and curl says so" shown "Failed to connect" curl -sS -m 2 http://10.77.1.1/

# --- silence; the pings above are the positive control ---
silent() { not inside a ping -q -c 3 -i 0.01 -W 0.3 "$@"; }
ok "a ping to the broadcast address is not answered (ECHO-3, SEC-1)" silent -b 10.77.1.255
ok "nor to 255.255.255.255" silent -b -I lan0 255.255.255.255
ok "nor to all hosts, 224.0.0.1 (ECHO-3, SEC-1)" silent -I lan0 224.0.0.1
ip -n "$(space_name a)" route add 10.99.0.0/24 via 10.77.1.1
ok "a host forwards nothing, and says nothing (FWD-1, DU-7)" silent 10.99.0.1

names() {
    report h
    [ "$(verdict h h icmp4-echo-broadcast) $(verdict h h ip4-not-forwarding)" = "9 3" ] &&
        [ "$(verdict h h tcp-closed) $(verdict h h udp-port)" = "2 1" ]
}
ok "the verdicts name each of them" names
ok "it ends with 0" stop h
finish
