say "5. The device goes away; the collector is killed"
end device-snmpd
ip -n "$namespace" link set eth0 down
device_is_down() { m alarm list --format json | jq -e '[.[] | select(.ci == '"$device"' and .severity != "info" and .state == "firing")] | length >= 1'; }
within 40 "the device is down: an alarm fires" device_is_down
run m alarm list
ip -n "$namespace" link set eth0 up
start_device_snmpd
device_is_back() { ! device_is_down; }
within 40 "it is back: the alarm cleared" device_is_back

agent=$(m agent list --format json | jq -r '.[0].id')
figure() { m agent ledger "$agent" --format json | jq ".epochs[0].$1"; }
before=$(figure stored)
show "stored before: $before; killing the collector with SIGKILL three times while reports arrive"
for _ in 1 2 3; do
    end collector KILL
    sleep 1
    start_collector
    within 20 "the collector is up again" m agent list
done
caught_up() { [ "$(figure stored)" -gt "$((before + 3))" ] && [ "$(figure waiting)" -eq 0 ]; }
within 60 "the agent's spool has drained" caught_up
ledger_is_exact() {
    m agent ledger "$agent" --format json |
        jq -e '.epochs[0] | .missing == 0 and .enqueued <= (.stored + .refused + .declared_gaps) and .refused == 0 and .declared_gaps == 0'
}
within 20 "nothing lost: every sequence up to the newest is stored" ledger_is_exact
no_sequence_twice() { holds '.epochs[0] | .stored == .highest_sequence' agent ledger "$agent"; }
check "nothing doubled: as many are stored as sequences were given" no_sequence_twice
run m agent ledger "$agent"
run muster-agent status --config "$demo/etc/agent.toml"
