import Model
import TOML

/// Looks over a `[[device]]` of a policy: the keys and limits of agent.toml, but that a secret is never given, only named.
///
/// The collector has no SNMP, so these are words here; a test holds them against the agent's reader.
enum DeviceTable {
    private static let authentications = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]
    private static let privacies = ["des", "aes128", "aes192", "aes256", "aes256c"]
    private static let sections = [
        "system", "interfaces", "addresses", "neighbours", "sensors", "entities", "vlans", "forwarding", "arp",
        "supplies",
        "volumes", "peers", "routes", "access_points", "guests",
    ]

    /// The device's name; throws at the first key that is wrong.
    static func check(_ table: TOMLTable) throws(TOMLError) -> String {
        let name = try table.requiredString("name", maxBytes: 128)
        let address = try table.requiredString("address", maxBytes: 64)
        guard IPAddress(address) != nil else {
            throw table.refusal("address", found: "\"\(address)\"", accepted: "an IPv4 or IPv6 address")
        }
        _ = try table.int("port", in: 1...65_535)
        _ = try table.word("transport", among: ["udp", "tcp"])
        _ = try table.duration("timeout", in: .milliseconds(100) ... .seconds(60))
        _ = try table.int("retries", in: 0...10)
        _ = try table.duration("interval", in: .seconds(5) ... .seconds(86_400))
        _ = try table.duration("poll_interval", in: .seconds(1) ... .seconds(3600))
        _ = try table.int("failures", in: 1...100)
        _ = try table.bool("ping")
        _ = try table.words("sections", among: sections)
        for text in try table.strings("trap_addresses", maxBytes: 64) ?? [] where IPAddress(text) == nil {
            throw table.refusal("trap_addresses", found: "\"\(text)\"", accepted: "IPv4 and IPv6 addresses")
        }
        if let names = try table.strings("credentials", maxBytes: 64) {
            try check(names, table)
        } else {
            try checkCredential(table)
        }
        try table.finish()
        return name
    }

    /// Names of `[[credential]]` of the agent's own configuration, in place of a credential of the device's own.
    private static func check(_ names: [String], _ table: TOMLTable) throws(TOMLError) {
        guard (1...16).contains(names.count), names.allSatisfy({ PolicyCredential.isName($0) }) else {
            throw table.refusal(
                "credentials", found: "no list of such names", accepted: "1 to 16 names of [[credential]] in agent.toml"
            )
        }
        let own = [
            "version", "community", "community_file", "user", "context", "auth", "auth_file", "priv", "priv_file",
        ]
        guard !own.contains(where: { table.contains($0) }) else {
            throw table.refusal("credentials", found: "given beside a credential", accepted: "one of the two")
        }
    }

    private static func checkCredential(_ table: TOMLTable) throws(TOMLError) {
        guard try table.word("version", among: ["1", "2c", "3"]) == "3" else {
            guard !table.contains("community") else {
                throw table.refusal(
                    "community", found: "a secret in a policy", accepted: "community_file with the name of a credential"
                )
            }
            return try PolicyItems.credential(table, "community_file")
        }
        _ = try table.string("context", maxBytes: 255)
        _ = try table.requiredString("user", maxBytes: 32)
        let authentication = try table.word("auth", among: authentications)
        let privacy = try table.word("priv", among: privacies)
        try PolicyItems.credential(table, "auth_file")
        try PolicyItems.credential(table, "priv_file")
        guard (authentication == nil) == !table.contains("auth_file") else {
            throw table.missing(authentication == nil ? "auth" : "auth_file")
        }
        guard (privacy == nil) == !table.contains("priv_file") else {
            throw table.missing(privacy == nil ? "priv" : "priv_file")
        }
        guard privacy == nil || authentication != nil else { throw table.missing("auth") }
    }
}
