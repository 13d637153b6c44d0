#!/usr/bin/env bash
# Hostile bodies against both ports of a running collector: malformed JSON and batches, broken gzip, bombs, bodies without
# end. Nothing of it may be stored, and the collector goes on.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"

write_stack
join_stack
start_agent
until_true 30 eval '[ "$(agent_figure enqueued)" -gt 3 ] && [ "$(agent_figure waiting)" -eq 0 ]'
end agent
m token api hostile --scope admin --format json | jq -r .token >"$demo/run/token"
curl -sS --cacert "$demo/collector/ca.pem" "https://127.0.0.1:$api_port/v1/openapi.json" >"$demo/run/openapi.json"

# What there is. Alarms go on meanwhile: the agent has ended.
standing() {
    m agent ledger "$(agent_id)" --format json | jq -S '.epochs'
    m ci find --format json | jq -S '[.[].id]'
    m user list --format json | jq -S '[.[].name]'
}

standing >"$demo/run/before"
python3 "$root/Tests/Hostile/hostile.py" "$api_port" "$agents_port" "$(cat "$demo/run/collector.pid")" \
    "$demo/collector/ca.pem" "$demo/run/token" "$demo/agent/certificate.pem" "$demo/agent/key.pem" "$demo/run/openapi.json"
standing >"$demo/run/after"
if cmp -s "$demo/run/before" "$demo/run/after"; then
    echo "ok B3: nothing of it is stored"
else
    echo "not ok B3: something changed" && diff "$demo/run/before" "$demo/run/after" | head -20
fi
if is_running collector; then echo "ok B1, B3: the collector runs"; else echo "not ok B1, B3: the collector ended"; fi
