#!/usr/bin/env bash
# Both real programs without the demo's device: a section that the collector no longer knows comes over the long poll,
# a revoked agent is refused at its next request, and no secret stands where it must not.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"

ok() { echo "ok end-to-end: $*"; }
not_ok() { echo "not ok end-to-end: $*" && tail -n 5 "$demo"/log/*.log; }
must() {
    local what=$1
    shift
    if "$@" >/dev/null 2>&1; then ok "$what"; else not_ok "$what"; fi
}

write_stack
join_stack
start_agent

listens_on() { m ci find ":$1" --class service --format json | jq -e 'map(select(.state == "active")) | length == 1'; }
open_port() { start "port$1" /usr/bin/python3 -m http.server "$1" --bind 127.0.0.1 --directory "$demo/etc/services"; }

open_port 17690
must "a new listener becomes a CI" until_true 30 listens_on 17690
end collector
cp -r "$demo/collector" "$demo/backup"
start_collector
collector_answers
open_port 17691
must "the next one, too" until_true 30 listens_on 17691
# An older state of the collector is put back: it does not know the section that the agent's next change builds on.
end collector
rm -rf "$demo/collector"
cp -r "$demo/backup" "$demo/collector"
start_collector
collector_answers
open_port 17692
must "a section whose base is not known comes whole over the long poll" until_true 60 listens_on 17692
must "with what had changed in between" listens_on 17691

# Secrets: the join token that was used, the agent's key, the CA's key.
m token join >"$demo/run/token2" 2>/dev/null || true
secret=$(sed -n 's/.*muster-join:1:.*:\([0-9a-f]*\)$/\1/p' "$demo/run/token2" | head -n 1)
key=$(sed -n 2p "$demo/agent/key.pem")
if [ -n "$secret" ] && [ -n "$key" ] &&
    ! grep -rqaF -e "$secret" "$demo/log" "$demo/collector" && ! grep -rqaF -e "$key" "$demo/log" "$demo/collector"; then
    ok "neither a token's secret nor the agent's key is in a log or in the collector's state"
else
    not_ok "a secret was found where it must not be"
fi

agent=$(agent_id)
m agent revoke "$agent" --reason "test" >/dev/null
stored() { m agent ledger "$agent" --format json | jq '[.epochs[].stored] | add'; }
sleep 0.5
before=$(stored)
refused() { grep -E "revoked|403" "$demo/log/agent.log"; }
must "a revoked agent is refused and says why" until_true 20 refused
must "and nothing of it is stored any more" test "$(stored)" -eq "$before"
