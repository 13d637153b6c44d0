/// What can be told of a device nobody described: from the words of sysDescr and from what it has.
enum IdentityGuess {
    /// A short description is the model, without the vendor's name before it.
    static func model(_ description: String, vendor: String?) -> String? {
        guard (2...48).contains(description.utf8.count) else { return nil }
        var text = description[...]
        if let vendor, text.lowercased().hasPrefix(vendor.lowercased() + " ") {
            text = text.dropFirst(vendor.count + 1)
        }
        let lowered = text.lowercased()
        if ["linux", "windows", "freebsd", "version", "snmp"].contains(where: lowered.contains) { return nil }
        let model = text.prefix { $0 != "," && $0 != ";" }
        return model.isEmpty ? nil : String(model)
    }

    /// What it has tells what it is for.
    static func kind(_ report: DeviceReport) -> String? {
        if !report.supplies.isEmpty { return "printer" }
        if report.sensors.contains(where: { ["charge", "runtime"].contains($0.sensorClass) }) { return "power" }
        if !report.forwarding.isEmpty || report.interfaces.count > 7 { return "network" }
        let text = (report.description ?? "").lowercased()
        let words: [(String, String)] = [
            ("firewall", "firewall"), ("switch", "network"), ("router", "network"), ("access point", "wireless"),
            ("printer", "printer"), ("laserjet", "printer"), ("ups", "power"), ("pdu", "power"), ("camera", "camera"),
            ("linux", "server"), ("windows", "server"), ("storage", "storage"),
        ]
        return words.first { text.contains($0.0) }?.1
    }
}
