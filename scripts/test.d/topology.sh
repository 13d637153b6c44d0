#!/usr/bin/env bash
# A ring, a tree and a two-tier fabric of network namespaces with real bridges, spanning tree, snmpd and lldpd: every cable is
# derived, none is made up, a pulled cable is an event at both ends, and muster path names every port.
#
# The ring and the fabric speak LLDP between switches; the tree does not, and no machine does: the tree's cables follow from
# spanning tree, those to machines from forwarding tables. The agent has a leg in each network.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../own-network.sh"
. "$(dirname "$0")/../stack.sh"
here=$(cd "$(dirname "$0")" && pwd)

prefix=mtop$$
if ! ip netns add "$prefix-agent" 2>/dev/null || ! ip -n "$prefix-agent" link add br0 type bridge 2>/dev/null; then
    ip netns del "$prefix-agent" 2>/dev/null || true
    echo "skip topology: network namespaces with bridges cannot be made here"
    exit 0
fi
ip -n "$prefix-agent" link del br0
nodes=(agent)
leave() {
    local node
    end_stack
    for node in "${nodes[@]}"; do ip netns del "$prefix-$node" 2>/dev/null || true; done
}
trap leave EXIT
inside() {
    local node=$1
    shift
    ip netns exec "$prefix-$node" "$@"
}

# ---- what is built

declare -A ports=() addresses=()
switches=() machines=() talking=()
truth=$demo/truth
: >"$truth"
device_names() { printf '%s\n' "${switches[@]}" "${machines[@]}"; }

# node NAME ADDRESS: a namespace; its number is part of the MAC addresses of its ports.
node() {
    [ "$1" = agent ] || ip netns add "$prefix-$1"
    [ "$1" = agent ] || nodes+=("$1")
    ports[$1]=0
    addresses[$1]=$2
    ip -n "$prefix-$1" link set lo up
}
# cable A B: between the next port of each.
cable() {
    local one=$1 other=$2 place
    ports[$one]=$((ports[$one] + 1)) ports[$other]=$((ports[$other] + 1))
    ip link add "p${ports[$one]}" netns "$prefix-$one" address "$(mac "$one")" type veth \
        peer name "p${ports[$other]}" netns "$prefix-$other" address "$(mac "$other")"
    for place in "$one" "$other"; do ip -n "$prefix-$place" link set "p${ports[$place]}" up; done
    printf '%s\n%s\n' "$one:p${ports[$one]}" "$other:p${ports[$other]}" | sort | paste -sd' ' >>"$truth"
}
mac() {
    local number
    for number in "${!nodes[@]}"; do [ "${nodes[$number]}" != "$1" ] || break; done
    printf '00:1b:21:00:%02x:%02x' "$number" "${ports[$1]}"
}
# bridge NAME: makes a switch of a node; spanning tree as quick as the kernel allows.
bridge_of() {
    local port
    ip -n "$prefix-$1" link add br0 type bridge stp_state 1 forward_delay 200 hello_time 100 max_age 600
    for ((port = 1; port <= ports[$1]; port++)); do ip -n "$prefix-$1" link set "p$port" master br0; done
    ip -n "$prefix-$1" address add "${addresses[$1]}/24" dev br0
    ip -n "$prefix-$1" link set br0 up
}

node agent -
# The ring: three switches, a machine at each of two.
for number in 1 2 3; do node "ring$number" "10.99.81.$number" && switches+=("ring$number") && talking+=("ring$number"); done
node ring-a 10.99.81.11 && node ring-b 10.99.81.12 && machines+=(ring-a ring-b)
cable ring1 ring2 && cable ring2 ring3 && cable ring3 ring1
cable ring2 ring-a && cable ring3 ring-b && cable ring1 agent
# The tree, without LLDP: a root, two branches joined by a cable that spanning tree blocks, one of them with another below it.
for number in 1 2 3 4; do node "tree$number" "10.99.82.$number" && switches+=("tree$number"); done
node tree-a 10.99.82.11 && node tree-b 10.99.82.12 && machines+=(tree-a tree-b)
cable tree1 tree2 && cable tree1 tree3 && cable tree3 tree4
cable tree2 tree-a && cable tree4 tree-b && cable tree1 agent && cable tree2 tree3
# The fabric: two spines, three leaves, each leaf at both spines.
for name in spine1 spine2 leaf1 leaf2 leaf3; do
    node "$name" "10.99.83.$((${#switches[@]} - 6))" && switches+=("$name") && talking+=("$name")
