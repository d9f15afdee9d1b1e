#!/bin/bash
# Captures go onto a TAP device in real time: tcpdump at the kernel's end sees the same octets in the same order, not sooner than
# the capture says. How late they may be is judged by nothing: the machine may be busy.
# shellcheck disable=SC2317 # functions are called by ok
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"
needs tcpdump timeout cmp setpriv

space a
netns=$(space_name a)
inside a sh -c 'sysctl -qw net.ipv6.conf.all.disable_ipv6=1; ip tuntap add onto0 mode tap && ip link set onto0 up'
capture=pcaps/traceroute-udp/in-lan.pcap
other=pcaps/icmp-echo/in-eth0.pcap

# A dead broadcast frame of EtherType 0x88b5 with its number, N of them, GAP microseconds apart, with times from second 1000 on.
le32() { printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255)); }
made() { # made N GAP
    local i bytes='\xd4\xc3\xb2\xa1\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04\x00\x01\x00\x00\x00'
    for ((i = 0; i < $1; i++)); do
        bytes+=$(le32 $((1000 + i * $2 / 1000000)))$(le32 $((i * $2 % 1000000)))$(le32 64)$(le32 64)
        bytes+='\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x01\x88\xb5'$(le32 "$i")
        bytes+=$(printf '\\x00%.0s' {1..46})
    done
    # shellcheck disable=SC2059 # the octets are the format
    printf "$bytes"
}
made 20 50000 >"$(file second.pcap)" # 0.95 s
made 500 100000 >"$(file long.pcap)" # 50 s

octets() { tcpdump -n -t -XX -r "$1" "${@:2}" 2>/dev/null; }
seen() { # seen LABEL COUNT: what was watched is there, and no more comes
    until_true 10 live_count "$1" "$2"
    stop "$1" INT
}
live_count() { [ "$(octets "$(file "$1.pcap")" | grep -c '0x0000:')" -ge "$2" ]; }
look() { background a "$1" tcpdump -i onto0 -Z root -Q in -U -s 0 -w "$(file "$1.pcap")" && until_true 5 said "$1" "listening on"; }
onto() { "$TAPIR" replay --onto onto0 --netns "$netns" "$@"; }
same_octets() { cmp <(octets "$1") <(octets "$2"); }
stamps() { tcpdump -tt -n -r "$(file "$1.pcap")" 2>/dev/null | awk '/^[0-9]/ { print $1 }'; } # by the kernel
# Lateness of the first frame makes the rest look early; what was measured on a busy machine is far below 30 ms.
not_before() { # not_before LABEL SECONDS: each frame is that long after the one before, counted from the first
    stamps "$1" | awk -v gap="$2" 'NR == 1 { first = $1 } $1 - first < (NR - 1) * gap - 0.03 { print NR, $1 - first; bad = 1 } END { exit bad || NR < 2 }'
}
told() { cp "$live_tmp/output" "$(file told)"; }
tells() { cat "$(file told)" && grep -q -- "$1" "$(file told)"; }

look own
ok "a capture goes onto the device" onto "$(file second.pcap)"
told
seen own 20
ok "it says how many frames were written, and how fast" tells "^20 frames written, 0 not taken by onto0, in [0-9.]* s: [01]\.[0-9]* times the speed"
ok "the kernel sees the same octets in the same order" same_octets "$(file second.pcap)" "$(file own.pcap)"
ok "and none before its time" not_before own 0.05

look half
ok "at half the speed" onto --speed 0.5 "$(file second.pcap)"
seen half 20
ok "it takes twice as long" not_before half 0.1

look fast
start_ms=$(date +%s%3N)
ok "as fast as it goes" onto --speed max "$(file long.pcap)"
took=$(($(date +%s%3N) - start_ms))
seen fast 500
ok "50 s of capture are over in less" test "$took" -lt 50000
ok "and nothing is lost or turned round" same_octets "$(file long.pcap)" "$(file fast.pcap)"

look both
ok "two captures are merged, filtered and rewritten" onto --speed max --filter icmp --rewrite 10.77.1.0/24=10.99.1.0/24 --dst-mac router "$capture" "$other"
mac=$(inside a cat /sys/class/net/onto0/address)
until_true 5 live_count both 1
stop both INT
frames() { [ "$(octets "$(file both.pcap)" "$@" | grep -c '0x0000:')" -gt 0 ]; }
ok "they arrive at their new addresses" frames "icmp and net 10.99.1.0/24"
ok "none at the old ones" not frames "net 10.77.1.0/24"
ok "and nothing that the filter leaves out" not frames "not icmp"
ok "and for the kernel's MAC" frames "ether dst $mac"
ok "nobody else's but groups'" not frames "not ether dst $mac and not ether multicast"

live_long() { "$TAPIR" replay --onto onto0 --netns "$netns" "$(file long.pcap)" >"$(file slow.out)" 2>"$(file slow.err)" </dev/null & live_pids[slow]=$!; }
look until
live_long
ok "a long capture goes on" until_true 10 live_count until 3
refused "a device that it holds is busy for others" '"onto0" is busy' "$TAPIR" replay --onto onto0 --netns "$netns" "$other"
ok "SIGINT ends it with 0" stop slow INT
ok "and it tells what was written until then" grep -q '^[0-9]* frames written, .*; ended by a signal$' "$(file slow.err)"
stop until INT

inside a ip link set onto0 down
down() { onto --speed max "$other"; [ $? = 1 ]; }
ok "a device that is down takes nothing: exit 1" down
told
ok "and it says how many it did not take" tells "^0 frames written, [1-9][0-9]* not taken by onto0"
inside a ip link set onto0 up
ok "a device that is not there is made" onto --speed max "$other" --onto onto1
ok "and goes again" not inside a ip link show dev onto1

refused "a namespace that is missing is named" "no network namespace \"$netns-none\"" "$TAPIR" replay --onto onto0 --netns "$netns-none" "$other"
refused "without rights it says so" "no permission" setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all "$TAPIR" replay --onto onto2 "$PWD/$other"
refused "a capture that is none is named" "in.pcap: cannot be read as a capture" "$TAPIR" replay --onto onto0 --netns "$netns" "$(file in.pcap)"
refused "no capture" "name at least one" "$TAPIR" replay --onto onto0
refused "options of a network have no place beside it" "beside it stand --speed" "$TAPIR" replay --onto onto0 --seed 7 "$other"
refused "nor has a speed without it" "belong to --onto" "$TAPIR" replay --speed 1 pcaps/icmp-echo/network.conf
refused "a speed that is none is named" "and not fast" "$TAPIR" replay --onto onto0 --speed fast "$other"
refused "nor does it stand still" "and not 0;" "$TAPIR" replay --onto onto0 --speed 0 "$other"
finish
