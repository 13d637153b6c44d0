/// Goes through a table of an SQLite database, row by row.
struct SQLiteTable {
    private let pages: SQLitePages
    private static let largest = 64 << 20

    init(_ pages: SQLitePages) { self.pages = pages }

    /// The first page of the table called `name`; nil where there is none.
    func root(of name: String) throws -> UInt32? {
        var found: UInt32?
        // sqlite_schema: type, name, tbl_name, rootpage, sql.
        try eachRow(from: 1) { row in
            let columns = SQLiteRecord(row)
            if columns?.text(0) == "table", columns?.text(1) == name {
                found = columns?.number(3).flatMap(UInt32.init(exactly:))
            }
            return found == nil
        }
        return found
    }

    /// Gives `body` each row's record until it returns false.
    func eachRow(from root: UInt32, _ body: ([UInt8]) throws -> Bool) throws {
        var stack: [UInt32] = [root]
        var visited = 0
        while let number = stack.popLast() {
            visited += 1
            // A page that leads back to an earlier one would never end; no page belongs to two.
            guard visited <= pages.count, stack.count < 1 << 16 else {
                throw RPMDatabaseError("the tree of pages has no end")
            }
            let page = try pages.page(number)
            let start = number == 1 ? 100 : 0
            switch page[start] {
            case 0x05: stack += try children(page, start).reversed()
            case 0x0d:
                for place in cells(page, start, head: 8) {
                    if !(try body(try payload(page, place))) { return }
                }
            default: throw RPMDatabaseError("page \(number) is no page of a table")
            }
        }
    }

    private func children(_ page: [UInt8], _ start: Int) throws -> [UInt32] {
        var found: [UInt32] = []
        for place in cells(page, start, head: 12) {
            guard let child = page.bigEndian(at: place, count: 4) else { continue }
            found.append(UInt32(child))
        }
        if let last = page.bigEndian(at: start + 8, count: 4) { found.append(UInt32(last)) }
        return found
    }

    private func cells(_ page: [UInt8], _ start: Int, head: Int) -> [Int] {
        let count = Int(page.bigEndian(at: start + 3, count: 2) ?? 0)
        return (0..<count).compactMap { page.bigEndian(at: start + head + 2 * $0, count: 2).map(Int.init) }
    }

    /// The record of a leaf's cell: its length, its row number, then the bytes, which may go on in overflow pages.
    private func payload(_ page: [UInt8], _ place: Int) throws -> [UInt8] {
        var reader = SQLiteVarint(page, at: place)
        guard let length = reader.next().flatMap(Int.init(exactly:)), reader.next() != nil,
            length <= SQLiteTable.largest
        else { throw RPMDatabaseError("a row has no length") }
        let local = localBytes(length)
        guard reader.place + local <= pages.usable else { throw RPMDatabaseError("a row leaves its page") }
        var record = Array(page[reader.place..<(reader.place + local)])
        guard local < length else { return record }
        record.reserveCapacity(length)
        var next = page.bigEndian(at: reader.place + local, count: 4) ?? 0
        while record.count < length {
            guard next > 0, let number = UInt32(exactly: next) else { throw RPMDatabaseError("a row breaks off") }
            let overflow = try pages.page(number)
            next = overflow.bigEndian(at: 0, count: 4) ?? 0
            record += overflow[4..<min(pages.usable, 4 + length - record.count)]
        }
        return record
    }

    private func localBytes(_ length: Int) -> Int {
        let usable = pages.usable
        if length <= usable - 35 { return length }
        let least = (usable - 12) * 32 / 255 - 23
        let wanted = least + (length - least) % (usable - 4)
        return wanted <= usable - 35 ? wanted : least
    }
}

/// Numbers of one to nine bytes, seven bits in each.
struct SQLiteVarint {
    private let bytes: [UInt8]
    private(set) var place: Int

    init(_ bytes: [UInt8], at place: Int) {
        self.bytes = bytes
        self.place = place
    }

    /// The next number; nil at the end.
    mutating func next() -> UInt64? {
        var value: UInt64 = 0
        for index in 0..<9 {
            guard bytes.indices.contains(place) else { return nil }
            let byte = bytes[place]
            place += 1
            if index == 8 { return value << 8 | UInt64(byte) }
            value = value << 7 | UInt64(byte & 0x7f)
            if byte & 0x80 == 0 { return value }
        }
        return value
    }
}

/// The columns of one row.
struct SQLiteRecord {
    private let bytes: [UInt8]
    private var columns: [(type: UInt64, start: Int, count: Int)] = []

    /// Nil when the record's heading does not fit it.
    init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        var reader = SQLiteVarint(bytes, at: 0)
        guard let length = reader.next().flatMap(Int.init(exactly:)), length <= bytes.count else { return nil }
        var place = length
        while reader.place < length, columns.count < 100 {
            guard let type = reader.next(), let count = SQLiteRecord.bytes(type), count <= bytes.count - place else {
                return nil
            }
            columns.append((type, place, count))
            place += count
        }
    }

    /// A text column.
    func text(_ index: Int) -> String? {
        guard columns.indices.contains(index), columns[index].type >= 13, columns[index].type % 2 == 1 else {
            return nil
        }
        return String(decoding: content(index), as: UTF8.self)
    }

    /// A column of bytes.
    func blob(_ index: Int) -> ArraySlice<UInt8>? {
        guard columns.indices.contains(index), columns[index].type >= 12, columns[index].type % 2 == 0 else {
            return nil
        }
        return content(index)
    }

    /// A whole number that is not negative.
    func number(_ index: Int) -> UInt64? {
        guard columns.indices.contains(index) else { return nil }
        switch columns[index].type {
        case 8: return 0
        case 9: return 1
        case 1...6: return bytes.bigEndian(at: columns[index].start, count: columns[index].count)
        default: return nil
        }
    }

    private func content(_ index: Int) -> ArraySlice<UInt8> {
        bytes[columns[index].start..<(columns[index].start + columns[index].count)]
    }

    private static func bytes(_ type: UInt64) -> Int? {
        switch type {
        case 0, 8, 9: 0
        case 1...4: Int(type)
        case 5: 6
        case 6, 7: 8
        case 10, 11: nil
        default: Int(exactly: (type - 12) / 2)
        }
    }
}
