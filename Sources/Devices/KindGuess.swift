/// What a device is for, where its family's profile does not say: by what it has and by what its description calls it.
enum KindGuess {
    static func kind(_ report: DeviceReport) -> String? {
        if !report.supplies.isEmpty { return "printer" }
        if report.sensors.contains(where: { ["charge", "runtime"].contains($0.sensorClass) }) { return "power" }
        let description = (report.description ?? "").lowercased()
        if let named = phrases.first(where: { description.contains($0.0) })?.1 { return named }
        let described = Set(description.split { !($0.isLetter || $0.isNumber) })
        if let named = words.first(where: { described.contains(Substring($0.0)) })?.1 { return named }
        if report.interfaces.contains(where: { $0.type == "ieee80211" }) { return "wireless" }
        if !report.forwarding.isEmpty || report.interfaces.count > 7 { return "network" }
        return described.contains("linux") ? "server" : nil
    }

    private static let phrases: [(String, String)] = [
        ("firewall", "firewall"), ("access point", "wireless"), ("load balanc", "loadbalancer"),
        ("lights-out", "management"), ("remote access controller", "management"), ("console server", "management"),
        ("laserjet", "printer"), ("room alert", "environment"), ("sensorprobe", "environment"),
    ]

    /// Whole words: a group is no UPS.
    private static let words: [(String, String)] = [
        ("wireless", "wireless"), ("switch", "network"), ("router", "network"), ("printer", "printer"),
        ("ups", "power"),
        ("pdu", "power"), ("epdu", "power"), ("camera", "camera"), ("windows", "server"), ("esxi", "server"),
        ("storage", "storage"), ("nas", "storage"), ("thermometer", "environment"), ("bmc", "management"),
    ]
}
