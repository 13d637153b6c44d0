import Model

/// A managed switch that exists nowhere: 48 access ports and 4 uplinks, 300 addresses learned, 24 LLDP neighbours, ten
/// entities. ifTable and ifXTable have 2,132 variables.
enum SyntheticSwitch {
    private static let ports = 52
    private static let learned = 300
    private static let neighbours = 24

    /// The switch as lines `OID|TYPE|VALUE` in order, the form simulators of SNMP devices read (snmprec).
    static func recording() -> String {
        let rows = system() + interfaces() + addresses() + bridge() + entities() + lldp()
        return rows.sorted { $0.oid < $1.oid }.map { "\($0.oid)|\($0.type)|\($0.value)\n" }.joined()
    }

    private typealias Row = (oid: OID, type: String, value: String)

    private static func row(_ base: OID, _ suffix: [Int], _ type: String, _ value: some CustomStringConvertible) -> Row
    {
        (OID(base.parts + suffix.map { UInt32(clamping: $0) }), type, value.description)
    }

    private static func system() -> [Row] {
        let base: OID = [1, 3, 6, 1, 2, 1, 1]
        return [
            row(base, [1, 0], "4", "Example Networks EN-4850, software 7.3.1"),
            row(base, [2, 0], "6", "1.3.6.1.4.1.99999.1.48"),
            row(base, [3, 0], "67", 86_400_123), row(base, [4, 0], "4", "noc@example.net"),
            row(base, [5, 0], "4", "sw-access-01.example.net"), row(base, [6, 0], "4", "Building A, rack 3"),
            row(base, [7, 0], "2", 2),
        ]
    }

    /// ifTable (RFC 2863) with all 22 columns, ifXTable with all 19.
    private static func interfaces() -> [Row] {
        (1...ports).flatMap { port -> [Row] in
            let up = port % 3 == 0 ? 2 : 1
            let table: [(String, String)] = [
                ("2", "\(port)"), ("4", "GigabitEthernet1/0/\(port)"), ("2", "6"), ("2", "1500"), ("66", "1000000000"),
                ("4x", "020000000\(hexadecimal(port, digits: 3))"), ("2", "1"), ("2", "\(up)"),
                ("67", "\(12_345 * port)"),
                ("65", "\(port * 7_919_000)"), ("65", "\(port * 104_729)"), ("65", "\(port)"), ("65", "0"),
                ("65", "\(port % 5)"), ("65", "0"), ("65", "\(port * 6_271_000)"), ("65", "\(port * 99_991)"),
                ("65", "\(port)"), ("65", "\(port % 3)"), ("65", "0"), ("66", "0"), ("6", "0.0"),
            ]
            let extended: [(String, String)] = [
                ("4", "Gi1/0/\(port)"), ("65", "\(port * 11)"), ("65", "\(port * 13)"), ("65", "\(port * 17)"),
                ("65", "\(port * 19)"), ("70", "\(port * 7_919_000_123)"), ("70", "\(port * 104_729_001)"),
                ("70", "\(port * 11)"), ("70", "\(port * 13)"), ("70", "\(port * 6_271_000_321)"),
                ("70", "\(port * 99_991_007)"), ("70", "\(port * 17)"), ("70", "\(port * 19)"), ("2", "1"),
                ("66", "1000"),
                ("2", "2"), ("2", "1"), ("4", "user port \(port), room \(100 + port)"), ("67", "0"),
            ]
            return table.enumerated().map {
                row([1, 3, 6, 1, 2, 1, 2, 2, 1], [$0.offset + 1, port], $0.element.0, $0.element.1)
            }
                + extended.enumerated().map {
                    row([1, 3, 6, 1, 2, 1, 31, 1, 1, 1], [$0.offset + 1, port], $0.element.0, $0.element.1)
                }
        }
    }

    private static func addresses() -> [Row] {
        (1...4).flatMap { number -> [Row] in
            let base: OID = [1, 3, 6, 1, 2, 1, 4, 20, 1]
            let index = [10, 0, number, 1]
            return [
                row(base, [1] + index, "64", "10.0.\(number).1"), row(base, [2] + index, "2", number),
                row(base, [3] + index, "64", "255.255.255.0"),
            ]
        }
    }

    /// dot1dBasePortTable and dot1dTpFdbTable (RFC 4188).
    private static func bridge() -> [Row] {
        let base: OID = [1, 3, 6, 1, 2, 1, 17]
        let members = (1...ports).flatMap { port in
            [row(base, [1, 4, 1, 1, port], "2", port), row(base, [1, 4, 1, 2, port], "2", port)]
        }
        let table = (0..<learned).flatMap { number -> [Row] in
            let index = [2, 0x10, 0, number / 256, number % 256, number * 37 % 256]
            return [
                row(base, [4, 3, 1, 1] + index, "4x", index.map { hexadecimal($0, digits: 2) }.joined()),
                row(base, [4, 3, 1, 2] + index, "2", number % ports + 1), row(base, [4, 3, 1, 3] + index, "2", 3),
            ]
        }
        return members + table
    }

    /// entPhysicalTable (RFC 6933): a chassis with modules.
    private static func entities() -> [Row] {
        (1...10).flatMap { number -> [Row] in
            let columns: [(Int, String, String)] = [
                (2, "4", "module \(number)"), (3, "6", "0.0"), (4, "2", number == 1 ? "0" : "1"),
                (5, "2", number == 1 ? "3" : "9"), (6, "2", "\(number)"), (7, "4", "slot \(number)"), (8, "4", "1.0"),
                (9, "4", "7.3"), (10, "4", "7.3.1"), (11, "4", "EN\(10_000_000 + number)"),
                (12, "4", "Example Networks"),
                (13, "4", "EN-MOD-\(number)"), (14, "4", ""), (15, "4", ""), (16, "2", "1"),
            ]
            return columns.map { row([1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1], [$0.0, number], $0.1, $0.2) }
        }
    }

    /// lldpLocPortTable and lldpRemTable (IEEE 802.1AB).
    private static func lldp() -> [Row] {
        let base: OID = [1, 0, 8802, 1, 1, 2, 1]
        let local = (1...ports).flatMap { port in
            [
                row(base, [3, 7, 1, 2, port], "2", 5), row(base, [3, 7, 1, 3, port], "4", "Gi1/0/\(port)"),
                row(base, [3, 7, 1, 4, port], "4", "port \(port)"),
            ]
        }
        let remote = (1...neighbours).flatMap { number -> [Row] in
            let columns: [(Int, String, String)] = [
                (4, "2", "4"), (5, "4x", "0200330000" + hexadecimal(number, digits: 2)), (6, "2", "5"),
                (7, "4", "Gi0/1"),
                (8, "4", "uplink"), (9, "4", "peer-\(number)"), (10, "4", "Example peer"), (11, "4x", "2800"),
                (12, "4x", "2000"),
            ]
            return columns.map { row(base, [4, 1, 1, $0.0, 0, number, number], $0.1, $0.2) }
        }
        return local + remote
    }

    private static func hexadecimal(_ number: Int, digits: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
