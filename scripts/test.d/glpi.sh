#!/usr/bin/env bash
# Inventories of GLPI agents through a running collector: a real agent (Debian's fusioninventory-agent) in its own dialogue, and the
# samples of the corpus, whose numbers a program of its own counts in them.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
# shellcheck source=/dev/null
. scripts/stack.sh

write_stack
mkdir -p "$demo/pc"
(umask 077 && openssl rand -hex 32 >"$demo/etc/site")
cat >>"$demo/etc/collector.toml" <<END

[[glpi_site]]
name = "berlin"
secret_file = "$demo/etc/site"
END
muster-collector init --config "$demo/etc/collector.toml" >"$demo/log/init.log" 2>&1
muster-collector check-config --config "$demo/etc/collector.toml" >"$demo/log/check.log" 2>&1
start_collector
collector_answers || { cat "$demo/log/collector.log" && exit 1; }
ca=$demo/collector/ca.pem
secret() { cat "$demo/etc/site" 2>/dev/null || echo none; }
post() {
    printf 'user = "berlin:%s"\n' "$(secret)" |
        curl --fail-with-body --silent --show-error --config - --cacert "$ca" --data-binary "@$1" "https://127.0.0.1:$api_port/"
}

agent=${FUSIONINVENTORY_AGENT:-fusioninventory-agent}
if command -v "$agent" >/dev/null && unshare -m true 2>/dev/null; then
    (umask 077 && cat >"$demo/pc/agent.cfg") <<END
server = https://127.0.0.1:$api_port/
user = berlin
password = $(cat "$demo/etc/site")
ca-cert-file = $ca
no-task = wakeonlan,deploy,collect,esx,netdiscovery,netinventory
backend-collect-timeout = 30
logger = stderr
debug = 1
END
    # What it remembers between two runs is kept away from this host's own agent.
    run_agent() {
        unshare -m sh -c 'mount -t tmpfs none /var/lib/fusioninventory-agent && exec "$0" --conf-file "$1" --force' "$@"
    }
    run_agent "$agent" "$demo/pc/agent.cfg" >"$demo/log/pc.log" 2>&1 || true
    here=$(hostname)
    if m ci find "$here" --format json | jq -e --arg name "${here%%.*}" 'any(.name == $name and .class == "host")' >/dev/null; then
        ci=$(m ci find "${here%%.*}" --format json | jq -r 'map(select(.class == "host"))[0].id')
        packages=$(m agent receipts "$(m agent list --format json | jq -r '.[0].id')" --format json |
            jq -r 'map(select(.source == "inventory/packages"))[0].found')
        installed=$(dpkg-query -W -f '${db:Status-Abbrev}\n' | grep -c '^ii')
        if [ "$packages" = "$installed" ]; then
            echo "ok a real agent is challenged, sends its prolog and its inventory: host $ci with $packages packages, as dpkg counts them"
        else
            echo "not ok a real agent: $packages packages, dpkg has $installed"
        fi
    else
        echo "not ok a real agent: no host ${here%%.*}: $(tail -n 3 "$demo/log/pc.log" | tr '\n' ' ')"
    fi
else
    echo "skip a real agent: no fusioninventory-agent, or no namespaces without root"
fi

samples=${MUSTER_CORPUS:-$root/../shared/corpus}/glpi/samples
if [ ! -d "$samples" ]; then
    echo "skip samples: the corpus is not here; set MUSTER_CORPUS"
    exit 0
fi
for file in "$samples"/*; do
    post "$file" >"$demo/run/answer" || echo "not ok $(basename "$file"): $(cat "$demo/run/answer")"
done
python3 scripts/test.d/glpi_samples.py "$samples" "$socket"
before=$(m ci find glpixps --format json | jq -r '.[0].id')
history=$(m ci history "$before" --format json | jq length)
post "$samples/computer_1.json" >/dev/null
if [ "$(m ci history "$before" --format json | jq length)" = "$history" ]; then
    echo "ok a report that is sent again changes nothing"
else
    echo "not ok a report that is sent again: its host's history grew"
fi
rm "$demo/etc/site"
if post "$samples/computer_1.json" >/dev/null 2>&1; then
    echo "not ok a site whose secret is removed is still let in"
else
    echo "ok a site whose secret is removed is shut out without a restart"
fi
