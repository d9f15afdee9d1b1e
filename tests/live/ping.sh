#!/bin/bash
# Everything that ping and traceroute can ask for, to a router and to a host behind it: routes that are recorded, stamps,
# source routes, sizes, TOS; then tshark looks at what came back.
# shellcheck disable=SC2317 # functions are called by ok
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"
needs ping traceroute tcpdump tshark timeout

space a
network file <<END
node r {
    forwarding = on
    icmp { rate = 0  address_mask = agent  router_discovery = on  advertise { max = 4s  min = 3s }  extensions { interface = on } }
    ip { option { lsrr = process } }
    interface lan {
        tap = lan0  netns = $(space_name a)  address = 10.1.0.1/24
        peer { address = 10.1.0.10/24  gateway = 10.1.0.1 }
    }
    interface far { link = line  address = 10.3.0.1/24  mtu = 1000 }
}
node h {
    icmp { rate = 0 }
    ip { option { lsrr = process } }
    interface eth0 { link = line  address = 10.3.0.2/24 }
    route default { via = 10.3.0.1 }
}
link line { latency = 3ms }
END
ok "a router and a host behind it are ready" start r run "$(file file)"
# The kernel takes what has been source-routed only when told so.
for name in all lan0; do inside a sh -c "echo 1 >/proc/sys/net/ipv4/conf/$name/accept_source_route"; done
watch a lan0 all
says() { # says TEXT COMMAND...: as shows, at a
    local text=$1
    shift
    shows "$text" ip netns exec "$(space_name a)" "$@"
}
pings() { inside a ping -q -c 2 -i 0.01 -W 2 "$@"; }

# --- sizes ---
ok "4,000 octets to the router: put together, answered, cut (FRG-7, ECHO-4)" pings -s 4000 10.1.0.1
ok "65,000 octets to the router (FRG-7, ECHO-1)" pings -s 65000 10.1.0.1
ok "4,000 octets through it, cut anew for the narrow wire (FRG-3)" pings -s 4000 10.3.0.2
ok "65,000 octets through it (FRG-3, FRG-7)" pings -s 65000 10.3.0.2
ok "1,472 octets, not to be cut, to the router" pings -s 1472 -M "do" 10.1.0.1
ok "972 octets, not to be cut, through it" pings -s 972 -M "do" 10.3.0.2
ok "973 are too many (PMTU-1, FRG-6)" says "mtu = 1000" ping -c 1 -W 2 -s 973 -M "do" 10.3.0.2

# --- TOS ---
ok "a request with TOS 0xb8 is answered" pings -Q 0xb8 10.1.0.1
ok "and one to the host behind" pings -Q 0xb8 10.3.0.2

# --- record route ---
# route PATTERN: what `says` has kept, in one line, has this.
route() { tr -s ' \t\n' ' ' <"$(file shown)" | grep -q -- "$1"; }
records() { says "RR:" ping -c 1 -W 2 -R "$1" && route "RR: $2 ---"; }
ok "ping -R to the router comes back with its address (ECHO-6)" records 10.1.0.1 "10.1.0.10 10.1.0.1 10.1.0.10"
ok "ping -R through it with those of the interfaces that it left by (OPT-17, OPT-9)" \
    records 10.3.0.2 "10.1.0.10 10.3.0.1 10.3.0.2 10.1.0.1 10.1.0.10"

# --- timestamps ---
# What ping prints of them: the first is milliseconds since midnight UT, each further one what passed since the one before.
is_now() { # the first one, against date: at most 2 s apart, midnight between them or not
    local stamp now apart
    stamp=$(sed -n 's/.*[^0-9]\([0-9]*\) absolute.*/\1/p' "$(file shown)")
    now=$(($(date -u +%s%3N) % 86400000))
    apart=$(((now - stamp + 86400000) % 86400000))
    echo "stamp $stamp, date $now"
    [ -n "$stamp" ] && { [ "$apart" -le 2000 ] || [ "$apart" -ge 86398000 ]; }
}
near="-\{0,1\}[0-9]\{1,3\}" # less than a second after the one before
# stamps TO PATTERN KIND...: ping -T KIND to TO prints such stamps, and the first one is now.
stamps() {
    local to=$1 pattern=$2
    shift 2
    says "TS:" ping -c 1 -W 2 -T "$@" "$to" && route "TS: $pattern" && is_now
}
absolute="[0-9]* absolute"
grows() { # r stamps when it has the request, h 3 ms later
    stamps 10.3.0.2 "10.3.0.1 $absolute 10.3.0.2 [2-9][0-9]* ---" tsprespec 10.3.0.1 10.3.0.2
}
ok "ping -T tsonly to the router: three stamps (OPT-20, OPT-24)" stamps 10.1.0.1 "$absolute $near $near ---" tsonly
ok "through it: five (OPT-20)" stamps 10.3.0.2 "$absolute $near $near $near $near ---" tsonly
ok "ping -T tsandaddr to the router: with addresses (OPT-20, ECHO-6)" \
    stamps 10.1.0.1 "10.1.0.10 $absolute 10.1.0.1 $near 10.1.0.10 $near ---" tsandaddr
