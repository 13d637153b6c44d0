#!/usr/bin/env bash
# The command lines: every command of docs/cli.md against a running collector and agent, every kind of error with its
# exit status and its next step, completions for three shells, man pages, tables on a terminal, --watch and the doctor.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"

ok() { echo "ok cli: $*"; }
not_ok() { echo "not ok cli: $*"; }
must() {
    local what=$1
    shift
    if "$@" >"$demo/log/must" 2>&1; then ok "$what"; else not_ok "$what" && tail -n 5 "$demo/log/must"; fi
}

write_stack
printf 'about = "Everybody"\n[select]\nhosts = ["*"]\n[upgrade]\nring = "wide"\nversion = "9.0.0"\n' >"$demo/etc/policies/10-all.toml"
join_stack
start_agent
m() { muster "$@" --socket "$socket"; }
host=$(hostname)
until_true 30 eval 'm agent show "$host"' || not_ok "the agent did not come"
until_true 60 eval 'm incident list --format json | jq -e ".[0].number"' || not_ok "no incident came"
# One that fires: on a busy machine another may be pending.
alarm=$(m alarm list --state firing --format json | jq '.[0].id')
incident=$(m incident list --format json | jq '.[0].number')
until_true 30 eval 'm ci items "$host" packages --format json | jq -e "length > 0"' >/dev/null || true

# --- every command of docs/cli.md -----------------------------------------------------------------------------------
device=$(free_port)
cat >"$demo/etc/snmpd.conf" <<END
agentaddress udp:127.0.0.1:$device
rocommunity public
END
start device /usr/sbin/snmpd -f -Lo -C -c "$demo/etc/snmpd.conf" --persistentDir="$demo/snmp" -p "$demo/run/snmpd.own"

# as_written LINE: the command with this stack's names, paths and ports, which the page does not know.
as_written() {
    local line=$1
    line=${line//web-01/$host}
    line=${line//db-01/$host}
    line=${line//--port 1161/--port $device}
    line=$(sed -E "s/^(muster alarm [a-z]+) 1\\b/\\1 $alarm/; s/^(muster incident [a-z]+) 1\\b/\\1 $incident/" <<<"$line")
    line=${line//\/etc\/muster\/rules/$demo/etc/rules}
    case "$line" in
        "muster doctor"*) line="$line --collector-config $demo/etc/collector.toml --agent-config $demo/etc/agent.toml --socket $socket" ;;
        *"muster rule test"* | *--generate-completion-script* | "muster-agent inventory"* | "muster-agent metrics"* | "muster-agent probe"* | "muster-agent discover"*) ;;
        muster-agent*) line="$line --config $demo/etc/agent.toml" ;;
        muster-collector*) line="$line --config $demo/etc/collector.toml" ;;
        # The last word may be --watch without a number, so the socket goes in front of it.
        *--watch) line="${line% --watch} --socket $socket --watch" ;;
        *) line="$line --socket $socket" ;;
    esac
    echo "$line"
}

commands=0
while IFS= read -r line; do
    commands=$((commands + 1))
    run=$(as_written "$line")
    case "$line" in *--watch*) run="timeout -s INT 3 $run" ;; esac
    status=0
    (cd "$demo" && eval "$run") >"$demo/log/out" 2>"$demo/log/err" </dev/null || status=$?
    # timeout says 124 when it had to end the command; what counts there is what --watch wrote.
    case "$line:$status" in
        *--watch*:124 | *--watch*:0) if [ "$(wc -l <"$demo/log/out")" -gt 3 ]; then status=0; else status=99; fi ;;
        "muster doctor"*:1) if grep -q error "$demo/log/out"; then status=0; fi ;;
    esac
    if [ "$status" -eq 0 ] && [ -s "$demo/log/out" ]; then
        ok "$line"
    else
        not_ok "$line: exit $status: $(head -c 300 "$demo/log/err")"
    fi
done < <(awk '/^```sh$/ {inside = 1; next} /^```$/ {inside = 0} inside' "$root/docs/cli.md")
must "the page has its commands" test "$commands" -ge 45

