#!/bin/bash
# Our reader of pcapng beside tshark: files that text2pcap, mergecap and editcap wrote, read by both, must have the same
# times, lengths, interfaces, comments and octets. Prints TAP; needs no root.
set -u
ours=${B:-build}/tests/tap/test_pcapng_read
n=0 dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
for program in tshark text2pcap mergecap editcap; do
    command -v $program >/dev/null || { echo "1..0 # SKIP needs $program: make deps-test"; exit 0; }
done
[ -x "$ours" ] || { echo "Bail out! $ours is not built: make tests"; exit 1; }

# frames OCTETS...: a hex dump with a packet for each argument, two seconds and a bit apart.
frames() {
    local octets second=10
    for octets in "$@"; do
        printf '2023-11-14 22:13:%d.123456789\n0000 %s\n\n' $second "$octets"
        second=$((second + 2))
    done
}

# theirs FILE: a line for each frame, as our reader prints them. What tshark calls an "unknown" interface has no name.
theirs() {
    tshark -r "$1" -T json -x -J "frame pkt_comment" 2>/dev/null | awk '
        function value() { sub(/^ *"[a-z_.]*": "/, ""); sub(/",?$/, ""); return $0 }
        raw { raw = 0; octets = $1; gsub(/[",]/, "", octets); next }
        /"frame_raw"/ { raw = 1 }
        /"frame.comment":/ { comment = value() }
        /"frame.interface_name":/ { name = value(); if (name == "unknown") name = "" }
        /"frame.time_epoch":/ { time = value() }
        /"frame.len":/ { long = value() }
        /"frame.cap_len":/ { print time "|" value() "|" long "|" name "|" comment "|" octets; name = comment = "" }'
}

# same SENTENCE FILE FRAMES [SED]: both read that many frames, and the same, once sed was at both.
same() {
    n=$((n + 1))
    theirs "$2" | sed "${4:-}" >"$dir/theirs"
    "$ours" - <"$2" | sed "${4:-}" >"$dir/ours"
    if [ "$(wc -l <"$dir/ours")" = "$3" ] && cmp -s "$dir/theirs" "$dir/ours"; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        diff "$dir/theirs" "$dir/ours" | sed 's/^/# /'
    fi
}

ether="02 00 00 00 00 02 02 00 00 00 00 01"
echo1="45 00 00 1c 00 01 00 00 40 01 66 de 0a 00 00 01 0a 00 00 02 08 00 f7 ff 00 00 00 00"
echo2="45 00 00 1d 00 02 00 00 40 01 66 dc 0a 00 00 01 0a 00 00 02 08 00 b6 fe 00 00 00 01 41"
cooked="00 00 00 01 00 06 02 00 00 00 00 01 00 00 08 00"
cd "$dir" || exit 2
case $ours in /*) ;; *) ours=$OLDPWD/$ours ;; esac

frames "$ether 08 00 $echo1" "$ether 08 00 $echo2" | text2pcap -q -t '%Y-%m-%d %H:%M:%S.%f' -N lan0 - ether.pcapng >/dev/null 2>&1
frames "$echo2" "$echo1" | text2pcap -q -t '%Y-%m-%d %H:%M:%S.%f' -l 101 -N tun0 - raw.pcapng >/dev/null 2>&1
frames "$cooked $echo1" | text2pcap -q -t '%Y-%m-%d %H:%M:%S.%f' -l 113 -N any - cooked.pcapng >/dev/null 2>&1
mergecap -w merged.pcapng ether.pcapng raw.pcapng cooked.pcapng
same "named interfaces of three link types, by text2pcap and mergecap" merged.pcapng 5

editcap -a "1:expect: icmp4-echoed" -a "2:expect: ip4-ttl" -a "2:nothing else, with letters: äß" --capture-comment "of the file" \
    ether.pcapng comments.pcapng
same "comments, by editcap" comments.pcapng 2
editcap -s 20 merged.pcapng cut.pcapng
same "frames that were cut" cut.pcapng 5
editcap -F pcap ether.pcapng ether.pcap && editcap ether.pcap micro.pcapng
same "microseconds" micro.pcapng 2
editcap -F nsecpcap ether.pcapng nano.pcap && editcap nano.pcap nano.pcapng
same "nanoseconds" nano.pcapng 2
printf 'CLIENT_RANDOM 00 00\n' >keys && editcap --inject-secrets tls,keys ether.pcapng secrets.pcapng
same "blocks that we do not know" secrets.pcapng 2
# In a later section tshark looks for the names of interfaces in the first one.
cat comments.pcapng raw.pcapng cooked.pcapng >sections.pcapng
same "three sections" sections.pcapng 5 's/|[a-z]\+[0-9]*|/||/'

n=$((n + 1))
head -c $(($(wc -c <comments.pcapng) - 30)) comments.pcapng >short.pcapng
"$ours" short.pcapng >before 2>complaint
editcap short.pcapng kept.pcapng 2>/dev/null
"$ours" kept.pcapng >after
if grep -q "frame 2: truncated" complaint && [ "$(wc -l <before)" = 1 ] && cmp -s before after; then
    echo "ok $n - a file that ends early: the mend that the error names keeps what stands before"
else
    echo "not ok $n - a file that ends early: the mend that the error names keeps what stands before"
    sed 's/^/# /' complaint before after
fi
echo "1..$n"
