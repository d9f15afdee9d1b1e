#!/bin/bash
# What may be named as a file and is none, and captures that lie about their lengths: tapir replay and tapir check end soon, with
# verdicts that add up, or with exit code 2 and one line that names the file. Prints TAP; needs no root.
set -u
tapir=$(realpath "${B:-build}/tapir")
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
conf=$PWD/pcaps/first-verdicts/network.conf
capture=$PWD/pcaps/first-verdicts/in-lan.pcap
n=0
cd "$dir" || exit 2
mkdir folder
ln -s loop loop
: >empty
head -c 24 "$capture" >headonly
head -c 100 "$capture" >cut
# with FILE OFFSET OCTETS: the capture with other octets there.
with() { cp "$capture" "$1" && printf '%b' "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none; }
with snap0 16 '\0\0\0\0'
with snap1 16 '\01\0\0\0'
with snapall 16 '\0377\0377\0377\0377'
with length 32 '\0377\0377\0377\0377'
with wire 36 '\0377\0377\0377\0377'
with magic 0 '\0\0\0\0'
head -c 1000000 "$tapir" >program

# result STATUS SENTENCE
result() {
    n=$((n + 1))
    if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; sed 's/^/# /' said; fi
}

# adds_up: the last line of the sum has as many verdicts as frames, and they are of two kinds.
adds_up() { sed -n 's/^\([0-9]*\) frames read, \([0-9]*\) verdicts (\([0-9]*\) passed, \([0-9]*\) refused).*/\1 \2 \3 \4/p' said |
    awk '{ n++ } $1 != $2 || $3 + $4 != $2 { exit 1 } END { exit n != 1 }'; }

# refuses FILE: the last line names it, and there is no other of the kind.
refuses() { [ "$(grep -c '^tapir replay: ' said)" = 1 ] && tail -n 1 said | grep -q "^tapir replay: $1: "; }

# CODE FILE
while read -r code file; do
    timeout 20 "$tapir" replay "$conf" --node r1 --in "lan=$file" >/dev/null 2>said
    got=$?
    case $code in
        0) [ $got = 0 ] && adds_up ;;
        *) [ $got = 2 ] && refuses "$file" ;;
    esac
    result $? "a capture that is $file"
done <<'END'
2 folder
2 loop
2 nowhere
2 empty/below
2 empty
2 cut
2 length
2 magic
2 /dev/zero
2 /dev/null
0 headonly
0 snap0
0 snap1
0 snapall
0 wire
2 program
END
for file in folder loop nowhere empty program /dev/zero /dev/null; do
    timeout 20 "$tapir" check "$file" >out 2>said
    [ $? = 2 ] && [ "$(cat out said | wc -l)" = 1 ] && cat out said | grep -q "^$file:"
    result $? "a network file that is $file"
done
mkfifo pipe
cat "$capture" >pipe &
timeout 20 "$tapir" replay "$conf" --node r1 --in lan=pipe >/dev/null 2>said && adds_up
result $? "a pipe is read like a file"
echo "1..$n"
