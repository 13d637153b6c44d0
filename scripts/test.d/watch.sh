#!/usr/bin/env bash
# What changes on a host is at the collector within five seconds, though the sources are read every five minutes: a listening
# port, a package, an account, an address and a mount.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"

if [ "$(id -u)" -ne 0 ]; then
    echo "skip watch: needs root to install a package and to mount"
    exit 0
fi
write_stack
# The intervals of everybody: nothing but the kernel's word brings a reading forward.
sed -i '/^\[inventory.source.services\]/,/^$/d' "$demo/etc/agent.toml"
package=muster-watch-test link=mw$$ account=mwatch$$
leave() {
    dpkg --purge "$package" >/dev/null 2>&1 || true
    userdel "$account" 2>/dev/null || true
    ip link del "$link" 2>/dev/null || true
    umount "$demo/mounted" 2>/dev/null || true
    end_stack
}
trap leave EXIT
join_stack
start_agent

host() { m ci find --class host --format json | jq -r '.[0].id'; }
there() { [ -n "$(host)" ] && m ci items "$(host)" packages --format json | jq -e 'length > 100'; }
until_true 30 there || { echo "not ok watch: the first inventory is not there" && tail -n 5 "$demo/log/agent.log" && exit 0; }
id=$(host)
sleep 5
milliseconds() { date +%s%3N; }
# within WHAT COMMAND...: the command holds within five seconds from $begun.
within() {
    local what=$1
    shift
    if until_true 10 "$@"; then
        local took=$(($(milliseconds) - begun))
        if [ "$took" -le 5000 ]; then echo "ok watch: $what at the collector after $took ms"; else echo "not ok watch: $what at the collector after $took ms"; fi
    else
        echo "not ok watch: $what not at the collector after ten seconds"
        tail -n 3 "$demo/log/agent.log"
    fi
}
item() { m ci items "$id" "$1" --format json | jq -e --arg text "$2" 'any(.[]; tostring | contains($text))'; }
no_item() { ! item "$@"; }
listens() { m ci find ":$1" --class service --format json | jq -e 'map(select(.state == "active")) | length == 1'; }

port=$(free_port)
begun=$(milliseconds)
start web /usr/bin/python3 -m http.server "$port" --bind 127.0.0.1 --directory "$demo/etc/services"
within "a listening port" listens "$port"

mkdir -p "$demo/deb/DEBIAN"
cat >"$demo/deb/DEBIAN/control" <<END
Package: $package
Version: 1.0
Architecture: all
Maintainer: nobody <nobody@example.com>
Description: installed by a test and removed by it
END
chmod -R go-w "$demo/deb"
dpkg-deb --root-owner-group --build "$demo/deb" "$demo/watch.deb" >/dev/null
dpkg -i "$demo/watch.deb" >/dev/null
begun=$(milliseconds)
within "an installed package" item packages "$package"
dpkg --purge "$package" >/dev/null
begun=$(milliseconds)
within "its removal" no_item packages "$package"

begun=$(milliseconds)
useradd --no-create-home --shell /usr/sbin/nologin "$account"
within "a new account" item users "$account"

begun=$(milliseconds)
ip link add "$link" type veth peer name "${link}p"
within "a new interface" item interfaces "$link"

mkdir "$demo/mounted"
truncate -s 8M "$demo/disk"
mkfs.ext4 -q "$demo/disk"
begun=$(milliseconds)
mount -o loop "$demo/disk" "$demo/mounted"
within "a new mount" item filesystems "$demo/mounted"
