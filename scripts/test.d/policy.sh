#!/usr/bin/env bash
# Central policy with both programs: a file at the collector gives a running agent a check and a device within seconds, a changed one
# takes them away and ends the alarm; policy.toml of the host takes away and the receipt says so; restarts of either side in between,
# the collector away at the agent's start, a kept policy that was damaged.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"

if [ ! -x /usr/sbin/snmpd ]; then
    echo "skip policy: needs snmpd; scripts/install-packages installs it"
    exit 0
fi
write_stack
sed -i "s|^state_directory = \"$demo/agent\"|&\nprofile_directory = \"$root/agent-config/profiles\"|" "$demo/etc/agent.toml"
policies=$demo/etc/policies
snmp_port=$(free_port) closed=$(free_port)
mkdir -p "$demo/snmpd" "$demo/credentials"
printf 'agentaddress udp:127.0.0.1:%s\nrocommunity hidden-word\nsysName core-1\n' "$snmp_port" >"$demo/etc/snmpd.conf"
(umask 077 && echo hidden-word >"$demo/credentials/core")
start device-snmpd env SNMP_PERSISTENT_DIR="$demo/snmpd" MIBS= /usr/sbin/snmpd -f -Lo -C -c "$demo/etc/snmpd.conf" -I -smux
start_agent() { start agent env CREDENTIALS_DIRECTORY="$demo/credentials" muster-agent run --config "$demo/etc/agent.toml"; }
join_stack
start_agent
host=$(m agent list --format json | jq -r '.[0].hostname')

say() {
    local what=$1
    shift
    if until_true 20 "$@"; then echo "ok policy: $what"; else
        echo "not ok policy: $what"
        m policy explain "$host" || true
        m agent receipts "$host" | grep -E "policy|upgrade" || true
        tail -n 5 "$demo/log/agent.log" "$demo/log/collector.log"
    fi
}
alarm() { m alarm list --state all --format json | jq -e --arg check "$1" --arg state "$2" 'any(.[]; (.summary + " " + .instance | contains($check)) and .state == $state)'; }
state() { m policy explain "$host" --format json | jq -e --arg state "$1" '.state == $state'; }
explained() { m policy explain "$host" --format json | jq -e "$1"; }
receipt() { m agent receipts "$host" --format json | jq -e --arg source "$1" --arg outcome "$2" --arg text "$3" 'any(.[]; .source == $source and .outcome == $outcome and (.message | contains($text)))'; }
# within SECONDS WHAT COMMAND...: a line with how long it took; not ok when it took longer.
within() {
    local most=$1 what=$2 begun took
    shift 2
    begun=$(date +%s%3N)
    until_true 20 "$@" || true
    took=$(($(date +%s%3N) - begun))
    if [ "$took" -le $((most * 1000)) ]; then echo "ok policy: $what: $took ms"; else
        echo "not ok policy: $what: $took ms"
        m policy explain "$host" || true
        tail -n 5 "$demo/log/agent.log" "$demo/log/collector.log"
    fi
}

until_true 20 alarm nobody firing
say "an agent for which nothing is wanted says nothing" state none

cat >"$policies/10-all.toml" <<END
about = "Everybody"
[select]
hosts = ["*"]
[metrics]
interval = "30s"
[[check]]
name = "from-policy"
type = "tcp"
target = "127.0.0.1:$closed"
interval = "1s"
timeout = "500ms"
[[check]]
name = "plug"
type = "plugin"
program = "/bin/sh"
arguments = ["-c", "touch $demo/ran"]
[[device]]
name = "core-1"
address = "127.0.0.1"
port = $snmp_port
community_file = "core"
interval = "5s"
poll_interval = "1s"
ping = false
END
within 10 "a check of a new file raises its alarm on a running agent" alarm from-policy firing
say "a device of the file is probed with the host's own credential" m ci show device:core-1
say "a program is refused though everything else is in force, and the receipt says why" \
    receipt policy truncated "check plug refused: policy.toml does not list the program"
