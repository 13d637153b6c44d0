#!/usr/bin/env bash
# A collector with few descriptors under a flood of connections on both ports: an agent that is known is answered meanwhile, new
# ones find room, the real agent's reports go on, and all is as before when it is over. SAMPLES="2000 200" times more requests
# of an agent: kept connection, new ones.
set -euo pipefail
here=$(dirname "$0")
# shellcheck source=/dev/null
. "$here/../stack.sh"

write_stack
join_stack
end collector
start collector prlimit --nofile=400:400 muster-collector run --config "$demo/etc/collector.toml"
collector_answers
start_agent
acknowledged() { agent_figure acknowledged; }
beyond() { [ "$(acknowledged)" -gt "$1" ]; }
open_descriptors() { find "/proc/$(cat "$demo/run/collector.pid")/fd" -mindepth 1 | wc -l; }
ticks() { awk '{ print $14 + $15 }' "/proc/$(cat "$demo/run/collector.pid")/stat"; }
until_true 20 beyond 3
# A certificate of its own for what is timed, so that the agent of this test is left alone.
(umask 077 && muster-collector token --config "$demo/etc/collector.toml" >"$demo/run/token")
sed "s|$demo/agent\"|$demo/timed\"|" "$demo/etc/agent.toml" >"$demo/etc/timed.toml"
muster-agent enrol --config "$demo/etc/timed.toml" --token-file "$demo/run/token" >"$demo/log/timed.log" 2>&1
before=$(open_descriptors) mark=$(acknowledged)

# shellcheck disable=SC2086
python3 "$here/flood.py" "$agents_port" "$demo/collector/ca.pem" "$demo/timed/certificate.pem" "$demo/timed/key.pem" \
    ${SAMPLES:-} >"$demo/figures" 2>"$demo/errors" &
flooding=$!
# While it goes on, people and programs are answered through the socket, and reports are taken.
asked=0 answered=0
while kill -0 "$flooding" 2>/dev/null; do
    asked=$((asked + 1))
    if timeout 5 muster agent list --socket "$socket" >/dev/null 2>&1; then answered=$((answered + 1)); fi
    sleep 0.5
done
if wait "$flooding"; then
    echo "ok N6: every request of an agent was answered under the flood; p99 in ms, $(jq -c . "$demo/figures")"
else
    echo "not ok N6: an agent was not answered under the flood: $(tail -n 1 "$demo/errors")"
fi
if [ "$asked" -gt 0 ] && [ "$answered" -eq "$asked" ]; then
    echo "ok N6: $answered of $asked questions over the socket were answered meanwhile"
else
    echo "not ok N6: $answered of $asked questions over the socket were answered meanwhile"
fi
reports=$(($(acknowledged) - mark))
if [ "$reports" -ge 2 ]; then echo "ok N6: $reports reports of the real agent were acknowledged meanwhile"; else
    echo "not ok N6: $reports reports of the real agent were acknowledged meanwhile"
fi
back() { [ "$(open_descriptors)" -le $((before + 5)) ]; }
if until_true 15 back; then
    spent=$(ticks)
    sleep 2
    spent=$(($(ticks) - spent))
    # A listener that cannot accept and asks again at once would take a whole core: 200 ticks in 2 s.
    if [ "$spent" -le 80 ]; then
        echo "ok N7: with 400 descriptors at most, $before before the flood and $(open_descriptors) after it, $spent ticks of 200 in use"
    else
        echo "not ok N7: $spent ticks of 200 after the flood"
    fi
else
    echo "not ok N7: $before descriptors before the flood and $(open_descriptors) after it"
fi
end agent TERM
ledger() { m agent list --format json | jq -r '.[].id' | while read -r id; do m agent ledger "$id" --format json; done |
    jq -s -e 'map(.epochs[]) | length > 0 and all(.missing == 0 and .refused == 0)'; }
if ledger >/dev/null; then echo "ok N7: the ledger has nothing missing"; else echo "not ok N7: the ledger lacks reports"; fi
