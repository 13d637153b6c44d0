#!/usr/bin/env bash
# Makes packages of the programs on PATH and lives their life in a minimal Debian 12 that runs systemd: apt installs them
# with what they depend on, they are enrolled and run, are upgraded, removed and purged. The rpm packages are made, read, and laid down by rpm in the
# same Debian; no RPM distribution is at hand to resolve their dependencies. Needs root, debootstrap and Debian's mirror.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
suite=package
# shellcheck source=/dev/null
. "$root/scripts/debian-base.sh"

skip() {
    echo "skip package: $1"
    exit 0
}

if [ -z "${MUSTER_PACKAGE_TEST:-}" ]; then
    [ "$(id -u)" -eq 0 ] || skip "needs root"
    for program in debootstrap dpkg-shlibdeps rpmbuild; do command -v "$program" >/dev/null || skip "no $program"; done
    unshare --mount --pid --ipc --fork true 2>/dev/null || skip "this machine gives no namespaces"
    make_base || skip "debootstrap did not finish: $(tail -n 1 "$base.log")"
    # The network is the machine's: apt asks the mirror for the libraries.
    exec env MUSTER_PACKAGE_TEST=inside unshare --mount --propagation private --pid --mount-proc --ipc --fork --kill-child \
        "${BASH_SOURCE[0]}"
fi

bin=$(dirname "$(command -v muster-agent)")
work=$(mktemp -d)
c=$work/root
end_test() {
    shut_down
    umount -R -l "$c" 2>/dev/null || true
    rm -rf --one-file-system "$work"
}
trap end_test EXIT
cd "$root"
# shellcheck source=/dev/null
. scripts/install-layout.sh

# --- made -------------------------------------------------------------------------------------------------------------
# A debug build needs Swift's libraries, which no package has; a release build has them inside.
options=(--bin "$bin" --quick)
if ldd "$bin/muster-agent" | grep -q libswiftCore; then
    check "programs that need libraries of no package are refused" refuses 1 "needs libraries that no package has" \
        scripts/package agent --bin "$bin" --out "$work/out"
    options+=(--development)
fi
made=$(scripts/package "${options[@]}" --out "$work/out")
check "six packages are made" test "$(xargs ls <<<"$made" | wc -l)" -eq 6
version=$("$bin/muster-agent" --version)
deb() { echo "$work/out/muster-$1_$version-${2:-1}_$(dpkg --print-architecture).deb"; }
rpm_of() { echo "$work/out/muster-$1-$version-${2:-1}.$(uname -m).rpm"; }

same_bytes() {
    (umask 077 && TZ=Asia/Shanghai scripts/package agent "${options[@]}" --out "$work/twin") >/dev/null
    cmp "$(deb agent)" "$work/twin/$(basename "$(deb agent)")" && cmp "$(rpm_of agent)" "$work/twin/$(basename "$(rpm_of agent)")"
}
check "another build gives the same bytes, deb and rpm" same_bytes

# same_paths PART KIND: the paths on the input are those of the layout, without what is made where it is installed; packages
# have documents and directories on the way beyond.
same_paths() {
    local found
    found=$(cat)
    diff <(layout "$1" | awk -v kind="$2" '$1 == "dpkg" && (kind != "deb" || $2 == "-") { next } $1 != "state" && $1 != "backups" { print $3 }' | sort) <(grep -vE '/usr/share/(doc|lintian)/|^/usr/share/muster$' <<<"$found" | sort)
}
deb_has_layout() {
    dpkg-deb -c "$(deb "$1")" | awk '$1 !~ /^d/ || $6 ~ /\/muster\/./ || $6 ~ /etc\/muster/ { sub(/^\./, "", $6); sub(/\/$/, "", $6); print $6 }' |
        sed 's|zsh/vendor-completions|zsh/site-functions|' | grep -vE '^/usr/lib/muster$' | same_paths "$1" deb
}
rpm_has_layout() { rpm -qpl "$(rpm_of "$1")" | grep -vE '^/var/(lib|backups)/' | same_paths "$1" rpm; }
for part in agent collector cli; do
    check "the deb of $part has what scripts/install lays down" deb_has_layout "$part"
    check "the rpm of $part has what scripts/install lays down" rpm_has_layout "$part"