say "the collector knows that the policy is in force but for a part" state partly
say "explain names the file of each part" explained 'any(.parts[]; .part == "device core-1" and .policy == "10-all")'
if grep -rqF hidden-word "$demo/collector" "$demo/agent/policy.json" "$demo/log"; then
    echo "not ok policy: the community stays on the host"
else
    echo "ok policy: the community stays on the host"
fi

# A file that is wrong is named in one line, and what was in force stays.
echo 'colour = 1' >"$policies/20-wrong.toml"
wrong() { ! m policy list >/dev/null 2>"$demo/run/wrong" && grep -q '20-wrong.toml:1:1: missing key "about"' "$demo/run/wrong"; }
say "a file that is wrong is named with its line and key" wrong
say "and what was in force before stays" state partly
if muster-collector check-config --config "$demo/etc/collector.toml" 2>"$demo/run/check"; then
    echo "not ok policy: check-config refuses it"
elif [ "$(wc -l <"$demo/run/check")" -eq 1 ] && grep -q 20-wrong.toml "$demo/run/check"; then
    echo "ok policy: check-config refuses it"
fi
rm "$policies/20-wrong.toml"
say "without it everything is in order again" m policy list

# Restarts.
end collector
start_collector
collector_answers
say "after a restart of the collector the agent has what it had" state partly
end collector
end agent
start_agent
kept() { grep -q "core-1\|from-policy" "$demo/agent/policy.json" && muster-agent status --config "$demo/etc/agent.toml" --format json | jq -e '.policy.groups == ["10-all"]'; }
say "an agent that starts while the collector is away goes on with the policy it kept" kept
looks() { [ "$(snmp_requests)" -gt "$before" ]; }
snmp_requests() { MIBS= snmpget -v2c -c hidden-word -Oqv "127.0.0.1:$snmp_port" .1.3.6.1.2.1.11.1.0; }
before=$(($(snmp_requests) + 10))
say "and asks its device" looks
start_collector
collector_answers

# A nearer file changes and takes away.
cat >"$policies/50-host.toml" <<END
about = "This host"
[select]
hosts = ["$host"]
[without]
checks = ["from-policy", "plug"]
devices = ["core-1"]
[upgrade]
ring = "pilot"
version = "99.0.0"
END
within 10 "a nearer file takes the check away, and its alarm ends" alarm from-policy cleared
say "all of it is in force" state in-force
before=$(snmp_requests)
sleep 4
after=$(snmp_requests)
# Each of our own questions counts one.
if [ "$((after - before))" -le 2 ]; then echo "ok policy: the device is left alone: $((after - before - 1)) requests in 4 s"; else
    echo "not ok policy: the device is left alone: $((after - before - 1)) requests in 4 s"
fi
say "the wanted version lies where the host's timer looks" grep -qx 99.0.0 "$demo/agent/wanted-version"
rings() { m policy rings --format json | jq -e '.[] | .ring == "pilot" and .version == "99.0.0" and .agents == 1 and .waiting == 1'; }
say "the ring counts who does not run it yet" rings

# The host has the last word.
cat >"$demo/etc/policy.toml" <<END
allow_upgrades = false
[checks]
types = ["http"]
END
rm "$policies/50-host.toml"
say "the earlier file counts again" alarm from-policy firing
chmod 666 "$demo/etc/policy.toml"
if muster-agent check-config --config "$demo/etc/agent.toml" 2>"$demo/run/loose"; then
    echo "not ok policy: a policy.toml that others can write is refused"
else
    echo "ok policy: a policy.toml that others can write is refused"
fi
chmod 644 "$demo/etc/policy.toml"
end agent
start_agent
say "policy.toml refuses the check, and the receipt says so" \
    receipt policy truncated "check from-policy refused: policy.toml does not allow checks of type tcp"
