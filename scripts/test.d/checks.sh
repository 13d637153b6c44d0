#!/usr/bin/env bash
# Checks on the running product: a host that stops to answer pings and a file that vanishes become alarms, and the alarms
# clear when both are back.
set -euo pipefail
# shellcheck source=/dev/null
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
echo data >"$demo/nightly.dump"
join_stack
start_agent

# alarm CHECK STATE: whether the check's alarm is in this state.
alarm() { m alarm list --state all --format json | jq -e --arg check "$1" --arg state "$2" 'any(.[]; (.title + .instance | contains($check)) and .state == $state)'; }
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
if alarm neighbour firing >/dev/null || alarm dump firing >/dev/null; then
    echo "not ok checks: a neighbour that answers and a fresh file raise no alarm"
else
    echo "ok checks: a neighbour that answers and a fresh file raise no alarm"
fi
ip netns exec "$space" sysctl -qw net.ipv4.icmp_echo_ignore_all=1
rm "$demo/nightly.dump"
say "a neighbour that no longer answers is an alarm" alarm neighbour firing
say "a file that is gone is an alarm" alarm dump firing
ip netns exec "$space" sysctl -qw net.ipv4.icmp_echo_ignore_all=0
echo data >"$demo/nightly.dump"
say "it clears when the neighbour answers again" alarm neighbour cleared
say "it clears when the file is back" alarm dump cleared