done
all_roots() { is_empty "$(dpkg-deb -c "$(deb "$1")" | awk '$2 != "root/root"')"; }
check "everything in a deb is root's" all_roots agent
if command -v lintian >/dev/null; then
    # The collector's is made by the same lines and ten times as large.
    check "lintian has nothing against the packages" lintian --no-cfg --allow-root --fail-on error,warning \
        ${options[2]:+--suppress-tags=custom-library-search-path} "$(deb agent)" "$(deb cli)"
else
    echo "skip package: lintian"
fi

# --- installed --------------------------------------------------------------------------------------------------------
mkdir "$c"
cp -a "$base/." "$c/"
mount --bind "$c" "$c"
mount -t proc proc "$c/proc"
cp /etc/resolv.conf "$c/etc/resolv.conf"
apt() { inside DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" </dev/null; }
mkdir "$c/packages"
cp "$work"/out/*.deb "$c/packages/"
in_root() { echo "/packages/$(basename "$(deb "$@")")"; }
apt update >"$work/update" 2>&1 || skip "the mirror does not answer: $(tail -n 1 "$work/update")"
# Only what belongs to no package: all else comes from the dependencies.
copy_libraries '^/(opt|home|root)/'
# What apt needs is fetched now: the system that is booted has a network of its own.
apt install -y --download-only --no-install-recommends "$(in_root agent)" "$(in_root collector)" "$(in_root cli)" >/dev/null
umount "$c/proc"
if boot; then
    booted=yes
    inside() { live "$@"; }
else
    booted=
    echo "skip package: systemd does not boot here: $(tail -n 1 "$work/boot")"
    mount -t proc proc "$c/proc"
fi
# on_systemd NAME COMMAND...: a check that needs a running systemd.
on_systemd() { [ -z "$booted" ] || check "$@"; }
active() { [ "$(inside systemctl is-active "$@" | sort -u)" = active ]; }
started() { inside systemctl show --property ActiveEnterTimestampMonotonic --value "$@"; }
running=(muster-collector.service muster-agent-helper.socket muster-agent.service)

check "apt resolves what the packages depend on" apt install -y --no-install-recommends \
    "$(in_root agent)" "$(in_root collector)" "$(in_root cli)"
check "apt finds everything in order" apt check
check "libsnmp came with the agent" inside dpkg-query -W libsnmp40
check "every library is found" is_empty "$(for program in muster-agent muster-collector muster; do inside ldd "/usr/bin/$program"; done | grep 'not found' || true)"
check "owners and modes are right" modes_are <<'END'
root:root:755 /usr/bin/muster-agent
root:root:755 /etc/muster
root:root:700 /etc/muster/credentials
root:muster-agent:640 /etc/muster/agent.toml
root:muster-agent:750 /etc/muster/agent.d
root:muster:640 /etc/muster/collector.toml
root:root:644 /etc/muster/priority.toml
muster-agent:muster-agent:700 /var/lib/muster-agent
muster:muster:700 /var/lib/muster-collector
muster:muster:700 /var/backups/muster-collector
END
enabled() { (cd "$c/etc/systemd/system" && find . -name '*muster*'); }
check "nothing is enabled that has no enrolment" is_empty "$(enabled)"
on_systemd "nothing is started" is_empty "$(inside systemctl list-units --plain --no-legend 'muster*')"
check "the programs say the package's version" test "$(inside muster-agent --version; inside muster --version)" = "$version
$version"
check "the agent's configuration is good for its user" as muster-agent muster-agent check-config
check "the agent inventories" as muster-agent muster-agent inventory --format json --only os
sed -i 's/^names = .*/names = ["127.0.0.1"]/' "$c/etc/muster/collector.toml"
check "the collector is set up by root as its user" inside muster-collector init
check "the collector's configuration is good for its user" as muster muster-collector check-config
check "scripts/install leaves a package alone" refuses 1 "is installed as a package" scripts/install agent --root "$c" --bin "$bin"

# As docs/installing.md says.
enrol() {
    inside systemctl enable --now muster-collector.service &&
        inside muster-collector token >"$c/root/token" && chmod 600 "$c/root/token" &&
        inside muster-agent enrol --token-file /root/token &&
        inside systemctl enable --now muster-agent-helper.socket muster-agent.service
}
heard() {
    local tries=100
    until [ "$(inside muster agent list --format json | jq '[.[] | select(.state == "live")] | length')" = 1 ]; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || { inside muster agent list && return 1; }
        sleep 0.1
    done
}
# Short times, so that the test is: an answer each second, and a second until what ended is started again.
sed -i 's/^# heartbeat = .*/heartbeat = "1s"/' "$c/etc/muster/agent.toml"
[ -z "$booted" ] || inside sh -c 'mkdir -p /run/systemd/system/muster-agent.service.d &&
    printf "[Service]\nRestartSec=1\n" >/run/systemd/system/muster-agent.service.d/test.conf && systemctl daemon-reload'
on_systemd "collector and agent are enrolled and started" enrol
on_systemd "they run, ready as they said themselves" active "${running[@]}"
on_systemd "the collector hears the agent" heard
# Under the shipped units every source must find its way: what the sandbox forbids goes through the helper.
nothing_failed() {
    local agent tries=150 found
    agent=$(inside muster agent list --format json | jq -r '.[0].agent')
    until found=$(inside muster agent receipts "$agent" --format json) &&
        [ "$(jq '[.[] | select(.source == "metric/clock" or .source == "services")] | length' <<<"$found")" = 2 ]; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || break
        sleep 0.2
    done
    jq -e 'any(.[]; .source == "metric/clock") and all(.[]; .outcome != "failure")' <<<"$found" >/dev/null ||
        { jq -c '.[] | select(.outcome != "success") | [.source, .outcome, .message]' <<<"$found" && return 1; }
}
on_systemd "no source fails under the shipped units" nothing_failed

# A secret that only root can read reaches the agent as a credential (docs/installing.md).
credential() {
    local at=/etc/systemd/system/muster-agent.service.d
    inside sh -c "umask 077 && echo public >/etc/muster/credentials/core-community && mkdir -p $at && chmod 755 $at &&
        printf '[Service]\nLoadCredential=core-community:/etc/muster/credentials/core-community\n' >$at/core.conf &&
        printf '[[device]]\nname = \"core\"\naddress = \"127.0.0.1\"\nport = 1\ncommunity_file = \"core-community\"\n' >/etc/muster/agent.d/core.toml &&
        chgrp muster-agent /etc/muster/agent.d/core.toml && chmod 640 /etc/muster/agent.d/core.toml &&
        systemctl daemon-reload && systemctl restart muster-agent.service" && active muster-agent.service && heard && return
    inside journalctl --no-pager --output cat -u muster-agent.service | tail -n 8
    return 1
}
without_credential() {
    inside sh -c 'rm /etc/systemd/system/muster-agent.service.d/core.conf && systemctl daemon-reload'
    refuses 2 "core-community" as muster-agent muster-agent check-config || return
    inside sh -c 'rm /etc/muster/agent.d/core.toml /etc/muster/credentials/core-community && systemctl restart muster-agent.service'
    active muster-agent.service && heard
}
on_systemd "a secret of root's reaches the agent by LoadCredential" credential
on_systemd "without the credential the configuration is refused by name" without_credential

# --- upgraded ---------------------------------------------------------------------------------------------------------
# What an administrator does, and what must outlive every upgrade.
[ -n "$booted" ] || inside systemctl enable muster-agent.service 2>/dev/null
echo '# changed here' >>"$c/etc/muster/agent.toml"
inside chown root:muster /etc/muster/priority.toml
chmod 640 "$c/etc/muster/priority.toml"
echo kept >"$c/var/lib/muster-agent/something"
before=$(enabled)
[ -z "$booted" ] || times=$(started "${running[@]}" | sort -u)
scripts/package agent "${options[@]}" --out "$work/out" --revision 2 >/dev/null
# repack PART REVISION TO: the same package under a higher revision, after what stands on the input was done to it.
repack() {
    rm -rf "$work/again"
    dpkg-deb -R "$(deb "$1" "$2")" "$work/again"
    sed -i "s/^Version: .*/Version: $version-$3/" "$work/again/DEBIAN/control"
    (cd "$work/again" && bash -e)
    dpkg-deb --root-owner-group -Zgzip -z1 -b "$work/again" "$(deb "$1" "$3")" >/dev/null
}
repack collector 1 2 </dev/null
repack agent 2 3 <<<'echo "# a newer default" >>etc/muster/agent.toml'
cp "$(deb agent 2)" "$(deb collector 2)" "$(deb agent 3)" "$c/packages/"

check "apt upgrades" apt install -y --no-install-recommends "$(in_root agent 2)" "$(in_root collector 2)"
check "the new version is there" test "$(inside dpkg-query -W -f '${Version}' muster-agent)" = "$version-2"
# words STATUS: what the services said last, when something failed.
words() {
    for unit in "${running[@]}"; do inside journalctl --no-pager --output cat -u "$unit" | grep -v "thread priority" | tail -n 8; done
    return "$1"
}
restarted() {
    active "${running[@]}" && is_empty "$(started "${running[@]}" | grep -Fx "$times" || true)" && heard || words 1
}
on_systemd "what ran was restarted and is heard" restarted
check "a changed configuration is kept, no question asked" grep -q '^# changed here' "$c/etc/muster/agent.toml"
check "the same default is not laid beside it" is_empty "$(find "$c/etc/muster" -name '*.dpkg-*')"
check "apt upgrades to a newer default as it is told to" apt install -y --no-install-recommends -o Dpkg::Options::=--force-confold "$(in_root agent 3)"
check "a changed configuration is kept, the newer default beside it" grep -q '^# a newer default' "$c/etc/muster/agent.toml.dpkg-dist"
check "the kept one is still the administrator's" grep -q '^# changed here' "$c/etc/muster/agent.toml"
check "owners and modes outlive an upgrade" modes_are <<'END'
root:muster-agent:640 /etc/muster/agent.toml
root:muster:640 /etc/muster/priority.toml
muster-agent:muster-agent:700 /var/lib/muster-agent
END
check "what was enabled is, what was not is not" test "$before" = "$(enabled)"
# A mirror of its own in the booted system, with a version that works and later one that does not.
publish() {
    cp "$(deb agent "$1")" "$c/repository/"
    (cd "$c/repository" && dpkg-scanpackages --multiversion . 2>/dev/null >Packages)
}
is_version() { [ "$(inside dpkg-query -W -f '${Status} ${Version}' muster-agent)" = "install ok installed $version-$1" ]; }
upgrade_works() {
    inside systemctl start muster-agent-upgrade.service && is_version 4 && active muster-agent.service && is_upgrade_said "works; it was $version-3"
}
is_upgrade_said() { inside journalctl --no-pager --output cat -u muster-agent-upgrade.service | tee "$work/said" | grep -qF -- "$1" || { cat "$work/said" && return 1; }; }
upgrade_goes_back() {
    ! inside systemctl start muster-agent-upgrade.service 2>/dev/null || return 1
    is_upgrade_said "$version-4 works again" && is_version 4 && active muster-agent.service && heard
}
upgrade_is_not_repeated() {
    inside systemctl start muster-agent-upgrade.service && is_upgrade_said "did not work on this host before" && is_version 4
}
upgrade_needs_a_way_back() {
    rm "$c/repository/$(basename "$(deb agent 4)")" "$c/var/lib/muster-upgrade/refused" && publish 5
    ! inside systemctl start muster-agent-upgrade.service 2>/dev/null && is_upgrade_said "no way back" && is_version 4
}
if [ -n "$booted" ]; then
    repack agent 2 4 </dev/null
    repack agent 2 5 <<<'printf "#!/bin/sh\necho broken >&2\nexit 1\n" >usr/bin/muster-agent'
    mkdir "$c/repository"
    rm -rf "$c"/etc/apt/sources.list.d/*
    echo 'deb [trusted=yes] file:/repository ./' >"$c/etc/apt/sources.list"
    inside systemctl set-environment MUSTER_UPGRADE_PATIENCE=40
    publish 3
    publish 4
    check "systemd finds nothing wrong in the upgrade's units" is_empty \
        "$(inside env SYSTEMD_LOG_LEVEL=warning systemd-analyze verify muster-agent-upgrade.timer 2>&1 | grep -E 'muster|rror' || true)"
    check "the host upgrades its agent by itself" upgrade_works
    publish 5
    check "an agent that does not work is gone back from" upgrade_goes_back
    check "a version that was gone back from is not tried again" upgrade_is_not_repeated
    check "nothing is upgraded without a way back" upgrade_needs_a_way_back
    check "the administrator's configuration outlives all of it" grep -q '^# changed here' "$c/etc/muster/agent.toml"
fi
check "the configuration is good after the upgrade" as muster-agent muster-agent check-config

# --- removed and purged -----------------------------------------------------------------------------------------------
packages=(muster-agent muster-collector muster-cli)
check "apt removes" apt remove -y "${packages[@]}"
on_systemd "nothing runs any more" is_empty "$(inside systemctl list-units --state active,activating --plain --no-legend 'muster*')"
check "nothing of the programs stays" is_empty "$(cd "$c" && find usr -path '*muster*' ! -path "*$(basename "$root")*")"
check "state stays" grep -q kept "$c/var/lib/muster-agent/something"
check "the collector's database stays" test -s "$c/var/lib/muster-collector/muster.db"
check "a changed configuration stays" grep -q '^# changed here' "$c/etc/muster/agent.toml"
check "apt purges" apt purge -y "${packages[@]}"
check "nothing is left" is_empty "$(cd "$c" && find etc var usr -path '*muster*' ! -path '*/apt/*' ! -path 'var/log/*' ! -path "*$(basename "$root")*")"
check "only the users stay" inside getent passwd muster-agent muster

# --- rpm --------------------------------------------------------------------------------------------------------------
requires() { rpm -qpR "$(rpm_of "$1")" | grep -qxF -- "$2"; }
for name in 'libnetsnmp.so.40()(64bit)' 'libcurl.so.4()(64bit)' 'libcrypto.so.3()(64bit)' 'libc.so.6(GLIBC_2.36)(64bit)' /usr/bin/systemd-sysusers; do
    check "the agent's rpm requires $name" requires agent "$name"
done
check "no rpm requires Debian's name of libcurl's calls" is_empty "$(for part in agent collector cli; do rpm -qpR "$(rpm_of "$part")"; done | grep CURL_OPENSSL || true)"
check "the agent's configuration is the administrator's" test "$(rpm -qpc "$(rpm_of agent)" | tr '\n' ' ')" = "/etc/muster/agent.toml /etc/muster/policy.toml "
# Dependencies are by library here and by package there: rpm knows nothing of dpkg's.
in_rpm() { rpm --root "$c" --dbpath /var/lib/rpm "$@"; }
check "rpm lays it down" in_rpm -i --nodeps "$(rpm_of agent)" "$(rpm_of collector)"
check "owners, modes and contents are as the rpm says" in_rpm -V --nodeps muster-agent muster-collector
check "owners and modes are right with rpm, too" modes_are <<'END'
root:muster-agent:640 /etc/muster/agent.toml
root:muster:640 /etc/muster/collector.toml
muster-agent:muster-agent:700 /var/lib/muster-agent
muster:muster:700 /var/backups/muster-collector
END
echo '# changed here' >>"$c/etc/muster/agent.toml"
check "rpm upgrades" in_rpm -U --nodeps "$(rpm_of agent 2)"
check "rpm keeps a changed configuration in an upgrade" grep -q '^# changed here' "$c/etc/muster/agent.toml"
check "rpm removes" in_rpm -e --nodeps muster-agent muster-collector
check "rpm keeps a changed configuration of what is removed" grep -q '^# changed here' "$c/etc/muster/agent.toml.rpmsave"
