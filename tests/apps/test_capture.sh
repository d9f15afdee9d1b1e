#!/bin/sh
# What tapir replay --capture writes, as tshark reads it; and what is done to frames before they go in. Prints TAP.
tapir=${B:-build}/tapir
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
case="pcaps/first-verdicts/network.conf --node r1"
in=pcaps/first-verdicts/in-lan.pcap
n=0
passed() { # SENTENCE: the command before it went well
    status=$?
    n=$((n + 1))
    [ $status = 0 ] && echo "ok $n - $1" && return
    echo "not ok $n - $1"
    sed 's/^/# /' "$dir/err"
}
# shellcheck disable=SC2086
replay() { "$tapir" replay $case "$@" 2>"$dir/err"; }
fields() { tshark -r "$dir/c.pcapng" -T fields "$@" 2>/dev/null; }
verdicts() { replay --in "lan=$1" --verdicts - | sed 's/.*"verdict": "\([^"]*\)".*/\1/'; }

replay --in lan=$in --capture "$dir/c.pcapng"
passed "a capture of all interfaces is written"
fields -e frame.interface_name -e frame.packet_id -e frame.comment >"$dir/list"
grep -qx 'r1:lan	4	ip4-ttl: the TTL ran out (RFC 1812 5.3.1); answer-sent' "$dir/list"
passed "a frame has its verdict, the section of the RFC and what became of its error in a comment"
[ "$(grep -c '	4	' "$dir/list")" = 2 ] && grep '	4	' "$dir/list" | tail -n 1 | grep -q sent:
passed "the error about it has its packet id and stands behind it"
grep -qx 'r1:lan	3	forwarded: .*' "$dir/list" && grep -qx 'r1:wan	3	forwarded: .*' "$dir/list"
passed "a forwarded frame is seen at both interfaces under one id"
[ "$(grep -c '	[1-9]' "$dir/list")" -ge 14 ] && grep -qx 'r1:wan		sent: .*' "$dir/list"
passed "what no frame caused at once has no id"
fields -Y 'frame.comment contains "neighbor-failed"' -e frame.time_epoch | head -n 1 | grep -qx '1700000002.500000000'
passed "one that waited has the time of its arrival"
capinfos -I "$dir/c.pcapng" 2>/dev/null | grep -q 'Number of interfaces in file: *2'
passed "it has all interfaces, also silent ones"
tshark -r "$dir/c.pcapng" -Y '_ws.malformed || ip.checksum.status == "Bad"' 2>/dev/null >"$dir/bad"
[ ! -s "$dir/bad" ]
passed "nothing of it is malformed"
for option in "--out lan=" "--verdicts " "--table " "--capture "; do
    # shellcheck disable=SC2086
    replay --in lan=$in $option/dev/full
    [ $? = 2 ] && [ "$(tail -n 1 "$dir/err")" = "tapir replay: /dev/full: could not be written: No space left on device" ]
    passed "a full disk is told with the name of the file: $option"
done
replay --in lan=$in --capture "$dir/d.pcapng" && cmp -s "$dir/c.pcapng" "$dir/d.pcapng"
passed "the same run gives the same octets"
replay --in lan=$in --capture "$dir/c.pcapng" --out lan="$dir/c.pcapng"
[ $? = 2 ] && grep -q 'another input or output' "$dir/err"
passed "it does not overwrite another output"
verdicts "$dir/c.pcapng" >/dev/null
passed "and can be replayed itself"

replay --in lan=$in --out lan="$dir/lan.pcapng" && [ "$(tshark -r "$dir/lan.pcapng" -T fields -e frame.interface_name 2>/dev/null | sort -u)" = r1:lan ]
passed "frames that leave have the name of their interface, too, where --out is a pcapng"

replay --in lan=$in --filter 'ip[8] = 1' --table "$dir/table"
[ "$(wc -l <"$dir/table")" = 1 ] && grep -q ' lan 4 ' "$dir/table" && grep -qx '7 frames left out by the filter' "$dir/err" &&
    grep -q '^1 frames read, 1 verdicts' "$dir/err"
passed "a filter leaves frames out, and the others keep their numbers"
replay --in lan=$in --filter 'icmp nd'
[ $? = 2 ] && grep -q 'icmp nd' "$dir/err"
passed "a filter that is none is named"
replay --in lan=$in --rewrite 10.77.1.0/24=10.1.0.0/25
[ $? = 2 ] && grep -q 'two networks of one length' "$dir/err"
passed "a rewrite wants networks of one length"
# The same frames from a host of another network that thinks that it has another router.
replay --in lan=$in --rewrite 10.77.1.0/24=192.0.2.0/24 --rewrite 10.77.2.0/24=198.51.100.0/24 --out lan="$dir/foreign.pcap"
passed "addresses are rewritten"
replay --in lan=$in --verdicts "$dir/verdicts" && cut -d , -f 5 "$dir/verdicts" >"$dir/before"
sed 's/10\.77\.1\./192.0.2./g; s/02:00:00:00:01:01/02:00:00:00:01:99/' pcaps/first-verdicts/network.conf >"$dir/other.conf"
"$tapir" replay "$dir/other.conf" --node r1 --in lan=$in --rewrite 10.77.1.0/24=192.0.2.0/24 --dst-mac router --verdicts "$dir/verdicts" 2>"$dir/err"
cut -d , -f 5 "$dir/verdicts" | cmp -s - "$dir/before"
passed "a foreign capture, rewritten and sent to the router, meets the same verdicts there"
"$tapir" replay "$dir/other.conf" --node r1 --in lan=$in --dst-mac keep --verdicts "$dir/verdicts" 2>"$dir/err"
! cut -d , -f 5 "$dir/verdicts" | cmp -s - "$dir/before"
passed "and not when it is left as it is"
replay --in lan=$in --dst-mac host
[ $? = 2 ] && grep -q 'dst-mac wants router or keep' "$dir/err"
passed "--dst-mac has two values"
echo "1..$n"
