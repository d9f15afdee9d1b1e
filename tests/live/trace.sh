#!/bin/bash
# Two tapir routers in a row, first as nodes of one file, then as two processes: every tracing tool shows each hop.
# shellcheck disable=SC2086,SC2317 # functions are called by ok; $wait is two words
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"
needs ping traceroute tracepath mtr timeout

space a
space b
space middle                                                  # of the two processes
inside b sh -c 'echo 0 >/proc/sys/net/ipv4/icmp_ratelimit' # b's kernel is the last hop, and stints its answers, too

# node NAME NET SPACE MIDDLE OWN FAR OTHER SETTINGS: a router at 10.NET/24 in the space and 10.9.0.OWN in the middle
node() {
    local name=$1 net=$2 where=$3 middle=$4 own=$5 far=$6 other=$7 limits=$8
    cat <<END
node $name {
    forwarding = on
    interface edge {
        tap = tap0  netns = $(space_name "$where")  address = 10.$net.0.1/24
        peer { address = 10.$net.0.10/24  gateway = 10.$net.0.1 }
    }
    interface middle { $middle  address = 10.9.0.$own/24 }
    route 10.$far.0.0/24 { via = 10.9.0.$other }
    $limits
}
END
}
west() { node west 1 a "$1" 1 2 2 "${2:-}"; }
east() { node east 2 b "$1" 2 1 1 "${2:-}"; }

# hops TOOL...: the addresses that it shows for each hop towards b, no probe unanswered.
hops() {
    inside a timeout --foreground 30 "$@" >"$(file trace)" 2>&1
    cat "$(file trace)"
    sed -En 's/^ *([0-9]+)[.:]?[|: -]* +(10[0-9.]+) .*/\1 \2/p' "$(file trace)" | uniq >"$(file hops)"
    [ "$(tr '\n' ';' <"$(file hops)")" = "1 10.1.0.1;2 10.9.0.2;3 10.2.0.10;" ] && ! grep -q '\*' "$(file trace)"
}
nothing_lost() { [ "$(grep -c ' 0\.0% ' "$(file trace)")" = 3 ]; }
# Without the factors of -w traceroute gives up a probe after three times what another one of the hop took: less than a
# busy machine needs to come back to tapir.
wait="-w 2,1000,1000"
all_tools() {
    ok "traceroute shows each hop of $1 (TEX-3, FWD-4)" hops traceroute $wait -n 10.2.0.10
    ok "traceroute -I, with echo requests, of $1 (TEX-3, ERR-9)" hops traceroute $wait -n -I 10.2.0.10
    ok "traceroute -T, with TCP, of $1 (TEX-3)" hops traceroute $wait -n -T -p 80 10.2.0.10
    ok "tracepath, of $1" hops tracepath -n 10.2.0.10
    ok "mtr, of $1 (TEX-3)" hops mtr -n --report -c 2 10.2.0.10
    ok "mtr loses nothing of $1" nothing_lost
}

{
    west "link = line" "icmp { rate = 0 }"
    east "link = line" "icmp { rate = 0 }"
    echo "link line { latency = 10ms }"
} >"$(file one)"
ok "two nodes of one file are ready" start one run "$(file one)"
all_tools "two nodes"
takes() { # takes FROM TO: milliseconds of the quickest of five round trips
    inside a ping -q -c 5 -i 0.05 -W 2 10.2.0.10 >"$(file ping)" || return 1
    cat "$(file ping)"
    sed -n 's|^rtt min/avg/max/mdev = \([0-9]*\)\..*|\1|p' "$(file ping)" >"$(file rtt)"
    [ "$(cat "$(file rtt)")" -ge "$1" ] && [ "$(cat "$(file rtt)")" -lt "$2" ]
}
ok "a link of 10 ms makes a round trip of 20 ms" takes 20 40
ok "they end with 0" stop one

{
    west "link = line"
    east "link = line"
    echo "link line { }"
} >"$(file limited)"
ok "two nodes with the usual limits are ready" start limited run "$(file limited)"
ok "one traceroute does not notice them" hops traceroute $wait -n 10.2.0.10
ok "a link without latency costs no time that one would see" takes 0 5
ok "and end with 0" stop limited

# --- two processes, a bridge between them ---
west "tap = west0 netns = $(space_name middle)" "icmp { rate = 0 }" >"$(file west)"
east "tap = east0 netns = $(space_name middle)" "icmp { rate = 0 }" >"$(file east)"
inside middle ip link add br0 type bridge
inside middle ip link set br0 up
ok "a process west is ready" start west run "$(file west)"
ok "a process east is ready" start east run "$(file east)"
inside middle ip link set west0 master br0
inside middle ip link set east0 master br0
ok "they reach each other" until_true 5 inside a ping -q -c 1 -W 1 10.2.0.10
all_tools "two processes"
ok "west ends with 0" stop west
ok "east ends with 0" stop east
finish
