#!/bin/bash
# The demo: what `sudo make demo` runs. Builds the network of network.conf, uses it like a user, takes it down again.
#
# Namespaces, files and processes carry names of this run alone, so that two demos do not meet, and are gone at the end,
# also after Ctrl-C or a failure. Exit status: 0, or 1 when a step did not show what it should, 2 when it cannot run here.
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 2
TAPIR=${TAPIR:-$here/../../../build/tapir}
export LC_ALL=C DEMO_ALICE=demo$$-alice DEMO_BOB=demo$$-bob
files='' tapir='' httpd=''
started=$EPOCHREALTIME

# --- before anything is touched ---
refuse() {
    echo "demo: $*" >&2
    exit 2
}
[ "$(id -u)" = 0 ] || refuse "network namespaces and TAP devices need root; run: sudo make demo"
[ -c /dev/net/tun ] || refuse "there is no /dev/net/tun, so no TAP devices; try: modprobe tun"
[ -x "$TAPIR" ] || refuse "the program $TAPIR is not there; run: make"
for program in ip ss ping traceroute curl busybox sha256sum; do
    command -v $program >/dev/null || refuse "the program $program is missing; run: sudo make deps"
done

# --- whatever happens, nothing stays ---
clean() {
    trap '' INT TERM HUP PIPE
    trap - EXIT
    local pid
    for pid in $tapir $httpd; do
        kill "$pid" && wait "$pid"
    done
    ip netns del "$DEMO_ALICE"
    ip netns del "$DEMO_BOB"
    [ -z "$files" ] || rm -rf "$files"
} 2>/dev/null
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP PIPE

# --- how it is told ---
bold='' plain=''
if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; fi

chapter() {
    printf '\n%s%s%s\n' "$bold" "$*" "$plain"
}
tell() { printf '%s\n' "$@"; }

failed() {
    printf '\ndemo: %s\n' "$*" >&2
    [ ! -s "$files/log" ] || sed 's/^/demo: tapir said: /' "$files/log" >&2
    exit 1
}

# The command as one would type it.
typed() {
    local word line=
    for word in "$@"; do
        case $word in *[!a-zA-Z0-9./:_-]*) word="'$word'" ;; esac
        line="$line$word "
    done
    echo "${line% }"
}

# seen TEXT WHERE COMMAND...: runs the command at alice, bob or here, shows it and its output, which must hold TEXT.
seen() {
    local text=$1 where=$2 enter=()
    shift 2
    case $where in
    alice) enter=(ip netns exec "$DEMO_ALICE") ;;
    bob) enter=(ip netns exec "$DEMO_BOB") ;;
    esac
    printf '\n    %s%s# %s%s\n' "$bold" "$where" "$(typed "$@")" "$plain"
    "${enter[@]}" "$@" 2>&1 | tee "$files/output" | sed -u '/^$/d; s/^/    /'
    grep -q -- "$text" "$files/output" || failed "that was not what it should be: no \"$text\""
    echo
}

# soon COMMAND...: waits until it succeeds, at most 5 s.
soon() {
    local end=$((SECONDS + 6))
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.02
    done
}

# --- the demo ---
files=$(mktemp -d) || refuse "no room for temporary files"
cat <<PICTURE
tapir makes Internet hosts and routers out of a text file. Real programs talk to them, and
for every packet tapir can say what became of it, and why. This is the network:

       alice                                                        bob
       10.1.0.10 ------------ 10.1.0.1 [ r1 ] 10.2.0.1 ------------ 10.2.0.10
                  TAP device         10.3.0.1           TAP device
                                        |
                                        |  a wire in memory, 5 ms long
                                        |
                                     10.3.0.2
                                      [ h1 ]

r1 is a router and h1 is a host: both are tapir. alice and bob are the Linux kernel: two
network namespaces, which are like two computers of their own. They use the tools that
every Linux has. "alice#" below means that the command runs at alice; you would type
"ip netns exec $DEMO_ALICE" before it.
PICTURE

chapter "1. Start the network"
tell "Two empty namespaces, and one tapir for the whole file docs/examples/demo/network.conf."
for name in "$DEMO_ALICE" "$DEMO_BOB"; do
    ip netns add "$name" || failed "cannot make network namespaces"
