#!/bin/bash
# TAP devices in real life: attached to, created, removed, refused; the event loop asleep and woken.
# shellcheck disable=SC2317 # functions are called by ok
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"
needs ping setpriv unshare

space a
network host <<END
node h {
    interface eth0 {
        tap     = lan0
        netns   = $(space_name a)
        address = { 10.77.1.1/24 }
        peer { address = 10.77.1.10/24 }
    }
}
END
pings() { inside a ping -q -c "${2:-3}" -i 0.01 -W 2 "$1"; }
up_again() { inside a ping -q -c 1 -W 1 10.77.1.1; }

ok "tapir run says ready" start h run "$(file host)"
ok "the kernel's end has its address" inside a sh -c 'ip addr show dev lan0 | grep -q "inet 10.77.1.10/24"'
ok "the kernel pings tapir" pings 10.77.1.1
ok "with payloads of 1 octet" inside a ping -q -c 3 -i 0.01 -W 2 -s 1 10.77.1.1
ok "with payloads that fill the MTU" inside a ping -q -c 3 -i 0.01 -W 2 -s 1472 -M "do" 10.77.1.1
ok "a thousand pings, none lost" inside a sh -c 'ping -q -f -c 1000 10.77.1.1 | grep " 0% packet loss"'

# --- asleep: switches counted by the kernel ---
switches() { sed -n 's/^voluntary_ctxt_switches:[^0-9]*//p' "/proc/$(pid_of h)/status"; }
sleeps() {
    local before
    before=$(switches)
    sleep 1
    echo "$(($(switches) - before)) wake-ups in 1 s"
    running h && [ $(($(switches) - before)) -le 5 ]
}
sleep 0.3 # the neighbor entry of the pings has settled
ok "an idle tapir wakes no more than 5 times in a second" sleeps

counted() { grep -q '^h: [0-9]* received = ' "$(file h.out)"; }
kill -USR1 "$(pid_of h)" 2>/dev/null
ok "SIGUSR1 prints the counters" until_true 3 counted

# --- down, up, removed, back ---
inside a ip link set lan0 down
ok "a ping to a device that is down gets no answer" not up_again
inside a ip link set lan0 up
ok "it answers again when the device is up" until_true 5 up_again
inside a ip link del lan0
ok "tapir tells that its device was removed" until_true 3 said h "lan0.*removed"
ok "and goes on" running h
ok "and sleeps meanwhile" sleeps
inside a sh -c 'ip tuntap add lan0 mode tap && ip link set lan0 up'
ok "tapir attaches to a device of that name" until_true 3 said h "lan0.*back"
ok "and answers there, at the address that the kernel's end was given" until_true 5 up_again
ok "SIGTERM ends it with 0" stop h
ok "a device that it did not create stays" inside a ip link show dev lan0
ok "but not the address that it gave" not inside a sh -c 'ip addr show dev lan0 | grep -q "inet "'
inside a ip link del lan0

ok "it starts again" start h run "$(file host)"
refused "a device that another program holds is busy" 'host:3: .*"lan0" is busy' "$TAPIR" run "$(file host)"
ok "SIGINT ends it with 0" stop h INT
ok "a device that it created goes with it" not inside a ip link show dev lan0
ok "it starts once more" start h run "$(file host)"
kill -TERM "$(pid_of h)"
while kill -USR1 "$(pid_of h)" 2>/dev/null; do :; done
ok "signals that come while it ends change nothing" stop h
ok "it can be killed" start h run "$(file host)"
stop h KILL
ok "and leaves nothing" not inside a ip link show dev lan0

# --- tapir host ---
ok "tapir host says ready" start_in a host host own0 10.77.2.1/24 via 10.77.2.254
inside a ip addr add 10.77.2.10/24 dev own0
ok "the kernel pings tapir host" pings 10.77.2.1
ok "SIGTERM ends it" stop host
ok "tapir host configures the kernel's end when asked" start_in a host host own0 10.77.2.1/24 peer 10.77.2.10/24
ok "and is pinged there" pings 10.77.2.1
ok "and ends" stop host

