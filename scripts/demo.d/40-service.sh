say "2. A business service that depends on a small web server"
show "$demo/etc/services/demo-shop.toml:"
sed 's/^/     /' "$demo/etc/services/demo-shop.toml"
web_is_known() { m ci find :8088 --class service --format json | jq -e 'length == 1'; }
within 20 "the web server is a CI, seen by its listening port" web_is_known
web=$(m ci find :8088 --class service --format json | jq -r '.[0].id')
shop_depends() {
    m ci find "Demo shop" --class business-service --format json | jq -r '.[0].id' |
        { read -r id && m ci show "$id" --format json; } |
        jq -e '[.relations[] | select(.kind == "depends-on" and .other.id == '"$web"')] | length == 1'
}
within 20 "the business service depends on it" shop_depends
shop=$(m ci find "Demo shop" --class business-service --format json | jq -r '.[0].id')
run m ci show "$web"
