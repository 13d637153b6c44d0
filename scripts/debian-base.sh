# A minimal Debian 12 for tests that install something; sourced by scripts of scripts/test.d.

base=${TMPDIR:-/tmp}/muster-test-debian12

# Made once, and copied by each test.
make_base() {
    [ -x "$base/usr/bin/systemd-analyze" ] && return
    local site
    site=$(apt-get indextargets --format '$(SITE) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
        awk '$2 == "bookworm" && $3 == "main" { print $1; exit }')
    rm -rf "$base" "$base.new"
    debootstrap --variant=minbase --include=systemd bookworm "$base.new" ${site:+"$site"} >"$base.log" 2>&1 || return 1
    mv "$base.new" "$base"
}

# What the programs in $bin are linked with and the Debian in $c has not: a debug build needs Swift's libraries. With a
# pattern only those whose path it matches.
copy_libraries() {
    local library
    for library in $(for program in muster-agent muster-collector muster; do ldd "$bin/$program"; done |
        awk -v pattern="${1:-.}" '$3 ~ /^\// && $3 ~ pattern { print $3 }' | sort -u); do
        [ -e "$c$library" ] && continue
        mkdir -p "$c$(dirname "$library")"
        cp -L "$library" "$c$library"
    done
}

inside() { chroot "$c" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"; }
as() { inside runuser -u "$1" -- "${@:2}"; }
ok() { echo "ok $suite: $1"; }
not_ok() {
    echo "not ok $suite: $1"
    [ -z "${2:-}" ] || echo "$2" | sed 's/^/    /' | head -n 20
}
# check NAME COMMAND...: ok when the command succeeds.
check() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then ok "$name"; else not_ok "$name" "$output"; fi
}
# refuses STATUS TEXT COMMAND...: the command ends with this status and names this.
refuses() {
    local status=0 output
    output=$("${@:3}" 2>&1) || status=$?
    [ "$status" -eq "$1" ] && grep -qF -- "$2" <<<"$output" && [ "$(wc -l <<<"$output")" -eq 1 ] && return
    echo "status $status, wanted $1 and '$2': $output"
    return 1
}
modes_are() {
    local wanted path found
    while read -r wanted path; do
        found=$(chroot "$c" stat -c %U:%G:%a "$path")
        [ "$found" = "$wanted" ] || {
            echo "$path is $found, not $wanted"
            return 1
        }
    done
}
is_empty() { [ -z "$1" ] || { echo "$1" && return 1; }; }
