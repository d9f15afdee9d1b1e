#!/bin/bash
# What nmap finds out about a router: hosts by timestamp and address mask, protocols, UDP ports, and a guess at what it is.
# shellcheck disable=SC2317 # functions are called by ok
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"
needs nmap ping tcpdump tshark timeout

space a
network router <<END
node r {
    forwarding = on
    icmp { rate = 0 }
    interface lan {
        tap = lan0  netns = $(space_name a)  address = 10.1.0.1/24
        peer { address = 10.1.0.10/24  gateway = 10.1.0.1 }
    }
    services { echo = 7 }
}
END
# finds PATTERN ARGUMENT...: nmap's line about the router has this; nmap is not asked to hurry, but to end.
finds() {
    local pattern=$1
    shift
    rm -f "$(file nmap)"
    inside a timeout --foreground 30 nmap -n --host-timeout 25s "$@" -oG "$(file nmap)" 10.1.0.1
    cat "$(file nmap)"
    grep -q -- "$pattern" "$(file nmap)"
}
alone="-sn --disable-arp-ping" # by ICMP, not by ARP
ok "a router is ready" start r run "$(file router)"
watch a lan0 all
# shellcheck disable=SC2086 # two words
{
    ok "-PE: up, by echo" finds "Status: Up" $alone -PE
    ok "-PP: up, by timestamp (TS-1)" finds "Status: Up" $alone -PP
    ok "-PM: address masks are not told by default (AM-1, SEC-4)" finds "0 hosts up" $alone -PM
}
ok "-sO: ICMP, TCP and UDP are there, 2, 89 and 253 are not (DU-3)" \
    finds "Protocols: 1/open/icmp/, 2/closed/igmp/, 6/open/tcp/, 17/open/udp/, 89/closed/ospfigp/, 253/closed/" -Pn -sO -p 1,2,6,17,89,253
ok "-sU: a service is open, the others are closed by port unreachable (DU-4)" \
    finds "Ports: 7/open/udp//echo///, 9/closed/udp//[a-z]*///, 161/closed/udp//snmp///, 9999/closed/" -Pn -sU -p 7,9,161,9999
ok "-sS: closed ports are refused by a reset (DU-4)" finds "Ports: 22/closed/tcp//ssh///, 80/closed/tcp//http///" -Pn -sS -p 22,80
ok "-sA: nothing filters" finds "Ports: 22/unfiltered/" -Pn -sA -p 22
ok "-sS -f: in fragments of 8 octets, too (FRG-7)" finds "Ports: 22/closed/tcp//ssh///" -Pn -sS -f -p 22
ok "-O: a guess, and no more" finds "Status: Up" -Pn -O --osscan-guess --max-os-tries 1 -p 7,9,80
ok "tapir lives" inside a ping -q -c 3 -i 0.01 -W 2 10.1.0.1
adds_up() { report r && [ "$(grep -c " = .* settled + 0 held + 0 waiting" "$(file r.report)")" = 2 ]; }
ok "and has a verdict for every packet" until_true 5 adds_up
ok "it ends with 0" stop r
stop all
ok "tshark finds nothing malformed and no bad checksum in what it sent" test -z "$(wrong_frames all)"
ok "no error is larger than 576 octets (ERR-5, SEC-2)" not has_frames all 1 "icmp.type == 3 && ip.len > 576"
ok "it saw some" has_frames all 5 "icmp.type == 3"

# --- the other way round ---
sed 's/rate = 0/address_mask = agent  timestamp = off/' "$(file router)" >"$(file other)"
ok "a router that tells its mask, and not the time, is ready" start r run "$(file other)"
watch a lan0 mask
# shellcheck disable=SC2086 # two words
{
    ok "-PM: up, by address mask (AM-2)" finds "Status: Up" $alone -PM
    ok "-PP: nothing (TS-8, SEC-4)" finds "0 hosts up" $alone -PP
}
# Six errors at once to one host, then one a second: what is not refused may be open.
ok "-sU: limits hide which ports are closed (RATE-1)" finds "open|filtered" -Pn -sU --max-retries 0 --min-rate 500 -p 9-40
ok "it ends with 0, too" stop r
stop mask
ok "the mask is that of the interface, and tshark agrees with all of it (AM-2)" \
    has_frames mask 1 "icmp.type == 18 && icmp.code == 0 && icmp.address_mask == 255.255.255.0"
ok "nothing malformed" test -z "$(wrong_frames mask)"
finish
