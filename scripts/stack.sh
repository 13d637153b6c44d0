# A collector and an agent of their own in a temporary directory, for scripted tests. The caller sets -euo pipefail and
# sources this; everything ends with the caller.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# What the demo uses to start and end processes works on the directory in $demo.
demo=$(mktemp -d)
chmod 755 "$demo"
# shellcheck source=/dev/null
. "$root/scripts/demo.d/processes.sh"

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
agents_port=$(free_port)
api_port=$(free_port)
socket=$demo/run/muster.sock
m() { muster "$@" --socket "$socket"; }

end_stack() {
    local name
    for name in "$demo"/run/*.pid; do
        [ -e "$name" ] && end "$(basename "$name" .pid)" KILL
    done
    rm -rf "$demo"
}
trap end_stack EXIT

write_stack() {
    mkdir -p "$demo/etc" "$demo/run" "$demo/log"
    cp -r "$root/collector-config/." "$demo/etc/"
    rm -f "$demo"/etc/services/*.toml
    cat >"$demo/etc/collector.toml" <<END
[collector]
state_directory = "$demo/collector"
names = ["127.0.0.1"]
api_address = "127.0.0.1"
api_port = $api_port
agents_address = "127.0.0.1"
agents_port = $agents_port
socket = "$socket"

[services]
directory = "$demo/etc/services"

[rules]
directory = "$demo/etc/rules"

[policies]
directory = "$demo/etc/policies"

[incidents]
priorities = "$demo/etc/priority.toml"
strings = "$demo/etc/strings"
END
    cat >"$demo/etc/agent.toml" <<END
[agent]
state_directory = "$demo/agent"

[uplink]
heartbeat = "1s"

[inventory.source.services]
interval = "1s"

[metrics]
interval = "1s"

[[check]]
name = "nobody"
type = "tcp"
target = "127.0.0.1:9"
interval = "1s"
timeout = "500ms"
END
}

# until_true SECONDS COMMAND...: asks ten times a second; 1 when it never holds.
until_true() {
    local tries=$(($1 * 10))
    shift
    while [ "$tries" -gt 0 ]; do
        if "$@" >/dev/null 2>&1; then return 0; fi
        sleep 0.1
        tries=$((tries - 1))
    done
    return 1
}

start_collector() { start collector muster-collector run --config "$demo/etc/collector.toml"; }
start_agent() { start agent muster-agent run --config "$demo/etc/agent.toml"; }
collector_answers() { until_true 30 m agent list; }

join_stack() {
    muster-collector init --config "$demo/etc/collector.toml" >"$demo/log/init.log" 2>&1
    start_collector
    collector_answers || { cat "$demo/log/collector.log" && return 1; }
    (umask 077 && muster-collector token --config "$demo/etc/collector.toml" >"$demo/run/token")
    muster-agent enrol --config "$demo/etc/agent.toml" --token-file "$demo/run/token" >"$demo/log/enrol.log" 2>&1
    rm "$demo/run/token"
}

agent_id() { m agent list --format json | jq -r '.[0].id'; }

agent_figure() { muster-agent status --config "$demo/etc/agent.toml" --format json | jq -r ".$1 // 0"; }

# Every envelope that the agent enqueued is stored here, none is missing and none is stored twice. The agent must rest.
ledger_is_exact() {
    local enqueued
    enqueued=$(agent_figure enqueued)
    [ "$(agent_figure waiting)" -eq 0 ] && [ "$(agent_figure dropped)" -eq 0 ] || return 1
    m agent ledger "$(agent_id)" --format json | jq -e --argjson enqueued "$enqueued" '
        .epochs | length == 1 and (.[0] | .missing == 0 and .refused == 0 and .declared_gaps == 0
            and .stored == $enqueued and .highest_sequence == $enqueued)'
}
