import Model
import SNMP

/// Makes an event of a trap: what it means, which interface it is about, what it says.
public struct TrapReader: Sendable {
    private let catalogue: TrapCatalogue

    /// Values of a trap that are told.
    private static let details = 16
    /// Octets of one of them.
    private static let detailBytes = 200

    /// A reader that knows the traps of `catalogue`.
    public init(catalogue: TrapCatalogue) { self.catalogue = catalogue }

    /// The event; what a device says is text of a stranger and is told as such.
    public func event(_ trap: SNMPTrap) -> DeviceEvent {
        let known = catalogue.kind(of: trap.kind)
        let interface = Self.interface(trap)
        var event = DeviceEvent(
            kind: Self.kind(trap, known), subject: .device(target: trap.source), interface: interface,
            object: Self.object(trap, known), origin: .trap, trap: known?.name ?? trap.kind.description,
            details: Self.details(trap, known))
        if event.kind == .linkDown, Self.number(trap, MIB.ifEntry.appending(7)) == 2 { event.kind = .linkDisabled }
        return event
    }

    private static func kind(_ trap: SNMPTrap, _ known: TrapKind?) -> DeviceEventKind {
        guard let known else { return .other }
        guard let state = known.state, let number = number(trap, state) else { return known.kind }
        return known.states[number] ?? known.kind
    }

    /// ifIndex by its own value, else behind the name of any value of the interface tables.
    private static func interface(_ trap: SNMPTrap) -> UInt32? {
        if let number = number(trap, MIB.ifEntry.appending(1)) { return UInt32(exactly: number) }
        for row in trap.rows {
            for entry in [MIB.ifEntry, MIB.ifXEntry] {
                // One number for the column, one for the instance.
                if let rest = row.oid.suffix(after: entry), rest.count == 2 { return rest.last }
            }
        }
        return nil
    }

    /// The name of what it is about: what the trap's entry says, else that of the interface.
    private static func object(_ trap: SNMPTrap, _ known: TrapKind?) -> String {
        let columns = [known?.object, MIB.ifXEntry.appending(1), MIB.ifEntry.appending(2)].compactMap { $0 }
        for column in columns {
            if let row = trap.value(of: column), let text = text(row.value), !text.isEmpty { return text }
        }
        return ""
    }

    private static func details(_ trap: SNMPTrap, _ known: TrapKind?) -> [String] {
        var lines: [String] = []
        for row in trap.rows where lines.count < details {
            guard let text = text(row.value) else { continue }
            let column = known?.values.first { $0.key.isPrefix(of: row.oid) }
            // Of a trap that is known what its entry does not name is noise; of another anything may matter.
            guard known == nil || column != nil else { continue }
            lines.append("\(column?.value ?? row.oid.description) = \(text)")
        }
        return lines
    }

    private static func number(_ trap: SNMPTrap, _ column: OID) -> Int64? { trap.value(of: column)?.value.number }

    private static func text(_ value: SNMPValue) -> String? {
        switch value {
        case .octets(let octets):
            return DeviceText.isPrintable(octets)
                ? DeviceText.clean(octets, limit: detailBytes)
                : octets.isEmpty ? nil : DeviceText.hexadecimal(Array(octets.prefix(32)))
        case .oid(let oid): return oid.description
        case .ipAddress(let address): return address.description
        case .counter64(let number): return String(number)
        default: return value.number.map { String($0) }
        }
    }
}
