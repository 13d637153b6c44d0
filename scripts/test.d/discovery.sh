#!/usr/bin/env bash
# An agent looks through a network of namespaces: the queue at the collector shows what is there and nothing else, no packet leaves the
# fence, a wrong secret is called one and costs one try, what is ignored stays so, what is accepted becomes a device. What lldpd tells of is
# asked inside the fence. Two agents share the networks of a policy; when one is killed its networks move, and stay when it is back.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../own-network.sh"
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

# node NAME ADDRESS NUMBER [MAC]: a machine on the bridge, with a MAC address of its own.
node() {
    [ "$1" = one ] || ip netns add "$prefix-$1"
    [ "$1" = one ] || nodes+=("$1")
    ip link add "md$$n$3" type veth peer name eth0 netns "$prefix-$1" address "${4:-00:1b:21:00:74:1$3}"
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
# lldpd_of NAME OPTIONS...: lldpd on the node's cables, without those to the bridge.
lldpd_of() {
    local name=$1
    shift
    start "lldpd-$name" ip netns exec "$prefix-$name" unshare -u sh -c 'hostname "$1" && shift && exec "$@"' sh "$name" \
        /usr/sbin/lldpd -d -u "$demo/$name.lldpd" -I 'p*' "$@"
    until_true 10 lldpcli -u "$demo/$name.lldpd" configure lldp tx-interval 1 || true
}
# cable ONE OTHER PORT: a link of their own, to the next port of one.
cable() {
    ip link add "p$3" netns "$prefix-$1" type veth peer name p1 netns "$prefix-$2"
    ip -n "$prefix-$1" link set "p$3" up
    ip -n "$prefix-$2" link set p1 up
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
node nine 10.99.75.9 9
node lab-5 10.99.75.5 10 00:1b:21:00:75:05
agent_of one 10.99.74.11 "rocommunity first
master agentx
agentXSocket $demo/one.agentx"
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
# What it tells by LLDP: one machine that may be asked, and one that its name excludes.
talks=
if [ -x /usr/sbin/lldpd ]; then
    cable one nine 1
    cable one lab-5 2
    lldpd_of one -x -X "$demo/one.agentx"
    lldpd_of nine -m 10.99.75.9
    lldpd_of lab-5 -m 10.99.75.5
    hears() { [ "$(lldpcli -u "$demo/one.lldpd" -f json0 show neighbors | jq '[.lldp[]?.interface[]?] | length')" -eq 2 ]; }
    if until_true 20 hears; then talks=1; else echo "skip discovery: lldpd does not hear its neighbours"; fi
else
    echo "skip discovery: needs lldpd for what neighbours tell; scripts/install-packages installs it"
fi
# Packets that reached a machine: the second is excluded by its name.
received() { inside "$1" awk '/^Ip: [0-9]/ { print $4 }' /proc/net/snmp; }
outside() { received eight; }

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
main=$(agent_id)
before=$(outside) shy=$(received lab-5)
start_agent

queue() { m discovery list --format json --state "${1:-waiting}"; }
found() { queue waiting | jq -e --argjson more "${talks:-0}" 'length >= 6 + $more'; }
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
    "map(.addresses[0]) | sort == [\"10.99.74.11\", \"10.99.74.12\", \"10.99.74.13\", \"10.99.74.14\", \"10.99.74.15\", \"10.99.75.8\"${talks:+, \"10.99.75.9\"}]"
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
if [ -n "$talks" ]; then
    expect "what lldpd tells of a neighbour is followed inside the fence" \
        "${one}\"10.99.75.9\"))][0] | .name == \"nine\" and .told_by == [\"one p1 (lldp)\"] and .depth == 1 and (.ways | index(\"icmp\"))"
    if [ "$(received lab-5)" = "$shy" ]; then echo "ok discovery: a neighbour that its name excludes gets no packet"; else
        echo "not ok discovery: $(($(received lab-5) - shy)) packets reached a neighbour that is excluded by its name"
    fi
fi
after=$(outside)
if [ "$after" = "$before" ]; then
    echo "ok discovery: no packet reached the network outside the fence"
else
    echo "not ok discovery: $((after - before)) packets left the fence"
fi
receipt() { m agent receipts "$main" --format json | jq -r '.[] | select(.source == "discovery/networks") | .message'; }
case $(receipt) in
*"1 refused every secret"*"$((1 + ${talks:-0})) excluded by name"*"2 told of outside"*) echo "ok discovery: the receipt: $(receipt)" ;;
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
polled() { m agent receipts "$main" --format json | jq -e 'any(.[]; .source == "probe/two" and .outcome == "success")'; }
if until_true 60 polled; then echo "ok discovery: it is read with the credential by name"; else
    echo "not ok discovery: it is not read: $(m agent receipts "$main" --format json | jq -c 'map(select(.source == "probe/two"))')"
fi
# ---- two agents share a policy's networks

# prober NAME: an agent of its own, whose host lets two networks be looked through.
prober() {
    mkdir -p "$demo/etc/$1"
    cat >"$demo/etc/$1/agent.toml" <<END
[agent]
state_directory = "$demo/$1"
profile_directory = "$root/agent-config/profiles"

[uplink]
heartbeat = "1s"
END
    printf '[discovery]\nnetworks = ["10.99.75.0/24", "10.99.76.0/24"]\nmost_rate = 500\n' >"$demo/etc/$1/policy.toml"
    (umask 077 && muster-collector token --config "$demo/etc/collector.toml" >"$demo/run/token")
    muster-agent enrol --config "$demo/etc/$1/agent.toml" --token-file "$demo/run/token" >"$demo/log/enrol-$1.log" 2>&1
    rm "$demo/run/token"
    start "$1" muster-agent run --config "$demo/etc/$1/agent.toml"
}
ids() { m agent list --format json | jq -r '.[].id' | sort; }
known=$(ids)
prober north-1
first=$(comm -13 <(printf '%s\n' "$known") <(ids))
known=$(ids)
prober north-2
second=$(comm -13 <(printf '%s\n' "$known") <(ids))
cat >"$demo/etc/policies/60-north.toml" <<END
about = "The northern site"
[select]
hosts = ["$first", "$second"]
[discovery]
networks = ["10.99.75.0/28", "10.99.76.0/28", "10.99.79.0/28"]
exclude_addresses = ["10.99.75.5"]
methods = ["icmp", "arp"]
rate = 500
timeout = "300ms"
END
shares() { m discovery networks --format json; }
# has NETWORK AGENT FENCE: whose it is.
has() { shares | jq -e --arg network "$1" --arg agent "$2" --argjson fence "$3" \
    'any(.[]; .agent == $agent and .fence >= $fence and (.networks | index($network)))'; }
shared() { shares | jq -e --arg first "$first" --arg second "$second" 'map(select(.agent != null)) |
    length == 2 and (map(.agent) | sort) == ([$first, $second] | sort) and all(.[]; .networks | length == 1)'; }
if until_true 20 shared; then echo "ok discovery: two agents of a policy share its networks, one each"; else
    echo "not ok discovery: the networks are not shared: $(shares | jq -c .)"
fi
if shares | jq -e 'map(select(.agent == null)) | length == 1 and .[0].networks == ["10.99.79.0/28"]' >/dev/null; then
    echo "ok discovery: a network that no host allows is shown as nobody's"
else
    echo "not ok discovery: who has a network that no host allows: $(shares | jq -c .)"
fi
# sees ADDRESS AGENT: the agent found the thing.
sees() { queue all | jq -e --arg address "$1" --arg agent "$2" \
    'any(.[]; .addresses[0] == $address and any(.seen_by[]; .agent == $agent))'; }
dead=$first dying=north-1 alive=$second
has 10.99.75.0/28 "$first" 1 >/dev/null || dead=$second dying=north-2 alive=$first
both() { sees 10.99.75.8 "$dead" && sees 10.99.76.9 "$alive"; }
if until_true 20 both && ! sees 10.99.76.9 "$dead" >/dev/null && ! sees 10.99.75.8 "$alive" >/dev/null; then
    echo "ok discovery: each looks through its own, and not through the other's"
else
    echo "not ok discovery: what the two see: $(queue all | jq -c 'map({addresses, seen_by: [.seen_by[].agent]})')"
    tail -n 3 "$demo/log/north-1.log" "$demo/log/north-2.log"
fi
end "$dying" KILL
moved() { has 10.99.75.0/28 "$alive" 2 && sees 10.99.75.8 "$alive"; }
if until_true 30 moved; then
    echo "ok discovery: the networks of a killed agent move to the other, which looks through them"
else
    echo "not ok discovery: the killed agent's networks: $(shares | jq -c .)"
fi
start "$dying" muster-agent run --config "$demo/etc/$dying/agent.toml"
empty() { m policy explain "$dead" --format json | jq -e '.state == "in-force" and .discovery.settings.networks == []'; }
if until_true 20 empty && has 10.99.75.0/28 "$alive" 2 >/dev/null; then
    echo "ok discovery: an agent that is back does not take them along at once"
else
    echo "not ok discovery: the agent that is back: $(m policy explain "$dead" --format json | jq -c '{state, message, discovery}')"
fi
end north-1 TERM
end north-2 TERM

again() { queue ignored | jq -e '.[0].last_seen > .[0].decided_at'; }
if until_true 90 again && queue | jq -e 'length == 6' >/dev/null; then
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
