#!/usr/bin/env bash
# The way to the collector breaks: its name resolves to a dead address first, its name server does not answer, the
# connection is dropped without a word (half-open) or reset. The collector runs in a network namespace of its own.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../own-network.sh"
. "$(dirname "$0")/../stack.sh"

space=mnet$$ outside=mn$$ there=10.99.72.2 dead=10.99.72.3 name=collector.test
if ! ip netns add "$space" 2>/dev/null; then
    echo "skip N3, N4: network namespaces cannot be made here"
    exit 0
fi
leave() {
    end_stack
    ip netns del "$space" 2>/dev/null || true
}
trap leave EXIT
ip link add "$outside" type veth peer name eth0 netns "$space"
ip addr add 10.99.72.1/29 dev "$outside"
ip link set "$outside" up
ip -n "$space" addr add "$there/29" dev eth0
ip -n "$space" addr add "$dead/29" dev eth0
ip -n "$space" link set eth0 up
ip -n "$space" link set lo up
inside() { ip netns exec "$space" "$@"; }
# Only what is dropped on arrival is silent; an address that nobody has is refused by the sender's own kernel.
inside nft -f - <<END
table inet way {
    set lost { type ipv4_addr; elements = { $dead } }
    chain in { type filter hook input priority 0; ip daddr @lost drop; }
    chain out { type filter hook output priority 0; ip saddr @lost drop; }
}
END

# The agent's own view of names; nobody else's is touched.
printf '127.0.0.1 localhost\n%s %s\n%s %s\n' "$dead" "$name" "$there" "$name" >"$demo/hosts"
printf '127.0.0.1 localhost\n' >"$demo/no-hosts"
printf 'nameserver %s\noptions timeout:30 attempts:1\n' "$dead" >"$demo/resolv.conf"
seeing() {
    local hosts=$1
    shift
    unshare -m -- sh -c 'mount --bind "$1" /etc/hosts && mount --bind "$2" /etc/resolv.conf && shift 2 && exec "$@"' \
        sh "$demo/$hosts" "$demo/resolv.conf" "$@"
}

write_stack
sed -i "s/^names = .*/names = [\"$name\"]/; s/^agents_address = .*/agents_address = \"$there\"/" "$demo/etc/collector.toml"
muster-collector init --config "$demo/etc/collector.toml" >"$demo/log.init" 2>&1
start collector ip netns exec "$space" muster-collector run --config "$demo/etc/collector.toml"
collector_answers || { cat "$demo/log/collector.log" && exit 1; }
(umask 077 && muster-collector token --config "$demo/etc/collector.toml" >"$demo/run/token")
enrol() { seeing "$1" timeout 60 muster-agent enrol --config "$demo/etc/agent.toml" --token-file "$demo/run/token"; }

begun=$SECONDS
if enrol no-hosts >"$demo/slow" 2>&1; then
    echo "not ok N4: an agent whose name server is silent enrolled"
elif [ $((SECONDS - begun)) -le 30 ] && [ "$(wc -l <"$demo/slow")" -eq 1 ] && grep -q "$name" "$demo/slow"; then
    echo "ok N4: a name server that does not answer is given up after $((SECONDS - begun)) s, in one line that names $name"
else
    echo "not ok N4: silent name server, after $((SECONDS - begun)) s: $(cat "$demo/slow")"
fi

begun=$SECONDS
if enrol hosts >"$demo/first" 2>&1 && [ $((SECONDS - begun)) -le 30 ]; then
    echo "ok N4: with a dead first address the second is taken, enrolled after $((SECONDS - begun)) s"
else
    echo "not ok N4: enrolled with a dead first address? after $((SECONDS - begun)) s: $(cat "$demo/first")"
fi

start agent unshare -m -- sh -c 'mount --bind "$1" /etc/hosts && shift && exec "$@"' \
    sh "$demo/hosts" muster-agent run --config "$demo/etc/agent.toml"
acknowledged() { agent_figure acknowledged; }
beyond() { [ "$(acknowledged)" -gt "$1" ]; }
open_descriptors() { find "/proc/$(cat "$demo/run/agent.pid")/fd" -mindepth 1 | wc -l; }
connections() { ss -Htn state established "dst $there and dport = :$agents_port" | wc -l; }
not_connected() { [ "$(connections)" -eq 0 ]; }
until_true 40 beyond 5 || { echo "not ok N4: no reports with a dead first address" && tail -n 3 "$demo/log/agent.log"; }
before=$(open_descriptors) held=$(connections)

# Half-open: from now on not a packet comes through, and nobody says so.
begun=$SECONDS
inside nft "add element inet way lost { $there }"
if until_true 45 not_connected; then took=$((SECONDS - begun)); else took=never; fi
if [ "$held" -gt 0 ] && [ "$took" != never ] && [ "$took" -le 33 ]; then
    echo "ok N3: $held connections, long poll among them, that fell silent were given up after $took s"
else
    echo "not ok N3: $held connections that fell silent, given up after $took s: $(ss -Htno "dst $there")"
fi
inside nft "delete element inet way lost { $there }"
mark=$(acknowledged)
until_true 60 beyond "$mark" || echo "not ok N3: no report got through after the way was open again"

# Reset: every packet is answered with a reset for a while.
inside nft 'add rule inet way in tcp dport '"$agents_port"' reject with tcp reset'
sleep 4
inside nft flush chain inet way in
mark=$(acknowledged)
until_true 40 beyond "$mark" || echo "not ok N3: no report got through after the resets"
after=$(open_descriptors)
if [ "$after" -le $((before + 2)) ]; then
    echo "ok N3, N4: descriptors of the agent before $before, after $after"
else
    echo "not ok N3, N4: descriptors of the agent before $before, after $after"
fi
end agent TERM
# What waited in the spool when the agent was ended goes when it runs again, its way now without detours.
start agent unshare -m -- sh -c 'mount --bind "$1" /etc/hosts && shift && exec "$@"' \
    sh "$demo/hosts" muster-agent run --config "$demo/etc/agent.toml"
# While it runs: what it enqueues at its end may have to wait for the next start.
if until_true 40 ledger_is_exact; then echo "ok N3: the ledger is exact after all of it"; else
    echo "not ok N3: $(m agent ledger "$(agent_id)" --format json | tr -d '\n')"
    muster-agent status --config "$demo/etc/agent.toml" || true
fi
