#!/bin/bash
# A router under more than its exit carries: UDP at full speed on one TAP, a slow link as the exit, and another TAP where somebody
# pings the router. Both engines. Nobody's packet is lost without a name, memory stays flat, the ping is answered at once.
# OVERLOAD_SECONDS (30) for each engine, OVERLOAD_BOUND (20) ms for the slowest ping. Prints TAP; needs root.
# shellcheck disable=SC2317 # functions are called by ok
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/../live/lib.sh"
needs ping awk
seconds=${OVERLOAD_SECONDS:-30}
bound=${OVERLOAD_BOUND:-20}
contend=${CONTEND:-${B:-build}/tests/bench/contend/contend}
[ -x "$contend" ] || skip_all "needs $contend: make $contend"
unset TAPIR_ENGINE

space a
space b
space c
network net <<END
node r {
    forwarding = on
    interface a { mac = 02:be:00:00:00:01  tap = a0  netns = $(space_name a)  address = 10.77.1.1/24  peer { address = 10.77.1.2/24  gateway = 10.77.1.1 } }
    interface c { tap = c0  netns = $(space_name c)  address = 10.77.3.1/24  peer { address = 10.77.3.2/24 } }
    interface x { link = slow  address = 10.77.9.1/24 }
    route 10.77.2.0/24 { via = 10.77.9.2 }
}
node s {
    forwarding = on
    interface b { tap = b0  netns = $(space_name b)  address = 10.77.2.1/24  peer { address = 10.77.2.2/24  gateway = 10.77.2.1 } }
    interface x { link = slow  address = 10.77.9.2/24 }
    route default { via = 10.77.9.1 }
}
link slow { rate = 20mbit  queue = 100 }
END

memory() { awk '/^VmRSS/ { print $2 }' "/proc/$(pid_of r)/status"; } # KiB
counter() { inside a cat "/sys/class/net/a0/statistics/$1"; }
fate() { awk -v name="$1" '$1 == "link" && $3 == name { n = $4 } END { print n + 0 }' "$(file r.report)"; }
"$TAPIR" help verdicts | awk -F'[|` ]+' '$3 == "refused" { print $2 }' >"$(file refusals)"
passed_by() { # those that went on, alone or in a super-frame
    awk -v node="$1:" '$1 == node && $4 == "received" && $2 ~ /^(forwarded|ip4-coalesced)$/ { n += $3 } END { print n + 0 }' "$(file r.report)"
}
refused_by() { # the received packets of a node with a verdict that refuses
    awk -v node="$1:" 'NR == FNR { refuses[$1]; next } $1 == node && $4 == "received" && $2 in refuses { n += $3 } END { print n + 0 }' \
        "$(file refusals)" "$(file r.report)"
}
adds_up() { # received = settled + held + waiting, likewise born, in both nodes
    awk '$4 == "=" { n++; if ($2 != $5 + $8 + $11) bad = 1; print } END { exit bad || n != 4 }' "$(file r.report)"
}
gentle() { # gentle: the slowest answer came within the bound, none is missing
    cat "$(file ping.out)"
    grep -q ' 0% packet loss' "$(file ping.out)" && [ -n "$slowest" ] && [ "${slowest%.*}" -lt "$bound" ]
}
near() { echo "$1 and $2, at most $3 apart"; [ $(($1 - $2)) -le "$3" ] && [ $(($2 - $1)) -le "$3" ]; }
flat() { echo "$1 KiB, then $2"; [ $(($2 * 10)) -le $(($1 * 11)) ]; }
quiet() { inside c ping -q -c 2 -i 0.01 -W 2 10.77.3.1; }
through() { inside a ping -q -c 2 -i 0.01 -W 2 10.77.2.2; }

for engine in epoll uring; do
    export TAPIR_ENGINE=$engine
    ok "$engine: the router runs" start r run "$(file net)"
    renice -n -10 -p "$(pid_of r)" >/dev/null # it is the router that is measured, not the other work of the machine
    ok "$engine: it answers" quiet
    ok "$engine: and forwards" through
    "$contend" flood "$(space_name a)" a0 "$(space_name b)" 10.77.1.2 10.77.2.2 64 1 128 1 0 >/dev/null # rings and store are warm
    sleep 0.5
    before=$(memory)
    report r >/dev/null
    queue=$(fate cable-queue-full) refused=$(($(refused_by r) + $(refused_by s))) passed=$(passed_by s)
    offered=$(counter tx_packets) dropped=$(counter tx_dropped)
    background c ping nice -n -10 ping -q -i 0.1 -c $((seconds * 10)) -W 5 10.77.3.1
    "$contend" flood "$(space_name a)" a0 "$(space_name b)" 10.77.1.2 10.77.2.2 64 1 128 "$seconds" 0 >"$(file flood)"
    until_true 10 live_ended "$(pid_of ping)"
    stop ping
    sleep 0.5
    report r >/dev/null
    slowest=$(sed -n 's|^rtt .* = [^/]*/[^/]*/\([^/]*\)/.*|\1|p' "$(file ping.out)")
    ok "$engine: under the flood the router answers a ping by another interface within $bound ms" gentle
    ok "$engine: what came is settled, held or waiting, in both nodes" adds_up
    taken=$(($(counter tx_packets) - offered)) dropped=$(($(counter tx_dropped) - dropped))
    queue=$(($(fate cable-queue-full) - queue)) refused=$(($(refused_by r) + $(refused_by s) - refused))
    passed=$(($(passed_by s) - passed))
    arrived=$(sed 's/.*frames=\([0-9]*\).*/\1/' "$(file flood)") # until the flood ends: some come later
    ok "$engine: all that the kernel took left by the other end or was refused under a name" near "$taken" $((passed + queue + refused)) 10
    ok "$engine: the slow exit did refuse some, and what it carries came out" [ "$queue" -gt 0 -a "$arrived" -gt 0 ]
    ok "$engine: memory is flat" flat "$before" "$(memory)"
    echo "# $engine: the kernel took $taken frames and dropped $dropped, $((dropped * 100 / (taken + dropped + 1))) % of all, before they were ours"
    echo "# $engine: $passed went on ($arrived had arrived by the end), $queue cable-queue-full, $refused by a verdict; slowest ping $slowest ms; $before KiB, then $(memory)"
    ok "$engine: the router ends" stop r
done
finish
