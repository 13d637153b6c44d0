#!/usr/bin/env bash
# Kills the collector with SIGKILL at its Nth write and its Nth flush of the database, N = 1, 2, … until a run of some
# seconds no longer reaches the Nth, while an agent reports; at the end nothing may be lost and nothing doubled.
set -euo pipefail
agents_port=17611 api_port=17610
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"

if ! strace -o /dev/null true 2>/dev/null; then
    echo "skip kill-store: strace may not trace here"
    exit 0
fi
write_stack
join_stack
start_agent
until_true 30 ledger_is_exact || { echo "not ok kill-store: the agent never reported" && exit 1; }

# when=N counts in each thread by itself; the store writes on one thread at a time, so N still visits every call.
kill_at() {
    local call=$1 n=$2
    end collector
    start collector strace -f -qq -o /dev/null -P "$demo/collector/muster.db" -P "$demo/collector/muster.db-wal" \
        -e "trace=$call" -e "inject=$call:signal=SIGKILL:when=$n" muster-collector run --config "$demo/etc/collector.toml"
    for _ in $(seq 80); do
        is_running collector || return 0
        sleep 0.1
    done
    return 1
}

total=0
for call in pwrite64 fdatasync; do
    n=1
    while [ "$n" -le 60 ] && kill_at "$call" "$n"; do
        total=$((total + 1))
        n=$((n + 1 + n / 8))
    done
    echo "killed at $call number 1 … $n"
done
end collector
start_collector
collector_answers || { echo "not ok kill-store: the collector does not come up again" && tail -n 3 "$demo/log/collector.log" && exit 1; }
if [ "$total" -gt 4 ] && until_true 60 ledger_is_exact; then
    echo "ok kill-store: $total kills, ledger exact"
else
    echo "not ok kill-store: $total kills"
fi
m agent ledger "$(agent_id)"
