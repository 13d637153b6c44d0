import Model

extension SweepReport {
    /// The report for a terminal: who answered, where somebody refused, and how it went.
    ///
    /// Texts were freed of control characters when they were read.
    public func table() -> String {
        var lines: [String] = []
        if !devices.isEmpty {
            let rows = devices.map { device in
                [
                    device.address.description, device.name ?? "-", device.vendor ?? "-", device.os ?? "-",
                    device.kind ?? "-", device.credentials.first.map { String($0 + 1) } ?? "-",
                    device.description.map { String($0.prefix(60)) } ?? "-",
                ]
            }
            let head = ["ADDRESS", "NAME", "VENDOR", "OS", "KIND", "CREDENTIAL", "DESCRIPTION"]
            lines += Columns.aligned([head] + rows) + [""]
        }
        lines += withoutAnswer.map { "\($0.address): \($0.reason)" }
        lines += present.map { somebody in
            let ports = somebody.ports.map { " \($0)" }.joined()
            let mac = somebody.mac.map { ", \($0)" } ?? ""
            return
                "\(somebody.address): no SNMP, but \(somebody.ways.map(\.rawValue).joined(separator: ", "))\(ports)\(mac)"
        }
        let seconds = Double(Int64(min(max(receipt.seconds, 0), 1e9) * 1000)) / 1000
        lines.append(
            "\(devices.count) of \(receipt.addresses) addresses answered; \(receipt.questions) questions, "
                + "\(receipt.retries) retries in \(seconds) s")
        if !present.isEmpty { lines.append("\(present.count) more addresses where somebody is") }
        if receipt.unreachable > 0 { lines.append("no way to the address for \(receipt.unreachable) questions") }
        lines += receipt.failures.sorted { $0.key < $1.key }.map { "failed, \($0.value) times: \($0.key)" }
        if receipt.isCut { lines.append("more addresses answered or refused than are listed") }
        return lines.joined(separator: "\n") + "\n"
    }
}
