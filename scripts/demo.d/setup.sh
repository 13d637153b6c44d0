# Configuration as a customer writes it, and the processes that run on this host.

m() { muster "$@" --socket "$demo/run/muster.sock"; }

# Sends the JSON a muster command prints through a jq test.
holds() {
    local filter=$1
    shift
    m "$@" --format json | jq -e "$filter"
}

write_certificate() {
    mkdir -p "$demo/sinks"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=127.0.0.1" \
        -addext "subjectAltName=IP:127.0.0.1" -keyout "$demo/sinks/key.pem" -out "$demo/sinks/certificate.pem" \
        2>/dev/null
}

write_collector_config() {
    mkdir -p "$demo/etc" "$demo/run" "$demo/log"
    chmod 755 "$demo" "$demo/etc" "$demo/run"
    cp -r "$root/collector-config/." "$demo/etc/"
    (umask 077 && od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$demo/etc/webhook-secret")
    cat >"$demo/etc/collector.toml" <<END
[collector]
state_directory = "$demo/collector"
names = ["127.0.0.1"]
api_address = "127.0.0.1"
api_port = 7600
agents_address = "127.0.0.1"
agents_port = 7601
socket = "$demo/run/muster.sock"

[services]
directory = "$demo/etc/services"

[rules]
directory = "$demo/etc/rules"

[policies]
directory = "$demo/etc/policies"

[incidents]
priorities = "$demo/etc/priority.toml"
strings = "$demo/etc/strings"

[[channel]]
name = "operations-mail"
type = "mail"
host = "127.0.0.1"
port = 7625
tls = "starttls"
ca_file = "$demo/sinks/certificate.pem"
from = "muster@example.com"
to = ["operations@example.com"]

[[channel]]
name = "operations-webhook"
type = "webhook"
url = "http://127.0.0.1:7680/muster"
secret_file = "$demo/etc/webhook-secret"
END
}

write_business_service() {
    cat >"$demo/etc/services/demo-shop.toml" <<END
name = "Demo shop"
depends_on = ["listen:tcp:8088@$(hostname)"]
END
}

start_sinks() {
    start sinks /usr/bin/python3 "$parts/sinks.py" "$demo/sinks" 7625 7680 \
        "$demo/sinks/certificate.pem" "$demo/sinks/key.pem"
    : >"$demo/sinks/mail.jsonl"
    : >"$demo/sinks/webhook.jsonl"
}

start_collector() { start collector muster-collector run --config "$demo/etc/collector.toml"; }

start_web() {
    mkdir -p "$demo/web"
    echo "Welcome to the demo shop" >"$demo/web/index.html"
    start web /usr/bin/python3 -m http.server 8088 --bind 127.0.0.1 --directory "$demo/web"
}

start_agent() { start agent muster-agent run --config "$demo/etc/agent.toml"; }

write_agent_config() {
    (umask 077 && printf '%s\n' "$device_community" >"$demo/etc/demo-switch.community")
    cat >"$demo/etc/agent.toml" <<END
[agent]
state_directory = "$demo/agent"
profile_directory = "$root/agent-config/profiles"

[uplink]
heartbeat = "2s"
check_interval = "5s"

[inventory]
interval = "10s"
lldpd_socket = "$demo/run/lldpd.sock"

[inventory.source.packages]
interval = "5s"

[inventory.source.services]
interval = "2s"

[metrics]
interval = "5s"

[[check]]
name = "shop-front"
type = "http"
url = "http://127.0.0.1:8088/"
contains = "demo shop"
interval = "1s"
timeout = "1s"

[[device]]
name = "demo-switch"
address = "$device_address"
community_file = "$demo/etc/demo-switch.community"
timeout = "500ms"
retries = 1
interval = "10s"
poll_interval = "2s"
failures = 2
END
}
