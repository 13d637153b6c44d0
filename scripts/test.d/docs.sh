#!/usr/bin/env bash
# Runs every command of README.md and docs/*.md as it is written, page by page, and stops a page at the first that fails.
#
# Commands are the fenced blocks marked ```sh. Each page gets a machine of its own: namespaces in which this host is called
# web-01, /etc/muster, /var/lib/muster-* and /run are empty at first, and a collector and an agent run on their usual ports
# (collector.example.net is this host). The working directory holds what the repository holds.
#
#   <!-- not run: WHY -->     before a block: it is listed as not run; WHY is for the reader of the list
#   <!-- no stack -->         anywhere in a page: nothing is installed or running when its commands begin
#
#   scripts/test.d/docs.sh [PAGE...]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Blocks that are allowed not to run, over all pages. Fewer is better.
most_not_run=20

if [ "${1:-}" = --inside ]; then
    # shellcheck source=/dev/null
    . "$root/scripts/docs-machine.sh"
    run_page "$2" "$3"
    exit
fi

if ! unshare -mnu true 2>/dev/null; then
    echo "skip docs: no namespaces without root"
    exit 0
fi
cd "$root"
pages=("$@")
[ $# -gt 0 ] || pages=(README.md docs/*.md)
failed=0 run=0 not_run=0
# Links to files of the repository, and files of Sources, Tests and scripts that a page names.
broken_names() {
    local name
    { grep -oE '\]\([^)#:]+' "$1" || true; } | sed 's/^](//' | sort -u | while read -r name; do
        [ -e "$(dirname "$1")/$name" ] || echo "$name"
    done
    { grep -oE '`[A-Za-z0-9+./_-]+/[A-Za-z0-9+._-]+\.(swift|sh|py)`' "$1" || true; } | tr -d '`' | sort -u | while read -r name; do
        [ -e "$name" ] || [ -e "Sources/$name" ] || [ -e "Tests/$name" ] || echo "$name"
    done
}

for page in "${pages[@]}"; do
    broken=$(broken_names "$page")
    if [ -n "$broken" ]; then
        failed=1
        echo "not ok docs $page: names what is not there: $(printf '%s ' $broken)"
    fi
    if ! "$root/scripts/docs-files" "$page"; then
        failed=1
        echo "not ok docs $page: shows an older file"
    fi
    work=$(mktemp -d)
    "$root/scripts/docs-commands" "$page" >"$work/commands"
    blocks=$("$root/scripts/docs-commands" --count "$page")
    left=$("$root/scripts/docs-commands" --not-run "$page")
    [ -z "$left" ] || { printf '%s\n' "$left" && not_run=$((not_run + $(printf '%s\n' "$left" | wc -l))); }
    if [ "$blocks" -gt 0 ]; then
        status=0
        unshare -mnu --propagation private --kill-child=KILL --fork --pid --mount-proc \
            "${BASH_SOURCE[0]}" --inside "$page" "$work" >"$work/output" 2>&1 || status=$?
        if [ "$status" -eq 0 ]; then
            run=$((run + blocks))
            echo "ok docs $page: $blocks blocks"
        else
            failed=1
            tail -n 25 "$work/output" | sed 's/^/    /'
            echo "not ok docs $page: $(grep -m 1 '^FAILED ' "$work/output" || echo "status $status")"
        fi
    fi
    rm -rf "$work"
done
echo "$run blocks run, $not_run not run"
if [ "$not_run" -gt "$most_not_run" ]; then
    echo "not ok docs: $not_run blocks are not run, at most $most_not_run may be"
    failed=1
fi
exit "$failed"
