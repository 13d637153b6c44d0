#!/usr/bin/env bash
# A link is pulled at a device that runs net-snmp's own agent: its trap is an event on the interface at the collector within five
# seconds, an alarm, and the record is right; so is the way back. Strangers and floods are counted and told. A device without
# SNMP is not down while it answers ping. The device is a network namespace.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../own-network.sh"
. "$(dirname "$0")/../stack.sh"

space=mtrap$$ outside=mt$$ here=10.99.73.1 there=10.99.73.2 stranger=10.99.73.3
if [ ! -x /usr/sbin/snmpd ] || ! command -v snmptrap >/dev/null; then
    echo "skip traps: needs snmpd and snmptrap; scripts/install-packages installs them"
    exit 0
fi
if ! ip netns add "$space" 2>/dev/null; then
    echo "skip traps: network namespaces cannot be made here"
    exit 0
fi
leave() {
    end_stack
    ip netns del "$space" 2>/dev/null || true
    ip link del "$outside" 2>/dev/null || true
}
trap leave EXIT
inside() { ip netns exec "$space" "$@"; }
ip link add "$outside" type veth peer name mgmt0 netns "$space"
ip addr add "$here/29" dev "$outside"
ip link set "$outside" up
ip -n "$space" addr add "$there/29" dev mgmt0
ip -n "$space" addr add "$stranger/29" dev mgmt0
ip -n "$space" link add port1 type veth peer name far1
for link in lo mgmt0 port1 far1; do ip -n "$space" link set "$link" up; done

trap_port=$(free_port)
mkdir -p "$demo/etc" "$demo/snmpd"
# It looks at its links once a second by itself.
cat >"$demo/etc/snmpd.conf" <<END
agentaddress udp:$there:161
rocommunity public
sysName edge-1
createUser internal SHA internalpass
iquerySecName internal
rouser internal noauth
trap2sink $here:$trap_port public
notificationEvent goneDown .1.3.6.1.6.3.1.1.5.3 .1.3.6.1.2.1.2.2.1.1 .1.3.6.1.2.1.2.2.1.7 .1.3.6.1.2.1.2.2.1.8
notificationEvent comeUp .1.3.6.1.6.3.1.1.5.4 .1.3.6.1.2.1.2.2.1.1 .1.3.6.1.2.1.2.2.1.7 .1.3.6.1.2.1.2.2.1.8
monitor -r 1 -e comeUp "Generate linkUp" .1.3.6.1.2.1.2.2.1.8 != 2
monitor -r 1 -e goneDown "Generate linkDown" .1.3.6.1.2.1.2.2.1.8 == 2
END
# It keeps a file called snmpd.conf in its own directory, so its configuration is elsewhere.
snmpd() { start device-snmpd env SNMP_PERSISTENT_DIR="$demo/snmpd" MIBS= ip netns exec "$space" /usr/sbin/snmpd -f -Lo -C -c "$demo/etc/snmpd.conf" -I -smux; }
tell() { env SNMP_PERSISTENT_DIR="$demo/snmpd" MIBS= ip netns exec "$space" snmptrap "$@"; }

write_stack
sed -i "s|^state_directory = \"$demo/agent\"|&\nprofile_directory = \"$root/agent-config/profiles\"|" "$demo/etc/agent.toml"
cat >>"$demo/etc/agent.toml" <<END

[traps]
listen = ["$here:$trap_port"]
directory = "$root/agent-config/traps"

[[device]]
name = "edge-1"
address = "$there"
timeout = "1s"
retries = 1
failures = 2
END
snmpd
join_stack
start_agent

history() { m ci history "$1" --limit 200 --format json; }
interface() { m ci find "$1" --class interface --format json | jq -r --arg name "$1" 'map(select(.name == $name)) | .[0].id // empty'; }
known() { [ -n "$(interface port1)" ] && m agent receipts "$(agent_id)" --format json | jq -e 'any(.[]; .source == "traps")'; }
until_true 60 known || { echo "not ok traps: the device is not known" && tail -n 5 "$demo/log/agent.log" && exit 0; }
port=$(interface port1)
milliseconds() { date +%s%3N; }
# within SECONDS WHAT COMMAND...: the command holds so many seconds after $begun at the latest.
within() {
    local limit=$1 what=$2
    shift 2
    if ! until_true $((limit * 2)) "$@"; then
        echo "not ok traps: $what: not after $((limit * 2)) s"
        tail -n 3 "$demo/log/agent.log"
        return 0
    fi
    local took=$(($(milliseconds) - begun))
    if [ "$took" -le $((limit * 1000)) ]; then echo "ok traps: $what after $took ms"; else echo "not ok traps: $what after $took ms"; fi
}
has_event() { history "$port" | jq -e --arg kind "$1" --argjson after "$mark" 'any(.[]; .kind == "device-reported" and .event == $kind and .origin == "trap" and .position > $after)'; }
last_position() { history "$port" | jq 'map(.position) | max // 0'; }
alarm_is() { m alarm list --state all --format json | jq -e --arg state "$1" --argjson ci "$port" 'any(.[]; .rule == "link-down" and .ci == $ci and .state == $state)'; }
fact_is() { m ci show "$port" --format json | jq -e --arg value "$1" 'any(.facts[]?, .attributes[]?; (.name | endswith("oper")) and .value == $value)'; }