done
: >"$files/tapir"
"$TAPIR" run "$here/network.conf" >"$files/tapir" 2>"$files/log" </dev/null &
tapir=$!
settled() { grep -qx ready "$files/tapir" || ! kill -0 $tapir; }
printf '\n    %shere# tapir run docs/examples/demo/network.conf &%s\n' "$bold" "$plain"
soon settled
grep -qx ready "$files/tapir" || failed "tapir did not start"
tell "    ready" "" \
    "It made a TAP device (a network card with a program behind it) in each namespace, gave" \
    "alice and bob their addresses, and now both answer at the ends of r1."

chapter "2. Ping"
tell "alice pings bob. Each packet goes from kernel to kernel through the router r1."
seen " 0% packet loss" alice ping -c 3 -i 0.2 10.2.0.10
tell "The answers come with ttl=63: bob sent 64, and one router, r1, took one off." \
    "Now the host h1, over the slow wire: 5 ms there and 5 ms back."
seen " 0% packet loss" alice ping -c 3 -i 0.2 10.3.0.2
tell "The first one took longer: r1 had to ask for h1's hardware address, over the same wire."

chapter "3. Trace"
tell "traceroute sends packets that may pass 1 router, 2 routers and so on, and lists who" \
    "answers."
seen "10.3.0.2" alice traceroute -n -q 1 10.3.0.2
tell "Hop 1 is r1: it said \"time exceeded\". Hop 2 is h1: it said \"port unreachable\"."

chapter "4. Fetch a file"
tell "bob serves 20 MiB of random data by HTTP. alice fetches them through r1."
mkdir "$files/www"
head -c 20M /dev/urandom >"$files/www/file" || failed "no room for a file of 20 MiB"
ip netns exec "$DEMO_BOB" busybox httpd -f -p 10.2.0.10:80 -h "$files/www" >/dev/null 2>&1 &
httpd=$!
listens() { ip netns exec "$DEMO_BOB" ss -Hltn | grep -q ' 10.2.0.10:80 '; }
soon listens || failed "busybox httpd did not start"
cd "$files" || exit 1
seen "^200" alice curl -sS -o fetched -w '%{http_code} OK, %{size_download} bytes in %{time_total} s\n' http://10.2.0.10/file
sum=$(sha256sum <"$files/www/file")
tell "Did every byte come through right? bob's file has the SHA-256" "${sum%% *}, and alice's:"
seen "^${sum%% *}" alice sha256sum fetched
tell "The same."

chapter "5. Lose packets, and know why"
tell "The file says that r1 lets nobody into 10.66.0.0/16 (a route of type prohibit)."
seen "Packet filtered" alice ping -c 2 -i 0.2 10.66.0.1
tell "r1 refused and told alice so. It also swallows all for 10.77.0.0/16 (type blackhole):"
seen "100% packet loss" alice ping -c 1 -W 1 10.77.0.1
tell "No answer. On most networks you would be guessing now. Ask tapir: on SIGUSR1 it prints" \
    "what became of the packets of each node. These are r1's:"
: >"$files/report"
soon_report() { grep '^r1: ' "$files/tapir" >"$files/report" && grep -q '^h1: .*answer-sent' "$files/tapir"; }
printf '\n    %shere# kill -USR1 %s%s\n' "$bold" "$tapir" "$plain"
kill -USR1 $tapir
soon soon_report || failed "tapir printed no counters"
sed 's/^/    /' "$files/report"
count() { sed -n "s/^r1: $1  *\([0-9]*\) received.*/\1/p" "$files/report"; }
[ "$(count ip4-prohibited) $(count ip4-blackhole)" = "2 1" ] || failed "the counters are not right"
tell "" \
    "Every packet that r1 received or made (\"born\") ended in one of these verdicts, and the" \
    "first two lines add up. The lost ones are there: 2 ip4-prohibited and 1 ip4-blackhole," \
    "and ip4-ttl, the first packet of traceroute. answer-sent: about 3 of these, r1 told alice." \
    "neighbor-held is no end: these waited for a hardware address, and were forwarded then."

clean
chapter "Done"
LC_ALL=C awk -v s="$started" -v e="$EPOCHREALTIME" 'BEGIN {
    printf "That took %.0f s. Processes, devices, namespaces and files of the demo are gone again.\n", e - s }'
