#!/usr/bin/env bash
# The inventory of this machine and of recorded ones in every output format, checked against the formats' schemas; wrong
# use has exit status 2; no other program is started.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
agent() { "$root/.build/debug/muster-agent" inventory "$@"; }
corpus=${MUSTER_CORPUS:-$root/../shared/corpus}

check() {
    local what=$1
    shift
    if "$@" >"$work/said" 2>&1; then echo "ok inventory: $what"; else
        echo "not ok inventory: $what"
        tail -n 5 "$work/said"
    fi
}

# --- recorded machines: a host of our own making, and those of the corpus ---------------------------------------------
mkdir -p "$work/own/etc" "$work/own/var/lib/dpkg" "$work/own/proc" "$work/machines"
printf 'ID=debian\nVERSION_ID="12"\nNAME="Debian"\nPRETTY_NAME="Debian \\"x\\" 12"\n' >"$work/own/etc/os-release"
printf 'Package: libstdc++6\nStatus: install ok installed\nVersion: 1:12.2.0-14+deb12u1\nArchitecture: amd64\nMaintainer: Jose \xff\x1b[31m\n\nPackage: old\nStatus: deinstall ok config-files\nVersion: 1\nArchitecture: all\n\n' \
    >"$work/own/var/lib/dpkg/status"
printf 'MemTotal: 1024 kB\n' >"$work/own/proc/meminfo"
machines=(/ "$work/own")
if [ -d "$corpus/hosts" ]; then
    for archive in "$corpus"/hosts/lscpu/{x86_64-dell_e4310,s390-lpar,rv64-visionfive2}.tar.gz "$corpus"/hosts/lsblk/simple-nvme.tar.xz; do
        tar -xf "$archive" -C "$work/machines"
    done
    mkdir "$work/machines/fixture"
    tar -xf "$corpus/hosts/procsys/node_exporter-fixture.tar.gz" -C "$work/machines/fixture"
    machines+=("$work"/machines/* "$corpus"/hosts/smbios/*)
else
    echo "skip inventory, recorded machines: no corpus at $corpus"
fi

number=0
for machine in "${machines[@]}"; do
    number=$((number + 1))
    for format in glpi cyclonedx; do
        agent --root "$machine" --format $format >"$work/$number.$format.json" 2>"$work/error" || {
            echo "not ok inventory: $format of $machine: $(head -n 1 "$work/error")"
        }
    done
done

python=
for candidate in /usr/bin/python3 "$(command -v python3)"; do
    if [ -z "$python" ] && "$candidate" -c 'import jsonschema' 2>/dev/null; then python=$candidate; fi
done
if [ -n "$python" ]; then
    check "CycloneDX 1.6 of $number machines is valid" "$python" scripts/validate-json Tests/Schemas/cyclonedx-1.6.schema.json "$work"/*.cyclonedx.json
    if [ -e "$corpus/glpi/inventory.schema.json" ]; then
        check "the GLPI format of $number machines is valid" "$python" scripts/validate-json "$corpus/glpi/inventory.schema.json" "$work"/*.glpi.json
    else
        echo "skip inventory, GLPI schema: no corpus at $corpus"
    fi
else
    echo "skip inventory, schemas: python3-jsonschema is not installed"
fi

# --- what the documents hold -------------------------------------------------------------------------------------------
purl='pkg:deb/debian/libstdc%2B%2B6@1:12.2.0-14%2Bdeb12u1?arch=amd64&distro=debian-12'
check "a purl is encoded by bytes and a removed package is not in the bill of materials" \
    jq -e --arg purl "$purl" '[.components[] | select(.purl)] | length == 1 and .[0].purl == $purl' "$work/2.cyclonedx.json"
check "bom-refs are given once" jq -e '[.components[]."bom-ref"] | length == (unique | length)' "$work/1.cyclonedx.json"
if command -v dpkg-query >/dev/null; then
    installed=$(dpkg-query -W -f '${db:Status-Abbrev}\n' | grep -vc '^.c' || true)
    check "the GLPI document has every installed package" \
        jq -e --argjson count "$installed" '[.content.softwares[] | select(.from == "deb")] | length == $count' "$work/1.glpi.json"
fi
agent --root "$work/own" --format json >"$work/own.json"
check "the JSON has a receipt for every source, and what fails is named without stopping the others" \
    jq -e '(.receipts | length) > 35 and ([.receipts[] | select(.outcome == "failure") | .source] == ["inventory/filesystems", "inventory/services", "inventory/connections"]) and ([.receipts[] | select(.outcome == "success")] | length) >= 4' "$work/own.json"
check "control characters of a name do not reach the terminal" \
    bash -c "! '$root/.build/debug/muster-agent' inventory --root '$work/own' | grep -q $'\x1b'"
status=0
agent --only nothing >/dev/null 2>"$work/error" || status=$?
check "an unknown section is refused with status 2 and the list" test "$status" = 2 -a "$(grep -c 'there are system, os' "$work/error")" = 1
status=0
agent --format xml >/dev/null 2>"$work/error" || status=$?
check "an unknown format is refused with status 2" test "$status" = 2
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
    strace -f -e trace=execve -o "$work/trace" "$root/.build/debug/muster-agent" inventory --root "$work/own" >/dev/null
    check "no program is started" test "$(grep -c 'execve(.*= 0' "$work/trace")" = 1
else
    echo "skip inventory, programs started: no strace"
fi

# --- what only the kernel tells, in a network of its own -----------------------------------------------------------------
if [ "$(id -u)" -eq 0 ] && command -v nft >/dev/null && unshare --net --mount true 2>/dev/null; then
    unshare --net --mount bash -euc '
        mount -t sysfs sysfs /sys
        ip link add near type veth peer name far
        ip link set near up
        ip -6 neigh add 2001:db8::7 lladdr 02:00:00:00:00:07 dev near nud permanent
        nft add table inet shop
        nft add chain inet shop in "{ type filter hook input priority 0; policy drop; }"
        nft add rule inet shop in tcp dport 443 accept
        "$0" inventory --format json --only arp firewall
    ' "$root/.build/debug/muster-agent" >"$work/kernel.json" 2>"$work/error" || cat "$work/error"
    check "a neighbour of IPv6 is there with its MAC address" \
        jq -e 'any(.sections[].items[]; .key == "near 2001:db8::7" and .attributes.mac == "02:00:00:00:00:07")' "$work/kernel.json"
    check "a table of nftables is there with its rules and what becomes of the rest" \
        jq -e 'any(.sections[].items[]; .key == "nft:inet:shop" and .attributes.rules == 1 and .attributes.hooks == ["filter input drop"])' "$work/kernel.json"
else
    echo "skip inventory, packet filters: needs root and nft"
fi
