#!/bin/bash
# Our writer of pcapng before tshark and capinfos: comments, names of interfaces, numbers, directions, statistics. Prints
# TAP; needs no root.
set -u
ours=${B:-build}/tests/tap/test_pcapng_write
n=0 dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
for program in tshark capinfos; do
    command -v $program >/dev/null || { echo "1..0 # SKIP needs $program: make deps-test"; exit 0; }
done
[ -x "$ours" ] || { echo "Bail out! $ours is not built: make tests"; exit 1; }

# same SENTENCE EXPECTED GOT
same() {
    n=$((n + 1))
    if [ "$2" = "$3" ]; then echo "ok $n - $1"; else
        echo "not ok $n - $1"
        diff <(echo "$2") <(echo "$3") | sed 's/^/# /'
    fi
}

"$ours" "$dir/a.pcapng" && "$ours" "$dir/b.pcapng" && "$ours" - >"$dir/c.pcapng"
cmp "$dir/a.pcapng" "$dir/b.pcapng" && cmp "$dir/a.pcapng" "$dir/c.pcapng"
same "each run writes the same octets, to a file or to stdout" 0 $?

same "tshark shows times, interfaces, directions, numbers and comments" \
    "1700000000.123456789|42|42|r1:lan|0x00000001|7|ip4-ttl: RFC 791 3.2, TTL of 1: ä|10.0.0.2
1699999999.123456788|42|100|r1:wan|0x00000002|7||10.0.0.2
1699999999.123456788|42|100|r1:wan||||10.0.0.2" \
    "$(tshark -r "$dir/a.pcapng" -T fields -E separator='|' -e frame.time_epoch -e frame.cap_len -e frame.len \
        -e frame.interface_name -e frame.packet_flags -e frame.packet_id -e frame.comment -e ip.dst 2>"$dir/complaints")"
same "and complains of nothing" "" "$(grep -v '^Running as user' "$dir/complaints")"

# capinfos shows of the statistics how many there are; what is in them stands in the table of bytes.
same "capinfos shows who wrote it, resolution, names and one statistics block for each interface" \
    "Capture application: tapir
Name = r1:lan
Encapsulation = Ethernet (1 - ether)
Time precision = nanoseconds (9)
Number of stat entries = 1
Number of packets = 1
Name = r1:wan
Encapsulation = Ethernet (1 - ether)
Time precision = nanoseconds (9)
Number of stat entries = 1
Number of packets = 2" \
    "$(capinfos "$dir/a.pcapng" | sed -n 's/^  *//; s/^\(Capture application: *tapir\) .*/\1/; s/:  */: /
        /^Capture application/p; /^Encapsulation = /p; /^Name = /p; /^Number of .* = /p; /^Time precision = /p')"
echo "1..$n"
