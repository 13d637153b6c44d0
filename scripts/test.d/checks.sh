#!/usr/bin/env bash
# Checks on the running product: a host that stops to answer pings, a file that vanishes, a name server that answers something
# else, a plug-in, lines of a log and a clock that is wrong become alarms, and the alarms clear when all is well.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../own-network.sh"
. "$(dirname "$0")/../stack.sh"

space=mchk$$
if ! ip netns add "$space" 2>/dev/null; then
    echo "skip checks: network namespaces cannot be made here"
    exit 0
fi
leave() {
    ip netns del "$space" 2>/dev/null || true
    end_stack
}
trap leave EXIT
ip link add "mc$$" type veth peer name eth0 netns "$space"
ip addr add 10.99.71.1/30 dev "mc$$"
ip link set "mc$$" up
ip -n "$space" addr add 10.99.71.2/30 dev eth0
ip -n "$space" link set eth0 up

write_stack
cat >>"$demo/etc/agent.toml" <<END

[[check]]
name = "neighbour"
type = "icmp"
host = "10.99.71.2"
count = 2
interval = "1s"
timeout = "900ms"

[[check]]
name = "dump"
type = "file"
path = "$demo/*.dump"
max_age = "1h"
min_bytes = 3
interval = "1s"
timeout = "500ms"
END
cat >>"$demo/etc/agent.toml" <<END

[[check]]
name = "shop-name"
type = "dns"
query = "shop.test"
resolver = "10.99.71.2"
answers = ["10.99.71.80"]
interval = "1s"
timeout = "900ms"

[[check]]
name = "many-addresses"
type = "dns"
query = "many.test"
resolver = "10.99.71.2"
answers = ["10.99.72.60"]
interval = "1s"
timeout = "900ms"

[[check]]
name = "plug"
type = "plugin"
program = "/bin/sh"
arguments = ["-c", ". $demo/plugin"]
interval = "1s"
timeout = "900ms"

[[check]]
name = "shop-log"
type = "log"
path = "$demo/shop.log"
lines = ["ERROR * payment"]
within = "10s"
interval = "1s"
timeout = "900ms"

[[check]]
name = "timepiece"
type = "time"
server = "10.99.71.2"
interval = "1s"
timeout = "900ms"
END
sed -i 's/^heartbeat = .*/&\ncheck_interval = "1s"/' "$demo/etc/agent.toml"
echo data >"$demo/nightly.dump"
echo "ERROR before the agent: payment" >"$demo/shop.log"
echo 'echo "PLUG OK - fine | shelf=7%"; exit 0' >"$demo/plugin"
echo 0 >"$demo/ahead"
many=()
for number in $(seq 60); do many+=("--host-record=many.test,10.99.72.$number"); done
# name_server ADDRESS: dnsmasq, with this address for the shop.
name_server() {
    end dnsmasq KILL
    start dnsmasq ip netns exec "$space" dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --user=root \
        --pid-file= --bind-interfaces --listen-address=10.99.71.2 "--host-record=shop.test,$1" "${many[@]}"
}
name_server 10.99.71.80
start timeserver ip netns exec "$space" "$root/scripts/test.d/checks_time.py" 10.99.71.2 "$demo/ahead"
join_stack
start_agent

# alarm CHECK STATE: whether the check's alarm is in this state.
alarm() { m alarm list --state all --format json | jq -e --arg check "$1" --arg state "$2" 'any(.[]; (.summary + " " + .instance | contains($check)) and .state == $state)'; }
say() {
    local what=$1
    shift
    if until_true 20 "$@"; then echo "ok checks: $what"; else
        echo "not ok checks: $what"
        m alarm list --state all || true
        tail -n 5 "$demo/log/agent.log"
    fi
}
# The check that nobody answers shows that checks run.
say "checks run" alarm nobody firing
# stored METRIC: whether the collector has a series of that name.
stored() { grep -rqaF "$1" "$demo/collector"; }
for metric in dns.lookup.duration ntp.time.offset muster.plugin.ratio muster.log.matches; do
    say "$metric is measured" stored "$metric"
done
sleep 1
if m alarm list --format json | jq -e 'any(.[]; .instance != "nobody" and (.rule == "check-failed" or .rule == "log-matches"))' >/dev/null; then
    echo "not ok checks: what is well raises no alarm, and an answer too large for UDP comes over TCP"
    m alarm list
else
    echo "ok checks: what is well raises no alarm, and an answer too large for UDP comes over TCP"
fi
ip netns exec "$space" sysctl -qw net.ipv4.icmp_echo_ignore_all=1
rm "$demo/nightly.dump"
name_server 10.99.71.66
echo 'echo "PLUG CRITICAL - empty"; exit 2' >"$demo/plugin"
echo "ERROR 17 in the payment" >>"$demo/shop.log"
echo 7 >"$demo/ahead"
say "a neighbour that no longer answers is an alarm" alarm neighbour firing
say "a file that is gone is an alarm" alarm dump firing
say "a name with another address is an alarm that says so" alarm "DNS shop.test: 10.99.71.80 is missing, the answer is 10.99.71.66" firing
say "what a plug-in says is the alarm" alarm "PLUG CRITICAL - empty" firing
say "a line of a log is an alarm" alarm "ERROR 17 in the payment" firing
say "a clock that is behind is an alarm" alarm "behind, more than 1 s" firing
mv "$demo/shop.log" "$demo/shop.log.1"
echo "ERROR 18 in the payment, after the rotation" >"$demo/shop.log"
say "a log is followed over its rotation" alarm "ERROR 18 in the payment" firing
ip netns exec "$space" sysctl -qw net.ipv4.icmp_echo_ignore_all=0
name_server 10.99.71.80
echo 'echo "PLUG OK - fine | shelf=7%"; exit 0' >"$demo/plugin"
echo 0 >"$demo/ahead"
echo data >"$demo/nightly.dump"
say "it clears when the neighbour answers again" alarm neighbour cleared
say "it clears when the file is back" alarm dump cleared
for check in shop-name plug shop-log timepiece; do say "$check: the alarm clears when all is well again" alarm "$check" cleared; done
