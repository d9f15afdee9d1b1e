#!/bin/bash
# What the kernel believes of tapir: redirects, path MTUs, ARP. And what tapir believes of kernels that move.
# One wire with the router tapir, a kernel a that asks, and a kernel b that is a second router.
# shellcheck disable=SC2016,SC2317 # functions are called by ok; the inner bash expands
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"
needs ping tracepath arping tcpdump tshark timeout

hub wire a b
inside a ip addr add 10.1.0.10/24 dev eth0
inside a ip route add default via 10.1.0.1
inside a ip route add 10.1.0.50 via 10.1.0.1 # is beside a, but a does not know
for address in 10.1.0.2/24 10.1.0.50/24 10.9.0.1/32 10.9.0.2/32; do inside b ip addr add $address dev eth0; done
# The kernel believes redirects that come from its gateway, as a host that accepts them; of all hosts on a shared wire.
for name in all default eth0; do
    inside a sh -c "echo 1 >/proc/sys/net/ipv4/conf/$name/accept_redirects; echo 1 >/proc/sys/net/ipv4/conf/$name/shared_media"
done

network router <<END
node r {
    forwarding = on
    icmp { rate = 0  extensions { interface = on } }
    interface lan { tap = tap0  netns = $(space_name wire)  address = 10.1.0.1/24  mac = 02:00:00:00:77:01 }
    interface far { link = narrow  address = 10.3.0.1/24  mtu = 1000 }
    route 10.9.0.0/24 { via = 10.1.0.2 }
    route default { via = 10.3.0.2 }
}
node h {
    icmp { rate = 0 }
    interface eth0 { link = narrow  address = 10.3.0.2/24  mtu = 1000 }
    route default { via = 10.3.0.1 }
    services { echo = 7 }
}
link narrow { }
END
ok "the router is ready" start r run "$(file router)"
watch wire tap0 all

pings() { inside a ping -q -c 2 -i 0.01 -W 2 "$@"; }
# says TEXT COMMAND...: as shows, at a.
says() {
    local text=$1
    shift
    shows "$text" ip netns exec "$(space_name a)" "$@"
}
way() { says "$1" ip route get "$2"; } # way TEXT ADDRESS: by which way a would send there

# --- redirects ---
ok "a sends by its gateway" way "10.9.0.1 via 10.1.0.1 " 10.9.0.1
# The first redirect makes the kernel look for b's MAC; when it has it, it believes the next one.
ok "ping tells of the redirect, and is answered all the same (RED-1, FWD-33)" says "From 10.1.0.1.*Redirect Host(New nexthop: 10.1.0.2)" ping -c 3 -i 0.05 -W 2 10.9.0.1
ok "a's kernel believes it (RED-5, RED-6)" way "10.9.0.1 via 10.1.0.2 " 10.9.0.1
learnt() { inside a ip route get "$1" | grep -q "cache <redirected>"; }
ok "and has learnt it by a redirect (RED-2)" learnt 10.9.0.1
ok "of that host alone" way "10.9.0.2 via 10.1.0.1 " 10.9.0.2
direct() { # from here on tapir forwards no more of them
    report r >/dev/null
    local before
    before=$(verdict r r forwarded)
    pings 10.9.0.1 && report r && [ "$(verdict r r forwarded)" = "$before" ]
}
ok "its next packets do not come to tapir" direct
ok "who is on the same wire is reached by tapir at first" inside a ping -q -c 3 -i 0.05 -W 2 10.1.0.50
ok "then directly (RED-5)" way "10.1.0.50 via 10.1.0.50 " 10.1.0.50

