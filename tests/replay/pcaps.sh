#!/bin/bash
# Replays every case of pcaps/ and compares frames and verdicts, byte for byte; then once more with one octet of an
# expectation changed, which must be noticed.
set -u
tapir=${TAPIR:-build/tapir}
n=0 dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT

# result STATUS SENTENCE
result() {
    n=$((n + 1))
    if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

# replay CASE: all inputs of the case, in order of name; outputs and verdicts into $dir.
replay() {
    local case=$1 arguments=() file name
    for file in "$case"/in-*.pcap; do
        name=${file##*/in-}
        arguments+=(--in "${name%.pcap}=$file")
    done
    for file in "$case"/out-*.pcap; do
        name=${file##*/out-}
        arguments+=(--out "${name%.pcap}=$dir/out-$name")
    done
    "$tapir" replay "$case/network.conf" --node "$(sed -n 's/^node \([^ ]*\) .*/\1/p' "$case/network.conf" | head -n 1)" \
        "${arguments[@]}" --verdicts "$dir/verdicts.jsonl" 2>"$dir/messages"
}

# same CASE: what came out is what the case expects.
same() {
    local file
    for file in "$1"/out-*.pcap "$1/verdicts.jsonl"; do
        cmp -s "$file" "$dir/${file##*/}" || { echo "# ${file##*/} differs"; return 1; }
    done
}

for case in pcaps/*/; do
    case=${case%/}
    rm -f "$dir"/*
    replay "$case" && same "$case"
    result $? "${case##*/}: the same frames and verdicts"
done

cp -r pcaps/first-verdicts "$dir/changed"
sed -i 's/ip4-ttl/ip4-tll/' "$dir/changed/verdicts.jsonl"
replay "$dir/changed" && ! same "$dir/changed" >/dev/null
result $? "a changed expectation is noticed"
echo "1..$n"
