# The machine on which the commands of a page run; sourced inside its namespaces by scripts/test.d/docs.sh.

# A directory of the system, with what is written to it thrown away afterwards.
cover() {
    mkdir -p "$layers/$1.new" "$layers/$1.work"
    mount -t overlay overlay -o "lowerdir=/$1,upperdir=$layers/$1.new,workdir=$layers/$1.work" "/$1"
}

make_machine() {
    layers=$1/layers
    mkdir -p "$layers"
    mount -t tmpfs -o mode=755 none "$layers"
    mkdir -p "$layers/var"
    cover etc
    cover var
    cover usr
    cover root
    mount -t tmpfs -o mode=755 none /run
    hostname web-01
    printf '127.0.0.1 localhost web-01 collector.example.net\n' >/etc/hosts
    ip link set lo up
    rm -rf /etc/muster /var/lib/muster-agent /var/lib/muster-collector
}

# In place of systemd, which does not run here: starts and stops the programs of the units in systemd/, as root, and
# keeps what they log for journalctl.
make_service_commands() {
    mkdir -p "$work/bin" "$work/units"
    cat >"$work/bin/systemctl" <<END
#!/usr/bin/env bash
set -euo pipefail
work=$work root=$root
verb=\$1
shift
[ "\${1:-}" != --now ] || { shift && [ "\$verb" != enable ] || verb=start; }
unit=\${1:-}
unit=\${unit%.service}
stop() {
    [ -e "\$work/units/\$unit" ] || return 0
    kill "\$(cat "\$work/units/\$unit")"
    while kill -0 "\$(cat "\$work/units/\$unit")" 2>/dev/null; do sleep 0.1; done
    rm "\$work/units/\$unit"
}
start() {
    local command
    command=\$(sed -n 's|^ExecStart=/usr/bin/||p' "\$root/systemd/\$unit.service")
    \$command >>"\$work/\$unit.log" 2>&1 </dev/null &
    echo \$! >"\$work/units/\$unit"
}
case \$verb in
    start) start ;;
    stop) stop ;;
    restart) stop && start ;;
    is-active) [ -e "\$work/units/\$unit" ] && echo active ;;
    enable | daemon-reload) ;;
    *) echo "systemctl: \$verb is not known here" >&2 && exit 1 ;;
esac
# As Type=notify does: the command ends when the program is ready.
if [ "\$verb" != stop ] && [ "\$unit" = muster-collector ]; then
    for _ in \$(seq 100); do
        curl -sf --unix-socket /run/muster-collector/muster.sock http://localhost/readyz >/dev/null && break
        sleep 0.1
    done
fi
END
    # Of journalctl's options: -u UNIT, -n LINES.
    cat >"$work/bin/journalctl" <<END
#!/usr/bin/env bash
while [ \$# -gt 0 ]; do
    case \$1 in
        -u) unit=\${2%.service} && shift ;;
        -n) lines=\$2 && shift ;;
    esac
    shift
done
tail -n "\${lines:-1000}" "$work/\$unit.log"
END
    chmod +x "$work/bin/systemctl" "$work/bin/journalctl"
    export PATH=$work/bin:$PATH
}

wait_for() {
    local tries=300
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || { echo "never held: $*" && cat "$work"/*.log && return 1; }
        sleep 0.1
    done
}

is_inventoried() { [ "$(muster ci find --class service --format json | jq length)" -gt 0 ]; }
has_incident() { [ "$(muster incident list --format json | jq length)" -gt 0 ]; }

# A collector and an agent as they are installed, with a check that fails and a business service on this host.
install_stack() {
    mkdir -p /etc/muster /usr/share/muster /var/backups/muster-collector
    cp -r "$root/collector-config/." /etc/muster/
    cp "$root/agent-config/agent.toml" "$root/agent-config/policy.toml" /etc/muster/
    cp -r "$root/agent-config/profiles" "$root/agent-config/traps" /usr/share/muster/
    rm -rf /etc/muster/notifications
    cat >/etc/muster/services/web-shop.toml <<'END'
name = "Web shop"
depends_on = ["host:web-01"]
END
    mkdir -p /etc/muster/agent.d
    cat >/etc/muster/agent.d/shop.toml <<'END'
[[check]]
name = "shop-front"
type = "http"
url = "http://127.0.0.1:8080/"
interval = "1s"
timeout = "500ms"
END
    sed -i 's/^# heartbeat = .*/heartbeat = "1s"/' /etc/muster/agent.toml
}

start_stack() {
    muster-collector init >"$work/init.log" 2>&1
    systemctl start muster-collector
    wait_for muster agent list
    (umask 077 && muster-collector token >"$work/token")
    muster-agent enrol --token-file "$work/token" >"$work/enrol.log" 2>&1
    systemctl start muster-agent
    wait_for is_inventoried
    wait_for has_incident
}

# run_page PAGE WORK: WORK/commands is the script.
run_page() {
    local page=$1
    work=$2
    make_machine "$work"
    make_service_commands
    if ! grep -q '^<!-- no stack -->$' "$root/$page"; then
        install_stack
        start_stack
    fi
    mkdir "$work/here"
    cd "$work/here"
    local name
    for name in "$root"/*; do ln -s "$name" .; done
    cat >"$work/before" <<END
set -Eeuo pipefail
unset BASH_ENV
trap 'echo "FAILED $page:\$LINENO: \$BASH_COMMAND"' ERR
END
    BASH_ENV=$work/before bash "$work/commands"
}
