#!/usr/bin/env bash
# Kills an agent with SIGKILL at its Nth write, fsync and rename in its state directory, counted over all its threads, and
# in the middle of its Nth write; then fails the Nth call with EIO and ENOSPC. There is no collector, so everything stays in the spool: what the agent had enqueued must be there or be declared in a gap
# record, and the agent must come up each time.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../faults.sh"

if ! strace -o /dev/null true 2>/dev/null; then
    echo "skip A1, A2, A3, A4, A5: strace may not trace here"
    exit 0
fi
work=$(mktemp -d)
agent=
trap '[ -z "$agent" ] || kill -KILL "$agent" 2>/dev/null; umount "$work/state/spool" 2>/dev/null; rm -rf "$work"' EXIT

# An identity made by hand: enrolment is another test, and this one must not depend on a collector.
identity() {
    mkdir -m 700 "$work/state"
    (
        cd "$work" && umask 077
        openssl ecparam -name prime256v1 -genkey -noout -out ca.key
        openssl req -x509 -new -key ca.key -days 30 -subj /CN=test -addext keyUsage=critical,keyCertSign -out state/authority.pem
        openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out state/key.pem
        openssl req -new -key state/key.pem -subj /CN=agent-0123456789abcdef0123456789abcdef -out csr.pem
        openssl x509 -req -in csr.pem -CA state/authority.pem -CAkey ca.key -CAcreateserial -days 30 -out state/certificate.pem
        echo '{"agentID":"agent-0123456789abcdef0123456789abcdef","generation":0,"host":"127.0.0.1","port":9,"renewAfter":99999999999999}' >state/agent.json
    ) 2>/dev/null
    cat >"$work/agent.toml" <<END
[agent]
state_directory = "$work/state"
[uplink]
heartbeat = "1s"
[inventory]
enabled = false
[metrics]
interval = "1s"
[metrics.metric.filesystems]
enabled = false
[[check]]
name = "nobody"
type = "tcp"
target = "127.0.0.1:9"
interval = "1s"
timeout = "500ms"
END
}

figure() { muster-agent status --config "$work/agent.toml" --format json | jq -r ".$1 // 0"; }
epoch() { muster-agent status --config "$work/agent.toml" --format json | jq -r '.epoch // "none"'; }

# start_agent STRACE-OPTIONS...: the agent under strace; its own process id goes to $work/pid.
start_agent() {
    rm -f "$work/pid"
    strace -f -qq "$@" \
        sh -c 'echo $$ >"$1/pid"; exec muster-agent run --config "$1/agent.toml"' sh "$work" >"$work/log" 2>&1 &
    tracer=$!
    disown
    # Killed at its first write, the shell never gets as far as its own number.
    until [ -s "$work/pid" ] || ! kill -0 "$tracer" 2>/dev/null; do sleep 0.02; done
    agent=$(cat "$work/pid" 2>/dev/null || echo "$tracer")
}

lives() { kill -0 "$tracer" 2>/dev/null; }

end_agent() {
    kill -TERM "$agent" 2>/dev/null || true
    for _ in $(seq 100); do
        lives || break
        sleep 0.1
    done
    kill -KILL "$agent" 2>/dev/null || true
    for _ in $(seq 50); do
        lives || break
        sleep 0.02
    done
    agent=
}

# run_agent TENTHS STRACE-OPTIONS...: at most so long.
run_agent() {
    local tries=$1
    shift
    start_agent "$@"
    while [ "$tries" -gt 0 ] && lives; do
        sleep 0.1
        tries=$((tries - 1))
    done
    survived=$tries
    end_agent
}

# Of all epochs: "enqueued settled-or-waiting".
books() {
    muster-agent status --config "$work/agent.toml" --format json | jq -r '
        ([.] + .earlier_epochs) as $all
        | "\([$all[].enqueued] | add) \(([$all[] | .acknowledged + .dropped] | add) + .waiting)"'
}

# Everything enqueued is there or declared, and nothing that was there before is gone.
before=0
check_books() {
    local enqueued kept
    read -r enqueued kept < <(books)
    if [ "$enqueued" -ne "$kept" ] || [ "$enqueued" -lt "$before" ]; then
        echo "not ok A1, A2, A3: $1: enqueued $enqueued, kept or declared $kept, before it was $before"
        tail -n 3 "$work/log"
        exit 1
    fi
    before=$enqueued
}

identity
run_agent 20 -o /dev/null -e trace=none
check_books "a plain run"

# run_counted CALL [SETTING...]: for at most 2.5 s, its calls counted, and ended at one of them (nth_call.c).
run_counted() {
    local call=$1 tries=25
    shift
    rm -f "$work/tally"
    env LD_PRELOAD="$work/nth_call.so" NTH_UNDER="$work/state" NTH_TALLY="$work/tally" NTH_CALL="$call" "$@" \
        muster-agent run --config "$work/agent.toml" >"$work/log" 2>&1 &
    agent=$! tracer=$!
    disown
    while [ "$tries" -gt 0 ] && lives; do
        sleep 0.1
        tries=$((tries - 1))
    done
    end_agent
}

kill_at() {
    local call=$1 n=$2 torn=()
    [ "$call" != torn ] || torn=(NTH_TORN=1)
    run_counted "${call/torn/write}" "NTH_KILL=$n" "${torn[@]}"
    check_books "killed at $call number $n"
    [ "$(calls_made "$work/tally")" -ge "$n" ]
}

nth_call "$work/nth_call.so"
for call in write torn fsync rename; do
    run_counted "${call/torn/write}"
    visit kill_at "$call" "$(calls_made "$work/tally")"
done
if [ "$reached" -gt 10 ]; then
    echo "ok A1, A2, A3: $reached kills of the agent, $before reports enqueued, all there or declared"
else
    echo "not ok A1, A2, A3: only $reached kills"
fi

# The agent must live through a disk that fails, and go on when it is back.
for fault in "fsync:error=EIO:when=3" "fsync:error=EIO:when=6+" "rename:error=EIO:when=2+"; do
    start_agent -o /dev/null -e "trace=${fault%%:*}" -e "inject=$fault"
    sleep 3
    if ! lives; then
        echo "not ok A5: the agent ended at $fault" && tail -n 3 "$work/log"
        continue
    fi
    end_agent
    before=0
    run_agent 10 -o /dev/null -e trace=none
    check_books "$fault"
    echo "ok A5: lives through $fault"
done

# A spool on a file system of its own that is full, and one that cannot be written.
mv "$work/state/spool" "$work/kept"
mkdir -m 700 "$work/state/spool"
if ! mount -t tmpfs -o size=48k,mode=700 tmpfs "$work/state/spool" 2>/dev/null; then
    echo "skip A4: no file system can be mounted here"
    exit 0
fi
for fault in full read-only; do
    if [ "$fault" = full ]; then
        head -c 32000 /dev/zero >"$work/state/spool/filler"
    else
        rm -f "$work/state/spool/filler"
        mount -o remount,ro "$work/state/spool"
    fi
    start_agent -o /dev/null -e trace=none
    sleep 8
    if lives && muster-agent status --config "$work/agent.toml" >/dev/null; then
        echo "ok A4: lives with a $fault disk"
    else
        echo "not ok A4: $fault disk" && tail -n 3 "$work/log"
    fi
    grep -qE "No space left|kept in memory only" "$work/log" || echo "not ok A4: a $fault disk is not told"
    end_agent
done
