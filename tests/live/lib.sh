# shellcheck shell=bash
# Sourced by the tests of this folder: namespaces, tapir in the background, results as TAP.
#
#     . "$(dirname "$0")/lib.sh"
#     needs ping                        skips the whole file unless root, /dev/net/tun and the programs are there
#     space a                           makes a network namespace; its full name is $(space_name a)
#     inside a ping -c 1 10.0.0.1       runs a command in it
#     hub wire a b                      makes the spaces a and b, whose eth0 hang at a bridge in the space wire, with a TAP tap0
#     network NAME <<END ... END        writes a network file; its path is $(file NAME)
#     start r1 run "$(file NAME)"       runs tapir in the background under a label and waits for "ready"
#     ok "a sentence" COMMAND...        one result: the command succeeds
#     refused "a sentence" TEXT ...     one result: the command exits with 2 after one line on stderr that has TEXT
#     background a web busybox httpd    runs another program in a namespace in the background, under a label
#     stop r1 [TERM]                    ends what runs under the label and gives its exit status
#     report r1                         fresh counters of tapir, by SIGUSR1, in $(file r1.report)
#     verdict r1 NODE NAME              how many received packets of the node had the verdict in that report
#     shows TEXT COMMAND...             the command, within 20 s, prints a line with TEXT, whatever its exit status
#     watch wire tap0 LABEL [FILTER]    captures what comes from tapir there, in $(file LABEL.pcap), until stop LABEL
#     wrong_frames LABEL                prints those of its frames that tshark calls malformed, or of a bad checksum
#     finish                            the plan, and the exit status of the file
#
# Names carry the process id: two runs do not meet. Whatever happens, namespaces, processes and files are gone at the end;
# a device in a namespace of ours goes with it.
set -u
cd "$(dirname "$0")/../.." || exit 2
TAPIR=${TAPIR:-$PWD/build/tapir}
live_prefix=tl$$
live_tmp=$(mktemp -d) || exit 2
live_results=0 live_failures=0
live_spaces=()
declare -A live_pids=()

live_clean() {
    trap - EXIT INT TERM
    local label name
    for label in "${!live_pids[@]}"; do
        kill -KILL "${live_pids[$label]}" 2>/dev/null && wait "${live_pids[$label]}" 2>/dev/null
    done
    for name in "${live_spaces[@]}"; do
        ip netns pids "$name" 2>/dev/null | xargs -r kill -KILL 2>/dev/null
        ip netns del "$name" 2>/dev/null
    done
    rm -rf "$live_tmp"
}
trap live_clean EXIT
trap 'live_clean; exit 130' INT TERM

skip_all() {
    echo "1..0 # SKIP $*"
    exit 0
}

needs() {
    local program
    [ "$(id -u)" = 0 ] || skip_all "needs root"
    [ -c /dev/net/tun ] || skip_all "needs /dev/net/tun: modprobe tun"
    for program in ip "$@"; do
        command -v "$program" >/dev/null || skip_all "needs $program: make deps-test"
    done
}

space_name() { echo "$live_prefix-$1"; }
space() {
    local name
    name=$(space_name "$1")
    ip netns add "$name" || exit 2
    live_spaces+=("$name")
    ip -n "$name" link set lo up
}
inside() {
    local name
    name=$(space_name "$1")
    shift
    ip netns exec "$name" "$@"
}

hub() {
    local wire=$1 name
    shift
    space "$wire"
    inside "$wire" ip link add br0 type bridge
    inside "$wire" ip link set br0 up
    inside "$wire" sh -c 'ip tuntap add tap0 mode tap && ip link set tap0 master br0 up'
    for name in "$@"; do
        space "$name"
        ip -n "$(space_name "$wire")" link add "to-$name" type veth peer name eth0 netns "$(space_name "$name")"
        inside "$wire" ip link set "to-$name" master br0 up
        inside "$name" ip link set eth0 up
    done
}

file() { echo "$live_tmp/$1"; }
network() { cat >"$(file "$1")"; }

