#!/bin/sh
# The command line from outside: what it prints, where, and its exit code. Prints TAP; needs no root.
tapir=${B:-build}/tapir
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
n=0
failed=0

# is_so EXPECTED GOT: "*" at the end stands for anything.
is_so() {
    case $1 in *'*') [ "${2#"${1%?}"}" != "$2" ] || [ "$1" = '*' ] ;; *) [ "$1" = "$2" ] ;; esac
}

# expect SENTENCE CODE STDOUT STDERR ARGUMENTS...: all must be so.
expect() {
    sentence=$1 code=$2 out=$3 err=$4
    shift 4
    "$tapir" "$@" >"$dir/out" 2>"$dir/err"
    got=$?
    n=$((n + 1))
    if [ $got = "$code" ] && is_so "$out" "$(cat "$dir/out")" && is_so "$err" "$(cat "$dir/err")"; then
        echo "ok $n - $sentence"
        return
    fi
    echo "not ok $n - $sentence"
    echo "# exit $got, expected $code"
    sed 's/^/# out: /' "$dir/out"
    sed 's/^/# err: /' "$dir/err"
    failed=1
}

# passed SENTENCE: the command before it went well.
passed() {
    status=$?
    n=$((n + 1))
    [ $status = 0 ] && echo "ok $n - $1" && return
    echo "not ok $n - $1"
    failed=1
}

expect "a fine file is told in one line" 0 "docs/examples/host.conf: 1 node, 1 interface, 1 route: fine" "" \
    check docs/examples/host.conf
expect "two routers are fine" 0 "docs/examples/two-routers.conf: 2 nodes, 4 interfaces, 2 routes: fine" "" \
    check docs/examples/two-routers.conf
expect "the router of the documentation is fine" 0 "docs/examples/router.conf: 2 nodes, 4 interfaces, 4 routes: fine" "*" \
    check docs/examples/router.conf
