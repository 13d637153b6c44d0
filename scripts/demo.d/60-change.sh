say "4. A change on the host"
change_seen() {
    m ci history "$host" --format json |
        jq -e '[.[] | select(.kind == "items-changed" and .section == "packages") | .changes[] | select((.name | contains(":hello:")) and '"$1"')] | length >= 1'
}
changed_alarm() { m alarm list --state all --format json | jq -e '[.[] | select(.severity == "info" and (.summary | contains("'"$1"'")))] | length >= 1'; }
if dpkg-query -W hello >/dev/null 2>&1; then
    show "the package hello is installed here already: a listening port shows the change instead"
    package=
elif DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends hello >/dev/null 2>&1; then
    package=hello
else
    show "no package can be installed here: a listening port shows the change instead"
    package=
fi
if [ -n "$package" ]; then
    within 30 "the package hello appeared in the host's history" change_seen '.before == null and .after != null'
    within 10 "a low alarm tells of it" changed_alarm hello
    DEBIAN_FRONTEND=noninteractive apt-get purge -y -qq hello >/dev/null 2>&1
    within 30 "its removal is there too, with what was before" change_seen '.before != null and .after == null'
else
    start port /usr/bin/python3 -m http.server 8099 --bind 127.0.0.1 --directory "$demo/web"
    port_is_known() { m ci find :8099 --class service --format json | jq -e 'length == 1'; }
    within 30 "the new listener is a CI" port_is_known
    within 10 "a low alarm tells of it" changed_alarm 8099
    end port
    port_is_gone() { m ci find :8099 --class service --format json | jq -e '.[0].state == "vanished"'; }
    within 30 "its end is in the history" port_is_gone
fi
run m ci history "$host" --limit 6
