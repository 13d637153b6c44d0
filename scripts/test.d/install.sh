#!/usr/bin/env bash
# Installs into a minimal Debian 12 of its own, runs the programs there as the users they will have, with and without the
# helper, has systemd judge the units, and uninstalls. Needs root and debootstrap; nothing outside of a temporary
# directory changes, and no process outlives the script.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

skip() {
    echo "skip install: $1"
    exit 0
}

suite=install
# shellcheck source=/dev/null
. "$root/scripts/debian-base.sh"

if [ -z "${MUSTER_INSTALL_TEST:-}" ]; then
    [ "$(id -u)" -eq 0 ] || skip "needs root"
    command -v debootstrap >/dev/null || skip "no debootstrap"
    unshare --mount --pid --net --ipc --fork true 2>/dev/null || skip "this machine gives no namespaces"
    make_base || skip "debootstrap did not finish: $(tail -n 1 "$base.log")"
    # Own processes, mounts and network: all of them end with the script.
    exec env MUSTER_INSTALL_TEST=inside unshare --mount --propagation private --pid --net --ipc --fork --kill-child \
        "${BASH_SOURCE[0]}"
fi

bin=$(dirname "$(command -v muster-agent)")
work=$(mktemp -d)
c=$work/root
end_test() {
    # What runs inside holds the mounts; the mounts are private to this script.
    kill -KILL $(jobs -p) 2>/dev/null || true
    umount -R -l "$c" 2>/dev/null || true
    rm -rf --one-file-system "$work"
}
trap end_test EXIT
ip link set lo up

until_exists() {
    local tries=100
    until [ -e "$1" ]; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.1
    done
}

mkdir "$c"
cp -a "$base/." "$c/"
mount --bind "$c" "$c"
mount -t proc proc "$c/proc"
mount -t tmpfs tmpfs "$c/run"
copy_libraries
cd "$root"

first=$(scripts/install all --root "$c" --bin "$bin")
check "owners and modes are right" modes_are <<'END'
root:root:755 /usr/bin/muster-agent
root:root:755 /usr/bin/muster-collector
root:root:755 /usr/bin/muster
root:root:644 /usr/lib/systemd/system/muster-agent.service
root:root:644 /usr/lib/systemd/system/muster-agent-helper.socket
root:root:755 /etc/muster
root:root:700 /etc/muster/credentials
root:muster-agent:640 /etc/muster/agent.toml
root:muster:640 /etc/muster/collector.toml
root:root:644 /etc/muster/priority.toml
muster-agent:muster-agent:700 /var/lib/muster-agent
muster:muster:700 /var/lib/muster-collector
muster:muster:700 /var/backups/muster-collector
END
check "every file is named" grep -q 'installed /usr/share/muster/profiles/' <<<"$first"
check "a second run changes nothing" is_empty "$(scripts/install all --root "$c" --bin "$bin" | grep -v '^next:' || true)"

echo '# changed here' >>"$c/etc/muster/agent.toml"
scripts/install agent --root "$c" --bin "$bin" >"$work/again"
check "a changed configuration is kept" grep -q '^# changed here' "$c/etc/muster/agent.toml"
check "the same default is not laid beside it" test ! -e "$c/etc/muster/agent.toml.new"
sed -i 's|^\(config /etc/muster/agent.toml\) .*|\1 of-an-older-version|' "$c/usr/share/muster/installed/agent"
scripts/install agent --root "$c" --bin "$bin" >"$work/newer"
check "a newer default is laid beside it and said" grep -q 'the new default is /etc/muster/agent.toml.new' "$work/newer"
check "the newer default is the delivered one" cmp "$c/etc/muster/agent.toml.new" agent-config/agent.toml

check "the agent's configuration is good for its user" as muster-agent muster-agent check-config
check "the collector is set up by root as its user" inside muster-collector init
check "what init made belongs to the collector" modes_are <<'END'
muster:muster:600 /var/lib/muster-collector/muster.db
END
check "the collector's configuration is good for its user" as muster muster-collector check-config

chmod o+w "$c/etc/muster/agent.toml"
check "a configuration that others can write is refused" refuses 2 "run chmod go-w" as muster-agent muster-agent check-config
chmod o-w "$c/etc/muster/agent.toml"
chmod o+w "$c/usr/bin/muster-agent"
check "an agent that others can write does not run" refuses 1 "/usr/bin/muster-agent: mode" as muster-agent muster-agent run
chmod o-w "$c/usr/bin/muster-agent"
chmod o+w "$c/usr/bin/muster-collector"
check "a collector that others can write does not run" refuses 2 "/usr/bin/muster-collector: others can write it" \
    as muster muster-collector run
