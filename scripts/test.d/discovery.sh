#!/usr/bin/env bash
# An agent looks through a network of namespaces: the queue at the collector shows what is there and nothing else, no packet leaves the
# fence, a wrong secret is called one and costs one try, what is ignored stays so, what is accepted becomes a device.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"

prefix=mdis$$ bridge=mdb$$
if [ ! -x /usr/sbin/snmpd ]; then
    echo "skip discovery: needs snmpd; scripts/install-packages installs it"
    exit 0
fi
if ! ip link add "$bridge" type bridge 2>/dev/null || ! ip netns add "$prefix-one" 2>/dev/null; then
    ip link del "$bridge" 2>/dev/null || true
    echo "skip discovery: network namespaces with bridges cannot be made here"
    exit 0
fi
nodes=(one)
leave() {
    local node
    end_stack
    for node in "${nodes[@]}"; do ip netns del "$prefix-$node" 2>/dev/null || true; done
    ip link del "$bridge" 2>/dev/null || true
}
trap leave EXIT
inside() {
    local node=$1
    shift
    ip netns exec "$prefix-$node" "$@"
}
ip link set "$bridge" address 00:1b:21:00:74:01 up
for network in 74 75 76; do ip addr add "10.99.$network.1/24" dev "$bridge"; done

# node NAME ADDRESS NUMBER: a machine on the bridge, with a MAC address of its own.
node() {
    [ "$1" = one ] || ip netns add "$prefix-$1"
    [ "$1" = one ] || nodes+=("$1")
    ip link add "md$$n$3" type veth peer name eth0 netns "$prefix-$1" address "00:1b:21:00:74:1$3"
    ip link set "md$$n$3" master "$bridge" up
    ip -n "$prefix-$1" addr add "$2/24" dev eth0
    ip -n "$prefix-$1" link set lo up
    ip -n "$prefix-$1" link set eth0 up
}
# agent_of NAME ADDRESS LINES: net-snmp's own agent there.
agent_of() {
    mkdir -p "$demo/snmpd-$1"
    printf 'agentaddress udp:%s:161\nsysName %s\n%s\n' "$2" "$1" "$3" >"$demo/etc/$1.conf"
    start "snmpd-$1" env SNMP_PERSISTENT_DIR="$demo/snmpd-$1" MIBS= ip netns exec "$prefix-$1" \
        /usr/sbin/snmpd -f -Lo -C -c "$demo/etc/$1.conf" -I -smux
}
write_stack
node one 10.99.74.11 1
node two 10.99.74.12 2
node three 10.99.74.13 3
node four 10.99.74.14 4
node five 10.99.74.15 5
node lab-6 10.99.74.16 6
node seven 10.99.75.8 7
node eight 10.99.76.9 8
agent_of one 10.99.74.11 "rocommunity first"
agent_of two 10.99.74.12 "rocommunity second"
agent_of three 10.99.74.13 $'createUser muster SHA-256 the-right-passphrase\nrouser muster auth'
agent_of lab-6 10.99.74.16 "rocommunity first"
agent_of seven 10.99.75.8 "rocommunity first"
agent_of eight 10.99.76.9 "rocommunity first"
# One that answers nothing but one port.
inside five sysctl -qw net.ipv4.icmp_echo_ignore_all=1
start five ip netns exec "$prefix-five" python3 -m http.server --bind 10.99.74.15 2222
# What the first device tells of: one machine in a network that may be crawled, two outside, one of them behind the other.
ip route add 10.99.77.0/24 via 10.99.76.9
for other in 10.99.75.8/17 10.99.76.9/18 10.99.77.5/19; do
    ip -n "$prefix-one" neigh add "${other%/*}" lladdr "00:1b:21:00:74:${other#*/}" dev eth0 nud permanent
done
# Packets that reached the machine outside.
outside() { inside eight awk '/^Ip: [0-9]/ { print $4 }' /proc/net/snmp; }

(umask 077 && printf 'first' >"$demo/etc/first" && printf 'second' >"$demo/etc/second" && printf 'a-wrong-passphrase' >"$demo/etc/wrong")
sed -i "s|^state_directory = \"$demo/agent\"|&\nprofile_directory = \"$root/agent-config/profiles\"|" "$demo/etc/agent.toml"
cat >>"$demo/etc/agent.toml" <<END

[[credential]]
name = "first"
community_file = "$demo/etc/first"

[[credential]]
name = "second"
community_file = "$demo/etc/second"

[[credential]]
name = "third"
version = "3"
user = "muster"
auth = "sha256"
auth_file = "$demo/etc/wrong"

[discovery]
networks = ["10.99.74.0/27"]
crawl_networks = ["10.99.75.0/24"]
interval = "60s"
tcp_ports = [2222]
rate = 500
timeout = "500ms"
exclude_names = ["lab-*"]
END
join_stack
before=$(outside)
start_agent

