#!/usr/bin/env bash
# A thousand routers for an hour, as docs/architecture.md promises it: under a minute of one processor, under 1 GiB, and the same
# report each time. Prints TAP; needs no root.
tapir=${B:-build}/tapir
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
n=0
failed=0

passed()
{
    local status=$?
    n=$((n + 1))
    [ $status = 0 ] && echo "ok $n - $1" && return
    echo "not ok $n - $1"
    failed=1
}

for shape in "chain 1000" "grid 25 40"; do
    # shellcheck disable=SC2086
    { tests/bench/large_world $shape && echo 'traffic { every = 1min }'; } >"$dir/net.conf"
    TIMEFORMAT='%U'
    { time "$tapir" simulate "$dir/net.conf" --for 1h -j >"$dir/report" 2>"$dir/cost"; } 2>"$dir/seconds"
    passed "$shape: runs"
    echo "# $(cat "$dir/cost"); $(cat "$dir/seconds") s of the processor"
    [ "$(cut -d. -f1 "$dir/seconds")" -lt 60 ]
    passed "$shape: in under a minute"
    [ "$(sed -n 's/.*, \([0-9]*\) MiB at most/\1/p' "$dir/cost")" -lt 1024 ]
    passed "$shape: in under 1 GiB"
    grep -q '"asked": 60000,' "$dir/report"
    passed "$shape: each node has asked sixty times"
    "$tapir" simulate "$dir/net.conf" --for 1min -j >"$dir/one" 2>/dev/null
    "$tapir" simulate "$dir/net.conf" --for 1min -j 2>/dev/null | cmp -s - "$dir/one"
    passed "$shape: the same report again"
done
echo "1..$n"
exit $failed
