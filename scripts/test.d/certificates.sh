#!/usr/bin/env bash
# An agent's certificate on the running product: it is renewed when two thirds are over, and one that has ended while the agent
# was away is exchanged for the next one; identity and books stay as they are.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"

not_ok() {
    echo "not ok certificates: $*"
    tail -n 8 "$demo"/log/*.log
}
write_stack
join_stack
start_agent
until_true 30 eval '[ "$(agent_figure acknowledged)" -gt 3 ]' || not_ok "the agent does not report"
agent=$(agent_id)
# Nothing goes on while the books are compared.
stop_agent() { end agent; }
serial() { openssl x509 -in "$demo/agent/certificate.pem" -noout -serial; }
exact() { start_agent && until_true 30 ledger_rests; }
ledger_rests() {
    local waiting
    waiting=$(agent_figure waiting)
    [ "$waiting" -eq 0 ] && m agent ledger "$agent" --format json | jq -e '.epochs | all(.missing == 0 and .refused == 0 and .declared_gaps == 0)'
}
audited() { m audit --limit 50 --format json | jq -e --arg action "$1" --arg who "$agent" 'any(.[]; .action == $action and .who == $who)'; }
renewed() { [ "$(serial)" != "$old" ] && audited "$1"; }
goes_on() { [ "$(agent_figure acknowledged)" -gt "$before" ] && [ "$(agent_figure agent_id)" = "$agent" ] && ledger_rests; }

# --- renewal: two thirds are over -----------------------------------------------------------------------------------
stop_agent
old=$(serial)
before=$(agent_figure acknowledged)
jq '.renewAfter = 1000' "$demo/agent/agent.json" >"$demo/run/agent.json"
cat "$demo/run/agent.json" >"$demo/agent/agent.json"
start_agent
if until_true 30 renewed agent.renew && until_true 30 goes_on && [ -e "$demo/agent/certificate.pem.previous" ]; then
    echo "ok S6: a certificate whose time has come is renewed by the running agent, the one before is kept, reports go on"
else not_ok "renewal"; fi

# --- recovery: the certificate has ended ----------------------------------------------------------------------------
stop_agent
before=$(agent_figure acknowledged)
# The same key in a certificate of the fleet CA that began 90 days ago and ended a minute ago: when it ended, the CA of this test
# was five minutes old.
mkdir "$demo/ca"
: >"$demo/ca/index"
openssl rand -hex 19 >"$demo/ca/serial"
cat >"$demo/ca/conf" <<END
[ca]
default_ca = fleet
[fleet]
database = $demo/ca/index
serial = $demo/ca/serial
new_certs_dir = $demo/ca
default_md = sha256
policy = any
x509_extensions = client
unique_subject = no
[any]
commonName = supplied
[client]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[req]
distinguished_name = none
[none]
END
openssl req -new -config "$demo/ca/conf" -key "$demo/agent/key.pem" -subj "/CN=$agent" -out "$demo/ca/request" 2>"$demo/log/openssl.log"
openssl ca -batch -config "$demo/ca/conf" -cert "$demo/collector/ca.pem" -keyfile "$demo/collector/ca.key" -notext \
    -startdate "$(date -u -d '-90 days' +%Y%m%d%H%M%SZ)" -enddate "$(date -u -d '-1 minute' +%Y%m%d%H%M%SZ)" \
    -in "$demo/ca/request" -out "$demo/ca/ended.pem" 2>>"$demo/log/openssl.log"
number=$(openssl x509 -in "$demo/ca/ended.pem" -noout -serial | cut -d= -f2 | tr A-F a-f)
end collector
# The collector issued it, as far as its books say.
sqlite3 "$demo/collector/muster.db" "UPDATE certificate SET issued_ms = issued_ms - 10368000000;
    INSERT INTO certificate (serial, agent, issued_ms, not_after_ms)
    SELECT '$number', '$agent', max(issued_ms) + 1000, $(($(date +%s) - 60)) * 1000 FROM certificate;"
cat "$demo/ca/ended.pem" >"$demo/agent/certificate.pem"
old=$(serial)
start_collector
collector_answers || not_ok "the collector does not come back"
refused() { [ "$(curl -s -o "$demo/run/answer" -w '%{http_code}' --cacert "$demo/collector/ca.pem" --cert "$demo/ca/ended.pem" --key "$demo/agent/key.pem" "https://127.0.0.1:$agents_port/v1/agent/wants?wait_seconds=0")" = 403 ] && grep -q certificate-expired "$demo/run/answer"; }
if refused; then echo "ok S4: what has ended gets nothing from the agents' port"; else not_ok "an ended certificate: $(cat "$demo/run/answer")"; fi
start_agent
if until_true 30 renewed agent.recover && until_true 30 goes_on; then
    echo "ok S4: an agent whose certificate ended while it was away recovers, keeps its identity, and its books are even"
else not_ok "recovery"; fi
if [ "$(m agent list --format json | jq length)" = 1 ]; then echo "ok S4: it is no second agent"; else not_ok "there are two agents"; fi
