#!/bin/bash
# The inputs and stories of pcaps/ are those that pcaps/make makes. Then a copy with one octet of an input changed, which it
# must make good. Skipped where there is no Python.
set -u
if ! command -v python3 >/dev/null; then
    echo "1..0 # SKIP no python3"
    exit 0
fi
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
cp -r pcaps "$dir/made"
printf '\x09' | dd of="$dir/made/icmp-echo/in-eth0.pcap" bs=1 seek=76 conv=notrunc 2>/dev/null

cmp -s pcaps/icmp-echo/in-eth0.pcap "$dir/made/icmp-echo/in-eth0.pcap" && echo -n "not "
echo "ok 1 - a changed octet makes a difference"
"$dir/made/make" >/dev/null && diff -r pcaps "$dir/made" | sed 's/^/# /'
[ "${PIPESTATUS[*]}" = "0 0" ] || echo -n "not "
echo "ok 2 - what pcaps/make makes is what is there"
echo "1..2"