# --- what cannot be ---
network nowhere <<END
node h {
    interface first { tap = first0 netns = $(space_name a) address = { 10.77.3.1/24 } }
    interface second {
        tap     = second0
        netns   = $(space_name none)
        address = { 10.77.4.1/24 }
    }
}
END
refused "a namespace that is missing is named, with its line" \
    "nowhere:4: no network namespace \"$(space_name none)\"; create it with: ip netns add" "$TAPIR" run "$(file nowhere)"
ok "and the device before it is not left behind" not inside a ip link show dev first0
refused "a name that is too long is refused" "15 letters" "$TAPIR" host a-name-that-is-too-long 10.0.0.1/24
refused "a bad address is refused" "no address" "$TAPIR" host tap0 10.0.0.1
inside a ip tuntap add tun0 mode tun
refused "a TUN is no TAP" 'is no TAP' ip netns exec "$(space_name a)" "$TAPIR" host tun0 10.0.0.1/24

inside a sh -c 'ip tuntap add narrow0 mode tap && ip link set narrow0 mtu 1400 up'
network wide <<END
node h {
    interface eth0 { tap = narrow0 netns = $(space_name a) address = { 10.77.5.1/24 } mtu = 1401 }
}
END
refused "an MTU beyond that of the link is refused (ETH-6)" \
    'wide:2: .*"narrow0" has an MTU of 1400.*mtu = 1400, or: ip link set narrow0 mtu 1401' "$TAPIR" run "$(file wide)"
sed 's/ mtu = 1401//' "$(file wide)" >"$(file plain)"
ok "where the file asks for none, it starts" start plain run "$(file plain)"
ok "and warns of what the link takes (ETH-6)" said plain '"narrow0" has an MTU of 1400, less than our 1500'
ok "it ends well" stop plain
inside a ip link set narrow0 mtu 1401
ok "and taken when the link takes as much (ETH-6)" start wide run "$(file wide)"
ok "it ends" stop wide

inside a sh -c 'ip tuntap add taken0 mode tap && ip link set taken0 up && ip addr add 10.77.6.1/24 dev taken0'
network taken <<END
node h { arp { acd = on } interface eth0 { tap = taken0 netns = $(space_name a) address = { 10.77.6.1/24 } } }
END
refused "with arp.acd an address that another host has is refused" "10.77.6.1 is in use by" "$TAPIR" run "$(file taken)"

# --- rights; tmpfs over /dev/net in a mount namespace of its own ---
# shellcheck disable=SC2154 # live_tmp comes with lib.sh
chmod 755 "$live_tmp"
cp "$TAPIR" "$live_tmp/tapir"
without_tun="mount -t tmpfs none /dev/net && exec"
with_tun="mount -t tmpfs -o mode=755 none /dev/net && mknod -m 666 /dev/net/tun c 10 200 && exec"
private_tun="mount -t tmpfs -o mode=755 none /dev/net && mknod -m 600 /dev/net/tun c 10 200 && exec"
nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
host="$live_tmp/tapir host own0 10.0.0.1/24"
refused "without /dev/net/tun it says how to get it" "modprobe tun" unshare -mn sh -c "$without_tun $host"
refused "without the right to open it, too" "no permission to open /dev/net/tun" unshare -mn sh -c "$private_tun $nobody $host"
refused "without the right to make a device, too" 'no permission for TAP device "own0"; run as root' \
    unshare -mn sh -c "$with_tun $nobody $host"

network free <<END
node h { interface eth0 { tap = own0 address = { 10.77.5.1/24 } peer { address = 10.77.5.10/24 } } }
END
cat >"$(file unprivileged)" <<END
#!/bin/sh
"$live_tmp/tapir" run "$(file free)" >"$live_tmp/free.out" &
pid=\$!
for i in \$(seq 100); do grep -q ready "$live_tmp/free.out" && break; sleep 0.02; done
ping -q -c 2 -i 0.01 -W 2 10.77.5.1
status=\$?
kill \$pid && wait \$pid || exit 1
exit \$status
END
chmod 755 "$(file unprivileged)"
: >"$(file free.out)"
chmod 666 "$(file free.out)"
ok "anybody runs it, and pings it, in unshare -rn" unshare -m sh -c "$with_tun $nobody unshare -rn $(file unprivileged)"
finish