ok "through it: those who found no room are counted (OPT-22, OPT-20)" \
    stamps 10.3.0.2 "10.1.0.10 $absolute 10.3.0.1 $near 10.3.0.2 $near 10.1.0.1 $near Unrecorded hops: 1" tsandaddr
ok "ping -T tsprespec: who is named stamps, and tapir's is the time of day (OPT-21, OPT-23)" \
    stamps 10.3.0.2 "10.1.0.1 $absolute 10.3.0.2 $near ---" tsprespec 10.1.0.1 10.3.0.2
ok "nobody stamps after one who is not on the way (OPT-21)" \
    stamps 10.3.0.2 "10.1.0.1 $absolute ---" tsprespec 10.1.0.1 10.9.9.9 10.3.0.2
ok "a wire of 3 ms lies between the stamps of its ends (OPT-23)" grows

# --- source routes ---
# Hop 1 says "time exceeded", but quotes the datagram as it came, for 10.1.0.1: no program knows that as its own. UDP would
# not do: of a source route Linux puts the first hop into the sum, not the destination.
ok "traceroute -g by the router to the host behind it (OPT-7, ECHO-7)" \
    says "^ 2  10.3.0.2 " traceroute -n -I -q 1 -w 1 -m 3 -g 10.1.0.1 10.3.0.2
ok "a ping to a broadcast address: silence (ECHO-3)" not inside a ping -q -b -c 2 -i 0.01 -W 0.3 10.1.0.255
ok "and to all hosts (ECHO-3)" not inside a ping -q -c 2 -i 0.01 -W 0.3 -I lan0 224.0.0.1
advertised() { has_frames all 1 "icmp.type == 9 && icmp.code == 0 && ip.dst == 224.0.0.1 && ip.ttl == 1 && icmp.router_address == 10.1.0.1"; }
ok "meanwhile the router has advertised itself (RD-1, RD-2)" until_true 10 advertised
ok "it ends with 0" stop r
stop all

# --- tshark as a dissector ---
ok "tshark finds nothing malformed and no bad checksum in what tapir sent" test -z "$(wrong_frames all)"
ok "both answers have TOS 0xb8 (ERR-17)" has_frames all 4 "icmp.type == 0 && ip.dsfield == 0xb8"
ok "there were fragments, none larger than the MTU" has_frames all 100 "(ip.flags.mf == 1 || ip.frag_offset > 0) && ip.len <= 1500"
ok "options that record the way, and stamps" has_frames all 8 "ip.opt.type == 7 || ip.opt.type == 68"
object='icmp.type == 11 && icmp.length == 32 && icmp.ext.version == 2 && icmp.ext.checksum.status == "Good" && icmp.ext.class == 2
    && icmp.int_info.role == 0 && icmp.int_info.index == 1 && icmp.int_info.ipv4 == 10.1.0.1 && icmp.int_info.name == "lan"
    && icmp.int_info.mtu == 1500'
ok "and what an error says of the interface: index, address, name, MTU (EXT-2, EXT-7)" has_frames all 1 "$object"

# --- lsrr as it is by default ---
grep -v lsrr "$(file file)" >"$(file plain)"
ok "a router and a host are ready whose file says nothing of source routes" start plain run "$(file plain)"
ok "a datagram with a source route is lost (OPT-16)" says "^ 2  \*" traceroute -n -I -q 1 -w 0.3 -m 2 -g 10.1.0.1 10.3.0.2
ok "one without is not (OPT-16)" says "^ 2  10.3.0.2" traceroute -n -I -q 1 -w 1 -m 2 10.3.0.2
ok "it ends with 0, too" stop plain
finish