for file in docs/examples/*.conf; do
    expect "$file is fine" 0 "*" "*" check "$file"
done

printf 'node n {\n    interface i {\n        address = { 10.77.1.300/24 }\n    }\n}\n' >"$dir/net.conf"
expect "a mistake is one line on stderr, and exit 2" 2 "" \
    "$dir/net.conf:3: \"10.77.1.300/24\" is not an IPv4 address with prefix length; write it like 10.77.1.1/24" \
    check "$dir/net.conf"
expect "a file that is not there" 2 "" "$dir/none: No such file or directory; name a network file that exists" \
    check "$dir/none"
expect "check without a file" 2 "" "usage: tapir check FILE" check
expect "a host with the address of its network" 2 "" \
    "tapir: error: address 10.0.0.0/24 is the address of the network itself; write the address of a host" host t0 10.0.0.0/24
expect "a host whose gateway is elsewhere" 2 "" \
    "tapir: error: the gateway is not in the host's network; write an address that is" host t0 10.0.0.1/24 via 10.0.1.1
expect "a host that is its own gateway" 2 "" \
    "tapir: error: the gateway is the host itself; write the address of a router" host t0 10.0.0.1/24 via 10.0.0.1
expect "a host whose peer is elsewhere" 2 "" \
    "tapir: error: the peer is not in the host's network; write an address that is" host t0 10.0.0.1/24 peer 10.0.1.1/24
expect "a host whose peer has its address" 2 "" \
    "tapir: error: the peer has the address of the host; write another of the same network" host t0 10.0.0.1/24 peer 10.0.0.1/24
expect "no subcommand" 2 "" "tapir: no subcommand; see tapir help"
expect "a subcommand that was meant otherwise" 2 "" 'tapir: there is no "chekc"; did you mean tapir check?' chekc
expect "a subcommand that nothing resembles" 2 "" 'tapir: there is no "frobnicate"; see tapir help' frobnicate
expect "help lists what there is" 0 "*" "" help
expect "--help is help" 0 "*" "" --help
expect "help explains a subcommand" 0 "*" "" help check
expect "help about nothing that there is" 2 "" 'tapir: there is no "chekc"; did you mean tapir check?' help chekc
expect "the version" 0 "*" "" --version

"$tapir" --version | grep -Eqx 'tapir [0-9]+\.[0-9]+\.[0-9]+'
passed "the version is a version"
"$tapir" help | grep -q '^    tapir check FILE$'
passed "help has a usage line for check"
"$tapir" help check | sed -n 's/^    \(docs.*\)/\1/p' >"$dir/example"
"$tapir" check docs/examples/host.conf | cmp -s - "$dir/example"
passed "the example in the help of check is what it prints"
"$tapir" help settings >"$dir/table"
sed -n '/^| setting | values/,$p' docs/configuration.md | cmp -s - "$dir/table"
passed "the table of settings in docs/configuration.md is the program's own"
"$tapir" help verdicts >"$dir/table"
sed -n '/^| verdict | kind/,$p' docs/verdicts.md | cmp -s - "$dir/table"
passed "the table of verdicts in docs/verdicts.md is the program's own"
"$tapir" help file | sed -n 's/^    \(node h1 .*\)/\1/p' >"$dir/smallest.conf"
"$tapir" check "$dir/smallest.conf" >"$dir/out" && grep -q ': 1 node, 1 interface, 0 routes: fine$' "$dir/out"
passed "the smallest file of the help is fine"
awk '/^```$/ { inside = !inside; next } inside && /^node h1 \{ interface/' docs/configuration.md >"$dir/first.conf"
"$tapir" check "$dir/first.conf" >"$dir/out" && grep -q ': 1 node, 1 interface, 0 routes: fine$' "$dir/out"
passed "the first example of docs/configuration.md is fine"

for words in "check docs/examples/host.conf" help "help run" "help verdicts" --version; do
    # shellcheck disable=SC2086
    "$tapir" $words >/dev/full 2>"$dir/err"
    [ $? = 2 ] && grep -qx 'tapir: stdout cannot be written: No space left on device' "$dir/err"
    passed "tapir $words tells that its answer could not be written"
done
printf 'node n { interface a { tap = a } interface b { tap = b } }\n' >"$dir/two.conf"
"$tapir" replay "$dir/two.conf" --node n --in a=pcaps/first-verdicts/in-lan.pcap --in b=- <&- 2>"$dir/err"
[ $? = 2 ] && grep -q 'Bad file descriptor' "$dir/err"
passed "a closed stdin is no other file"

# One probe with TTL 2 from a host of west to one of east: east refuses it, and its error comes out at west.
python=$(printf '\\324\\303\\262\\241\\002\\000\\004\\000')
two=docs/examples/two-routers.conf
"$tapir" replay $two --in west:blue=pcaps/first-verdicts/in-lan.pcap --in east:green=pcaps/first-verdicts/in-lan.pcap \
    --out west:blue="$dir/west.pcap" --verdicts "$dir/verdicts" 2>"$dir/err"
[ $? = 0 ] && grep -q '"node": "west", "interface": "blue", "frame": 1,' "$dir/verdicts" &&
    grep -q '"node": "east", "interface": "green", "frame": 1,' "$dir/verdicts" &&
    [ "$(wc -l <"$dir/verdicts")" = 16 ]
passed "captures go into interfaces of several nodes, and each line names its node"
"$tapir" replay $two --node east --in west:blue=pcaps/first-verdicts/in-lan.pcap --in green=pcaps/first-verdicts/in-lan.pcap \
    --verdicts - 2>/dev/null | cmp -s - "$dir/verdicts"
passed "--node names the node of the interfaces that name none"
expect "an interface of no node" 2 "" "tapir replay: --node is missing: it says which node is meant by blue=x.pcap; see tapir help replay" \
    replay $two --in blue=x.pcap
expect "an interface of a node that is not there" 2 "" "tapir replay: $two has no node wset; its nodes are: west east" \
    replay $two --in wset:blue=x.pcap
expect "an interface that its node has not" 2 "" \
    "tapir replay: node west has no interface green; its interfaces are: blue middle" replay $two --in west:green=x.pcap
expect "an interface named twice, once with its node" 2 "" \
    "tapir replay: an interface stands twice, name one file for it: blue=y; see tapir help replay" \
    replay $two --node west --in west:blue=x --in blue=y
for seed in 7 0x7; do
    "$tapir" replay $two --node west --in blue=pcaps/first-verdicts/in-lan.pcap --seed $seed 2>"$dir/err"
    passed "--seed $seed is a number"
done
for seed in -1 seven 7s ''; do
    "$tapir" replay $two --node west --in blue=pcaps/first-verdicts/in-lan.pcap --seed "$seed" 2>"$dir/err"
    [ $? = 2 ] && grep -q 'seed wants a number' "$dir/err"
    passed "--seed '$seed' is none"
done

first="pcaps/first-verdicts/network.conf --node r1 --in lan=pcaps/first-verdicts/in-lan.pcap"
# shellcheck disable=SC2086
"$tapir" replay $first --explain 4 >"$dir/out" 2>"$dir/err"
grep -q '^  +1.500000000  error         ip4-ttl: ' "$dir/out" && grep -q '^born packet 3$' "$dir/out" &&
    head -n 1 "$dir/out" | grep -qx '+1.500000000  lan 4  ip4-ttl  .*; answer-sent; sent: lan 3'
passed "--explain tells what became of a frame, step by step"
for which in lan:4 r1:lan:4; do
    # shellcheck disable=SC2086
    "$tapir" replay $first --explain $which 2>/dev/null | cmp -s - "$dir/out"
    passed "--explain $which is that frame"
done
for which in 0 x lan: 4x wan:1; do
    # shellcheck disable=SC2086
    "$tapir" replay $first --explain $which >"$dir/out" 2>"$dir/err"
    [ $? = 2 ] && [ ! -s "$dir/out" ] && grep -q -e '--explain' "$dir/err"
    passed "--explain $which is a mistake"
done
# shellcheck disable=SC2086
"$tapir" replay $first --explain 9 >"$dir/out" 2>"$dir/err"
[ $? = 2 ] && grep -q 'not there' "$dir/err"
passed "--explain of a frame beyond the last says so"
# shellcheck disable=SC2086
"$tapir" replay $first --table - >"$dir/out" 2>"$dir/err"
[ "$(wc -l <"$dir/out")" = 8 ] && grep -q '^+0.500000000  lan 2  icmp4-echoed     an echo request, answered' "$dir/out"
passed "--table has a line for each frame"
[ "$(tail -n 1 "$dir/err")" = "8 frames read, 8 verdicts (3 passed, 5 refused), 0 frames written" ] &&
    grep -qx '         3  neighbor-failed          the next hop does not answer ARP' "$dir/err" &&
    [ "$(awk '$2 !~ /frames/ { n += $1 } END { print n }' "$dir/err")" = 8 ]
passed "the summary counts by verdict and adds up"
# shellcheck disable=SC2086
"$tapir" replay $first --table - --verdicts - >"$dir/out" 2>"$dir/err"
[ $? = 2 ] && grep -q 'only one of' "$dir/err"
passed "two that want stdout are refused"

until_at() {
    "$tapir" replay pcaps/first-verdicts/network.conf --node r1 --in lan=pcaps/first-verdicts/in-lan.pcap --until "$1" 2>"$dir/err"
}
for until in 0 1 1.5 2s 0.5ms 1min; do
    until_at "$until"
    passed "--until $until is a duration"
done
for until in 0x10 ' 5' +1s 1e3ms 1m -1 nan inf ''; do
    until_at "$until"
    [ $? = 2 ] && grep -q 'wants a duration' "$dir/err"
    passed "--until '$until' is none"
done

campus=docs/examples/campus.conf
"$tapir" simulate $campus --for 3min >"$dir/report" 2>"$dir/err" && "$tapir" simulate $campus --for 3min 2>/dev/null |
    cmp -s - "$dir/report"
passed "a simulation gives the same report again"
"$tapir" simulate $campus --for 3min --seed 2 2>/dev/null | cmp -s - "$dir/report"
[ $? = 1 ]
passed "another seed gives another one"
grep -q '^tapir simulate: 180 s of virtual time in ' "$dir/err"
passed "what a simulation cost stands on stderr"
"$tapir" simulate $campus --for 3min -j 2>/dev/null | tr -d ' \n' | grep -q '"pings":{"asked":1806,"answered":17'
passed "a simulation is reported as JSON"
"$tapir" simulate $campus --for 50s -j 2>/dev/null | tr -d ' \n' | grep -q '"asked":506,"answered":500,"ttl-expired":5,'
passed "a simulation counts what was answered and what expired"
expect "a simulation wants to know how long" 2 "" "tapir simulate: --for is missing*" simulate $campus
expect "a simulation has no odd length" 2 "" "tapir simulate: --for wants a duration like*" simulate $campus --for soon

echo "1..$n"
exit $failed