done
node leaf-a 10.99.83.11 && node leaf-b 10.99.83.12 && machines+=(leaf-a leaf-b)
for leaf in leaf1 leaf2 leaf3; do cable spine1 "$leaf" && cable spine2 "$leaf"; done
cable leaf1 leaf-a && cable leaf2 leaf-b && cable leaf3 agent
for name in "${switches[@]}"; do bridge_of "$name"; done
for name in "${machines[@]}"; do ip -n "$prefix-$name" address add "${addresses[$name]}/24" dev p1; done
for port in 1 2 3; do ip -n "$prefix-agent" address add "10.99.8$port.100/24" dev "p$port"; done
sort -o "$truth" "$truth"

# ---- what runs in it

device=$demo/device
mkdir -p "$device"
community=topology-$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n')
start_snmpd() {
    cat >"$device/$1.conf" <<CONF
agentaddress udp:${addresses[$1]}:161
rocommunity $community
sysName $1
master agentx
agentXSocket $device/$1.agentx
$([[ " ${switches[*]} " != *" $1 "* ]] || echo "pass_persist .1.3.6.1.2.1.17 /usr/bin/python3 $here/bridge_mib.py br0")
CONF
    chmod 600 "$device/$1.conf"
    start "snmpd-$1" env SNMP_PERSISTENT_DIR="$device/$1.persist" ip netns exec "$prefix-$1" \
        /usr/sbin/snmpd -f -Lo -C -c "$device/$1.conf" -p "$device/$1.snmpd-pid"
}
start_lldpd() {
    start "lldpd-$1" ip netns exec "$prefix-$1" unshare -u sh -c 'hostname "$1" && shift && exec "$@"' sh "$1" \
        /usr/sbin/lldpd -d -u "$device/$1.lldpd" -I 'p*' -x -X "$device/$1.agentx"
}
for name in $(device_names); do start_snmpd "$name"; done
has_socket() { [ -S "$1" ]; }
for name in "${talking[@]}"; do
    until_true 10 has_socket "$device/$name.agentx" || echo "not ok topology: snmpd of $name does not run"
    start_lldpd "$name"
done
configure_lldpd() {
    # Told each second, believed for thirty: while its snmpd is busy lldpd waits for it and sends nothing.
    { until_true 10 lldpcli -u "$device/$1.lldpd" configure lldp tx-interval 1 &&
        until_true 10 lldpcli -u "$device/$1.lldpd" configure lldp tx-hold 30; } ||
        echo "not ok topology: lldpd of $1 does not run"
}
for name in "${talking[@]}"; do configure_lldpd "$name"; done
# What lldpd itself knows and what snmpd tells of it, to tell our failures from theirs.
neighbours() {
    local name own told
    for name in "${talking[@]}"; do
        own=$(lldpcli -u "$device/$name.lldpd" -f json0 show neighbors | jq '[.lldp[]?.interface[]?] | length' || true)
        told=$(inside agent snmpwalk -v 2c -c "$community" -Onq "${addresses[$name]}" 1.0.8802.1.1.2.1.4.1.1.9 2>&1 | grep -c '^\.1\.0\.8802' || true)
        echo "$name: lldpd knows $own neighbours, snmpd tells of $told"
    done
}
# hears NAME: whether its lldpd knows the switch at each of its cables to one that speaks LLDP.
hears() {
    local cables
    cables=$(grep -cE "(^| )$1:p[0-9]+ ($(tr ' ' '|' <<<"${talking[*]}")):|^($(tr ' ' '|' <<<"${talking[*]}")):p[0-9]+ $1:" "$truth")
    [ "$(lldpcli -u "$device/$1.lldpd" -f json0 show neighbors | jq '[.lldp[]?.interface[]?] | length')" -ge "$cables" ]
}
# What is tested begins where LLDP has told: now and then an lldpd takes up no port any more after ports of its namespace came or
# went, knows nobody and is known to nobody; it is started anew then.
all_hear() {
    local name
    for name in "${talking[@]}"; do
        until_true 15 hears "$name" && continue
        echo "lldpd of $name is started anew"
        end "lldpd-$name"
        start_lldpd "$name"
        configure_lldpd "$name"
        until_true 10 hears "$name" || return 1
    done
}

