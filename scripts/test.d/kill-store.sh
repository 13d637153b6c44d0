#!/usr/bin/env bash
# Kills the collector with SIGKILL at its Nth write and its Nth flush of the database, N = 1, 2, … until a run of some
# seconds no longer reaches the Nth, while an agent reports; at the end nothing may be lost and nothing doubled.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"

if ! strace -o /dev/null true 2>/dev/null; then
    echo "skip kill-store: strace may not trace here"
    exit 0
fi
write_stack
join_stack
database=$demo/collector/muster.db

# Kills the collector at the Nth of some calls on its database while the agent reports; 1 when there is no Nth.
# when=N counts in each thread by itself; the store writes on one thread at a time, so N still visits every call.
kill_at() {
    local calls=$1 n=$2
    rm -f "$demo/run/traced"
    # A tracer that is ended lets its program go on: the collector's own number is needed to end it.
    start collector strace -f -qq -o /dev/null -P "$database" -P "$database-wal" \
        -e "trace=$calls" -e "inject=$calls:signal=SIGKILL:when=$n" \
        sh -c 'echo $$ >"$1"; exec muster-collector run --config "$2"' sh "$demo/run/traced" "$demo/etc/collector.toml"
    # A fresh agent does not wait out the back-off of the one before, and has a start's worth of things to say.
    start_agent
    local status=1
    for _ in $(seq 60); do
        is_running collector || { status=0 && break; }
        sleep 0.1
    done
    end agent
    if [ "$status" -ne 0 ]; then
        kill -TERM "$(cat "$demo/run/traced")"
        until_true 20 eval '! is_running collector'
    fi
    end collector
    return "$status"
}

# The agent sends what it has left and rests; then the books must be even.
settle() {
    start_collector
    collector_answers || return 1
    start_agent
    until_true 30 test "$(agent_figure waiting)" -eq 0
    # The last envelopes of a stopping agent wait for its next start: stop it only when nothing waits.
    for _ in $(seq 50); do
        end agent
        ledger_is_exact >/dev/null && return 0
        start_agent
        sleep 2
    done
    return 1
}

end collector
total=0
for calls in pwrite64 fsync,fdatasync; do
    n=1
    until=$((SECONDS + 150))
    while [ "$SECONDS" -lt "$until" ] && kill_at "$calls" "$n"; do
        total=$((total + 1))
        n=$((n + 1))
    done
    reached="a run of six seconds makes no more"
    [ "$SECONDS" -lt "$until" ] || reached="150 seconds were over"
    echo "killed at $calls number 1 to $((n - 1)); $reached"
done
if ! settle; then
    echo "not ok kill-store: after $total kills the books are not even; agent: $(agent_figure enqueued) enqueued," \
        "$(agent_figure waiting) waiting"
elif [ "$total" -le 10 ]; then
    echo "not ok kill-store: only $total kills"
else
    echo "ok kill-store: $total kills, $(agent_figure enqueued) reports, every one stored once"
fi
m agent ledger "$(agent_id)"
