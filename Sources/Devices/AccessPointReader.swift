import Model
import SNMP

/// Reads the access points of wireless controllers from the tables that profiles name.
struct AccessPointReader {
    private let table: AccessPointTable
    private let rows: [OID: SNMPValue]

    /// The access points in what was read; of one that stands in two tables what the first says counts.
    static func accessPoints(_ rows: SNMPRows, tables: [AccessPointTable]) -> [DeviceAccessPoint] {
        var found: [DeviceAccessPoint] = []
        var places: [String: Int] = [:]
        for table in tables {
            for point in AccessPointReader(table, rows).accessPoints(rows) {
                if let place = places[point.key] {
                    found[place].fill(from: point)
                } else {
                    places[point.key] = found.count
                    found.append(point)
                }
            }
        }
        return found
    }

    private init(_ table: AccessPointTable, _ rows: SNMPRows) {
        self.table = table
        self.rows = Dictionary(rows.map { ($0.oid, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    private func accessPoints(_ rows: SNMPRows) -> [DeviceAccessPoint] {
        let clientsColumn = table.clients
        let columns = table.columns.filter { $0 != clientsColumn }
        var indexes: [[UInt32]] = []
        var seen: Set<[UInt32]> = []
        for column in columns {
            for (index, value) in rows.under(column) where index.count > table.skip && !value.isException {
                if seen.insert(index).inserted { indexes.append(index) }
            }
        }
        let clients = clients(rows, of: seen)
        return indexes.compactMap { accessPoint($0, clients: clients[$0]) }
    }

    /// A row; nil where it says nothing by which an access point could be known.
    private func accessPoint(_ index: [UInt32], clients: Int64?) -> DeviceAccessPoint? {
        let own = Array(index.dropFirst(table.skip))
        let letters = Self.letters(own)
        var point = DeviceAccessPoint(index: Self.text(of: own, as: table.index, letters) ?? Self.numbers(index))
        point.name = text(table.name, index) ?? (table.index == .name ? letters : nil)
        point.serial = text(table.serial, index) ?? (table.index == .serial ? letters : nil)
        point.mac = mac(value(table.mac, index)) ?? (table.index == .mac ? Self.mac(own) : nil)
        point.model = text(table.model, index)
        point.version = text(table.version, index)
        point.location = text(table.location, index)
        point.group = text(table.group, index)
        point.address = address(value(table.address, index))
        point.state = table.states.word(for: value(table.state, index))
        point.clients = clients
        return point.name == nil && point.serial == nil && point.mac == nil ? nil : point
    }

    private func value(_ column: OID?, _ index: [UInt32]) -> SNMPValue? {
        column.flatMap { rows[OID($0.parts + index)] }
    }

    private func text(_ column: OID?, _ index: [UInt32]) -> String? {
        switch value(column, index) {
        case .octets(let octets):
            guard let text = DeviceText.text(octets, limit: 255) else { return nil }
            return Self.nothing.contains(text.lowercased()) ? nil : text
        case .ipAddress(let address): return address.description
        case .some(let value): return value.number.map { String($0) }
        case nil: return nil
        }
    }

    /// What controllers say where they know nothing.
    private static let nothing: Set<String> = [
        "n/a", "none", "null", "unknown", "-", "--", "default location", "0.0.0.0",
    ]

    private func mac(_ value: SNMPValue?) -> MACAddress? {
        guard let octets = value?.octets else { return nil }
        let mac = MACAddress(octets: octets) ?? DeviceText.text(octets, limit: 64).flatMap { MACAddress($0) }
        return mac.flatMap { $0.isFiller || $0.isMulticast ? nil : $0 }
    }

    private func address(_ value: SNMPValue?) -> IPAddress? {
        let address: IPAddress?
        switch value {
        case .ipAddress(let told): address = told
        case .octets(let octets):
            // Text first: seven letters of an address are no octets of one, four octets are no text of one.
            address =
                DeviceText.text(octets, limit: 64).flatMap { IPAddress($0) }
                ?? (octets.count == 4 || octets.count == 16 ? IPAddress(octets: octets) : nil)
        default: address = nil
        }
        guard let address, !address.isUnspecified, !address.isLoopback, !address.isMulticast,
            !address.octets.allSatisfy({ $0 == 0xff })
        else { return nil }
        return address
    }

    /// Clients by access point: a row of its own index, or rows of its radios behind it.
    private func clients(_ rows: SNMPRows, of known: Set<[UInt32]>) -> [[UInt32]: Int64] {
        guard let column = table.clients else { return [:] }
        var clients: [[UInt32]: Int64] = [:]
        for (exact, value) in rows.under(column) {
            guard let number = value.number, (0...Self.mostClients).contains(number) else { continue }
            let owner = known.contains(exact) ? exact : Array(exact.dropLast())
            if known.contains(owner) { clients[owner, default: 0] += number }
        }
        return clients
    }

    /// More than any radio holds: larger numbers are no count.
    private static let mostClients: Int64 = 100_000

    // MARK: indexes

    private static func text(of index: [UInt32], as kind: AccessPointTable.Index, _ letters: String?) -> String? {
        switch kind {
        case .mac: mac(index)?.description
        case .serial, .name: letters
        case .none: nil
        }
    }

    /// Six numbers, or seven where their count stands before them.
    private static func mac(_ index: [UInt32]) -> MACAddress? {
        let numbers = index.count == 7 && index[0] == 6 ? index.dropFirst() : index[...]
        let octets = numbers.compactMap { UInt8(exactly: $0) }
        guard octets.count == numbers.count, let mac = MACAddress(octets: octets), !mac.isFiller else { return nil }
        return mac
    }

    /// An OCTET STRING in an index (RFC 2578 §7.7): its length before it, unless it is implied.
    private static func letters(_ index: [UInt32]) -> String? {
        guard let first = index.first else { return nil }
        let hasLength = Int(exactly: first) == index.count - 1
        let octets = (hasLength ? index.dropFirst() : index[...]).compactMap { UInt8(exactly: $0) }
        guard octets.count == index.count - (hasLength ? 1 : 0), DeviceText.isPrintable(octets) else { return nil }
        return DeviceText.text(octets, limit: 255)
    }

    private static func numbers(_ index: [UInt32]) -> String {
        index.prefix(64).map { String($0) }.joined(separator: ".")
    }
}