up=mtu$$
ip link add "$up" type veth peer name up0 netns "$prefix-agent"
ip address add 10.99.80.1/30 dev "$up"
ip link set "$up" up
ip -n "$prefix-agent" address add 10.99.80.2/30 dev up0
ip -n "$prefix-agent" link set up0 up
write_stack
sed -i 's/^names = .*/names = ["10.99.80.1"]/; s/^agents_address = .*/agents_address = "10.99.80.1"/' \
    "$demo/etc/collector.toml"
(umask 077 && printf '%s\n' "$community" >"$demo/etc/community")
{
    printf '[agent]\nstate_directory = "%s"\n\n[uplink]\nheartbeat = "1s"\n\n[inventory]\ninterval = "1h"\n' "$demo/agent"
    printf 'lldpd_socket = "%s/none"\n\n[metrics]\ninterval = "60s"\n' "$demo"
    for name in $(device_names); do
        printf '\n[[device]]\nname = "%s"\naddress = "%s"\ncommunity_file = "%s"\n' \
            "$name" "${addresses[$name]}" "$demo/etc/community"
        printf 'interval = "5s"\npoll_interval = "10s"\n'
        printf 'sections = ["interfaces", "addresses", "neighbours", "vlans", "forwarding"]\n'
    done
} >"$demo/etc/agent.toml"

# Every machine is heard by all switches now and then, as real ones are: it asks for an address that nobody has.
chatter() {
    local name port
    while true; do
        for name in $(device_names); do
            inside "$name" ping -c 1 -W 1 "${addresses[$name]%.*}.250" &
        done
        for port in 1 2 3; do inside agent ping -c 1 -W 1 "10.99.8$port.250" & done
        wait
        sleep 2
    done
}
settled() {
    local name
    for name in "${switches[@]}"; do
        ! inside "$name" sh -c 'cat /sys/class/net/p*/brport/state' | grep -qE '[012]' || return 1
    done
}
until_true 30 settled || echo "not ok topology: spanning tree does not settle"
start chatter chatter
all_hear || all_hear || echo "not ok topology: LLDP does not tell of the cables: $(neighbours | paste -sd';')"

# ---- what the collector makes of it

muster-collector init --config "$demo/etc/collector.toml" >"$demo/log/init.log" 2>&1
start_collector
collector_answers || { cat "$demo/log/collector.log" && exit 1; }
(umask 077 && muster-collector token --config "$demo/etc/collector.toml" >"$demo/run/token")
inside agent muster-agent enrol --config "$demo/etc/agent.toml" --token-file "$demo/run/token" >"$demo/log/enrol.log" 2>&1
start agent ip netns exec "$prefix-agent" muster-agent run --config "$demo/etc/agent.toml"

host=$(hostname)
links() { /usr/bin/python3 "$here/topology_links.py" "$socket" "$@" | sed "s/\b$host:/agent:/g" | while read -r one other rest; do
    printf '%s\n%s\n' "$one" "$other" | sort | paste -sd' ' | sed "s/$/${rest:+ $rest}/"
done | sort; }
is_whole() { diff -q "$truth" <(links); }
begun=$SECONDS
if until_true 40 is_whole; then
    echo "ok topology: all $(wc -l <"$truth") cables of a ring, a tree and a two-tier fabric derived, none made up, $((SECONDS - begun)) s after the agent's start"
else
    echo "not ok topology: < built, > derived: $(diff "$truth" <(links) | grep '^[<>]' | paste -sd';')"
    links -v
    neighbours
fi

told=$(/usr/bin/python3 "$here/topology_links.py" "$socket" -v | grep -E '^tree[0-9]:p[0-9]+ tree[0-9]:' || true)
if [ "$(grep -c "'spanning-tree 90'" <<<"$told")" -eq 4 ] && [ "$(wc -l <<<"$told")" -eq 4 ]; then
    echo "ok topology: the cables between switches that do not speak LLDP are told by spanning tree, the blocked one too"
else
    echo "not ok topology: cables between switches without LLDP: $(paste -sd';' <<<"$told")"
fi

