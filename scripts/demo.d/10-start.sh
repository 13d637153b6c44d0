say "Starting a device, a web server, the collector and an agent"
write_certificate
make_network
start_device
start_web
start_sinks
show "mail goes to a local mail server and webhooks to a local receiver: $demo/sinks"
write_collector_config
write_business_service
run muster-collector check-config --config "$demo/etc/collector.toml"
run muster-collector init --config "$demo/etc/collector.toml"
start_collector
within 20 "the collector answers" m agent list
check "the console asks to sign in: https://127.0.0.1:7600/" \
    curl -fsS --cacert "$demo/collector/ca.pem" https://127.0.0.1:7600/sign-in
write_agent_config
muster-collector token --config "$demo/etc/collector.toml" >"$demo/run/token"
chmod 600 "$demo/run/token"
run muster-agent check-config --config "$demo/etc/agent.toml"
run muster-agent enrol --config "$demo/etc/agent.toml" --token-file "$demo/run/token"
rm "$demo/run/token"
start_agent