queue() { m discovery list --format json --state "${1:-waiting}"; }
found() { queue waiting | jq -e 'length >= 6'; }
if ! until_true 60 found; then
    echo "not ok discovery: the queue is not full after 60 s: $(queue | jq -c 'map(.label)')"
    tail -n 5 "$demo/log/agent.log"
fi
# expect WHAT FILTER: the filter holds for what waits.
expect() {
    if queue | jq -e "$2" >/dev/null; then
        echo "ok discovery: $1"
    else
        echo "not ok discovery: $1: $(queue | jq -c 'map({"label", addresses, ways, tcp_ports, refusal, macs, seen_by: [.seen_by[].credential]})')"
    fi
}
one='[.[] | select(.addresses | index('
expect "what is there waits, each once, and nothing else" \
    'map(.addresses[0]) | sort == ["10.99.74.11", "10.99.74.12", "10.99.74.13", "10.99.74.14", "10.99.74.15", "10.99.75.8"]'
expect "a device is known by its name and the credential that it takes" \
    "${one}\"10.99.74.12\"))][0] | .name == \"two\" and .seen_by[0].credential == \"second\" and (.ways | index(\"snmp\"))"
expect "a wrong secret is called one" \
    "${one}\"10.99.74.13\"))][0] | .refusal == \"wrong-secret\" and .name == null and .seen_by[0].credential == null"
expect "who answers ping alone is there, with a MAC address" \
    "${one}\"10.99.74.14\"))][0] | (.ways | index(\"icmp\")) and .macs == [\"00:1b:21:00:74:14\"]"
expect "so is who has an open port alone" \
    "${one}\"10.99.74.15\"))][0] | .tcp_ports == [2222] and (.ways | index(\"tcp\"))"
expect "a device in a crawled network is known through the one that told of it" \
    "${one}\"10.99.75.8\"))][0] | .name == \"seven\" and .told_by == [\"one (arp)\"] and .depth == 1"
after=$(outside)
if [ "$after" = "$before" ]; then
    echo "ok discovery: no packet reached the network outside the fence"
else
    echo "not ok discovery: $((after - before)) packets left the fence"
fi
receipt() { m agent receipts "$(agent_id)" --format json | jq -r '.[] | select(.source == "discovery/networks") | .message'; }
case $(receipt) in
*"1 refused every secret"*"1 excluded by name"*"2 told of outside"*) echo "ok discovery: the receipt: $(receipt)" ;;
*) echo "not ok discovery: the receipt: $(receipt)" ;;
esac
if grep -q '"second"' "$demo/agent/credentials.json" && ! grep -q "a-wrong-passphrase" "$demo/agent/credentials.json"; then
    echo "ok discovery: the state directory has names of credentials and no secret"
else
    echo "not ok discovery: $(cat "$demo/agent/credentials.json")"
fi
if jq -e '.cooling.entries | to_entries | map(select(.key | startswith("10.99.74.13:161 third"))) | length == 1 and .[0].value.overruns == 1' \
    "$demo/agent/credentials.json" >/dev/null; then
    echo "ok discovery: the refused user cools down"
else
    echo "not ok discovery: the refused user does not cool down: $(cat "$demo/agent/credentials.json")"
fi

number() { queue "${2:-waiting}" | jq --arg address "$1" '.[] | select(.addresses[0] == $address) | .id'; }
m discovery ignore "$(number 10.99.74.14)" --note "a printer" >"$demo/log/ignore.log"
two=$(number 10.99.74.12)
m discovery accept "$two" >"$demo/log/accept.log"
is_device() { m discovery show "$two" --format json | jq -e '.state == "accepted" and .ci != null and .ci_class == "device" and .ci_name == "two"'; }
if until_true 60 is_device; then
    echo "ok discovery: what is accepted is a device that the agent probes, and a CI"
else
    echo "not ok discovery: what was accepted is no device: $(m discovery show "$two" --format json | jq -c '{state, ci, device, agent}')"
    tail -n 5 "$demo/log/agent.log"
fi
polled() { m agent receipts "$(agent_id)" --format json | jq -e 'any(.[]; .source == "probe/two" and .outcome == "success")'; }
if until_true 60 polled; then echo "ok discovery: it is read with the credential by name"; else
    echo "not ok discovery: it is not read: $(m agent receipts "$(agent_id)" --format json | jq -c 'map(select(.source == "probe/two"))')"
fi
again() { queue ignored | jq -e '.[0].last_seen > .[0].decided_at'; }
if until_true 90 again && queue | jq -e 'length == 4' >/dev/null; then
    echo "ok discovery: what is ignored stays so when it is seen again"
else
    echo "not ok discovery: after the next round: $(queue all | jq -c 'map({"label", state, last_seen, decided_at})')"
fi
if jq -e '.cooling.entries["10.99.74.13:161 third"].overruns == 1' "$demo/agent/credentials.json" >/dev/null; then
    echo "ok discovery: the second round does not try the refused user again"
else
    echo "not ok discovery: the refused user was tried again"
fi
end agent TERM
