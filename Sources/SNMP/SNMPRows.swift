import Model

/// Variable bindings in little memory, in the order in which they were added: a walk of thousands of instances is kept by hundreds of
/// devices at a time.
///
/// Of an instance only what stands behind the subtree that was asked for is stored, and all that is stored lies in three arrays. A row
/// is made when it is asked for.
public struct SNMPRows: Sendable {
    /// One row: 16 octets.
    private struct Entry: Sendable {
        /// A number's bits; of what has a length where it begins and how long it is, 32 bits each.
        var payload: UInt64
        /// Where the instance's own sub-identifiers begin in `parts`.
        var first: UInt32
        /// Which of `roots` stands before them.
        var root: UInt16
        /// How many there are: an identifier has 128 at most.
        var count: UInt8
        var kind: Kind
    }

    private enum Kind: UInt8 {
        case integer, counter32, gauge32, timeticks, counter64, octets, oid, ipAddress, opaque
        case null, noSuchObject, noSuchInstance, endOfMib
    }

    /// What instances begin with. The first is the root of all identifiers, under which everything has a place.
    private var roots: [[UInt32]]
    /// How many rows each of them has.
    private var counts: [Int]
    private var lastRoot = 0
    private var entries: [Entry] = []
    private var parts: [UInt32] = []
    private var bytes: [UInt8] = []

    /// No rows. Those of the subtrees `roots` will take the least memory.
    public init(under roots: [OID] = []) {
        self.roots = [[]] + roots.prefix(Int(UInt16.max)).map(\.parts)
        counts = Array(repeating: 0, count: self.roots.count)
    }

    /// `rows` as they stand.
    public init(_ rows: some Sequence<SNMPRow>) {
        self.init()
        append(contentsOf: rows)
    }

    /// Adds a row behind the others.
    public mutating func append(_ row: SNMPRow) {
        let root = root(of: row.oid.parts)
        counts[root] += 1
        let own = row.oid.parts[roots[root].count...].prefix(Int(UInt8.max))
        let first = UInt32(clamping: parts.count)
        parts.makeRoom(for: own.count)
        parts += own
        let (kind, payload) = store(row.value)
        entries.makeRoom(for: 1)
        entries.append(
            Entry(payload: payload, first: first, root: UInt16(root), count: UInt8(own.count), kind: kind))
    }

    /// Adds rows behind the others.
    public mutating func append(contentsOf rows: some Sequence<SNMPRow>) {
        for row in rows { append(row) }
    }

    /// The rows under `entry`: of each the sub-identifiers behind it, at least one, and the value.
    public func under(_ entry: OID) -> [(index: [UInt32], value: SNMPValue)] {
        var found: [(index: [UInt32], value: SNMPValue)] = []
        visit(under: entry) { index, row in
            found.append((index, value(row)))
            return true
        }
        return found
    }

    /// Whether there is a row under `entry`.
    public func hasRows(under entry: OID) -> Bool {
        var isThere = false
        visit(under: entry) { _, _ in
            isThere = true
            return false
        }
        return isThere
    }

    /// Hands over what stands under `entry`, as long as `body` says that it wants more.
    private func visit(under entry: OID, _ body: (_ index: [UInt32], _ row: Entry) -> Bool) {
        let entry = entry.parts
        let heads: [Head?] = zip(roots, counts).map { root, count in
            if count == 0 { return nil }
            if root.starts(with: entry) { return .inside(Array(root[entry.count...])) }
            return entry.starts(with: root) ? .above(Array(entry[root.count...])) : nil
        }
        // Most readers ask for one of many columns; most columns of most devices are empty.
        if heads.allSatisfy({ $0 == nil }) { return }
        for row in entries {
            guard let head = heads[Int(row.root)] else { continue }
            let own = parts.part(Int(row.first), Int(row.count))
            switch head {
            case .inside(let head) where !head.isEmpty || !own.isEmpty:
                guard body(head + own, row) else { return }
            case .above(let rest) where own.count > rest.count && own.starts(with: rest):
                guard body(Array(own.dropFirst(rest.count)), row) else { return }
            default: continue
            }
        }
    }

    /// How a root lies to a table's entry.
    private enum Head {
        /// Below it, by these sub-identifiers.
        case inside([UInt32])
        /// Above it: these sub-identifiers have to follow.
        case above([UInt32])
    }

