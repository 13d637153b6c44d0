#!/usr/bin/env bash
# A backup of a collector that takes reports in, put back into an empty state directory: agents go on, what they had
# delivered in between is declared in the ledger, and no restore that is killed leaves half a collector behind.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"
# shellcheck source=/dev/null
. "$(dirname "$0")/../faults.sh"

ok() { echo "ok backup: $*"; }
not_ok() { echo "not ok backup: $*" && tail -n 5 "$demo"/log/*.log; }
must() {
    local what=$1
    shift
    if "$@" >"$demo/run/must" 2>&1; then ok "$what"; else not_ok "$what" && head -n 5 "$demo/run/must"; fi
}
collector() { muster-collector "$@" --config "$demo/etc/collector.toml"; }
# fails STATUS PATTERN COMMAND...
fails() {
    local wanted=$1 pattern=$2 status=0
    shift 2
    "$@" >"$demo/run/out" 2>"$demo/run/err" || status=$?
    if [ "$status" -eq "$wanted" ] && [ "$(wc -l <"$demo/run/err")" -eq 1 ] && grep -qE -- "$pattern" "$demo/run/err"; then
        ok "$wanted and one line: $pattern"
    else
        not_ok "$*: exit $status instead of $wanted, or not '$pattern': $(head -n 3 "$demo/run/err")"
    fi
}

stored() { m agent ledger "$(agent_id)" --format json | jq '[.epochs[].stored] | add'; }
has_stored() { [ "$(stored)" -ge "$1" ]; }
ledger() { m agent ledger "$(agent_id)" --format json; }

write_stack
# More to say: reports come while the backup is made.
sed -i 's/interval = "1s"/interval = "200ms"/; s/heartbeat = "1s"/heartbeat = "1s"/' "$demo/etc/agent.toml"
muster-agent check-config --config "$demo/etc/agent.toml" >/dev/null 2>&1 ||
    sed -i 's/interval = "200ms"/interval = "1s"/' "$demo/etc/agent.toml"
join_stack
start_agent
must "the agent delivers" until_true 30 has_stored 20

fails 1 "/nowhere: .*the collector's own user writes backups" collector backup /nowhere/backup
fails 1 "$demo/etc exists" collector backup "$demo/etc"
before=$(stored)
must "a backup is made while reports come in" collector backup "$demo/backup"
grep -q "whoever has it is every agent" "$demo/run/must" && ok "and says that it holds the fleet's keys" ||
    not_ok "the backup does not say what it holds"
fails 1 "$demo/backup exists" collector backup "$demo/backup"
must "its sums are those of its files" python3 - "$demo/backup" <<'END'
import hashlib, json, os, sys
os.chdir(sys.argv[1])
manifest = json.load(open("manifest.json"))
assert manifest["format"] == 1 and manifest["commit"] > 0 and manifest["schema"], manifest
for file in manifest["files"]:
    data = open(file["path"], "rb").read()
    assert len(data) == file["size_bytes"] and hashlib.sha256(data).hexdigest() == file["sha256"], file
    assert os.stat(file["path"]).st_mode & 0o077 == 0, file
END
must "its database is whole" test "$(sqlite3 -readonly "$demo/backup/muster.db" 'PRAGMA integrity_check')" = ok
in_backup=$(sqlite3 -readonly "$demo/backup/muster.db" 'SELECT sum(last - first + 1) FROM ledger_range')
must "it holds what was stored before it" test "$in_backup" -ge "$before"
fails 2 "the collector runs; stop it" collector restore --from "$demo/backup"

# What comes between the backup and the loss: reports, and the certificate's renewal is looked at in renewal.sh.
must "reports go on" until_true 30 has_stored $((in_backup + 20))
end collector
fails 2 "is not empty" collector restore --from "$demo/backup"
mv "$demo/collector" "$demo/lost"

# --- killed at each write, name and flush -------------------------------------------------------------------------------
nth_call "$demo/nth_call.so"
# counted_restore CALL [SETTING...]: a restore with its calls counted, and ended at one of them (nth_call.c).
counted_restore() {
    local call=$1
    shift
    rm -rf "$demo/collector" "$demo/tally"
    # In a shell of its own, which tells nobody that it was killed.
    (env LD_PRELOAD="$demo/nth_call.so" NTH_UNDER="$demo/collector" NTH_TALLY="$demo/tally" NTH_CALL="$call" "$@" \
        muster-collector restore --from "$demo/backup" --config "$demo/etc/collector.toml"; exit $?) >/dev/null 2>&1
}
bad=0
wrong() { echo "$1 number $2: $3" && bad=$((bad + 1)); }
restore_at() {
    local call=$1 n=$2
    ! counted_restore "$call" NTH_KILL="$n" || return 1
    # Half a restore is no collector: either nothing starts there, or all is in place.
    if [ -e "$demo/collector/.restore" ] && ! grep -q "restore again" <<<"$(collector token 2>&1 || true)"; then
        wrong "$call" "$n" "half a restore is used"
    fi
    if [ ! -e "$demo/collector/ca.key" ] || [ -e "$demo/collector/.restore" ]; then
        collector restore --from "$demo/backup" >"$demo/log/restore.log" 2>&1 ||
            wrong "$call" "$n" "does not go on: $(cat "$demo/log/restore.log")"
    fi
    for file in muster.db ca.key server.key; do
        cmp -s "$demo/backup/$file" "$demo/collector/$file" || wrong "$call" "$n" "$file differs"
    done
    return 0
}
for call in rename fsync write; do
    counted_restore "$call"
    visit restore_at "$call" "$(calls_made "$demo/tally")"
done
if [ "$bad" -eq 0 ] && [ "$reached" -gt 15 ]; then
    echo "ok C11: a restore killed at $reached writes, flushes and renames goes on, and half of one is never used"
else
    echo "not ok C11: $bad of $reached killed restores are not right; SEED=$SEED"
fi

# --- the ledger after the restore ---------------------------------------------------------------------------------------
rm -rf "$demo/collector"
must "the backup is put back" collector restore --from "$demo/backup"
start_collector
collector_answers
must "the agent goes on with what it has" until_true 60 has_stored $((in_backup + 5))
is_declared() { ledger | jq -e '.epochs | length == 1 and .[0].missing == 0 and .[0].declared_gaps > 0'; }
must "what it had delivered in between is declared" until_true 60 is_declared
must "as lost by the collector" eval 'ledger | jq -e ".gaps | map(select(.cause == \"collector\")) | length > 0"'
end agent
# What waits is delivered by an agent that says nothing of its own but its start: the books are compared at rest.
printf '[agent]\nstate_directory = "%s"\n\n[uplink]\nheartbeat = "1h"\n\n[inventory]\nenabled = false\n\n[metrics]\nenabled = false\n' \
    "$demo/agent" >"$demo/etc/deliver.toml"
start agent muster-agent run --config "$demo/etc/deliver.toml"
until_true 60 eval '[ "$(agent_figure waiting)" -eq 0 ]' || true
end agent
figures=$(ledger | jq -c '.epochs[0] | {enqueued, stored, declared_gaps, missing, refused}')
exact() {
    local enqueued
    enqueued=$(agent_figure enqueued)
    [ "$(agent_figure waiting)" -eq 0 ] &&
        ledger | jq -e --argjson enqueued "$enqueued" '.epochs[0] | .stored + .refused + .declared_gaps == $enqueued and .missing == 0'
}
if exact >/dev/null; then
    echo "ok C11: after a restore the ledger is exact: every envelope is stored, refused or declared; $figures"
else
    echo "not ok C11: the ledger after the restore: $figures, the agent says $(agent_figure enqueued) enqueued, $(agent_figure waiting) waiting"
fi
