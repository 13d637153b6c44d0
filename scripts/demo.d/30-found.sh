say "1. What was found"
host_name=$(hostname)

host_is_known() { m ci find --class host --format json | jq -e 'length == 1'; }
within 30 "this host is a CI" host_is_known
host=$(m ci find --class host --format json | jq -r '.[0].id')

packages=$(dpkg-query -W | wc -l)
# Beside dpkg's there may be packages of other managers, such as Python's.
has_all_packages() {
    m ci items "$host" packages --limit 20000 --format json |
        jq -e --argjson all "$packages" '[.[] | select(any(.. | strings; startswith("deb:")))] | length == $all'
}
within 30 "all $packages packages that dpkg-query lists are there" has_all_packages
has_parts() {
    holds '[.children[].class] | (index("interface") and index("filesystem") and index("service")) != null' \
        ci show "$host"
}
within 20 "interfaces, file systems and listening services are CIs inside it" has_parts
check "operating system and memory are known" holds \
    '[.attributes[].name] | (index("os.name") != null and index("memory.size_bytes") != null)' ci show "$host"
check "each fact tells its source" holds '[.attributes[].source | startswith("agent:")] | all' ci show "$host"
run m ci show "$host"

device_is_known() { m ci find demo-switch --class device --format json | jq -e 'length == 1'; }
within 40 "the device is a CI, named by itself" device_is_known
device=$(m ci find demo-switch --class device --format json | jq -r '.[0].id')
device_is_read() {
    holds '([.attributes[].name] | index("system.vendor") != null) and ([.children[].class] | index("interface") != null)' \
        ci show "$device"
}
within 30 "it has vendor, name and interfaces" device_is_read
has_address() { m ci show "$device" --format json | jq -r '.children[].id' | while read -r id; do m ci show "$id" --format json; done | grep "$device_address"; }
within 20 "its address is on its interface" has_address
run m ci show "$device"

cable_ends() {
    m ci show "$device" --format json | jq -r '.children[] | select(.class == "interface") | .id' |
        while read -r id; do m ci show "$id" --format json; done |
        jq -se '[.[] | select(any(.relations[]; .kind == "connected-to" and .other.name == "'"$host_port"'"))] | .[0].id'
}
within 60 "LLDP shows the cable between $host_port here and the device" cable_ends
run m ci show "$(cable_ends)"
