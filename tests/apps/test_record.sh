#!/bin/bash
# tapir replay with a recording: what it writes, and what it must not overwrite; the same for captures. Two nodes on a wire ask
# for their addresses, so there is something to record without a device. Prints TAP; needs no root.
set -u
tapir=$(realpath "${B:-build}/tapir")
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
cp pcaps/first-verdicts/in-lan.pcap pcaps/first-verdicts/network.conf "$dir"
cd "$dir" || exit 2
n=0

# result STATUS SENTENCE: what the last command printed is shown when it went wrong.
result() {
    n=$((n + 1))
    if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; sed 's/^/# /' said; fi
}

# replay CODE ARGUMENTS...: ends with that code.
replay() {
    local code=$1 got
    shift
    "$tapir" replay "$@" >out 2>said
    got=$?
    [ $got = "$code" ] || { echo "exit $got, not $code" >>said; return 1; }
}

cat >wire.conf <<'END'
node r1 { arp { acd = on }  interface mid { link = wire  address = 10.3.0.1/24 } }
node h1 { arp { acd = on }  interface eth { link = wire  address = 10.3.0.2/24 } }
link wire { latency = 2ms }
END
timeout -s INT 2 "$tapir" run --record rec wire.conf >said 2>&1
replay 0 rec --table - && grep -q ' r1:mid 1  arp-' out && [ "$(grep -c 'all as recorded' said)" = 2 ]
result $? "a run without devices is recorded and made again"
if command -v tshark >/dev/null; then
    replay 0 rec --capture all.pcapng --verdicts - &&
        tshark -r all.pcapng -T fields -e frame.interface_name -e frame.comment 2>>said >seen &&
        grep -q '^h1:eth	arp-' seen && grep -q '^r1:mid	sent: ' seen
    result $? "--capture has the frames of all nodes with their verdicts"
    replay 0 rec --out h1:eth=eth.pcapng && [ "$(tshark -r eth.pcapng -T fields -e frame.interface_name 2>>said | sort -u)" = h1:eth ]
    result $? "a pcapng of what one sends has the name of its interface"
fi
for option in '--in r1:mid=in-lan.pcap' '--explain 1' '--filter icmp' '--rewrite 10.0.0.0/8=11.0.0.0/8' '--dst-mac router' '--until 1s' \
    '--seed 1' --progress; do
    # shellcheck disable=SC2086
    replay 2 rec $option && grep -q 'a recording has its frames with it' said
    result $? "nothing may be asked otherwise than it was: $option"
done

cp -r rec kept
cp in-lan.pcap link-target
ln -s in-lan.pcap link.pcap
ln in-lan.pcap hard.pcap
ln -s nowhere dangling

# guards SENTENCE ARGUMENTS...: refused, and all is as it was.
guards() {
    local sentence=$1
    shift
    replay 2 "$@" && grep -q 'is another input or output of this run; name another file' said &&
        diff -r kept rec >>said && cmp in-lan.pcap link-target >>said && [ ! -e new ] && [ ! -e other ] && [ ! -e nowhere ]
    result $? "it does not overwrite $sentence"
}
guards "its tape by frames" rec --out r1:mid=rec/1.tape
guards "the tape of another node" rec --out r1:mid=rec/2.tape
guards "its tape by verdicts" rec --verdicts rec/1.tape
guards "its tape by a table, under another name" rec --table ./rec/../rec/1.tape
guards "its tape by a capture, nor writes anything before" rec --out r1:mid=other --capture rec/1.tape
guards "its network file" rec --verdicts rec/network.conf
guards "an output by another that is not there yet either" rec --verdicts new --capture ./new
guards "an output that a link promises" rec --verdicts dangling --table nowhere
case="network.conf --node r1 --in lan=in-lan.pcap"
# shellcheck disable=SC2086
{
    guards "the network file" $case --table network.conf
    guards "a capture by a link" $case --out lan=link.pcap
    guards "a capture by its second name, nor writes anything before" $case --out lan=new --verdicts hard.pcap
    guards "a capture that stdin is" network.conf --node r1 --in lan=- --capture in-lan.pcap <in-lan.pcap
    replay 0 $case --out lan=/dev/null --out wan=/dev/null --verdicts /dev/null
    result $? "but several may go to a device"
    replay 0 $case --out lan=dangling && [ -s nowhere ]
    result $? "and a link to what is not there yet is followed"
}
echo "1..$n"
