import Model
import TOML

extension TOMLTable {
    /// The networks under `key`, each written as prefix and length; nil where nothing is said of them.
    /// - Throws: `TOMLError` for a text that is none.
    package func networks(_ key: String) throws(TOMLError) -> [IPNetwork]? {
        guard let texts = try strings(key, maxBytes: 64) else { return nil }
        var networks: [IPNetwork] = []
        for text in texts {
            guard let network = IPNetwork(text) else {
                throw refusal(
                    key, found: "\"\(text)\"",
                    accepted: "networks such as \"192.0.2.0/24\" or \"2001:db8::/64\", all bits behind the prefix 0")
            }
            networks.append(network)
        }
        return networks
    }
}
