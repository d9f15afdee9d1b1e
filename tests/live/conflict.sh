#!/bin/bash
# Somebody else claims an address of tapir: it defends it, tells of it, and a router does not fall silent (RFC 5227 2.4).
# The rival is a kernel with the same address, on a bridge with an honest host.
# shellcheck disable=SC2317 # functions are called by ok
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"
needs ping arping tcpdump timeout

hub wire honest rival
inside honest ip addr add 10.77.1.10/24 dev eth0
inside honest ip route add default via 10.77.1.1
quiet() { # the rival claims, but answers neither ARP nor ping: what answers is tapir
    inside rival sh -c "echo $1 >/proc/sys/net/ipv4/conf/all/arp_ignore; echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all"
}
quiet 8
inside rival ip addr add 10.77.1.1/24 dev eth0

network router <<END
node r {
    forwarding = on
    interface lan { tap = tap0  netns = $(space_name wire)  address = 10.77.1.1/24  mac = 02:00:00:00:77:01 }
    interface far { link = wire  address = 10.77.2.1/24 }
}
node h { interface eth0 { link = wire  address = 10.77.2.2/24 } route default { via = 10.77.2.1 } }
link wire { }
END
ok "the router is ready" start r run "$(file router)"
pings() { inside honest ping -q -c 2 -i 0.01 -W 1 "$1"; }
ok "it is pinged" pings 10.77.1.1
ok "and through" pings 10.77.2.2

background honest watch tcpdump -n -e -l -i eth0 -Z root arp and ether src 02:00:00:00:77:01 and arp\[6:2\] = 1
until_true 5 said watch "listening on"
defences() { grep -c "> ff:ff:ff:ff:ff:ff.* who-has 10.77.1.1 .*tell 10.77.1.1" "$(file watch.out)"; }
defended() { cat "$(file watch.out)" && [ "$(defences)" -ge 1 ]; }
claim() { inside rival arping -q -c 1 -w 1 "$1" -I eth0 10.77.1.1; }

ok "nothing is announced unasked" test "$(defences)" = 0
claim -U >/dev/null
ok "a claim by gratuitous request is answered by an announcement" until_true 3 defended
rival_mac=$(inside rival cat /sys/class/net/eth0/address)
ok "tapir tells who claims the address" until_true 3 said r "$rival_mac claims our address 10.77.1.1"
back() { shows "lladdr 02:00:00:00:77:01" ip -n "$(space_name honest)" neigh show 10.77.1.1; }
ok "so that the honest host has the MAC of tapir again" back
ok "and pings it" pings 10.77.1.1
ok "and through it" pings 10.77.2.2
claim -A >/dev/null
claim -U >/dev/null
ok "further claims within ten seconds are not answered" test "$(defences)" = 1
ok "so they do deceive the honest host" not back
ip -n "$(space_name honest)" neigh flush dev eth0
ok "but a router keeps its address, and answers who asks anew" pings 10.77.1.1
ok "and forwards" pings 10.77.2.2
counts_conflicts() { report r && [ "$(verdict r r arp-conflict)" -ge 3 ]; }
ok "each claim is named: arp-conflict" counts_conflicts
ok "it ends with 0" stop r
stop watch

# --- with arp.acd the address is asked for before it is used ---
quiet 0
sed 's/forwarding = on/forwarding = on arp { acd = on }/' "$(file router)" >"$(file careful)"
refused "with arp.acd an address that is taken is refused, and who has it is named" \
    "10.77.1.1 is in use by $rival_mac" "$TAPIR" run "$(file careful)"
inside rival ip addr del 10.77.1.1/24 dev eth0
background honest watch tcpdump -n -e -l -i eth0 -Z root arp and ether src 02:00:00:00:77:01
until_true 5 said watch "listening on"
ok "without the rival it starts" start careful run "$(file careful)"
probed() { grep "who-has 10.77.1.1 .*tell 0.0.0.0" "$(file watch.out)" && [ "$(grep -c "tell 0.0.0.0" "$(file watch.out)")" = 3 ]; }
ok "after three probes from 0.0.0.0" until_true 3 probed
ok "and an announcement" until_true 3 defended
ok "and is pinged" until_true 5 pings 10.77.1.1
ok "it ends with 0" stop careful
finish
