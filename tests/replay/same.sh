#!/bin/bash
# The same octets, whoever built tapir: by gcc and clang, without and with all optimisation, with sanitizers, and twice in a
# row. All cases of pcaps/, a bad and busy network of thirty routers, and two simulations are played by each build; the
# SHA-256 of everything that they write must be that of the build under test.
#
# Played are the trees of .ci/run, which make brings up to date; who has not built a tree is spared it, unless TAPIR_LONG=1. It takes
# under a minute on two processors when nothing is to build. What is printed without having been written, or goes by
# the order of addresses, differs: everything lies elsewhere in each run (the kernel sees to that), and the sanitizers fill the
# memory that they hand out.
set -u
unset MAKEFLAGS MAKELEVEL MFLAGS
root=$PWD
tapir=$(realpath "${TAPIR:-${B:-build}/tapir}")
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
number=0 failures=0
result() { # result STATUS SENTENCE [FILE]: the file says why not
    number=$((number + 1))
    if [ "$1" = 0 ]; then
        echo "ok $number - $2"
    else
        echo "not ok $number - $2"
        [ ! -f "${3:-}" ] || head -n 40 "$3" | sed 's/^/# /'
        failures=1
    fi
}

# Reads "NAME FILE IFACE ARGUMENT..." for each network file: a replay into its first node, with all outputs, and one that
# explains the frame in the middle of the input of that interface.
plan() {
    awk '{
        name = $1; file = $2; iface = "\"interface\": \"" $3 "\""; first = outs = ""; n = frames = 0
        while ((getline line <file) > 0) {
            sub(/#.*/, "", line)
            for (; match(line, /(node|interface) +[^ ]+ *[{]/); line = substr(line, RSTART + RLENGTH)) {
                split(substr(line, RSTART, RLENGTH), word, / +/)
                if (word[1] == "node") node = word[2]
                else if (++n <= 64) outs = outs " --out " node ":" word[2] "=" node "." word[2] ".pcap"
                if (first == "") first = node
            }
        }
        close(file)
        sub(/[^\/]*$/, "verdicts.jsonl", file)
        while ((getline line <file) > 0) frames += index(line, iface) > 0
        close(file)
        common = $2 " --node " first
        for (i = 4; i <= NF; i++) common = common " " $i
        print "replay", name, common outs, "--verdicts verdicts.jsonl --table table.txt --capture all.pcapng"
        print "replay", name ".explain", common, "--explain", int((frames + 1) / 2) + (frames == 0)
    }'
}

cases() {
    local case input iface first arguments
    for case in pcaps/*/; do
        first='' arguments=
        for input in "$case"in-*.pcap*; do
            iface=${input##*/in-}
            iface=${iface%.pcap*}
            first=${first:-$iface}
            arguments+=" --in $iface=$root/$input"
        done
        case=${case%/}
        echo "${case##*/} $root/$case/network.conf $first$arguments"
    done
}

# Thirty routers whose links are slow, short of room and lose, repeat, hold back and damage what they carry. All ping each
# other, and from outside come some more.
bad_network() {
    tests/bench/large_world grid 5 6 | sed -e '0,/forwarding = true/s//&\n    interface lan { address = 10.77.1.1\/24  mac = 02:00:0a:4d:01:01 }/' \
        -e 's/latency = 1ms/latency = 3ms  rate = 256kbit  queue = 4  loss = 3%  duplicate = 4%  reorder = 10%  corrupt = 2%/'
    echo 'traffic { every = 200ms  size = 1000 }'
    echo 'event { at = 2s  link = l0.0.0  state = down } event { at = 3s  link = l0.0.0  state = up }'
}

bad_network >"$dir/bad.conf"
{ tests/bench/large_world grid 5 10 && echo 'traffic { every = 1s }'; } >"$dir/large.conf"
{
    cases
    echo "bad $dir/bad.conf lan --in lan=$root/pcaps/lossy-link/in-lan.pcap --rewrite 10.77.3.0/24=10.0.3.0/24" \
        "--dst-mac router --seed 7 --until 4s"
} | plan >"$dir/plan"
cat >>"$dir/plan" <<END
simulate campus $root/docs/examples/campus.conf --for 10min -j
simulate large $dir/large.conf --for 1min -j
END

# play LABEL TAPIR: makes LABEL.sums, a line for each file. What a simulation costs (its stderr) is never the same.
play() {
    local command name arguments
    while read -r command name arguments; do echo "$dir/$1/$name"; done <"$dir/plan" | xargs mkdir -p
    while read -r command name arguments; do
        # shellcheck disable=SC2086 # several arguments
        (cd "$dir/$1/$name" && "$2" "$command" $arguments >stdout 2>stderr </dev/null; echo $? >code)
    done <"$dir/plan"
    rm "$dir/$1"/{campus,large}/stderr
    (cd "$dir/$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum) >"$dir/$1.sums"
}

# build LABEL TREE SWITCH...: brings the tree up to date, and says when it cannot be had. Its flags are what make leaves first.
trees=()
build() {
    local label=$1 tree=$2 reason
    shift 2
    if [ "$label" = clang ] && ! command -v clang >/dev/null; then
        reason="no clang: make deps-test"
    elif [ ! -f "$tree/flags" ] && [ "${TAPIR_LONG:-}" != 1 ]; then
        reason="not built: make B=$tree $* $tree/tapir"
    else
        make -s -j"$(nproc)" B="$tree" "$@" "$tree/tapir" >"$dir/log" 2>&1
        result $? "$tree is up to date" "$dir/log"
        trees+=("$label=$root/$tree/tapir")
        return
    fi
    result 0 "$tree is compared # SKIP $reason"
}

# Leaks are not the question here, and looking for them takes half of the time.
export ASAN_OPTIONS=detect_leaks=0
build sanitized build/asan SANITIZE=1 ASSERT=1 WERROR=
build clang build/clang CC=clang CFLAGS=-O3
build plain build/O0 CC=gcc CFLAGS=-O0 WERROR=
echo "# built after $SECONDS s"

for tree in "${trees[@]}" "first=$tapir" "second=$tapir"; do
    while [ "$(jobs -pr | wc -l)" -ge "$(nproc)" ]; do wait -n; done
    play "${tree%%=*}" "${tree#*=}" &
done
wait
echo "# played after $SECONDS s"

outputs=$(wc -l <"$dir/first.sums")
[ "$(find "$dir/first" -name verdicts.jsonl -size +0 | wc -l)" -gt 40 ] && ! grep -qvx 0 "$dir"/first/*/code
result $? "$(wc -l <"$dir/plan") plays write $outputs files, and none fails"
grep -qa 'icmp4-checksum:' "$dir/first/bad/all.pcapng" && [ "$(wc -c <"$dir/first/bad/all.pcapng")" -gt 1000000 ]
result $? "the bad network is busy, and damages what it carries"
for tree in "${trees[@]}" second; do
    label=${tree%%=*}
    [ -s "$dir/$label.sums" ] && diff "$dir/first.sums" "$dir/$label.sums" >"$dir/log"
    result $? "$label: the same octets" "$dir/log"
done
echo "1..$number"
exit $failures