# until_true SECONDS COMMAND...: looks every 20 ms, and so takes hardly longer than what it waits for.
until_true() {
    local end=$((SECONDS + $1 + 1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.02
    done
}

running() { kill -0 "${live_pids[$1]}" 2>/dev/null; }
pid_of() { echo "${live_pids[$1]}"; }
said() { grep -q -- "$2" "$(file "$1.err")"; } # said LABEL TEXT: on stderr
live_settled() { grep -qx ready "$(file "$1.out")" || ! running "$1"; }

# start LABEL ARGUMENT...: as a child of ours; start_in SPACE LABEL ARGUMENT... inside a namespace.
start() { live_start '' "$@"; }
start_in() { live_start "$@"; }
live_start() {
    local where=$1 label=$2
    shift 2
    local command=("$TAPIR" "$@")
    [ -z "$where" ] || command=(ip netns exec "$(space_name "$where")" "${command[@]}")
    : >"$(file "$label.out")" # an earlier "ready" is not this one's
    "${command[@]}" >>"$(file "$label.out")" 2>"$(file "$label.err")" </dev/null &
    live_pids[$label]=$!
    until_true 10 live_settled "$label"
    grep -qx ready "$(file "$label.out")" && return
    echo "# tapir $* is not ready:"
    sed 's/^/# /' "$(file "$label.err")"
    return 1
}

background() {
    local where=$1 label=$2
    shift 2
    ip netns exec "$(space_name "$where")" "$@" >"$(file "$label.out")" 2>"$(file "$label.err")" </dev/null &
    live_pids[$label]=$!
}

# The report is complete when nothing more comes for 50 ms.
report() {
    local out size before
    out=$(file "$1.out")
    before=$(wc -c <"$out")
    kill -USR1 "$(pid_of "$1")" && until_true 3 live_grown "$out" "$before" || return 1
    size=$before
    until [ "$size" = "$(wc -c <"$out")" ]; do
        size=$(wc -c <"$out")
        sleep 0.05
    done
    tail -c +$((before + 1)) "$out" | tee "$(file "$1.report")"
}
live_grown() { [ "$(wc -c <"$1")" -gt "$2" ]; }
verdict() {
    local count
    count=$(sed -n "s/^$2: $3  *\([0-9]*\) received.*/\1/p" "$(file "$1.report")")
    echo "${count:-0}"
}

shows() {
    local text=$1
    shift
    timeout --foreground 20 "$@" >"$live_tmp/shown" 2>&1
    cat "$live_tmp/shown"
    grep -q -- "$text" "$live_tmp/shown"
}

watch() {
    local where=$1 device=$2 label=$3
    shift 3
    background "$where" "$label" tcpdump -i "$device" -Z root -Q in -U -s 0 -B 16384 -w "$(file "$label.pcap")" "$@"
    until_true 5 said "$label" "listening on" || echo "# tcpdump does not listen in $where"
}

# It calls a TCP checksum of 0xffff bad, which sums up like 0; the kernel sends it (CSUM_MANGLED_0) and a router leaves it.
live_wrong='_ws.malformed || ip.checksum.status == "Bad" || icmp.checksum.status == "Bad" || udp.checksum.status == "Bad"
    || (tcp.checksum.status == "Bad" && tcp.checksum != 0xffff) || icmp.ext.checksum.status == "Bad"
    || arp.duplicate-address-detected || ip.len > 1500'
dissect() { # dissect LABEL ARGUMENT...: tshark on that capture, with all checksums
    local label=$1
    shift
    tshark -r "$(file "$label.pcap")" -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE "$@" 2>/dev/null
}
wrong_frames() { dissect "$1" -Y "$live_wrong"; }
has_frames() { # has_frames LABEL MINIMUM FILTER: at least so many of them
    local n
    n=$(dissect "$1" -Y "$3" | wc -l)
    echo "$n frames: $3"
    [ "$n" -ge "$2" ]
}

# Stays in the list of children until it has ended within 5 s.
stop() {
    local label=$1 pid=${live_pids[$1]} status
    [ "${2:-TERM}" != KILL ] || disown "$pid" # bash would tell of it
    kill "-${2:-TERM}" "$pid" 2>/dev/null
    until_true 5 live_ended "$pid" || return 124
    wait "$pid" 2>/dev/null
    status=$?
    unset "live_pids[$label]"
    return $status
}
live_ended() { ! kill -0 "$1" 2>/dev/null || grep -q '^State:.Z' "/proc/$1/status"; }

live_result() {
    local status=$1 sentence=$2
    live_results=$((live_results + 1))
    if [ "$status" = 0 ]; then
        echo "ok $live_results - $sentence"
        return
    fi
    live_failures=$((live_failures + 1))
    echo "not ok $live_results - $sentence"
    sed 's/^/# /' "$live_tmp/output"
    for label in "${!live_pids[@]}"; do
        sed "s/^/# $label: /" "$(file "$label.err")"
    done
}

ok() {
    local sentence=$1
    shift
    "$@" >"$live_tmp/output" 2>&1
    live_result $? "$sentence"
}
not() { ! "$@"; }

refused() {
    local sentence=$1 text=$2 status
    shift 2
    timeout 10 "$@" >"$live_tmp/output.out" 2>"$live_tmp/output" </dev/null
    status=$?
    [ $status = 2 ] && [ "$(wc -l <"$live_tmp/output")" = 1 ] && grep -q -- "$text" "$live_tmp/output"
    live_result $? "$sentence"
}

skip() { # skip SENTENCE REASON
    live_results=$((live_results + 1))
    echo "ok $live_results - $1 # SKIP $2"
}

finish() {
    echo "1..$live_results"
    exit $((live_failures > 0))
}
