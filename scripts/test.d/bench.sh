#!/usr/bin/env bash
# Every subcommand of muster-bench runs with tiny sizes and prints nothing but figures: JSON lines with name, unit,
# program, cores and build.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"

command -v muster-bench >/dev/null || {
    echo "skip bench: no muster-bench on PATH; swift build --product muster-bench"
    exit 0
}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# check NAME EXPECTED ARGUMENTS...: runs a subcommand; EXPECTED are figures that must be there and be numbers.
check() {
    local name=$1 expected=$2
    shift 2
    if ! muster-bench "$name" "$@" >"$out/$name" 2>"$out/$name.err"; then
        echo "not ok bench $name: $(tail -n 1 "$out/$name.err")"
        return
    fi
    if jq -e -s --arg expected "$expected" '
        (length > 0)
        and all(.[]; (.figure | type == "string") and (.unit | type == "string") and (.program | type == "string")
            and (.cores >= 1) and (.build == "debug" or .build == "release")
            and ((.value | type == "number") or (.note | type == "string")))
        and ([.[] | select(.program == "muster" and (.value | type == "number")) | .figure] as $have
            | $expected | split(" ") - $have == [])' "$out/$name" >/dev/null; then
        echo "ok bench $name"
    else
        echo "not ok bench $name: $(head -c 400 "$out/$name")"
    fi
}

# Each has a directory and ports of its own, and much of their time is waiting: they run side by side.
names=()
figures() {
    names+=("$1")
    check "$@" >"$out/$1.verdict" &
}

figures agent "agent_inventory_cpu agent_inventory_packages agent_rest_cpu agent_wire_bytes_per_hour" \
    --runs 1 --minutes 0.02 --settle 1 --wire-seconds 1 --no-peers
figures snmp "snmp_walk_one_by_one_cpu_per_device snmp_probe_requests_per_device" --rounds 1 --devices 1 --no-peers
figures fleet "fleet_first_sight_reports_per_second fleet_sample_values_per_second fleet_collector_peak" \
    --agents 2 --packages 20 --rounds 2
figures impact "impact_busy_p50 impact_http_busy_p99 impact_collector_resident" --cis 1000 --changes 1000 --rounds 1 --no-peers
figures topology "topology_derive_p50 topology_found topology_invented" --switches 9 --ports 12 --machines 40 --rounds 2
figures alarms "alarms_quiet_raised alarms_storm_first_notification_seconds alarms_restart_seconds" \
    --hosts 2 --checks 2 --rounds 1 --no-peers
figures console "console_pages_p99 console_pages_max" --cis 1000 --hosts 1 --rounds 1
figures store "store_load_cis graph_build_seconds" --cis 1000 --changes 1000 --directory "$out/database"
wait
for name in "${names[@]}"; do cat "$out/$name.verdict"; done

if muster-bench fleet --agents 0 >"$out/usage" 2>&1; then
    echo "not ok bench: a size of nothing is accepted"
elif grep -q -- --agents "$out/usage"; then
    echo "ok bench: a size of nothing is refused by name"
else
    echo "not ok bench: $(head -n 1 "$out/usage")"
fi
