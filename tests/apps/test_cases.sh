#!/bin/bash
# tapir test from outside: what it prints and its exit code, for cases that are right, and for copies of one in which an octet
# of an expectation or of the input has changed. Prints TAP; needs no root.
set -u
tapir=$(realpath "${TAPIR:-${B:-build}/tapir}")
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/tmp" "$dir/one"
export TMPDIR=$dir/tmp
case=$PWD/pcaps/first-verdicts
n=0

# result STATUS SENTENCE: what the last command printed is shown when it went wrong.
result() {
    n=$((n + 1))
    if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; sed 's/^/# /' "$dir/out"; fi
}

# fresh: one/case is a copy of the first case, to be spoilt.
fresh() {
    rm -rf "$dir/one"
    mkdir "$dir/one"
    cp -r "$case" "$dir/one/case"
}

# run CODE ARGUMENTS...: tapir test in one/ ends with that code, or one that the pattern fits, and leaves nothing behind.
run() {
    local code=$1 got
    shift
    (cd "$dir/one" && "$tapir" test "$@") >"$dir/out" 2>&1 </dev/null
    got=$?
    # shellcheck disable=SC2053
    [[ $got == $code ]] || { echo "exit $got, not $code" >>"$dir/out"; return 1; }
    [ -z "$(ls -A "$TMPDIR")" ] || { echo "left behind: $(ls -A "$TMPDIR")" >>"$dir/out"; return 1; }
}

# says TEXT: a line of what was printed is or ends with it.
says() { grep -q -- "$1\$" "$dir/out"; }