# --- path MTU ---
ok "what is too large for the narrow side is refused with its MTU (PMTU-1, FWD-24)" says "From 10.1.0.1.*Frag needed and DF set (mtu = 1000)" ping -c 1 -W 2 -s 1472 -M "do" 10.3.0.2
ok "a's kernel believes it (PMTU-1)" way "mtu 1000" 10.3.0.2
ok "and refuses itself what is larger" says "message too long, mtu=1000" ping -c 1 -W 2 -s 973 -M "do" 10.3.0.2
ok "what just fits passes" pings -s 972 -M "do" 10.3.0.2
mtu_step() { says "pmtu 1500" tracepath -n 10.3.0.2 && grep -q "10.1.0.1 .*pmtu 1000" "$(file shown)" && grep -q "pmtu 1000 hops 2 back 2" "$(file shown)"; }
ip -n "$(space_name a)" route flush cache
ok "tracepath finds the step (PMTU-1)" mtu_step
# A socket of UDP asks not to fragment until it has learnt better: the first message is lost, the next ones go in pieces.
ip -n "$(space_name a)" route flush cache
talk='exec 3<>/dev/udp/10.3.0.2/7
    for try in 1 2 3; do
        printf %01400d 7 >&3 2>/dev/null || continue
        [ "$(timeout 0.5 dd bs=2000 count=1 <&3 2>/dev/null | wc -c)" = 1400 ] && echo "echoed at the try $try" && exit
    done'
ok "so does a socket of UDP: its second message arrives, in pieces, and is echoed (FRG-7, PMTU-1)" says "echoed at the try 2" timeout 5 bash -c "$talk"

# --- ARP ---
# b knows tapir for good, so that nothing but its announcement tells tapir where the address is now.
inside b ip neigh replace 10.1.0.1 lladdr 02:00:00:00:77:01 dev eth0
inside a ip addr add 10.1.0.60/24 dev eth0
ok "an address is at a" pings -I 10.1.0.60 10.1.0.1
inside a ip addr del 10.1.0.60/24 dev eth0
inside b ip addr add 10.1.0.60/24 dev eth0
moved() { inside b ping -q -c 2 -i 0.01 -W 0.5 -I 10.1.0.60 10.1.0.1; }
ok "when it has moved to b, tapir does not know" not moved
inside b arping -q -U -c 1 -w 1 -I eth0 10.1.0.60
ok "until b announces it: arping -U (ARP-3)" moved
ok "arping -A as well" inside b arping -q -A -c 1 -w 1 -I eth0 10.1.0.60
ok "arping -D finds tapir's address taken (ARP-8)" not inside a arping -D -q -c 1 -w 1 -I eth0 10.1.0.1
ok "tapir stays silent about the address of its other side (ARP-15)" not inside a arping -q -f -c 1 -w 1 -I eth0 10.3.0.1

ok "it ends with 0" stop r

# --- arp.proxy: a takes the whole 10/8 for its own wire, and has no gateway ---
sed 's/forwarding = on/forwarding = on  arp { proxy = on }/' "$(file router)" >"$(file proxy)"
inside a ip route flush dev eth0
inside a ip addr flush dev eth0
inside a ip addr add 10.1.0.10/8 dev eth0
ok "a router that is a proxy is ready" start proxy run "$(file proxy)"
ok "a kernel without a gateway pings through it (ARP-17)" pings 10.3.0.2
ok "by the MAC of tapir (ARP-17)" says "lladdr 02:00:00:00:77:01" ip neigh show 10.3.0.2
ok "it does not answer for whom the default route knows (ARP-17)" not inside a arping -q -f -c 1 -w 1 -I eth0 10.200.0.1
ok "nor for whom is on that wire himself (ARP-17)" says "Received 1 response" arping -c 1 -w 1 -I eth0 10.1.0.2
ok "it ends with 0, too" stop proxy
stop all

# --- tshark as a dissector ---
right() { wrong_frames all && [ -z "$(wrong_frames all)" ]; }
ok "tshark finds nothing malformed and no bad checksum" right
ok "it saw redirects" has_frames all 2 "icmp.type == 5 && icmp.code == 1"
ok "and pieces of a datagram" has_frames all 2 "ip.flags.mf == 1 || ip.frag_offset > 0"
object='icmp.type == 3 && icmp.code == 4 && icmp.mtu == 1000 && icmp.ext.class == 2 && icmp.int_info.role == 0
    && icmp.int_info.index == 1 && icmp.int_info.ipv4 == 10.1.0.1 && icmp.int_info.name == "lan" && icmp.int_info.mtu == 1500'
decodes() { [ "$(dissect all -o icmp.favor_icmp_mpls:TRUE -Y "$object" | wc -l)" -ge 1 ]; }
ok "and where the cause of an error came in, behind the MTU (EXT-5, EXT-7)" decodes
finish
