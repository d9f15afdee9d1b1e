#!/bin/bash
# tapir and the kernel, each as the same router, get the same frames: where they do not react alike, docs/differences.md has
# to say so, and why. A difference that is not there, and one that is there and gone, are failures.
# shellcheck disable=SC2317 # functions are called by ok
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"
needs timeout join
differ=$PWD/${B:-build}/tests/live/differ
[ -x "$differ" ] || skip_all "needs $differ: make test-live"

space kernel
space beside # the kernel's router: what is at the other ends of its wires
space tapir  # the kernel's ends of tapir's devices
quiet() { inside "$1" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6; echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'; }
for where in kernel beside tapir; do quiet $where; done

# --- the kernel ---
sysctl_of_kernel() { inside kernel sh -c "echo $2 >/proc/sys/net/ipv4/$1"; }
for side in a b; do
    ip link add name "$side" netns "$(space_name kernel)" type veth peer name "$side" netns "$(space_name beside)"
    ip -n "$(space_name beside)" link set dev "$side" up
done
kernel() { ip -n "$(space_name kernel)" "$@"; }
kernel link set dev a address 02:da:00:00:00:01 up
kernel link set dev b address 02:da:00:00:00:02 mtu 1400 up
kernel address add 10.0.1.1/24 brd + dev a
kernel address add 10.7.7.1/24 brd + dev a
kernel address add 10.0.2.1/24 brd + dev b
routes="10.9.0.0/16 10.0.1.2
10.8.0.0/16 10.7.7.2
10.20.0.0/16 10.0.2.2
0.0.0.0/8 10.0.2.2
169.254.0.0/16 10.0.2.2
192.0.2.0/24 10.0.2.2
240.0.0.0/4 10.0.2.2"
while read -r prefix via; do kernel route add "$prefix" via "$via"; done <<<"$routes"
kernel route add unreachable 10.65.0.0/16
kernel route add prohibit 10.66.0.0/16
kernel route add blackhole 10.67.0.0/16
for value in ip_forward=1 icmp_ratelimit=0 icmp_msgs_per_sec=100000 icmp_msgs_burst=10000 ipfrag_time=2 neigh/a/locktime=0 \
    conf/{all,default,a,b}/rp_filter=0 conf/{all,default,a,b}/accept_source_route=0 conf/{all,a,b}/send_redirects=1; do
    sysctl_of_kernel "${value%=*}" "${value#*=}"
done

# --- tapir ---
{
    cat <<END
node r {
    forwarding = on
    interface a { tap = a  netns = $(space_name tapir)  mac = 02:da:00:00:00:01  address = { 10.0.1.1/24, 10.7.7.1/24 } }
    interface b { tap = b  netns = $(space_name tapir)  mac = 02:da:00:00:00:02  address = 10.0.2.1/24  mtu = 1400 }
    route 10.65.0.0/16 { type = unreachable }
    route 10.66.0.0/16 { type = prohibit }
    route 10.67.0.0/16 { type = blackhole }
    icmp { rate = 0  redirect { rate = 0 } }
    ip { reassembly { timeout = 2s } }
END
    while read -r prefix via; do echo "    route $prefix { via = $via }"; done <<<"$routes"
    echo "}"
} >"$(file network)"
ok "tapir is ready" start r run "$(file network)"
for side in a b; do ip -n "$(space_name tapir)" link set dev "$side" up; done

# --- the same to both ---
background beside kernel timeout 120 "$differ" a b
background tapir tapir timeout 120 "$differ" a b
ends() { live_ended "$(pid_of kernel)" && live_ended "$(pid_of tapir)"; }
until_true 125 ends
ok "the kernel answers to the end" stop kernel
ok "tapir answers to the end" stop tapir

# Rows of the page as the program prints: name, tapir, kernel, with tabs between.
awk -F ' *[|] *' 'NF == 6 && $2 != "what is sent" && $2 !~ /^-+$/ { print $2 "\t" $3 "\t" $4 }' docs/differences.md >"$(file explained)"
compared() {
    awk -F '\t' '
    FILENAME ~ /explained$/ { tapir[$1] = $2; linux[$1] = $3; next }
    FILENAME ~ /tapir.out$/ { did[$1] = $2; next }
    {
        result = ""
        if (!($1 in did)) result = "tapir got no such frame"
        else if ($1 in tapir) {
            if (did[$1] == $2) result = "no difference any more"
            else if (did[$1] != tapir[$1] || $2 != linux[$1]) result = "not as docs/differences.md says"
        } else if (did[$1] != $2) result = "not in docs/differences.md"
        printf "%s\t%s\t%s\t%s\t%s\n", $1, result == "" ? "-" : result, did[$1], $2, ($1 in tapir) ? "differs as explained" : "alike"
        seen[$1] = 1
    }
    END { for (name in tapir) if (!(name in seen)) printf "%s\tin docs/differences.md, but never sent\t\t\t\n", name }' \
        "$(file explained)" "$(file tapir.out)" "$(file kernel.out)"
}
compared >"$(file compared)"
[ -z "${DIFFER_OUT:-}" ] || cp "$(file compared)" "$DIFFER_OUT"
says_why() {
    printf '%s\ntapir:  %s\nkernel: %s\n' "$2" "$3" "$4"
    [ "$2" = - ]
}
while IFS=$'\t' read -r name result did kernel how; do
    ok "$name: ${how:-?}" says_why "$name" "$result" "$did" "$kernel"
done <"$(file compared)"
finish
