#!/usr/bin/env bash
# The agent's certificate, from its issue over two thirds of its life to the next one: the real programs a day later by
# libfaketime (monotonic clocks left alone). Killed at each file of the exchange the agent goes on, with the old pair or
# the new one, and delivers; a revoked one gets no new certificate.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"
# shellcheck source=/dev/null
. "$(dirname "$0")/../faults.sh"

preload=$(ls /usr/lib/*/faketime/libfaketimeMT.so.1 2>/dev/null | head -n 1)
if [ -z "$preload" ]; then
    echo "skip S6: no libfaketime; scripts/install-packages brings it"
    exit 0
fi
later() { env LD_PRELOAD="$preload" FAKETIME="+17h" FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1 "$@"; }
serial() { openssl x509 -in "$demo/agent/certificate.pem" -noout -serial; }
is_renewed() { [ "$(serial)" != "$first" ]; }
is_pair() {
    [ "$(openssl x509 -in "$demo/agent/certificate.pem" -noout -pubkey)" = "$(openssl pkey -in "$demo/agent/key.pem" -pubout)" ]
}
issued() { sqlite3 -readonly "$demo/collector/muster.db" 'SELECT count(*) FROM certificate'; }
start_later_collector() { start collector later muster-collector run --config "$demo/etc/collector.toml"; }
start_later_agent() { start agent later muster-agent run --config "$demo/etc/agent.toml"; }
delivers() { [ "$(agent_figure acknowledged)" -gt "$1" ]; }

write_stack
sed -i 's/^names = .*/&\nagent_certificate_life = "1d"/' "$demo/etc/collector.toml"
join_stack
first=$(serial)
start_agent
until_true 30 eval '[ "$(agent_figure enqueued)" -gt 12 ] && [ "$(agent_figure waiting)" -eq 0 ]'
if is_renewed; then echo "not ok S6: renewed before it was due"; fi
end agent
end collector
cp -a "$demo/agent" "$demo/agent.0"
cp -a "$demo/collector" "$demo/collector.0"

# --- without a fault ----------------------------------------------------------------------------------------------------
start_later_collector
collector_answers
before=$(agent_figure acknowledged)
start_later_agent
if until_true 30 is_renewed && is_pair && until_true 30 delivers $((before + 5)) &&
    [ "$(stat -c %a "$demo/agent/key.pem")" = 600 ] && grep -q "certificate was renewed" "$demo/log/agent.log" &&
    [ "$(openssl x509 -in "$demo/agent/certificate.pem.previous" -noout -serial)" = "$first" ]; then
    echo "ok S6: at two thirds of its life the certificate is renewed with a new key, the old pair is kept, reports go on"
else
    echo "not ok S6: $(serial) instead of another than $first; $(tail -n 3 "$demo/log/agent.log")"
fi
end agent

# --- a revoked one ------------------------------------------------------------------------------------------------------
end collector
rm -rf "$demo/agent" && cp -a "$demo/agent.0" "$demo/agent"
start_later_collector
collector_answers
m agent revoke "$(agent_id)" --reason test >/dev/null
count=$(m audit --format json | jq '[.[] | select(.action == "agent.renew")] | length')
start_later_agent
until_true 30 grep -q "renewal of the certificate: .*revoked" "$demo/log/agent.log" || true
end agent
if grep -q "renewal of the certificate: .*revoked" "$demo/log/agent.log" && ! is_renewed &&
    [ "$(m audit --format json | jq '[.[] | select(.action == "agent.renew")] | length')" -eq "$count" ]; then
    echo "ok S3: a revoked agent gets no new certificate and says why"
else
    echo "not ok S3: $(tail -n 3 "$demo/log/agent.log")"
fi
end collector

# --- killed at each file of the exchange --------------------------------------------------------------------------------
nth_call "$demo/nth_call.so"
restore() {
    end collector
    rm -rf "$demo/agent" "$demo/collector" "$demo/tally"
    cp -a "$demo/agent.0" "$demo/agent"
    cp -a "$demo/collector.0" "$demo/collector"
    : >"$demo/log/agent.log"
    start_later_collector
    collector_answers
}
# Only files directly in the state directory count: key, certificate, record, and what is waited for last.
counted_agent() {
    local call=$1
    shift
    start agent later env LD_PRELOAD="$preload:$demo/nth_call.so" NTH_UNDER="$demo/agent" NTH_FLAT=1 \
        NTH_TALLY="$demo/tally" NTH_CALL="$call" "$@" muster-agent run --config "$demo/etc/agent.toml"
}
has_ended() { ! is_running agent; }
says_renewed() { grep -q "certificate was renewed" "$demo/log/agent.log"; }
bad=0
wrong() { echo "$1 number $2: $3" && bad=$((bad + 1)); }
kill_at() {
    local call=$1 n=$2 before
    restore
    before=$(agent_figure acknowledged)
    counted_agent "$call" NTH_KILL="$n"
    until_true 30 eval 'has_ended || says_renewed'
    if ! has_ended; then
        end agent
        return 1
    fi
    rm -f "$demo/run/agent.pid"
    start_later_agent
    until_true 30 delivers $((before + 3)) || wrong "$call" "$n" "does not deliver: $(tail -n 2 "$demo/log/agent.log")"
    until_true 30 is_renewed || wrong "$call" "$n" "is not renewed: $(tail -n 2 "$demo/log/agent.log")"
    until_true 10 is_pair || wrong "$call" "$n" "key and certificate are no pair"
    end agent
    return 0
}
for call in rename; do
    restore
    counted_agent "$call"
    until_true 30 says_renewed
    most=$(calls_made "$demo/tally")
    end agent
    visit kill_at "$call" "$most"
done
if [ "$bad" -eq 0 ] && [ "$reached" -ge 6 ]; then
    echo "ok S6: a renewal killed at each of $reached renames of key, certificate and record goes on: a pair after each, reports go on"
else
    echo "not ok S6: $bad of $reached killed renewals are not right"
fi
end collector
