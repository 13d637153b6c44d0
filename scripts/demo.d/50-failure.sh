say "3. The web server fails and returns"
check_is_watching() { m agent list --format json | jq -e '.[0].state == "live"'; }
within 20 "the agent is live" check_is_watching
end web
stopped=$(date +%s%N)
alarm_fires() { m alarm list --format json | jq -e '[.[] | select(.ci == '"$web"' and .state == "firing")] | length == 1'; }
within 10 "an alarm fires on the web server's CI" alarm_fires
incident_is_open() { m incident list --format json | jq -e '[.[] | select(.ci == '"$web"' and .state == "new")] | length == 1'; }
within 10 "the collector opened an incident on it" incident_is_open
incident=$(m incident list --format json | jq -r '[.[] | select(.ci == '"$web"')][0].number')
mail_came() { jq -es '[.[] | select(.tls and (.subject | contains("Incident '"$incident"' ")))] | length >= 1' "$demo/sinks/mail.jsonl"; }
within 10 "a mail came, over TLS" mail_came
webhook_came() { jq -es '[.[] | select(.body | tostring | contains("\"incident\":'"$incident"'") or contains("Incident '"$incident"'"))] | length >= 1' "$demo/sinks/webhook.jsonl"; }
within 10 "a webhook came" webhook_came
elapsed=$((($(date +%s%N) - stopped) / 100000000))
show "everything within $((elapsed / 10)).$((elapsed % 10)) s of the failure"
check "that is at most 10 s" test "$elapsed" -le 100
check "the business service stands in its impact list" holds \
    '[.affected[] | select(.class == "business-service" and .name == "Demo shop")] | length == 1' incident show "$incident"
check "its priority comes from impact and urgency" holds '.priority >= 1 and .impact != null and .urgency != null' \
    incident show "$incident"
run m incident show "$incident"

start_web
incident_is_resolved() { holds '.state == "resolved"' incident show "$incident"; }
within 20 "the web server is back: the incident resolved by itself" incident_is_resolved
alarm_cleared() { m alarm list --format json | jq -e '[.[] | select(.ci == '"$web"' and (.state == "firing" or .state == "acknowledged"))] | length == 0'; }
check "its alarm is cleared" alarm_cleared
has_steps() { holds '[.timeline[].kind] | (index("opened") and index("alarm") and index("notification") and index("resolved")) != null' incident show "$incident"; }
within 10 "its timeline shows every step" has_steps
run m incident show "$incident"
sleep 3
no_twin() { m ci find :8088 --class service --format json | jq -e '[.[].id] == ['"$web"']'; }
within 20 "there is no twin of the web server's CI" no_twin