# --- errors: one line, exit status, what to do next -----------------------------------------------------------------
# fails STATUS PATTERN COMMAND...
fails() {
    local wanted=$1 pattern=$2 status=0
    shift 2
    "$@" >"$demo/log/out" 2>"$demo/log/err" </dev/null || status=$?
    if [ "$status" -eq "$wanted" ] && [ "$(wc -l <"$demo/log/err")" -eq 1 ] && grep -qE -- "$pattern" "$demo/log/err"; then
        ok "error: $(head -n 1 "$demo/log/err" | sed "s|$demo||g")"
    else
        not_ok "$*: exit $status instead of $wanted, or not '$pattern': $(head -n 3 "$demo/log/err")"
    fi
}
secret() { (umask 077 && cat >"$1"); }

m token api test --scope read --life 2h | secret "$demo/run/api-token"
echo "0123456789012345678901234567890123456789" | secret "$demo/run/wrong-token"
: | secret "$demo/run/empty"
ca=$demo/collector/ca.pem
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$demo/run/other.key" \
    -out "$demo/run/other.pem" -subj /CN=other -days 2 2>/dev/null
remote() { muster "$@" --url "https://127.0.0.1:$api_port" --token-file "$demo/run/api-token" --ca-file "$ca"; }
must "remotely with a token" remote ci find

fails 1 "no collector runs on this host; start it" muster ci find --socket "$demo/run/nowhere.sock"
fails 1 "is not a socket; give --socket" muster ci find --socket "$demo/etc/agent.toml"
fails 2 "Unknown option '--limt'.*see: muster ci find --help" muster ci find --limt 3
fails 2 "see: muster" muster alarm show x
fails 2 "a time is 2026-" m ci show "$host" --as-of yesterday
fails 2 "a whole number and s, m, h or d" m alarm silence "$alarm" --for 30 --reason x
fails 2 "1 to 86400 seconds" m alarm list --watch 0
fails 2 "give a number of 1 or more" m ci find --limit 0
fails 2 "state must be" m alarm list --state fireing
fails 2 "nothing to change; give at least one of" m incident update "$incident"
fails 1 "alarm 99999 does not exist; muster alarm list" m alarm show 99999
fails 1 "did you mean .*$host" m ci show "${host}x"
fails 1 "no CI is called qqqqqqqq; muster ci find" m ci show qqqqqqqq
fails 1 "did you mean $host" m agent show "${host}x"
fails 1 "muster agent list shows all" m agent show qqqqqqqq
fails 2 "--url must begin with https" muster ci find --url http://127.0.0.1 --token-file x
fails 2 "--url needs --token-file" muster ci find --url https://127.0.0.1
fails 2 "No such file.*the API token" muster ci find --url "https://127.0.0.1:$api_port" --token-file "$demo/none"
fails 2 "is empty.*the API token" muster ci find --url "https://127.0.0.1:$api_port" --token-file "$demo/run/empty"
fails 2 "No such file.*ca.pem" muster ci find --url "https://127.0.0.1:$api_port" --token-file "$demo/run/api-token" --ca-file "$demo/none"
fails 1 "token is not known.*muster token api" muster ci find --url "https://127.0.0.1:$api_port" --token-file "$demo/run/wrong-token" --ca-file "$ca"
fails 1 "signed by another CA; name ca.pem" muster ci find --url "https://127.0.0.1:$api_port" --token-file "$demo/run/api-token" --ca-file "$demo/run/other.pem"
fails 1 "another CA; name ca.pem" muster ci find --url "https://127.0.0.1:$api_port" --token-file "$demo/run/api-token"
fails 1 "names.* in collector.toml" muster ci find --url "https://localhost:$api_port" --token-file "$demo/run/api-token" --ca-file "$ca"
fails 1 "not connected.*check host and port" muster ci find --url "https://127.0.0.1:$(free_port)" --token-file "$demo/run/api-token" --ca-file "$ca"
fails 1 "check the host's name" muster ci find --url "https://nowhere.invalid" --token-file "$demo/run/api-token" --ca-file "$ca"
fails 1 "scope admin, yours is read; make one" remote audit
fails 2 "/nowhere" muster rule test "$demo/nowhere"
if [ "$(id -u)" -eq 0 ] && [ -x "$(command -v setpriv)" ]; then
    chmod 755 "$demo/run"
    fails 1 "only root and the collector's own user may use it; use sudo" setpriv --reuid 65534 --regid 65534 --clear-groups "$(command -v muster)" ci find --socket "$socket"
