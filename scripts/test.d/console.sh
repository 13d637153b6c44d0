#!/usr/bin/env bash
# The console in a real browser: every page in both languages and two widths, a live alarm, acknowledging, searching,
# and hostile names in every field that a host, a device or a person can fill.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../stack.sh"

if ! /usr/bin/python3 -c 'import selenium' 2>/dev/null || [ ! -x /usr/bin/chromedriver ]; then
    echo "skip console: no chromium with selenium"
    exit 0
fi
web_port=$(free_port)
hostile_port=$(free_port)
snmp_port=$(free_port)

# A name that would run in a page which forgot to escape it, with a quotation mark under a combining accent,
# direction marks and a zero width space (threats X1 to X4).
hostile=$'"\u0301 onmouseover=hacked() x="<img src=x onerror=hacked()>\u202egpj\u200b{{7*7}}'

write_stack
cat >"$demo/etc/services/demo-shop.toml" <<END
name = "Demo shop"
depends_on = ["listen:tcp:$web_port@$(hostname)"]
END
python3 - "$demo/etc/services/hostile.toml" "$hostile" "$web_port" "$(hostname)" <<'END'
import json, sys
path, name, port, host = sys.argv[1:]
open(path, "w").write(f'name = {json.dumps(name, ensure_ascii=False)}\ndepends_on = ["listen:tcp:{port}@{host}"]\n')
END
(umask 077 && echo public >"$demo/etc/community")
cat >>"$demo/etc/agent.toml" <<END

[[check]]
name = "shop-front"
type = "http"
url = "http://127.0.0.1:$web_port/"
interval = "1s"
timeout = "1s"

[[device]]
name = "hostile-switch"
address = "127.0.0.1"
port = $snmp_port
community_file = "$demo/etc/community"
interval = "5s"
poll_interval = "5s"
END
sed -i "s|^state_directory = \"$demo/agent\"|&\nprofile_directory = \"$root/agent-config/profiles\"|" "$demo/etc/agent.toml"

# A device and a program with that name.
mkdir -p "$demo/snmp" "$demo/web" "$demo/programs"
{
    echo "agentaddress udp:127.0.0.1:$snmp_port"
    echo "rocommunity public"
    for field in sysName sysLocation sysContact sysDescr; do echo "$field $hostile"; done
} >"$demo/snmp/snmpd.conf"
start snmpd /usr/sbin/snmpd -f -C -c "$demo/snmp/snmpd.conf" -Lf "$demo/log/snmpd.txt" --persistentDir="$demo/snmp" -I -smux
program="$demo/programs/<img src=x onerror=hacked()>"
cp /usr/bin/python3.11 "$program"
start hostile "$program" -m http.server "$hostile_port" --bind 127.0.0.1 --directory "$demo/web"
start_web() { start web /usr/bin/python3 -m http.server "$web_port" --bind 127.0.0.1 --directory "$demo/web"; }
start_web

join_stack
start_agent
shop_is_whole() { m impact "class:service" 2>/dev/null || m ci find "$web_port" --format json | jq -e 'length > 0'; }
until_true 60 shop_is_whole || { echo "not ok console: the web server's CI did not appear" && exit 1; }
until_true 60 eval 'm ci find --class device --format json | jq -e "length > 0"' ||
    { echo "not ok console: the device did not appear" && exit 1; }

# People's words, too.
shop=$(m ci find "Demo shop" --format json | jq -r '.[0].id')
m incident open "$shop" --title "$hostile" >/dev/null
m token api "hostile" >/dev/null
m user add operator --role operator >/dev/null

status=0
MUSTER_SOCKET=$socket MUSTER_BASE=https://127.0.0.1:$api_port MUSTER_WEB_PID=$(cat "$demo/run/web.pid") \
    MUSTER_PICTURES=${MUSTER_PICTURES:-$demo/pictures} HOSTILE=$hostile \
    /usr/bin/python3 "$root/Tests/Browser/console.py" || status=$?
if grep -q "content policy" "$demo/log/collector.log"; then
    echo "not ok console: a page broke its content policy"
    grep "content policy" "$demo/log/collector.log" | head -n 3
else
    echo "ok console: no report of a broken content policy"
fi
exit "$status"