chmod o-w "$c/usr/bin/muster-collector"
chmod o+rx "$c/var/lib/muster-collector"
check "a collector's state that is open to others is refused" refuses 2 "lets others in" as muster muster-collector run
chmod 700 "$c/var/lib/muster-collector"

# A server of another user, whose file and socket the agent may not see by itself.
inside setpriv --reuid www-data --regid www-data --clear-groups perl -MIO::Socket::INET -e \
    'my $s = IO::Socket::INET->new(Listen => 5, LocalAddr => "127.0.0.1:8080") or die; open(my $f, ">", "/tmp/listens"); sleep 600' &
until_exists "$c/tmp/listens" || not_ok "the server did not start"
listener='.sections[] | select(.name == "services") | .items[] | select(.attributes.listen == ["tcp 127.0.0.1:8080"])'
receipt='.receipts[] | select(.source == "inventory/services")'

as muster-agent muster-agent inventory --format json --only services >"$work/alone.json" 2>"$work/alone.log" || true
check "without the helper the inventory says what is missing" jq -e \
    "$receipt | .outcome == \"truncated\" and (.message | contains(\"start muster-agent-helper.socket\"))" "$work/alone.json"
check "without the helper the listener is there, its program is not" jq -e \
    "$listener | .attributes.executable == null" "$work/alone.json"

inside systemd-socket-activate -l /run/muster-agent-helper.sock /usr/bin/muster-agent helper --user muster-agent \
    >"$work/helper.log" 2>&1 &
until_exists "$c/run/muster-agent-helper.sock" || not_ok "the helper's socket did not appear" "$(cat "$work/helper.log")"
inside chown root:muster-agent /run/muster-agent-helper.sock
chmod 0660 "$c/run/muster-agent-helper.sock"
as muster-agent muster-agent inventory --format json --only services connections >"$work/helped.json"
check "with the helper the inventory is whole" jq -e "$receipt | .outcome == \"success\" and .message == \"\"" "$work/helped.json"
check "with the helper another user's listener has its program and user" jq -e \
    "$listener | (.attributes.executable | startswith(\"/usr/bin/perl\")) and .attributes.user == \"www-data\"" "$work/helped.json"

# Anybody may connect now; the kernel still says who it is.
chmod 0666 "$c/run/muster-agent-helper.sock"
stranger='use IO::Socket::UNIX; $SIG{PIPE} = "IGNORE"; my $s = IO::Socket::UNIX->new(Peer => "/run/muster-agent-helper.sock") or die; print $s "sockets\n"; shutdown($s, 1); print <$s>'
as www-data perl -e "$stranger" >"$work/stranger.log" 2>&1 || true
if grep -q 'is not allowed to ask' "$work/stranger.log"; then
    ok "another user gets nothing from the helper"
else
    not_ok "another user gets nothing from the helper" "$(cat "$work/stranger.log" "$work/helper.log")"
fi
check "the helper is started by its socket only" refuses 2 "started by muster-agent-helper.socket" inside muster-agent helper

units="muster-agent.service muster-agent-helper.socket muster-agent-helper.service muster-collector.service"
verified=$(inside env SYSTEMD_LOG_LEVEL=warning systemd-analyze verify $units 2>&1 | grep -E 'muster|rror' || true)
check "systemd finds nothing wrong in the units" is_empty "$verified"
exposure() { inside systemd-analyze security --offline=true --no-pager --threshold="$2" "$1"; }
check "the agent's exposure is at most 1.5" exposure muster-agent.service 15
check "the collector's exposure is at most 1.5" exposure muster-collector.service 15
check "the helper's exposure is at most 2.5" exposure muster-agent-helper.service 25

scripts/uninstall all --root "$c" >"$work/removed"
check "uninstall removes the programs and units and says so" grep -q 'removed /usr/bin/muster-agent' "$work/removed"
check "nothing of the programs stays" is_empty "$(cd "$c" && find usr -path '*muster*' ! -path 'usr/share/muster*' ! -path "*$(basename "$root")*")"
check "configuration and state stay and are named" grep -q 'kept /var/lib/muster-collector' "$work/removed"
check "a changed configuration outlives uninstall" grep -q '^# changed here' "$c/etc/muster/agent.toml"
scripts/uninstall all --root "$c" --purge >"$work/purged"
check "--purge takes configuration and state, too" is_empty "$(cd "$c" && find etc var usr -path '*muster*' ! -name '*.muster-install' 2>/dev/null)"