refused() { muster-agent status --config "$demo/etc/agent.toml" | grep -q '^policy refused *check from-policy: policy.toml does not allow checks of type tcp'; }
say "status on the host says so, too" refused
echo 'allow_policy = false' >"$demo/etc/policy.toml"
end agent
start_agent
say "a host that takes no policies is known as one" state not-allowed
[ -e "$demo/agent/policy.json" ] && echo "not ok policy: and keeps none" || echo "ok policy: and keeps none"
rm "$demo/etc/policy.toml"

# What was kept is as hostile as the network.
end agent
printf '{"groups":["x"],"checks":[{"name":"evil"' >"$demo/agent/policy.json"
: >"$demo/log/agent.log"
end collector
start_agent
lives() { grep -q 'policy.json: JSON: .*; the next policy takes its place' "$demo/log/agent.log" && is_running agent; }
say "a kept policy that is damaged is named in one line and the agent runs" lives
start_collector
collector_answers
say "and gets a good one" state partly
[ -e "$demo/ran" ] && echo "not ok policy: no program of a policy ran" || echo "ok policy: no program of a policy ran"

# The host's timer: what it makes of a wanted version, with apt's answers put in its way. That it goes on shows in its asking whether
# the agent works.
stubs=$demo/stubs
mkdir -p "$stubs"
cat >"$stubs/apt-cache" <<'END'
#!/bin/sh
case $1 in
    policy) echo "  Candidate: $CHOICE" ;;
    madison) for version in 1.3.0-1 1.2.0-2 1.2.0-1 1.1.0-1; do echo " muster-agent | $version | http://repository ./ Packages"; done ;;
esac
END
printf '#!/bin/sh\necho "$INSTALLED"\n' >"$stubs/dpkg-query"
printf '#!/bin/sh\nexit 0\n' >"$stubs/apt-get"
printf '#!/bin/sh\nexit 1\n' >"$stubs/systemctl"
chmod 755 "$stubs"/*
# timer WANTED INSTALLED CHOICE: what the script says.
timer() {
    WANTED=$1 INSTALLED=$2 CHOICE=$3 PATH=$stubs:$PATH unshare -m sh -c 'mount -t tmpfs none /var/lib && mkdir -p /var/lib/muster-agent &&
        { [ -z "$WANTED" ] || printf "%s\n" "$WANTED" >/var/lib/muster-agent/wanted-version; } && "$0"' "$root/scripts/upgrade-agent" 2>&1 || true
}
if ! unshare -m mount -t tmpfs none /var/lib 2>/dev/null; then
    echo "skip policy: the timer: mounts cannot be made here"
    exit 0
fi
expect() {
    if grep -qF -- "$2" <<<"$3"; then echo "ok policy: the timer: $1"; else echo "not ok policy: the timer: $1: $3"; fi
}
goes_on='has no answer of the collector since ten minutes'
expect "without a wish it goes on to apt's own choice" "$goes_on" "$(timer "" 1.1.0-1 1.3.0-1)"
expect "a wished version goes before a newer choice" "$goes_on" "$(timer 1.2.0 1.1.0-1 1.3.0-1)"
expect "what is installed already stays" "1.2.0-2 is no older than 1.2.0-2, which the collector wants" "$(timer 1.2.0 1.2.0-2 1.3.0-1)"
expect "an older version is never installed" "1.3.0-1 is no older than 1.1.0-1" "$(timer 1.1.0 1.3.0-1 1.3.0-1)"
expect "a version that nobody has is said" "wants muster-agent 9.0.0, which no source of apt has" "$(timer 9.0.0 1.1.0-1 1.3.0-1)"
expect "a pin of the administrator holds" "apt's own choice on this host is 1.2.0-1" "$(timer 1.3.0 1.1.0-1 1.2.0-1)"
expect "what is no version is nothing" "$goes_on" "$(timer '1.2.0; touch /tmp/x' 1.1.0-1 1.3.0-1)"
