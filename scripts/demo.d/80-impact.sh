say "6. What hangs on what"
show "What fails with the web server:"
run m impact "$web"
check "the web server takes the business service with it" holds '[.affected[].ci] | index('"$shop"') != null' impact "$web"
show "What fails with this host:"
run m impact "$host"
check "the host takes web server and business service with it" holds \
    '[.affected[].ci] | (index('"$web"') != null and index('"$shop"') != null)' impact "$host"
within 60 "the cable to the device is seen again after its absence" cable_ends
show "What is touched when the device fails:"
run m impact "$device"
check "the device touches the port at the other end of the cable" holds \
    '[.affected[].name] | index("'"$host_port"'") != null' impact "$device"
had_packages() { holds '.sections.packages != null' ci show "$host" --as-of "1m ago"; }
within 60 "a minute ago the host was there with its packages" had_packages
show "The host as it was a minute ago:"
run m ci show "$host" --as-of "1m ago"
