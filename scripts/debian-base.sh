#!/usr/bin/env bash
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

# boot: the Debian in $c runs with systemd as process 1, in namespaces, a network and a control group of its own, of which
# nothing outlives the caller's process namespace but the empty group; shut_down removes it. Fails where the machine does
# not allow it.
boot() {
    local groups tries=100
    groups=$(findmnt --noheadings --output TARGET --types cgroup2 | head -n 1)
    [ -n "$groups" ] || return 1
    group=$groups/muster-test-$(basename "$work")
    mkdir "$group" 2>/dev/null || return 1
    # shellcheck disable=SC2016
    bash -c 'echo 0 >"$1/cgroup.procs" && exec unshare --mount --pid --ipc --uts --net --cgroup --fork --kill-child=KILL "$2" --systemd "$3"' \
        boot "$group" "$root/scripts/debian-base.sh" "$c" >"$work/boot" 2>&1 </dev/null &
    disown
    init=
    until [ -n "$init" ] && [ "$(live systemctl is-system-running 2>/dev/null)" = running ]; do
        init=$(head -n 1 "$group/init.scope/cgroup.procs" 2>/dev/null || true)
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.1
    done
    nsenter --target "$init" --net ip link set lo up
}

live() {
    timeout 120 nsenter --target "$init" --mount --pid --ipc --uts --net --cgroup --root --wdns=/ -- \
        env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"
}

shut_down() {
    [ -n "${group:-}" ] || return 0
    echo 1 >"$group/cgroup.kill" 2>/dev/null || true
    local tries=50
    until find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || [ "$tries" -eq 0 ]; do
        tries=$((tries - 1))
        sleep 0.1
    done
}

# Process 1 to be, in its namespaces: file systems as a container has them, then systemd.
become_systemd() {
    local c=$1 device
    mount --make-rprivate /
    mount --bind "$c" "$c"
    mount -t proc proc "$c/proc"
    # What systemd would set for the whole machine is not its own here.
    mount --bind "$c/proc/sys" "$c/proc/sys"
    mount -o remount,bind,ro "$c/proc/sys"
    mount -t sysfs -o ro sysfs "$c/sys"
    mount -t cgroup2 cgroup2 "$c/sys/fs/cgroup"
    mount -t tmpfs -o mode=755 tmpfs "$c/run"
    mount -t tmpfs -o mode=755 tmpfs "$c/dev"
    for device in null zero full random urandom tty; do
        touch "$c/dev/$device"
        mount --bind "/dev/$device" "$c/dev/$device"
    done
    # PrivateDevices= takes these along.
    mkdir "$c/dev/shm" "$c/dev/pts" "$c/dev/mqueue"
    mount -t tmpfs tmpfs "$c/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$c/dev/pts"
    ln -s pts/ptmx "$c/dev/ptmx"
    ln -s /proc/self/fd "$c/dev/fd"
    cd "$c"
    pivot_root . mnt
    umount -l /mnt
    # As systemd has it on a machine: what it lays into /run/credentials in a namespace of its own must be seen here.
    mount --make-rshared /
    exec env -i container=muster-test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd
}
if [ "${1:-}" = --systemd ]; then
    set -euo pipefail
    become_systemd "$2"
fi
