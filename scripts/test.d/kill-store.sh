#!/usr/bin/env bash
# Kills the collector with SIGKILL at its Nth write and its Nth flush of whatever is in its state directory, counted over
# all its threads, and in the middle of its Nth write, while an agent delivers a full spool. Each round begins with the
# same states of both, so that N means the same call in each. After each kill the database is read as it lies: what the
# agent was told is stored must be there. Every tenth time, and at the end, both go on without a fault and the books must
# be even.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"
# shellcheck source=/dev/null
. "$(dirname "$0")/../faults.sh"

nth_call "$demo/nth_call.so"

# What a start has to say is said once: rounds differ only in N.
once_only() {
    sed -i 's/interval = "1s"/interval = "1h"/; s/heartbeat = "1s"/heartbeat = "1h"/' "$demo/etc/agent.toml"
    printf '\n[uplink]\nheartbeat = "1h"\n\n[inventory]\nenabled = false\n\n[metrics]\nenabled = false\n' >"$demo/etc/quiet"
    # The rounds' agent only delivers: everything it could add would make N mean another call.
    { printf '[agent]\nstate_directory = "%s"\n' "$demo/agent" && cat "$demo/etc/quiet"; } >"$demo/etc/deliver.toml"
}
deliver() { start agent muster-agent run --config "$demo/etc/deliver.toml"; }

prepare() {
    write_stack
    once_only
    join_stack
    # The first values make the files of the day; then everything is said again, whole, with nobody to hear it.
    start_agent
    until_true 30 eval '[ "$(agent_figure enqueued)" -gt 12 ] && [ "$(agent_figure waiting)" -eq 0 ]'
    end agent
    end collector
    rm -rf "$demo/agent/sections"
    start_agent
    until_true 30 eval '[ "$(agent_figure waiting)" -gt 12 ]'
    sleep 1
    end agent KILL
    mv "$demo/collector" "$demo/collector.0"
    mv "$demo/agent" "$demo/agent.0"
}

restore() {
    rm -rf "$demo/collector" "$demo/agent"
    cp -a "$demo/collector.0" "$demo/collector"
    cp -a "$demo/agent.0" "$demo/agent"
}

# counted_collector CALL [SETTING...]: the collector with its calls counted, and ended at one of them (nth_call.c).
counted_collector() {
    local call=$1
    shift
    rm -f "$demo/tally"
    start collector env LD_PRELOAD="$demo/nth_call.so" NTH_UNDER="$demo/collector" NTH_TALLY="$demo/tally" \
        NTH_CALL="$call" "$@" muster-collector run --config "$demo/etc/collector.toml"
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$agents_port") 2>/dev/null; }
is_over() { ! is_running collector || [ "$(agent_figure waiting)" -eq 0 ]; }

# One delivery to a counted collector, which ends by itself or in the end.
round() {
    restore
    counted_collector "$@"
    until_true 30 eval 'listens || ! is_running collector'
    if is_running collector; then
        deliver
        until_true 60 is_over
        end agent KILL
    fi
    if is_running collector; then end collector; fi
    rm -f "$demo/run/collector.pid"
}

# What the agent was told is stored, and nothing that it never sent: read from a copy of the files as they lie.
books_hold() {
    rm -rf "$demo/look" && mkdir "$demo/look"
    cp "$demo"/collector/muster.db* "$demo/look/"
    python3 - "$demo/look/muster.db" "$(agent_figure epoch)" "$(agent_figure acknowledged)" "$(agent_figure enqueued)" <<'END'
import sqlite3, sys
path, epoch, acknowledged, enqueued = sys.argv[1], int(sys.argv[2], 16), int(sys.argv[3]), int(sys.argv[4])
db = sqlite3.connect(path)
problem = db.execute("PRAGMA integrity_check").fetchone()[0]
bits = epoch - (1 << 64) if epoch >= 1 << 63 else epoch
stored = set()
for first, last in db.execute("SELECT first, last FROM ledger_range WHERE epoch = ?", (bits,)):
    stored |= set(range(first, last + 1))
lost = set(range(1, acknowledged + 1)) - stored
strange = {number for number in stored if number > enqueued}
if problem != "ok" or lost or strange:
    sys.exit(f"integrity {problem}, acknowledged but not stored {sorted(lost)}, never sent {sorted(strange)}")
END
}

# Both go on without a fault: up in ten seconds without a repair, everything stored once.
goes_on() {
    start_collector
    until_true 10 m agent list || return 1
    deliver
    until_true 30 eval '[ "$(agent_figure waiting)" -eq 0 ]'
    end agent
    local status=0
    ledger_is_exact >/dev/null || status=1
    [ "$status" -eq 0 ] || m agent ledger "$(agent_id)"
    end collector
    return "$status"
}

bad=0
kill_at() {
    local call=$1 n=$2 torn=()
    [ "$call" != torn ] || torn=(NTH_TORN=1)
    round "${call/torn/write}" "NTH_KILL=$n" "${torn[@]}"
    [ "$(calls_made "$demo/tally")" -ge "$n" ] || return 1
    if ! books_hold; then echo "after $call number $n" && bad=$((bad + 1)); fi
    if [ $((n % 10)) -eq 0 ] && ! goes_on; then
        echo "after $call number $n it does not go on" && bad=$((bad + 1))
    fi
    return 0
}

prepare
begun=$SECONDS
for call in write torn fsync; do
    round "${call/torn/write}"
    visit kill_at "$call" "$(calls_made "$demo/tally")"
done
restore
if ! goes_on; then bad=$((bad + 1)); fi
if [ "$bad" -gt 0 ]; then
    echo "not ok C1, C2: $bad of $reached kills left books that are not even; SEED=$SEED"
elif [ "$reached" -le 40 ]; then
    echo "not ok C1, C2: only $reached kills"
else
    echo "ok C1, C2: $reached kills of the collector in $((SECONDS - begun)) s; acknowledged is stored, nothing twice, up without repair"
fi