# flip FILE OFFSET: turns a bit of one octet.
flip() {
    local octet
    octet=$(od -An -tu1 -j "$2" -N 1 "$1")
    printf "\\x$(printf %x $((octet ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

fresh
run 0 && says 'ok    ./case' && says '1 passed, 0 failed, 0 skipped'
result $? "a case that is as expected passes"

# Each octet of the file header but the magic, of a record header and of a frame: the last octet of a frame is at the end.
for offset in 4 6 8 12 16 20 24 28 32 36 40 62 70; do
    fresh
    flip "$dir/one/case/out-lan.pcap" $offset
    run '[12]' case && says '0 passed, 1 failed, 0 skipped'
    result $? "octet $offset of an expected capture has changed"
done
fresh
flip "$dir/one/case/out-lan.pcap" 62
run 1 && says 'out-lan.pcap: frame 1, ARP sender MAC: expected 03:00:00:00:01:01, got 02:00:00:00:01:01'
result $? "it is told by the name of the field"
size=$(stat -c %s "$case/verdicts.jsonl") missed=
for offset in $(seq 0 37 $((size - 1))) $((size - 1)); do
    fresh
    flip "$dir/one/case/verdicts.jsonl" "$offset"
    run '[12]' || missed="$missed $offset"
done
echo "not noticed:$missed" >"$dir/out"
[ -z "$missed" ]
result $? "any octet of verdicts.jsonl"
fresh
sed -i '3s/: /:\t/' "$dir/one/case/verdicts.jsonl"
run 1 && grep -q 'tapir writes octet [0-9]* of the file otherwise' "$dir/out"
result $? "also one that changes no value"
fresh
sed -i 's/"ip4-ttl"/"forwarded"/' "$dir/one/case/verdicts.jsonl"
run 1 && says 'verdicts.jsonl: frame 4 of lan, verdict: expected forwarded, got ip4-ttl'
result $? "another verdict is told by its frame"
fresh
flip "$dir/one/case/in-lan.pcap" 62
run 1 && says '0 passed, 1 failed, 0 skipped'
result $? "an octet of what arrives"
fresh
rm "$dir/one/case/out-wan.pcap"
run 1 && grep -q 'out-wan.pcap: frame 1 of those that came out, .*, is one too many' "$dir/out"
result $? "an interface without a file must be silent"
fresh
rm "$dir/one/case"/out-*
run 0 case/
result $? "without any capture expected, verdicts alone count"
fresh
printf '{"frame": 4, "verdict": "ip4-ttl"}\n' >"$dir/one/case/verdicts.jsonl"
run 0
result $? "a line by hand has the keys that matter"
printf '{"frame": 3, "verdict": "ip4-ttl"}\n' >"$dir/one/case/verdicts.jsonl"
run 1 && says 'verdicts.jsonl: frame 3 of lan, verdict: expected ip4-ttl, got forwarded'
result $? "and they do matter"

# ---- comments: a pcapng by hand, with one packet to the router with TTL 1, octets of scapy
comment() {
    local text=$1 size=${#1} padded options block
    padded=$(((size + 3) / 4 * 4))
    options=$((4 + padded + 4))
    block=$((32 + 44 + options))
    {
        printf '\n\r\r\n\x1c\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0'
        printf '\x01\0\0\0\x14\0\0\0\x01\0\0\0\0\0\0\0\x14\0\0\0'
        printf '\x06\0\0\0'"\\x$(printf %x $block)"'\0\0\0\0\0\0\0\0\0\x06\0\0\0\0\0\x2a\0\0\0\x2a\0\0\0'
        printf '\x02\0\0\0\x01\x01\x02\0\0\0\x01\x0a\x08\0\x45\0\0\x1c\0\x01\0\0\x01\x01\xa2\x36\x0a\x4d\x01\x0a\x0a\x4d\x02\x07\x08\0\xf7\xfd\0\x01\0\x01\0\0'
        printf '\x01\0'"\\x$(printf %x "$size")"'\0%s' "$text"
        head -c $((padded - size)) /dev/zero
        printf '\0\0\0\0'"\\x$(printf %x $block)"'\0\0\0'
    } >"$dir/one/case/in-lan.pcapng"
}
fresh
rm "$dir/one/case"/*.pcap "$dir/one/case/verdicts.jsonl"
comment 'expect: ip4-ttl'
run 0 && says '1 passed, 0 failed, 0 skipped'
result $? "a comment in the capture is an expectation"
comment 'expect: forwarded'
run 1 && says 'comment: frame 1 of lan, verdict: expected forwarded, got ip4-ttl'
result $? "and it matters"
run 1 --update --yes
result $? "no update mends it"
comment 'nothing of that kind'
run 0 && says '0 passed, 0 failed, 1 skipped'
result $? "another comment expects nothing"

# ---- what cannot be run
fresh
printf '{"frame": 1}\nnonsense\n' >"$dir/one/case/verdicts.jsonl"
run 2 && grep -q 'case/verdicts.jsonl:2: is no JSON object; write a line like' "$dir/out"
result $? "a line that is no JSON is told by its number"
for place in /dev/zero "$dir"; do
    fresh
    ln -sf "$place" "$dir/one/case/verdicts.jsonl"
    run 2 --limit 2 && says 'case/verdicts.jsonl: is no ordinary file of at most 1 GiB; make it one'
    result $? "verdicts that are a device or a folder: $place"
done
fresh
sed -i 's/10.77.1.1/10.77.1.300/' "$dir/one/case/network.conf"
run 2 && grep -q 'case/network.conf:4: "10.77.1.300/24" is not an IPv4 address' "$dir/out"
result $? "a fault of the network file is told by its line"
fresh
mv "$dir/one/case/in-lan.pcap" "$dir/one/case/in-lam.pcap"
run 2 && grep -q 'in-lam.pcap: the first node of network.conf has no interface of that name' "$dir/out"
result $? "a capture for an interface that is not there"
fresh
rm "$dir/one/case/in-lan.pcap"
run 2 && grep -q 'there is no in-IFACE.pcap' "$dir/out"
result $? "a case without captures"
fresh
rm "$dir/one/case/network.conf"
run 2 && grep -q 'case/network.conf: No such file' "$dir/out"
result $? "expectations without a network file"
fresh
mkdir "$dir/one/empty"
run 2 empty && grep -q 'empty: there is no case in it' "$dir/out"
result $? "a folder without any case"
run 2 nowhere && grep -q 'nowhere: No such file or directory; name a folder' "$dir/out"
result $? "a folder that is not there"
for wrong in '--format xml' '--jobs 0' '--jobs 9x' '--limit 0' '--limit soon' '--yes' '--nonsense' '--update'; do
    # shellcheck disable=SC2086
    run 2 $wrong && grep -q 'usage: tapir test' "$dir/out"
    result $? "exit 2 and the usage after $wrong"
done

# ---- options: the case as it would be if its capture came from another network, with another router
fresh
sed -i 's/10\.77\.1\./192.0.2./g; s/02:00:00:00:01:01/02:00:00:00:01:99/' "$dir/one/case/network.conf"
rm "$dir/one/case"/out-*
cut -d , -f 5 "$case/verdicts.jsonl" >"$dir/expected"
nl -w 1 -s , "$dir/expected" | sed 's/\([^,]*\),\(.*\)/{"frame": \1,\2}/' >"$dir/one/case/verdicts.jsonl"
options() { printf '%s\n' "$@" >"$dir/one/case/options"; }
run 1
result $? "a foreign capture does not fit"
options '# from another network' '' '  --dst-mac router  ' $'--rewrite=10.77.1.0/24=192.0.2.0/24\r'
run 0
result $? "it does after what its options ask for"
options '--dst-mac router' '--rewrite 10.77.1.0/24=192.0.2.0/24' '--filter ip[8] = 1 or arp'
sed -i '/forwarded\|failed\|prohib\|echoed/d' "$dir/one/case/verdicts.jsonl"
run 0
result $? "a filter leaves frames out, and the others keep their numbers"
fresh
options '--until 100ms'
run 1 && grep -q 'frame 8' "$dir/out"
result $? "the end may come sooner"
rm -r "$dir/one/case"
cp -r "$case/../lossy-link" "$dir/one/case"
run 0
result $? "a bad link has the chances that are always the same"
options '--seed 4711'
run 1
result $? "other chances give another result"
# OPTION, and what its line is told
while IFS='|' read -r option told; do
    fresh
    options '# one line before it' "$option"
    run 2 && says "case/options:2: $told"
    result $? "told by file and line: $option"
done <<'END'
--dst-mac host|--dst-mac wants router or keep, and not host
--rewrite 10.0.0.0/8=11.0.0.0/9|--rewrite wants two networks of one length like .*, and not 10.0.0.0/8=11.0.0.0/9
--until soon|--until wants a duration like 500ms, 60s or 10min, and not soon
--seed x|--seed wants a number like 7, and not x
--filter icmp nd|filter "icmp nd": .*; expressions are those of: man pcap-filter
--until|a value is missing after --until
--out lan=x.pcap|a case may have --dst-mac, --filter, --rewrite, --seed and --until, and not --out
dst-mac router|write an option as on the command line, like --dst-mac router, and not dst-mac router
END
fresh
for octet in '\0' '\v' '\033'; do
    # shellcheck disable=SC2059 # the octet is a part of the format
    printf -- "--dst-mac router$octet\n" >"$dir/one/case/options"
    run 2 && says 'case/options: is no text of options; write lines like --dst-mac router'
    result $? "options that are no text: $octet"
done
fresh
mkdir "$dir/one/case/options"
run 2 && says 'case/options: Is a directory; make it a file with an option on each line'
result $? "a folder in their place"

# ---- many
fresh
for i in 1 2 3 4 5 6 7; do cp -r "$case" "$dir/one/case$i"; done
mkdir -p "$dir/one/deep/er" && mv "$dir/one/case7" "$dir/one/deep/er/"
run 0 --jobs 3 && diff <(cut -c 9- "$dir/out" | head -n 8) <(printf '%s\n' case case{1..6} deep/er/case7) >/dev/null
result $? "cases of all depths come in order of their names"
flip "$dir/one/case2/out-lan.pcap" 62
rm "$dir/one/case3/verdicts.jsonl" "$dir/one/case3"/out-*
rm "$dir/one/case4/in-lan.pcap"
run 2 --format tap && grep -qx '1..8' "$dir/out" && grep -qx 'not ok 3 - ./case2' "$dir/out" && grep -q '^ok 4 - ./case3 # SKIP' "$dir/out"
result $? "TAP"
mv "$dir/one/case5" "$dir/one/<a&\"b>"$'\001\377'
run 2 --format junit && grep -q 'tests="8" failures="1" errors="1" skipped="1"' "$dir/out" &&
    { ! command -v xmllint >/dev/null || xmllint --noout "$dir/out"; }
result $? "JUnit, also with names that XML cannot hold"

# ---- --update
fresh
flip "$dir/one/case/out-lan.pcap" 62
printf '{"frame": 4, "verdict": "forwarded"}\n' >"$dir/one/case/verdicts.jsonl"
run 0 --update --yes && grep -q 'case: wrote out-lan.pcap, verdicts.jsonl' "$dir/out" && cmp -s "$case/out-lan.pcap" "$dir/one/case/out-lan.pcap"
result $? "--update writes what came out"
[ "$(cat "$dir/one/case/verdicts.jsonl")" = '{"frame": 4, "verdict": "ip4-ttl"}' ] && run 0
result $? "a line by hand keeps its keys"
rm "$dir/one/case"/out-* "$dir/one/case/verdicts.jsonl"
run 0 && says '0 passed, 0 failed, 1 skipped' && run 0 --update --yes && diff -r "$case" "$dir/one/case" >>"$dir/out"
result $? "a case that expects nothing gets all of it"
flip "$dir/one/case/out-lan.pcap" 62
cp "$dir/one/case/out-lan.pcap" "$dir/spoilt"
if command -v script >/dev/null; then
    (cd "$dir/one" && echo n | script -qec "$tapir test --update" /dev/null) >"$dir/out" 2>&1
    [ $? = 1 ] && cmp -s "$dir/spoilt" "$dir/one/case/out-lan.pcap"
    result $? "n leaves it as it is"
    (cd "$dir/one" && echo y | script -qec "$tapir test --update" /dev/null) >"$dir/out" 2>&1
    cmp -s "$case/out-lan.pcap" "$dir/one/case/out-lan.pcap"
    result $? "y replaces it"
fi

fresh
(cd "$dir/one" && "$tapir" test | true)
ls -A "$TMPDIR" >"$dir/out"
[ ! -s "$dir/out" ]
result $? "who listens no more leaves nothing behind"

# ---- children: one that waits for a pipe to be written can be killed
fresh
rm "$dir/one/case/in-lan.pcap"
mkfifo "$dir/one/case/in-lan.pcap"

for format in text tap junit; do
    rm -rf "$dir/one/other"
    cp -r "$case" "$dir/one/other"
    run 1 --limit 1 --format $format && says '.*had not ended after 1 s; mend it, or give it more time by --limit' && case $format in
        text) says 'FAIL  ./case' && says 'ok    ./other' && says '1 passed, 1 failed, 0 skipped' ;;
        tap) says 'not ok 1 - ./case' && says 'ok 2 - ./other' ;;
        junit) grep -q 'tests="2" failures="0" errors="1"' "$dir/out" && grep -q '<error message="takes too long">had not' "$dir/out" ;;
    esac
    result $? "one that does not end is ended, is a case that failed, and the others go on: $format"
done
rm -rf "$dir/one/other"

# begin: starts tapir test, and waits until its child is there: $parent and $child.
begin() {
    (cd "$dir/one" && exec "$tapir" test) >"$dir/out" 2>&1 &
    parent=$! child=
    for _ in $(seq 200); do
        child=$(cat "/proc/$parent/task/$parent/children" 2>/dev/null)
        [ -z "$child" ] || [ -z "$(ls -A "$TMPDIR"/*/0 2>/dev/null)" ] || break
        sleep 0.05
    done
}
begin
# shellcheck disable=SC2086
kill -KILL $child
wait $parent
[ $? = 1 ] && grep -q 'tapir crashed: signal 9' "$dir/out" && [ -z "$(ls -A "$TMPDIR")" ]
result $? "a child that is killed or crashes is a case that failed"
begin
kill -INT $parent 2>/dev/null
kill -TERM $parent
wait $parent 2>/dev/null
got=$?
{ [ $got = 130 ] || [ $got = 143 ]; } && [ -z "$(ls -A "$TMPDIR")" ] && ! kill -0 $child 2>/dev/null
result $? "a signal ends all children, and nothing is left behind"
echo "1..$n"
