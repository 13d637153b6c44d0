#!/usr/bin/env bash
# Kills the agent with SIGKILL at its Nth rename (with --faults: write and flush, too) in its state directory while it
# delivers a full spool. The books are written after each answer, so a kill lies before, between or behind them; the agent
# then goes on, and the collector's ledger must be exact: nothing lost, nothing stored twice.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"
# shellcheck source=/dev/null
. "$(dirname "$0")/../faults.sh"

nth_call "$demo/nth_call.so"

write_stack
sed -i 's/interval = "1s"/interval = "1h"/; s/heartbeat = "1s"/heartbeat = "1h"/' "$demo/etc/agent.toml"
# The agent that delivers says nothing of its own but its start.
printf '[agent]\nstate_directory = "%s"\n\n[uplink]\nheartbeat = "1h"\n\n[inventory]\nenabled = false\n\n[metrics]\nenabled = false\n' \
    "$demo/agent" >"$demo/etc/deliver.toml"
join_stack
end collector
start_agent
until_true 30 eval '[ "$(agent_figure waiting)" -gt 12 ]'
sleep 1
end agent KILL
mv "$demo/collector" "$demo/collector.0"
mv "$demo/agent" "$demo/agent.0"

counted_agent() {
    local call=$1
    shift
    start agent env LD_PRELOAD="$demo/nth_call.so" NTH_UNDER="$demo/agent" NTH_TALLY="$demo/tally" NTH_CALL="$call" "$@" \
        muster-agent run --config "$demo/etc/deliver.toml"
}
is_over() { ! is_running agent || [ "$(agent_figure waiting)" -eq 0 ]; }
# round CALL [SETTING...]: one delivery from the same state of both.
round() {
    end collector
    rm -rf "$demo/collector" "$demo/agent" "$demo/tally"
    cp -a "$demo/collector.0" "$demo/collector"
    cp -a "$demo/agent.0" "$demo/agent"
    start_collector
    collector_answers
    counted_agent "$@"
    until_true 30 is_over
}
bad=0
kill_at() {
    local call=$1 n=$2
    round "$call" NTH_KILL="$n"
    if is_running agent; then
        end agent
        return 1
    fi
    rm -f "$demo/run/agent.pid"
    start agent muster-agent run --config "$demo/etc/deliver.toml"
    until_true 30 eval '[ "$(agent_figure waiting)" -eq 0 ]'
    end agent
    if ! ledger_is_exact >/dev/null; then
        echo "after $call number $n: $(m agent ledger "$(agent_id)" --format json | jq -c '.epochs'), enqueued $(agent_figure enqueued)"
        bad=$((bad + 1))
    fi
    return 0
}
calls=(rename)
[ -z "$FAULTS" ] || calls=(rename write fsync)
for call in "${calls[@]}"; do
    round "$call"
    most=$(calls_made "$demo/tally")
    end agent
    visit kill_at "$call" "$most"
done
if [ "$bad" -eq 0 ] && [ "$reached" -ge 3 ]; then
    echo "ok A1, A2: the agent killed at $reached calls while it delivers; nothing lost, nothing stored twice"
else
    echo "not ok A1, A2: $bad of $reached kills during a delivery left books that are not even; SEED=$SEED"
fi