    /// The root an identifier stands under. A walk of several columns gets a row of each in turn, so the next one is tried first.
    private mutating func root(of oid: [UInt32]) -> Int {
        guard roots.count > 1 else { return 0 }
        let next = lastRoot + 1
        if next < roots.count, oid.starts(with: roots[next]) {
            lastRoot = next
        } else if lastRoot == 0 || !oid.starts(with: roots[lastRoot]) {
            lastRoot = roots.dropFirst().firstIndex { oid.starts(with: $0) } ?? 0
        }
        return lastRoot
    }

    private mutating func store(_ value: SNMPValue) -> (Kind, UInt64) {
        switch value {
        case .integer(let number): (.integer, UInt64(bitPattern: number))
        case .counter32(let number): (.counter32, UInt64(number))
        case .gauge32(let number): (.gauge32, UInt64(number))
        case .timeticks(let number): (.timeticks, UInt64(number))
        case .counter64(let number): (.counter64, number)
        case .octets(let octets): (.octets, store(octets))
        case .opaque(let octets): (.opaque, store(octets))
        case .ipAddress(let address): (.ipAddress, store(address.octets))
        case .oid(let oid): (.oid, store(oid))
        case .null: (.null, 0)
        case .noSuchObject: (.noSuchObject, 0)
        case .noSuchInstance: (.noSuchInstance, 0)
        case .endOfMib: (.endOfMib, 0)
        }
    }

    private mutating func store(_ octets: [UInt8]) -> UInt64 {
        bytes.makeRoom(for: octets.count)
        defer { bytes += octets }
        return Self.place(bytes.count, octets.count)
    }

    private mutating func store(_ oid: OID) -> UInt64 {
        defer { parts += oid.parts }
        return Self.place(parts.count, oid.parts.count)
    }

    private static func place(_ first: Int, _ count: Int) -> UInt64 {
        UInt64(UInt32(clamping: first)) << 32 | UInt64(UInt32(clamping: count))
    }

    private func value(_ entry: Entry) -> SNMPValue {
        let low = UInt32(truncatingIfNeeded: entry.payload)
        let (first, count) = (Int(entry.payload >> 32), Int(low))
        switch entry.kind {
        case .integer: return .integer(Int64(bitPattern: entry.payload))
        case .counter32: return .counter32(low)
        case .gauge32: return .gauge32(low)
        case .timeticks: return .timeticks(low)
        case .counter64: return .counter64(entry.payload)
        case .octets: return .octets(Array(bytes.part(first, count)))
        case .opaque: return .opaque(Array(bytes.part(first, count)))
        case .ipAddress: return IPAddress(octets: bytes.part(first, count)).map { .ipAddress($0) } ?? .null
        case .oid: return .oid(OID(Array(parts.part(first, count))))
        case .null: return .null
        case .noSuchObject: return .noSuchObject
        case .noSuchInstance: return .noSuchInstance
        case .endOfMib: return .endOfMib
        }
    }
}

extension SNMPRows: RandomAccessCollection, ExpressibleByArrayLiteral, Hashable {
    /// The first row's place.
    public var startIndex: Int { 0 }
    /// The place behind the last row.
    public var endIndex: Int { entries.count }

    /// The row at a place of `indices`.
    public subscript(place: Int) -> SNMPRow {
        let entry = entries[place]
        let own = parts.part(Int(entry.first), Int(entry.count))
        return SNMPRow(OID(roots[Int(entry.root)] + own), value(entry))
    }

    /// Rows as they stand.
    public init(arrayLiteral rows: SNMPRow...) { self.init(rows) }

    /// Whether the rows are the same, however they are stored.
    public static func == (left: SNMPRows, right: SNMPRows) -> Bool { left.elementsEqual(right) }

    /// Of the rows.
    public func hash(into hasher: inout Hasher) {
        for row in self { hasher.combine(row) }
    }
}

extension Array {
    /// `count` elements from `first` on, as far as they are there.
    fileprivate func part(_ first: Int, _ count: Int) -> ArraySlice<Element> {
        let first = Swift.min(first, self.count)
        return self[first..<Swift.min(first + count, self.count)]
    }

    /// Room for `more` elements, and when there was none for an eighth as many as there are: an array that doubles is half empty
    /// on average, and hundreds of walks are under way at a time.
    fileprivate mutating func makeRoom(for more: Int) {
        if count + more > capacity { reserveCapacity(count + more + count / 8 + 16) }
    }
}
