#!/usr/bin/env bash
# Kills the collector with SIGKILL at its Nth write while it brings a database up to date, from nothing and from the
# schema before the last; the next start goes on. A database of a newer schema is refused and left byte for byte.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"
# shellcheck source=/dev/null
. "$(dirname "$0")/../faults.sh"

collector() { muster-collector "$@" --config "$demo/etc/collector.toml"; }
database=$demo/collector/muster.db
schema() { sqlite3 "$1" "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2"; }
migrations() { sqlite3 "$1" "SELECT identifier FROM grdb_migrations ORDER BY rowid"; }
# Rows of every table that both have, so that nothing is lost on the way.
rows() {
    local table
    for table in $(sqlite3 "$1" "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"); do
        case $table in grdb_migrations | join_token | audit | user | session | sign_in_link | claimed_request | discovery | discovery_key | sweep_lease) continue ;; esac
        echo "$table $(sqlite3 "$1" "SELECT count(*) FROM $table")"
    done
}

# A database with rows in it, closed.
write_stack
join_stack
start_agent
until_true 30 eval '[ "$(agent_figure enqueued)" -gt 12 ] && [ "$(agent_figure waiting)" -eq 0 ]'
end agent KILL
end collector
cp -a "$demo/collector" "$demo/current"
schema "$database" >"$demo/schema"
newest=$(migrations "$database" | tail -n 1)

# The schema before: the newest migration taken back by hand. Each new migration needs its line here.
cp -a "$demo/current" "$demo/before"
case $newest in
    0004-accounts)
        sqlite3 "$demo/before/muster.db" "DROP TABLE sign_in_link; DROP TABLE session; DROP TABLE user;
            DELETE FROM grdb_migrations WHERE identifier = '$newest'"
        ;;
    0005-*)
        sqlite3 "$demo/before/muster.db" "DROP TABLE claimed_request; DELETE FROM grdb_migrations WHERE identifier = '$newest'"
        ;;
    0006-*)
        sqlite3 "$demo/before/muster.db" "DROP INDEX relation_reverse; ALTER TABLE relation DROP COLUMN evidence;
            CREATE UNIQUE INDEX relation_reverse ON relation
                (target, to_commit, kind, source, object, from_commit, confidence);
            DELETE FROM grdb_migrations WHERE identifier = '$newest'"
        ;;
    0007-*)
        sqlite3 "$demo/before/muster.db" "ALTER TABLE agent DROP COLUMN policy; DELETE FROM grdb_migrations WHERE identifier = '$newest'"
        ;;
    0008-*)
        sqlite3 "$demo/before/muster.db" "DROP TABLE discovery_key; DROP TABLE discovery; DELETE FROM grdb_migrations WHERE identifier = '$newest'"
        ;;
    0009-*)
        sqlite3 "$demo/before/muster.db" "
            DROP TABLE sweep_lease;
            ALTER TABLE agent DROP COLUMN sweeps;
            DROP INDEX discovery_by_device;
            ALTER TABLE discovery DROP COLUMN device;
            DELETE FROM grdb_migrations WHERE identifier = '$newest'"
        ;;
    *)
        echo "not ok C12: scripts/test.d/upgrade.sh does not know how to take back $newest"
        exit 1
        ;;
esac
rows "$demo/before/muster.db" >"$demo/rows"
cp -a "$demo/current" "$demo/nothing"
rm -f "$demo/nothing"/muster.db*

# --- a newer schema -----------------------------------------------------------------------------------------------------
cp -a "$demo/current" "$demo/newer"
sqlite3 "$demo/newer/muster.db" "INSERT INTO grdb_migrations VALUES ('9999-future')"
refused=0
for command in run token; do
    rm -rf "$demo/collector"
    cp -a "$demo/newer" "$demo/collector"
    before=$(cd "$demo/collector" && sha256sum muster.db server.pem ca.key)
    status=0
    collector "$command" >"$demo/run/out" 2>"$demo/run/err" || status=$?
    after=$(cd "$demo/collector" && sha256sum muster.db server.pem ca.key)
    if [ "$status" -eq 2 ] && [ "$(wc -l <"$demo/run/err")" -eq 1 ] && grep -q "newer version of muster-collector" "$demo/run/err" &&
        [ "$before" = "$after" ]; then
        refused=$((refused + 1))
    else
        echo "$command: exit $status, $(head -n 2 "$demo/run/err"), before $before, after $after"
    fi
done
if [ "$refused" -eq 2 ]; then
    echo "ok C12: a database of a newer schema is refused with one line and status 2, not a byte of it is changed"
else
    echo "not ok C12: a database of a newer schema is not refused as it should"
fi

# --- killed on the way --------------------------------------------------------------------------------------------------
nth_call "$demo/nth_call.so"
bad=0
# Opening the store for a token brings it up to date. upgrade CALL [SETTING...] (nth_call.c)
upgrade() {
    local call=$1
    shift
    rm -rf "$demo/collector" "$demo/tally"
    cp -a "$demo/$from" "$demo/collector"
    # In a shell of its own, which tells nobody that it was killed.
    (env LD_PRELOAD="$demo/nth_call.so" NTH_UNDER="$demo/collector" NTH_TALLY="$demo/tally" NTH_CALL="$call" "$@" \
        muster-collector token --config "$demo/etc/collector.toml"; exit $?) >/dev/null 2>&1
}
wrong() { echo "$from, $1 number $2: $3" && bad=$((bad + 1)); }
kill_at() {
    local call=$1 n=$2 torn=()
    # Every other write gets half of its bytes down.
    if [ "$call" = write ] && [ $((n % 2)) -eq 0 ]; then torn=(NTH_TORN=1); fi
    ! upgrade "$call" NTH_KILL="$n" "${torn[@]}" || return 1
    collector token >"$demo/run/out" 2>"$demo/run/err" || wrong "$call" "$n" "$(head -n 1 "$demo/run/err")"
    [ "$(sqlite3 "$database" 'PRAGMA integrity_check')" = ok ] || wrong "$call" "$n" "integrity"
    schema "$database" | cmp -s - "$demo/schema" || wrong "$call" "$n" "another schema"
    [ "$from" = nothing ] || rows "$database" | cmp -s - "$demo/rows" || wrong "$call" "$n" "rows were lost"
    return 0
}
for from in before nothing; do
    for call in write fsync; do
        upgrade "$call"
        visit kill_at "$call" "$(calls_made "$demo/tally")"
    done
done
if [ "$bad" -eq 0 ] && [ "$reached" -gt 10 ]; then
    echo "ok C12: an upgrade killed at $reached writes and flushes goes on at the next start; schema and rows are those of an upgrade without a fault"
else
    echo "not ok C12: $bad of $reached killed upgrades did not go on; SEED=$SEED"
fi
