#!/bin/bash
# The scripts of this folder that move traffic once more, by the engine that tapir does not take here by itself. They run three
# at a time: what they measure in time leaves room for that.
# shellcheck disable=SC2086,SC2317 # several words; functions are called by ok
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"
needs ping
unset TAPIR_ENGINE
export LIVE_IPERF_SECONDS=2

space a
network host <<END
node h { interface eth0 { tap = lan0  netns = $(space_name a)  address = 10.77.1.1/24 } }
END
# takes ENGINE: tapir takes that one, says its log.
takes() {
    start h run -v "$(file host)" && if [ "$1" = uring ]; then said h "engine: io_uring"; else not said h "engine: io_uring"; fi
    local status=$?
    stop h
    return $status
}
if takes uring; then other=epoll; else other=uring; fi
export TAPIR_ENGINE=$other
takes $other || skip_all "$other cannot be used here"

# one SCRIPT: its results, in a file of its own.
one() { timeout -k 5 250 "tests/live/$1.sh" >"$(file "$1.tap")" 2>&1 || echo "not ok - exit status $?" >>"$(file "$1.tap")"; }
one router &
lanes=$!
{ one trace; one host; } &
lanes+=" $!"
one ping
one tap
wait $lanes
for name in ping router trace host tap; do
    ok "$name by $other has a plan" grep -q '^1\.\.[1-9]' "$(file $name.tap)"
    while IFS= read -r line; do
        case $line in
        ok\ *) live_result 0 "$name by $other: ${line#ok * - }" ;;
        not\ ok\ *) : >"$live_tmp/output"; live_result 1 "$name by $other: ${line#not ok * - }" ;;
        '#'*) echo "$line" ;;
        esac
    done <"$(file $name.tap)"
done
finish
