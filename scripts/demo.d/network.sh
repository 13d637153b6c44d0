# The device: net-snmp's snmpd and lldpd in a network namespace of their own, joined to this host by a veth pair with
# lldpd at both ends. 198.18.0.0/15 is set aside for such set-ups (RFC 2544).

namespace=muster-demo
host_port=mdemo0
host_address=198.18.77.1
device_address=198.18.77.2
device_community=demo-$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n')

make_network() {
    ip netns add "$namespace"
    ip link add "$host_port" type veth peer name eth0 netns "$namespace"
    ip address add "$host_address/30" dev "$host_port"
    ip link set "$host_port" up
    ip -n "$namespace" address add "$device_address/30" dev eth0
    ip -n "$namespace" link set lo up
    ip -n "$namespace" link set eth0 up
}

remove_network() {
    ip netns del "$namespace" 2>/dev/null || true
    ip link del "$host_port" 2>/dev/null || true
}

start_device() {
    mkdir -p "$demo/device"
    cat >"$demo/device/snmpd.conf" <<END
agentaddress udp:$device_address:161
rocommunity $device_community
sysName demo-switch
sysLocation Demo rack 1
sysContact ops@example.com
master agentx
agentXSocket $demo/device/agentx
END
    chmod 600 "$demo/device/snmpd.conf"
    start_device_snmpd
    start_device_lldpd
    start host-lldpd /usr/sbin/lldpd -d -u "$demo/run/lldpd.sock" -I "$host_port"
}

start_device_snmpd() {
    start device-snmpd env SNMP_PERSISTENT_DIR="$demo/device/persist" ip netns exec "$namespace" \
        /usr/sbin/snmpd -f -Lo -C -c "$demo/device/snmpd.conf" -p "$demo/device/snmpd.real-pid"
    within 10 "snmpd answers in its namespace" \
        snmpget -v2c -c "$device_community" -t 0.3 -r 0 "$device_address" 1.3.6.1.2.1.1.5.0
}

start_device_lldpd() {
    start device-lldpd ip netns exec "$namespace" /usr/sbin/lldpd -d -u "$demo/device/lldpd.sock" -I eth0 \
        -S "Demo switch" -x -X "$demo/device/agentx"
    within 10 "lldpd runs at both ends" lldpcli -u "$demo/device/lldpd.sock" configure system hostname demo-switch
}
