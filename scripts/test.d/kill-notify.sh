#!/usr/bin/env bash
# Kills the collector with SIGKILL at its Nth flush between a check that fails and the notification of it; after its next
# start the receiver has been told, a repeat bears the same key, and there is one incident. Beside it stand receivers that
# hang, fail, flood and send round in circles: they hold nobody up and are named.
# A share of the flushes, all with --faults.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"
# shellcheck source=/dev/null
. "$(dirname "$0")/../faults.sh"

nth_call "$demo/nth_call.so"
sink=$(free_port)
target=$(free_port)
cat >"$demo/sinks.py" <<'END'
import http.server, json, sys, time

class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/good":
            with open(sys.argv[2], "a") as out:
                print(event["type"], self.headers["Idempotency-Key"], file=out, flush=True)
            return self.answer(204)
        if self.path == "/hang":
            return time.sleep(40)
        if self.path == "/loop":
            return self.answer(302, [("Location", self.path)])
        if self.path == "/flood":
            self.answer(200, [("Connection", "close")], length=None)
            try:
                for _ in range(2000):
                    self.wfile.write(b"x" * 65536)
            except OSError:
                pass
            return
        self.answer(500)

    def answer(self, status, fields=(), length=0):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver)
server.daemon_threads = True
server.serve_forever()
END

write_stack
for name in good hang fail flood loop; do
    printf '\n[[channel]]\ntype = "webhook"\nname = "%s"\nurl = "http://127.0.0.1:%s/%s"\n' "$name" "$sink" "$name"
done >>"$demo/etc/collector.toml"
sed -i "s/^target = .*/target = \"127.0.0.1:$target\"/; s/^heartbeat = .*/heartbeat = \"1h\"/" "$demo/etc/agent.toml"
cp "$demo/etc/agent.toml" "$demo/etc/fails.toml"
printf '\n[inventory]\nenabled = false\n' >>"$demo/etc/fails.toml"
sed -i '/^\[inventory.source.services\]/,/^$/d; s/^\[metrics\]/&\nenabled = false/' "$demo/etc/fails.toml"
start sinks python3 "$demo/sinks.py" "$sink" "$demo/told"
start listener python3 -m http.server "$target" --bind 127.0.0.1 --directory "$demo/etc/services"
until_true 10 eval "(: </dev/tcp/127.0.0.1/$target) && (: </dev/tcp/127.0.0.1/$sink)"
join_stack
start_agent
until_true 30 eval '[ "$(agent_figure enqueued)" -gt 12 ] && [ "$(agent_figure waiting)" -eq 0 ]'
end agent
end collector
end listener
if [ -s "$demo/told" ]; then echo "not ok C5: somebody was told before anything failed"; fi
mv "$demo/collector" "$demo/collector.0"
mv "$demo/agent" "$demo/agent.0"

is_told() { grep -q . "$demo/told"; }
# round [SETTING...]: the check fails; until somebody was told or the collector ended.
round() {
    end agent
    end collector
    rm -rf "$demo/collector" "$demo/agent" "$demo/tally"
    cp -a "$demo/collector.0" "$demo/collector"
    cp -a "$demo/agent.0" "$demo/agent"
    : >"$demo/told"
    start collector env LD_PRELOAD="$demo/nth_call.so" NTH_UNDER="$demo/collector" NTH_TALLY="$demo/tally" \
        NTH_CALL=fsync "$@" muster-collector run --config "$demo/etc/collector.toml"
    start agent muster-agent run --config "$demo/etc/fails.toml"
    until_true 40 eval 'is_told || ! is_running collector'
}
incidents() { m incident list --state all --format json | jq length; }
bad=0
wrong() { echo "fsync number $1: $2" && bad=$((bad + 1)); }
kill_at() {
    local n=$2
    round NTH_KILL="$n"
    if is_running collector; then return 1; fi
    rm -f "$demo/run/collector.pid"
    start_collector
    collector_answers || wrong "$n" "is not up"
    until_true 40 is_told || wrong "$n" "nobody was told"
    [ "$(incidents)" = 1 ] || wrong "$n" "$(incidents) incidents"
    [ "$(awk '/opened/ { print $2 }' "$demo/told" | sort -u | wc -l)" = 1 ] || wrong "$n" "$(sort "$demo/told" | uniq -c)"
    return 0
}

round
if ! is_told; then
    echo "not ok C5: nobody is told of a check that fails: $(tail -n 3 "$demo/log/collector.log")"
    exit 1
fi
most=$(calls_made "$demo/tally")
number=$(m incident list --state all --format json | jq '.[0].number')
notifications() { m incident show "$number" --format json | jq -c '[.notifications[] | {channel, attempts, last_answer}]'; }
has_failed() { notifications | jq -e --arg channel "$1" --arg answer "$2" 'any(.[]; .channel == $channel and .attempts > 0 and (.last_answer | test($answer)))'; }
is_named() { has_failed fail "HTTP 500" && has_failed loop "HTTP 302" && has_failed flood "." && has_failed hang "."; }
if until_true 60 is_named; then
    echo "ok C6: a receiver that hangs, one that fails, one that floods and one that redirects to itself hold up nobody and are named with what they answered"
else
    echo "not ok C6: $(notifications)"
fi

if [ -n "$FAULTS" ]; then
    visit kill_at fsync "$most"
else
    # The start is killed elsewhere (kill-store): most of these lie where the change comes in.
    for share in 30 55 70 80 88 94 98 100; do
        if kill_at fsync $((most * share / 100)); then reached=$((reached + 1)); fi
    done
fi
if [ "$bad" -eq 0 ] && [ "$reached" -ge 4 ]; then
    echo "ok C5: the collector killed at $reached of $most flushes between the failing check and the notification: told each time, one incident, one key"
else
    echo "not ok C5: $bad of $reached kills are not right"
fi
