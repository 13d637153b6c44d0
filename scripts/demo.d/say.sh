# What the demo prints, and how it checks.

if [ -t 1 ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); else bold='' plain=''; fi

say() { printf '%s== %s%s\n' "$bold" "$*" "$plain"; }
show() { printf '   %s\n' "$*"; }
# Prints and runs a command, as a reader would type it.
run() {
    local words
    words=$(printf '%s ' "${@@Q}" | sed "s/'\\([A-Za-z0-9_.:/=-]*\\)'/\\1/g; s/ $//")
    printf '   $ %s\n' "${words/#m /muster }"
    "$@" | sed 's/^/     /'
}

# check "what must hold" COMMAND...: prints ok, or says what does not hold and ends.
check() {
    local what=$1
    shift
    if "$@" >/dev/null 2>&1; then
        printf '   ok: %s\n' "$what"
    else
        printf '   DOES NOT HOLD: %s\n' "$what" >&2
        exit 1
    fi
}

# within SECONDS "what" COMMAND...: asks five times a second until COMMAND succeeds; sets $took (seconds, one decimal).
within() {
    local limit=$1 what=$2 begin now
    shift 2
    begin=$(date +%s%N)
    while :; do
        if "$@" >/dev/null 2>&1; then
            now=$(date +%s%N)
            took=$(((now - begin) / 100000000))
            took=$((took / 10)).$((took % 10))
            printf '   ok: %s (after %s s)\n' "$what" "$took"
            return
        fi
        now=$(date +%s%N)
        if [ $(((now - begin) / 1000000000)) -ge "$limit" ]; then
            printf '   DOES NOT HOLD within %s s: %s\n' "$limit" "$what" >&2
            exit 1
        fi
        sleep 0.2
    done
}

failed() {
    local status=$1
    [ "$status" -ne 0 ] || return 0
    printf '%s\n' "The demo stopped (exit $status). Logs are in $demo/log; the last lines of each:" >&2
    for log in "$demo"/log/*.log; do
        [ -s "$log" ] && printf -- '--- %s\n' "$log" >&2 && tail -n 5 "$log" >&2
    done
    if [ -n "$once" ]; then stop_everything >&2; fi
}
