import Model

/// Accounts, printers and guests.
extension SectionReader {
    /// Local users; Windows has security identifiers in place of numbers.
    static let users = SectionReader(.users, each: "local_users") { facts, _ in
        numberOrSID("uid", &facts)
        facts.text("full_name", "name")
        facts.text("home", "home")
        facts.text("shell", "shell")
        return facts.record.text("login") ?? facts.record.text("name")
    }

    /// Local groups.
    static let groups = SectionReader(.groups, each: "local_groups") { facts, _ in
        numberOrSID("gid", &facts)
        let members = Set(facts.record.texts("members") + facts.record.texts("member"))
        let sorted = members.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        facts.list("members", Array(sorted.prefix(1000)))
        return facts.record.text("name")
    }

    private static func numberOrSID(_ name: String, _ facts: inout Facts) {
        guard let id = facts.record.text("id") else { return }
        if let number = Int64(id) { facts.set(name, .integer(number)) } else { facts.text("sid", "id") }
    }

    /// Who is signed in.
    static let logins = SectionReader(.logins, each: "users") { facts, _ in
        facts.text("user", "login")
        facts.text("domain", "domain")
        return facts.record.text("login")
    }

    /// Printers that the machine prints on.
    static let printers = SectionReader(.printers, each: "printers") { facts, _ in
        facts.text("model", "driver")
        facts.text("description", "description")
        facts.text("serial", "serial")
        // Where it is may hold a password before the `@`.
        facts.text("address", "port") { $0.utf8.contains(UInt8(ascii: "@")) ? nil : $0 }
        facts.flag("is_shared", "shared")
        return facts.record.text("name")
    }

    /// Virtual machines and containers; memory in MiB there.
    static let guests = SectionReader(.guests, each: "virtualmachines") { facts, _ in
        facts.text("type", "vmtype")
        facts.text("name", "name")
        facts.text("uuid", "uuid") { $0.utf8.count == 36 ? $0 : nil }
        facts.text("id", "uuid") { $0.utf8.count == 36 ? nil : $0 }
        facts.text("image", "image")
        facts.text("state", "status")
        facts.number("memory_bytes", "memory", times: 1 << 20, atMost: 1 << 60)
        facts.number("threads", "vcpu", atMost: 1_000_000)
        let manager = (facts.record.text("vmtype") ?? "vm").lowercased()
        return (facts.values["uuid"]?.text ?? facts.record.text("name") ?? facts.record.text("uuid")).map {
            "\(manager):\($0)"
        }
    }
}
