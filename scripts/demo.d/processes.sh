# Starting and ending the demo's processes: each has a pid file and a log; nothing else is ever ended.

# start NAME COMMAND...: runs in the background.
start() {
    local name=$1
    shift
    mkdir -p "$demo/run" "$demo/log"
    "$@" >>"$demo/log/$name.log" 2>&1 </dev/null &
    echo $! >"$demo/run/$name.pid"
    disown
}

is_running() { [ -s "$demo/run/$1.pid" ] && kill -0 "$(cat "$demo/run/$1.pid")" 2>/dev/null; }

# end NAME [SIGNAL]: ends it and waits until it is gone.
end() {
    local name=$1 signal=${2:-TERM} pid
    is_running "$name" || { rm -f "$demo/run/$name.pid" && return 0; }
    pid=$(cat "$demo/run/$name.pid")
    kill "-$signal" "$pid" 2>/dev/null || true
    for _ in $(seq 100); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
    rm -f "$demo/run/$name.pid"
}

stop_everything() {
    if [ "$(id -u)" -ne 0 ]; then exec sudo "$root/scripts/demo" --stop; fi
    local name ended=
    for name in agent collector web sinks device-lldpd host-lldpd device-snmpd; do
        if is_running "$name"; then ended="$ended $name"; fi
        end "$name"
    done
    remove_network
    if [ -d "$demo" ]; then
        rm -rf "$demo"
        say "Stopped:${ended:- nothing was running}; removed the network namespace and $demo"
    else
        say "Nothing to stop"
    fi
}

what_is_running() {
    say "Everything stays up for a look"
    m user list --format csv | grep -q '^admin,' || m user add admin --role admin >/dev/null
    show "Console: https://127.0.0.1:7600/ (its certificate is of this collector's own CA: $demo/collector/ca.pem)"
    show "  this link signs in once, within ten minutes: $(m user sign-in-link admin)"
    show "  another: $bin/muster user sign-in-link admin --socket $demo/run/muster.sock"
    show "$bin/muster ci find --socket $demo/run/muster.sock"
    show "$bin/muster incident list --socket $demo/run/muster.sock"
    show "logs are in $demo/log; mail and webhooks in $demo/sinks"
    show "API: https://127.0.0.1:7600/v1/ci with a token from 'muster token api NAME' (CA: $demo/collector/ca.pem)"
    show "scripts/demo --stop ends it"
}

# The ports are fixed, so that what the demo prints can be pasted; a taken one is told before the build, not after it.
ports_are_free() {
    local port
    for port in 7600 7601 7625 7680 8088; do
        [ -n "$(ss -Hltn "sport = :$port")" ] || continue
        echo "demo: port $port is taken; end what listens there (ss -ltnp 'sport = :$port' names it) and try again" >&2
        exit 2
    done
}

need_root() {
    [ "$(id -u)" -eq 0 ] && return
    if ! command -v sudo >/dev/null; then
        echo "demo: a network namespace needs root; run this as root or install sudo" >&2
        exit 2
    fi
    exec sudo --preserve-env=PATH "$root/scripts/demo" "$@"
}