fi
# A server whose certificate has ended.
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$demo/run/old.key" -subj /CN=old \
    -out "$demo/run/old.csr" 2>/dev/null
printf 'subjectAltName=IP:127.0.0.1\n' >"$demo/run/old.ext"
openssl x509 -req -in "$demo/run/old.csr" -CA "$demo/run/other.pem" -CAkey "$demo/run/other.key" -CAcreateserial \
    -days -1 -extfile "$demo/run/old.ext" -out "$demo/run/old.pem" 2>/dev/null
old_port=$(free_port)
start old openssl s_server -accept "127.0.0.1:$old_port" -cert "$demo/run/old.pem" -key "$demo/run/old.key" -quiet -www
until_true 10 eval "(: </dev/tcp/127.0.0.1/$old_port)"
fails 1 "restart the collector, which renews" muster ci find --url "https://127.0.0.1:$old_port" --token-file "$demo/run/api-token" --ca-file "$demo/run/other.pem"

fails 2 "agent.toml.*(does not exist|No such file)" muster-agent check-config --config "$demo/none/agent.toml"
echo 'nmae = 1' >"$demo/etc/bad.toml"
fails 2 "bad.toml:1.*nmae" muster-agent check-config --config "$demo/etc/bad.toml"
fails 2 "bad.toml" muster-collector check-config --config "$demo/etc/bad.toml"
fails 2 "none/collector.toml.*name the configuration with --config" muster-collector check-config --config "$demo/none/collector.toml"
printf '[agent]\nstate_directory = "%s/fresh"\n' "$demo" >"$demo/etc/fresh.toml"
fails 1 "not enrolled.*muster-collector token.*muster-agent enrol" muster-agent status --config "$demo/etc/fresh.toml"
fails 1 "does not exist; check the path" muster-agent enrol --config "$demo/etc/fresh.toml" --token-file "$demo/none"
m token join | secret "$demo/run/join-token"
fails 1 "enrolled already.*seal" muster-agent enrol --config "$demo/etc/agent.toml" --token-file "$demo/run/join-token"
fails 1 "it has the form muster-join" muster-agent enrol --config "$demo/etc/fresh.toml" --token-file "$demo/run/api-token"
fails 2 "no IPv4 or IPv6 address; names are not resolved" muster-agent probe switch.example
fails 2 "1 to 65535" muster-agent probe 127.0.0.1 --port 0
fails 2 "no network such as 192.0.2.0/24" muster-agent discover 192.0.2.1/24
fails 2 "too large to ask every address" muster-agent discover 10.0.0.0/7
fails 2 "1 to 10000 packets a second" muster-agent discover 127.0.0.1 --rate 0
fails 2 "no such section" muster-agent inventory --only pakages
fails 2 "no such metric; there are cpu" muster-agent metrics --only pressur
fails 1 "nothing listens there; is its SNMP agent running" muster-agent probe 127.0.0.1 --port "$(free_port)" --timeout 0.2
fails 2 "Unknown option.*see: muster-agent probe --help" muster-agent probe 127.0.0.1 --prot 3
fails 2 "Unknown option.*see: muster-collector token --help" muster-collector token --liff 3
fails 2 "ca.key exists already" muster-collector init --config "$demo/etc/collector.toml"
for program in muster muster-agent muster-collector; do
    must "$program --version" eval "$program --version | grep -qE '^[0-9]+\.[0-9]+\.[0-9]+'"
done

# --- completions and man pages ----------------------------------------------------------------------------------------
"$root/scripts/make-manuals" "$demo/manuals" "$(dirname "$(command -v muster)")"
for program in muster muster-agent muster-collector; do
    page=$demo/manuals/share/man/man1/$program.1
    lint=$( (mandoc -T lint -W warning "$page" || true) 2>&1 | grep -v 'missing date' || true)
    if [ -z "$lint" ]; then ok "mandoc finds nothing in $program.1"; else not_ok "$program.1: $lint"; fi
    warnings=$(man --warnings -l -Tutf8 "$page" 2>&1 >/dev/null | head -n 3)
    if [ -z "$warnings" ]; then ok "man has no warning for $program.1"; else not_ok "$program.1: $warnings"; fi
    must "$program completes in bash" bash -n "$demo/manuals/share/bash-completion/completions/$program"
    must "$program completes in zsh" zsh -n "$demo/manuals/share/zsh/site-functions/_$program"
    must "$program completes in fish" fish -n "$demo/manuals/share/fish/vendor_completions.d/$program.fish"