# path FROM TO EXPECTED: NODE:IN:OUT of each hop.
path_is() {
    local found
    found=$(m path "$1" "$2" --format json |
        jq -r '[.hops[] | "\(.ci.name):\(.in.name // ""):\(.out.name // "")"] | join(" ")')
    if [ "$found" = "$3" ]; then
        echo "ok topology: muster path $1 $2 names every port: $found"
    else
        echo "not ok topology: muster path $1 $2: $found, not $3"
    fi
}
path_is tree-a tree-b "tree-a::p1 tree2:p2:p1 tree1:p1:p2 tree3:p1:p2 tree4:p1:p2 tree-b:p1:"
# Where spanning tree sends frames is the kernel's choice: the way must be made of cables that are there and ports that forward.
path_forwards() {
    local from=$1 to=$2 last='' line name in out count=0
    while IFS=: read -r name in out; do
        count=$((count + 1))
        [ -z "$last" ] || grep -qxF "$(printf '%s\n%s\n' "$last" "$name:$in" | sort | paste -sd' ')" "$truth" || return 1
        for port in "$in" "$out"; do
            [ -z "$port" ] || [[ " ${machines[*]} " == *" $name "* ]] ||
                [ "$(inside "$name" cat "/sys/class/net/$port/brport/state")" = 3 ] || return 1
        done
        last=$name:$out
    done < <(m path "$from" "$to" --format json | jq -r '.hops[] | "\(.ci.name):\(.in.name // ""):\(.out.name // "")"')
    [ "$count" -ge 4 ]
}
for ends in "ring-a ring-b" "leaf-a leaf-b"; do
    # shellcheck disable=SC2086
    if path_forwards $ends; then
        echo "ok topology: muster path $ends goes over ports that forward"
    else
        echo "not ok topology: muster path $ends: $(m path $ends --format json | tr -d '\n')"
    fi
done
if m path tree-a ring-a >/dev/null 2>"$demo/apart"; then
    echo "not ok topology: a path through a host that forwards nothing: $(m path tree-a ring-a)"
elif grep -q "no path from tree-a to ring-a" "$demo/apart" && [ "$(wc -l <"$demo/apart")" -eq 1 ]; then
    echo "ok topology: networks that only a host joins have no path, in one line"
else
    echo "not ok topology: no path is told as: $(cat "$demo/apart")"
fi

# ---- a cable is pulled

# As shipped a device is read whole every ten minutes; what changes in between is found by the looks, here every ten seconds.
end agent
sed -i 's/^interval = "5s"/interval = "10m"/' "$demo/etc/agent.toml"
start agent ip netns exec "$prefix-agent" muster-agent run --config "$demo/etc/agent.toml"
# The first look at each device is what the next is compared with.
sleep 6

port_of() { m ci show "$1" --format json | jq -r --arg name "$2" '.children[] | select(.name == $name) | .id'; }
ended_at() { m ci history "$1" --format json | jq -e 'any(.[]; .kind == "relation-ended" and .relation == "connected-to")'; }
# pull A PORT B PORT: the cable between them is down, at A's side.
pull() {
    local begun=$SECONDS here there took
    here=$(port_of "$1" "$2") there=$(port_of "$3" "$4")
    ip -n "$prefix-$1" link set "$2" down
    if until_true 70 ended_at "$here" && until_true 5 ended_at "$there"; then
        took=$((SECONDS - begun))
        echo "ok topology: the cable $1:$2 $3:$4 was pulled: an event at both ends after $took s"
    else
        echo "not ok topology: the cable $1:$2 $3:$4 was pulled, and no event at both ends within 70 s"
    fi
}
pull tree-a p1 tree2 p2
pull ring2 p2 ring3 p1
without_pulled() { diff -q <(grep -vxF -e "tree-a:p1 tree2:p2" -e "ring2:p2 ring3:p1" "$truth") <(links); }
if until_true 20 without_pulled; then
    echo "ok topology: the other cables are as they were"
else
    echo "not ok topology: after two cables were pulled: $(diff "$truth" <(links) | grep '^[<>]' | paste -sd';')"
fi
if m path tree-a tree-b >/dev/null 2>&1; then echo "not ok topology: a path over a pulled cable"; fi

ip -n "$prefix-tree-a" link set p1 up
ip -n "$prefix-ring2" link set p2 up
all_hear || all_hear || echo "not ok topology: LLDP does not tell of the cables: $(neighbours | paste -sd';')"
if until_true 45 is_whole; then
    echo "ok topology: both cables are plugged in again and found again"
else
    echo "not ok topology: < built, > derived after plugging in again: $(diff "$truth" <(links) | grep '^[<>]' | paste -sd';')"
    neighbours
fi
