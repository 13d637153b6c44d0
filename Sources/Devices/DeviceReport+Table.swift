import Model

extension DeviceReport {
    /// The report for a terminal: facts first, then a table per part, then what was not answered.
    ///
    /// Texts were freed of control characters when they were read, so a device cannot steer the terminal.
    public func table() -> String {
        var lines = factLines
        lines += Self.section("Interfaces", ["INDEX", "NAME", "ADMIN", "OPER", "SPEED", "MAC", "ALIAS"], interfaceRows)
        lines += Self.section("Addresses", ["ADDRESS", "INTERFACE"], addressRows)
        lines += Self.section("Neighbours", ["LOCAL PORT", "NAME", "CHASSIS", "PORT"], neighbourRows)
        lines += Self.section("Entities", ["INDEX", "CLASS", "NAME", "MODEL", "SERIAL"], entityRows)
        lines += Self.section("VLANs", ["VLAN", "NAME", "PORTS"], vlanRows)
        lines += Self.section("Sensors", ["CLASS", "NAME", "VALUE"], sensorRows)
        lines += Self.section("Supplies", ["NAME", "LEVEL", "OF"], supplyRows)
        lines += Self.section("Volumes", ["NAME", "KIND", "SIZE", "USED"], volumeRows)
        lines += Self.section(
            "Peers", ["PROTOCOL", "ADDRESS", "STATE"], peers.map { [$0.proto, "\($0.address)", $0.state] })
        lines += routeLines
        lines += Self.section(
            "Access points", ["NAME", "MODEL", "SERIAL", "MAC", "ADDRESS", "STATE", "CLIENTS"], accessPointRows)
        lines += Self.section("Guests", ["NAME", "UUID", "STATE", "MEMORY", "CPUS", "OS"], guestRows)
        lines += receiptLines
        return lines.joined(separator: "\n") + "\n"
    }

    private var factLines: [String] {
        let facts: [(String, String?)] = [
            ("name", name), ("vendor", vendor), ("model", model), ("os", os), ("version", version),
            ("serial", serial), ("kind", kind), ("description", description), ("object id", objectID?.description),
            ("location", location), ("contact", contact), ("uptime", uptimeSeconds.map { "\($0) s" }),
        ]
        return Columns.aligned(facts.map { [$0.0, $0.1 ?? "-"] })
    }

    private var interfaceRows: [[String]] {
        interfaces.map {
            [
                String($0.index), $0.name, $0.admin ?? "-", $0.oper ?? "-",
                $0.speedBitsPerSecond.map(Columns.speed) ?? "-", $0.mac?.description ?? "-", $0.alias ?? "",
            ]
        }
    }

    private var addressRows: [[String]] {
        addresses.map { address in
            let interface = interfaces.first { $0.index == address.interface }?.name
            return [address.text, interface ?? address.interface.map { String($0) } ?? "-"]
        }
    }

    private var neighbourRows: [[String]] {
        neighbours.map { [$0.localPort, $0.chassisName ?? "-", $0.chassisID, $0.portDescription ?? $0.portID] }
    }

    private var entityRows: [[String]] {
        entities.filter { $0.model != nil || $0.serial != nil }
            .map { [String($0.index), $0.entityClass, $0.name ?? "-", $0.model ?? "-", $0.serial ?? "-"] }
    }

    private var vlanRows: [[String]] { vlans.map { [String($0.id), $0.name ?? "-", String($0.interfaces.count)] } }

    private var sensorRows: [[String]] {
        sensors.map { sensor in
            let unit = SensorTable.units[sensor.sensorClass] ?? ""
            return [
                sensor.sensorClass, sensor.name,
                sensor.state ?? sensor.value.map { "\(Columns.rounded($0)) \(unit)" } ?? "-",
            ]
        }
    }

    private var supplyRows: [[String]] {
        supplies.map {
            [$0.name, $0.level.map { String($0) } ?? "-", "\($0.capacity.map { String($0) } ?? "-") \($0.unit ?? "")"]
        }
    }

    private var volumeRows: [[String]] {
        volumes.map {
            [$0.name, $0.kind, $0.sizeBytes.map { "\($0)" } ?? "-", $0.usedBytes.map { "\($0)" } ?? "-"]
        }
    }

    private var routeLines: [String] {
        guard let count = routes.count, count > 0 || !routes.defaults.isEmpty else { return [] }
        let protocols = routes.byProtocol.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        let detail = routes.isCut ? " (too many to be read)" : protocols.isEmpty ? "" : " (\(protocols))"
        let rows = routes.defaults.map { route in
            let interface = interfaces.first { $0.index == route.interface }?.name
            return [
                route.destination, route.nextHop?.description ?? "-",
                interface ?? route.interface.map { String($0) } ?? "-", route.proto ?? "-",
            ]
        }
        return Self.section("Routes: \(count)\(detail)", ["DEFAULT", "NEXT HOP", "INTERFACE", "PROTOCOL"], rows)
            + (rows.isEmpty ? ["", "Routes: \(count)\(detail)"] : [])
    }

    private var accessPointRows: [[String]] {
        accessPoints.map {
            [
                $0.name ?? "-", $0.model ?? "-", $0.serial ?? "-", $0.mac?.description ?? "-",
                $0.address?.description ?? "-", $0.state ?? "-", $0.clients.map { String($0) } ?? "-",
            ]
        }
    }

    private var guestRows: [[String]] {
        guests.map {
            [
                $0.name ?? "-", $0.uuid ?? "-", $0.state ?? "-", $0.memoryBytes.map { String($0) } ?? "-",
                $0.threads.map { String($0) } ?? "-", $0.os ?? "-",
            ]
        }
    }

    /// Tables of a size nobody reads are told by their number.
    private var countLines: [String] {
        [("forwarding entries", forwarding.count), ("ARP entries", arp.count)].filter { $0.1 > 0 }
            .map { "\($0.1) \($0.0)" }
    }

    private var receiptLines: [String] {
        let seconds = Double(Int64(min(max(receipt.seconds, 0), 1e9) * 1000)) / 1000
        var lines = [
            "", "\(receipt.requests) requests, \(receipt.retries) retries, \(receipt.rows) rows in \(seconds) s",
        ]
        lines += countLines
        lines += receipt.notAnswered.map { "not answered: \($0.key.rawValue): \($0.value)" }.sorted()
        if let failure = receipt.failure { lines.append("failed: \(failure)") }
        return lines
    }

    private static func section(_ title: String, _ head: [String], _ rows: [[String]]) -> [String] {
        rows.isEmpty ? [] : ["", title] + Columns.aligned([head] + rows)
    }
}

/// Lines of cells, padded to the widest of each column.
enum Columns {
    static func aligned(_ rows: [[String]]) -> [String] {
        let shown = rows.map { $0.map { String($0.prefix(60)) } }
        let count = shown.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            shown.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return shown.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                if column < row.count - 1 { line += String(repeating: " ", count: widths[column] - cell.count + 2) }
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    static func rounded(_ value: Double) -> String {
        guard value.magnitude < 1e12 else { return "\(value)" }
        let thousandths = (value * 1000).rounded() / 1000
        return thousandths == thousandths.rounded() ? "\(Int64(thousandths))" : "\(thousandths)"
    }

    static func speed(_ bits: Int64) -> String {
        switch bits {
        case 1_000_000_000... where bits % 1_000_000_000 == 0: "\(bits / 1_000_000_000)G"
        case 1_000_000...: "\(bits / 1_000_000)M"
        default: "\(bits)"
        }
    }
}