# snmpd's first look tells of every link; what follows is a change.
sleep 3
mark=$(last_position)
begun=$(milliseconds)
ip -n "$space" link set far1 down
within 5 "a pulled link is an event on its interface, told by the device's own trap," has_event link-down
within 5 "it is an alarm" alarm_is firing
within 5 "the record says so" fact_is down
mark=$(last_position)
begun=$(milliseconds)
ip -n "$space" link set far1 up
within 5 "the link that is back is an event" has_event link-up
within 5 "the alarm is over" alarm_is cleared
within 5 "the record says so" fact_is up

# A trap that lies is put right by the look that it causes.
index=$(inside cat /sys/class/net/port1/ifindex)
mark=$(last_position)
begun=$(milliseconds)
tell -v 2c -c public "$here:$trap_port" 1 1.3.6.1.6.3.1.1.5.3 "1.3.6.1.2.1.2.2.1.1.$index" i "$index"
within 5 "snmptrap's linkDown is an event" has_event link-down
within 5 "an alarm that the look does not confirm is over" alarm_is cleared

# Strangers and other communities.
tell --clientaddr="$stranger" -v 2c -c public "$here:$trap_port" 1 1.3.6.1.6.3.1.1.5.1
tell -v 2c -c private "$here:$trap_port" 1 1.3.6.1.6.3.1.1.5.1
receipt() { m agent receipts "$(agent_id)" --format json | jq -e --arg source "$1" --arg text "$2" 'any(.[]; .source == $source and .outcome == "truncated" and (.message | contains($text)))'; }

# A flood of one device.
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$(cat "$demo/run/agent.pid")/status"; }
before=$(resident)
inside python3 - "$here" "$trap_port" <<'END'
import socket, sys
def tlv(tag, body):
    return bytes([tag, len(body)]) + body if len(body) < 128 else bytes([tag, 0x81, len(body)]) + body
def number(value): return tlv(2, value.to_bytes(4, "big"))
names = [tlv(0x30, bytes.fromhex("06082b06010201010300430101")),
         tlv(0x30, bytes.fromhex("060a2b06010603010104010006092b0601060301010505"))]
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for request in range(1, 10001):
    pdu = tlv(0xa7, number(request) + number(0) + number(0) + tlv(0x30, b"".join(names)))
    sender.sendto(tlv(0x30, tlv(2, b"\1") + tlv(4, b"public") + pdu), (sys.argv[1], int(sys.argv[2])))
END
begun=$(milliseconds)
over_limit() {
    m agent receipts "$(agent_id)" --format json |
        jq -e 'any(.[]; .source == "traps/edge-1" and (.message | contains("over the limit")))'
}
within 70 "a stranger's trap is told of with its address" receipt traps "1 from addresses of no device, the last from $stranger"
within 70 "so is one with another community" receipt traps/edge-1 "1 with another version, community"
within 70 "10,000 traps at once are told of as over the limit" over_limit
after=$(resident)
lost=$(m agent receipts "$(agent_id)" --format json | jq -r '.[] | select(.source == "traps") | .message')
message=$(m agent receipts "$(agent_id)" --format json | jq -r '.[] | select(.source == "traps/edge-1") | "\(.found) taken; \(.message)"')${lost:+; of all $lost}
stored=$(m ci history "$(m ci find edge-1 --class device --format json | jq '.[0].id')" --limit 1000 --format json | jq 'map(select(.event == "authentication-failure")) | length')
if [ "$stored" -ge 100 ] && [ "$stored" -le 400 ] && [ $((after - before)) -lt 16384 ]; then
    echo "ok traps: flood of 10,000: $stored events, $message, memory of the agent from $before to $after KiB"
else
    echo "not ok traps: flood of 10,000: $stored events, $message, memory of the agent from $before to $after KiB"
fi

# Without SNMP the device is there; without both it is down.
state_of() { m alarm list --state all --format json | jq -e --arg rule "$1" --arg state "$2" 'any(.[]; .rule == $rule and .state == $state)'; }
not_raised() { m alarm list --state all --format json | jq -e --arg rule "$1" 'all(.[]; .rule != $rule)'; }
# From here on it is looked at three times a minute: what follows is found by looking.
end agent TERM
sed -i 's/^name = "edge-1"$/&\npoll_interval = "20s"/' "$demo/etc/agent.toml"
start_agent
# The first look finds it well.
sleep 6
end device-snmpd TERM
begun=$(milliseconds)
within 90 "a device whose SNMP agent ended and that answers ping has a silent SNMP agent" state_of snmp-silent firing
if not_raised device-down >/dev/null; then echo "ok traps: and is not down"; else echo "not ok traps: a device that answers ping is called down"; fi
snmpd
begun=$(milliseconds)
within 5 "one that starts tells so, is looked at, and its alarm is over" state_of snmp-silent cleared
ip -n "$space" link set mgmt0 down
begun=$(milliseconds)
within 90 "a device that answers neither is down" state_of device-down firing
ip -n "$space" link set mgmt0 up
begun=$(milliseconds)
within 90 "and up when it answers" state_of device-down cleared
end agent TERM
