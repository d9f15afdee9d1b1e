#!/bin/bash
# A live run is recorded, with a lossy wire, timers, ARP entries that expire and a carrier that comes and goes; made again
# from the recording, each node sends the same frames and gives the same verdicts.
# shellcheck disable=SC2317 # functions are called by ok
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"
needs ping tcpdump timeout cmp

space blue
space red
network r <<END
node r1 {
    forwarding = on
    arp { timeout = 1s }
    interface lan { tap = tap0  netns = $(space_name blue)  address = 10.1.0.1/24  peer { address = 10.1.0.10/24  gateway = 10.1.0.1 } }
    interface wan { tap = tap0  netns = $(space_name red)  address = 10.2.0.1/24  peer { address = 10.2.0.10/24  gateway = 10.2.0.1 } }
    interface mid { link = wire  address = 10.3.0.1/24 }
    icmp { rate = 0 }
}
node h1 { interface eth { link = wire  address = 10.3.0.2/24 } route default { via = 10.3.0.1 } services { echo = 7 } }
link wire { latency = 2ms  loss = 0.2  duplicate = 0.1  reorder = 0.1 }
END
recording=$(file recording)
ok "a run with a recording is ready" start run run --record "$recording" "$(file r)"
watch red tap0 seen
pings() { inside blue ping -q "$@"; }
pings -c 20 -i 0.02 -W 1 10.3.0.2 >/dev/null
ok "the other side is reached" pings -c 3 -i 0.2 10.2.0.10
ok "an absent neighbor is told" shows "Host Unreachable" ip netns exec "$(space_name blue)" ping -c 1 -W 5 10.2.0.99
sleep 1.2 # the neighbors of lan and wan grow old
ip -n "$(space_name red)" link set tap0 down
pings -c 2 -i 0.02 -W 0.2 10.2.0.10 >/dev/null
ip -n "$(space_name red)" link set tap0 up
ip -n "$(space_name red)" route add default via 10.2.0.1
ok "and again after its carrier went and came" until_true 5 pings -c 1 -W 1 10.2.0.10
refused "a second recording does not overwrite the first" "name one that is not there" \
    "$TAPIR" run --record "$recording" "$(file r)"
{ cat "$(file r)" && echo 'traffic { every = 1s }'; } >"$(file busy)"
refused "what traffic asks for is not kept, and it says so" "take the traffic sections out" "$TAPIR" run --record "$(file other)" "$(file busy)"
ok "the run ends well" stop run
stop seen INT

again() { "$TAPIR" replay "$recording" --verdicts "$(file "$1.jsonl")" --out r1:wan="$(file "$1.pcap")"; }
ok "made again, both nodes do what they did" again first
cp "$live_tmp/output" "$(file said)"
ok "each says so" test "$(grep -c ': all as recorded$' "$(file said)")" = 2
ok "twice, the same octets" again second
ok "the same verdicts" cmp "$(file first.jsonl)" "$(file second.jsonl)"
has() { grep -q "\"verdict\": \"$1\"" "$(file first.jsonl)"; }
ok "a neighbor that failed is among them" has neighbor-failed
ok "and an echo that h1 answered" has icmp4-echoed
octets() { tcpdump -n -t -x -r "$(file "$1.pcap")" "$2" 2>/dev/null | grep -v '^reading'; }
# What the kernel's end saw of the pings is what the second run sends: all that came while somebody watched and the device was up.
sent() { octets first "icmp[0] == 8 and dst 10.2.0.10" >"$(file again)" && octets seen "icmp[0] == 8 and dst 10.2.0.10" >"$(file then)" &&
    [ -s "$(file then)" ] && awk 'NR == FNR { again = again $0 "\n"; next } { then = then $0 "\n" } END { exit index(again, substr(then, 1, 200)) == 0 }' \
    "$(file again)" "$(file then)"; }
ok "the pings that the kernel saw are those that it sends" sent

# flip FILE OFFSET: another octet there.
flip() { printf '\377' | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null; }
cp -r "$recording" "$(file bent)"
flip "$(file bent)/1.tape" $(($(stat -c %s "$recording/1.tape") - 20))
differs() { "$TAPIR" replay "$(file bent)" 2>&1; [ $? != 0 ]; }
ok "a tape that says otherwise is noticed" differs
cp "$recording/1.tape" "$(file bent)/1.tape"
sed -i 's/10\.1\.0\.1\/24/10.1.0.2\/24/' "$(file bent)/network.conf"
other() { "$TAPIR" replay "$(file bent)"; [ $? = 1 ]; }
ok "another network file gives another run, exit 1" other
truncate -s -30 "$(file bent)/1.tape"
cp "$recording/network.conf" "$(file bent)/network.conf"
refused "a tape that was cut says so" "the tape ends here" "$TAPIR" replay "$(file bent)"
finish