done

# completed LINE: what bash offers for the last word of the line.
completed() {
    bash -c '
        . "$1"; COMP_LINE=$2; COMP_POINT=${#COMP_LINE}; read -ra COMP_WORDS <<<"$COMP_LINE"
        [ "${COMP_LINE% }" = "$COMP_LINE" ] || COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _muster muster "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null; printf "%s\n" "${COMPREPLY[@]}"
    ' _ "$demo/manuals/share/bash-completion/completions/muster" "$1"
}
must "subcommands complete" eval 'completed "muster ala" | grep -qx "alarm *"'
must "options complete" eval 'completed "muster alarm list --sta" | grep -q -- "--state"'
must "values complete" eval 'completed "muster alarm list --state fi" | grep -q "firing"'
must "formats complete" eval 'completed "muster ci find --format j" | grep -q "json"'
must "names of CIs complete" eval 'completed "muster ci show --socket $socket ${host:0:1}" | grep -q "$host"'
must "names of agents complete" eval 'completed "muster agent show --socket $socket " | grep -q "$host"'

# --- a terminal: width, colour, watch ---------------------------------------------------------------------------------
# terminal COLUMNS SECONDS COMMAND...: runs it on a terminal of that width and sends Ctrl-C after the seconds; prints the
# exit status, then what was written.
terminal() {
    python3 - "$@" <<'PY'
import fcntl, os, pty, select, struct, sys, termios, time
columns, seconds, command = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
pid, master = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    os.environ.pop("NO_COLOR", None)
    os.environ["TERM"] = "xterm"
    os.execvp(command[0], command)
end, sent, output = time.monotonic() + seconds, False, b""
while time.monotonic() < end + 20:
    if not sent and time.monotonic() > end:
        os.write(master, b"\x03")
        sent = True
    if select.select([master], [], [], 0.1)[0]:
        try:
            got = os.read(master, 65536)
        except OSError:
            break
        if not got:
            break
        output += got
_, status = os.waitpid(pid, 0)
print(os.waitstatus_to_exitcode(status))
sys.stdout.flush()
sys.stdout.buffer.write(output)
PY
}
for columns in 80 100 140; do
    widest=0
    for listing in "ci find" "alarm list --state all" "incident list --state all" "agent list" "audit" "user list" "rule list" "ci show $host" "incident show $incident"; do
        # shellcheck disable=SC2086
        now=$(terminal "$columns" 20 muster $listing --color never --socket "$socket" | tail -n +2 | tr -d '\r' |
            grep -v -e "^Sections:" -e "^$host" | python3 -c 'import sys; print(max((len(line.rstrip("\n")) for line in sys.stdin), default=0))')
        [ "$now" -le "$columns" ] || echo "muster $listing is $now wide on $columns"
        [ "$now" -gt "$widest" ] && widest=$now
    done
    must "listings fit $columns columns (widest line $widest)" test "$widest" -le "$columns" -a "$widest" -gt 20
done
must "states are coloured on a terminal" eval 'terminal 100 20 muster alarm list --state all --socket "$socket" | grep -q "$(printf "\033\[")"'
must "NO_COLOR is honoured" eval '! terminal 100 20 env NO_COLOR=1 muster alarm list --state all --socket "$socket" | grep -q "$(printf "\033\[3")"'
must "--color never is honoured" eval '! terminal 100 20 muster alarm list --state all --color never --socket "$socket" | grep -q "$(printf "\033\[3")"'
must "no colour in a pipe" eval '! m alarm list --state all | grep -q "$(printf "\033")"'
must "--color always colours a pipe" eval 'm alarm list --state all --color always | grep -q "$(printf "\033\[")"'
# Alarms move while they are listed: what differs is looked at again.
same_with_colour() {
    m alarm list --state all --format "$1" >"$demo/run/plain"
    m alarm list --state all --format "$1" --color always --wide >"$demo/run/coloured"
    cmp "$demo/run/plain" "$demo/run/coloured"
}
must "JSON is the same with colour" until_true 10 same_with_colour json
must "CSV is the same with colour" until_true 10 same_with_colour csv
terminal 100 4 muster agent list --socket "$socket" --watch 1 >"$demo/run/watched"
must "Ctrl-C ends --watch with status 0" test "$(head -n 1 "$demo/run/watched")" = 0
must "--watch redraws in place" eval '[ "$(grep -ao "$(printf "\033\[H")" "$demo/run/watched" | wc -l)" -ge 3 ]'
start watch muster agent list --socket "$socket" --format table --watch 1
pid=$(cat "$demo/run/watch.pid")
must "in a pipe snapshots follow each other" until_true 10 eval '[ "$(grep -c "^---- 20" "$demo/log/watch.log")" -ge 2 ]'
end collector
must "--watch says that the collector does not answer" until_true 20 grep -q "next try in" "$demo/log/watch.log"
lines=$(wc -l <"$demo/log/watch.log")
start_collector
must "and goes on when it is back" until_true 70 eval 'tail -n +$((lines + 1)) "$demo/log/watch.log" | grep -q "^---- 20"'
kill -INT "$pid" 2>/dev/null || true

# --- progress ---------------------------------------------------------------------------------------------------------
terminal 100 30 muster-agent probe 127.0.0.1 --port "$(free_port)" --timeout 4 >"$demo/run/progress" || true
must "what takes over two seconds shows how far it is" grep -qa "asking 127.0.0.1" "$demo/run/progress"
must "and takes the line away at its end" grep -qa "$(printf '\r\033\[K')" "$demo/run/progress"
must "not in a pipe" eval '! muster-agent probe 127.0.0.1 --port "$(free_port)" --timeout 4 2>&1 | grep -q "asking 127.0.0.1"'

# --- the doctor -------------------------------------------------------------------------------------------------------
doctor() { muster doctor --collector-config "$demo/etc/collector.toml" --agent-config "$demo/etc/agent.toml" --socket "$socket" "$@"; }
finding() { { doctor --format json || true; } | jq -e --arg area "$1" --arg level "$2" --arg text "$3" '.findings | map(select(.area == $area and .level == $level and (.text | test($text)))) | length > 0'; }
until_true 30 doctor || true
must "the doctor of a sound installation ends with 0" doctor
must "the doctor works remotely with a token" remote doctor --collector-config /none --agent-config /none
must "configuration" finding configuration ok "agent.toml is good"
must "certificates" finding certificates ok "fleet CA ends in 36"
must "disk" finding disk "ok" "database"
must "this host's agent" finding agent ok "agent certificate ends"
cp "$demo/etc/agent.toml" "$demo/run/agent.toml"
echo 'nmae = 1' >>"$demo/etc/agent.toml"
must "a broken configuration is an error with its line" finding configuration error "agent.toml:.*nmae"
fails_doctor() { ! doctor >/dev/null; }
must "and the exit status is 1" fails_doctor
cp "$demo/run/agent.toml" "$demo/etc/agent.toml"
if [ "$(id -u)" -eq 0 ]; then
    chmod 600 "$demo/etc/agent.toml"
    # Programs at a place that everybody may enter, as an installation has them: a build directory may be closed.
    mkdir -p "$demo/bin"
    for program in muster muster-agent muster-collector; do cp "$(command -v "$program")" "$demo/bin/"; done
    chmod 755 "$demo/bin" "$demo/bin"/*
    unreadable() {
        { setpriv --reuid 65534 --regid 65534 --clear-groups "$demo/bin/muster" doctor --format json \
            --agent-config "$demo/etc/agent.toml" --collector-config /none --socket "$socket" || true; } |
            jq -e '.findings | map(.text) | (any(test("cannot be read by this user"))) and (any(test("only root")))'
    }
    must "a configuration that this user cannot read is named" unreadable
fi
end agent KILL
must "a silent agent is an error" until_true 60 finding agents error "$host .* is silent"
end collector
must "without a collector the doctor says so" finding collector error "nobody listens|does not exist"
