#!/bin/bash
# The same octets, whoever built tapir: by gcc and clang, without and with all optimisation, with sanitizers, and twice in a
# row. All cases of pcaps/, a bad and busy network of thirty routers, and two simulations are played by each build; the
# SHA-256 of everything that they write must be that of the build under test.
#
# clang -O3 and the sanitizers have the trees of .ci/run and `make test-asan`; make builds anew only what changed: half a minute where
# they are there, some minutes where nothing is. Memory holds other garbage in the
# second run (MALLOC_PERTURB_) and everything lies elsewhere in each (the kernel sees to that): what is printed without having
# been written, or goes by the order of addresses, differs.
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

# interfaces FILE: "NODE IFACE" for each.
interfaces() {
    sed 's/#.*//' "$1" | grep -oE '\b(node|interface) +[^ ]+ *\{' | awk '$1 == "node" { node = $2; next } { print node, $2 }'
}

# plan NAME FILE FRAME ARGUMENT...: a replay of all interfaces' outputs, and one that explains that frame.
plan() {
    local name=$1 file=$2 frame=$3 node iface
    shift 3
    echo "replay $name $file $* --verdicts verdicts.jsonl --table table.txt --capture all.pcapng" \
        "$(interfaces "$file" | while read -r node iface; do echo "--out $node:$iface=$node.$iface.pcap"; done | head -n 64 | tr '\n' ' ')"
    echo "replay $name.explain $file $* --explain $frame"
}

plan_case() { # plan_case DIR: its inputs, and the frame in the middle of the first
    local node input iface first='' arguments=()
    node=$(interfaces "$1/network.conf" | head -n 1 | cut -d' ' -f1)
    for input in "$1"/in-*.pcap*; do
        iface=$(basename "${input%.pcap*}")
        iface=${iface#in-}
        first=${first:-$iface}
        arguments+=(--in "$iface=$root/$input")
    done
    plan "$(basename "$1")" "$root/$1/network.conf" $((($(grep -c "\"interface\": \"$first\"" "$1/verdicts.jsonl") + 1) / 2)) \
        --node "$node" "${arguments[@]}"
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
    for case in pcaps/*/; do
        plan_case "${case%/}"
    done
    plan bad "$dir/bad.conf" 10 --node r0.0 --in "lan=$root/pcaps/lossy-link/in-lan.pcap" --rewrite 10.77.3.0/24=10.0.3.0/24 \
        --dst-mac router --seed 7 --until 4s
    echo "simulate campus $root/docs/examples/campus.conf --for 10min -j"
    echo "simulate large $dir/large.conf --for 1min -j"
} >"$dir/plan"

# play LABEL TAPIR: makes LABEL.sums, a line for each file. What a simulation costs (its stderr) is never the same.
play() {
    local command name arguments
    while read -r command name arguments; do
        mkdir -p "$dir/$1/$name"
        # shellcheck disable=SC2086 # several arguments
        (cd "$dir/$1/$name" && "$2" "$command" $arguments >stdout 2>stderr </dev/null; echo $? >code)
        [ "$command" != simulate ] || rm "$dir/$1/$name/stderr"
    done <"$dir/plan"
    (cd "$dir/$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum) >"$dir/$1.sums"
}

# build TREE SWITCH...: prints nothing unless it fails.
build() {
    local tree=$1
    shift
    make -s B="$tree" "$@" "$tree/tapir" >"$dir/log" 2>&1
}

clang=$(command -v clang)
build build/O0 CC=gcc CFLAGS=-O0 WERROR=
result $? "gcc -O0 builds it" "$dir/log"
if [ -n "$clang" ]; then
    build build/clang CC=clang OPTIMIZE=-O3
    result $? "clang -O3 builds it" "$dir/log"
fi
build build/asan SANITIZE=1 ASSERT=1 WERROR=
result $? "it builds with sanitizers" "$dir/log"
echo "# built after $SECONDS s"

at_once() { while [ "$(jobs -pr | wc -l)" -ge "$(nproc)" ]; do wait -n; done; }
ASAN_OPTIONS=detect_leaks=0 play asan "$root/build/asan/tapir" & # it takes half of the time, and leaks are not the question
[ -z "$clang" ] || { at_once; play O3 "$root/build/clang/tapir" & }
at_once; play O0 "$root/build/O0/tapir" &
at_once; play first "$tapir" &
at_once; MALLOC_PERTURB_=165 play second "$tapir" &
wait
echo "# played after $SECONDS s"

same() { # same LABEL SENTENCE
    diff "$dir/first.sums" "$dir/$1.sums" >"$dir/log"
    result $? "$2" "$dir/log"
}
outputs=$(wc -l <"$dir/first.sums")
[ "$(find "$dir/first" -name verdicts.jsonl -size +0 | wc -l)" -gt 40 ] && ! grep -qvx 0 "$dir"/first/*/code
result $? "$(wc -l <"$dir/plan") plays write $outputs files, and none fails"
[ "$(wc -c <"$dir/first/bad/all.pcapng")" -gt 1000000 ] && grep -q "corrupt\|checksum" "$dir/first/bad/stderr"
result $? "the bad network is busy"
same second "the same again, with other garbage in memory"
same O0 "the same from gcc -O0"
if [ -n "$clang" ]; then
    same O3 "the same from clang -O3"
else
    result 0 "the same from clang -O3 # SKIP no clang: make deps-test"
fi
same asan "the same with sanitizers and assertions, and they have nothing to say"
echo "1..$number"
exit $failures
