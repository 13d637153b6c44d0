/// RPM's own list of packages, read from its file: SQLite (RPM 4.16 and later) and ndb (SUSE).
public enum RPMDatabase {
    /// Where distributions keep it.
    private static let directories = ["/var/lib/rpm", "/usr/lib/sysimage/rpm", "/usr/share/rpm"]

    /// Gives `body` each package's header and returns how many could not be read; nil when the machine has no such
    /// database.
    public static func eachHeader(_ root: SystemRoot, _ body: (RPMHeader) -> Void) throws -> Int? {
        for directory in directories {
            if root.exists(directory + "/rpmdb.sqlite") {
                return try sqlite(directory + "/rpmdb.sqlite", root, body)
            }
            if root.exists(directory + "/Packages.db") {
                return try ndb(directory + "/Packages.db", root, body)
            }
            if root.exists(directory + "/Packages") {
                throw RPMDatabaseError("\(directory)/Packages is a Berkeley DB, which is not read")
            }
        }
        return nil
    }

    private static func sqlite(_ path: String, _ root: SystemRoot, _ body: (RPMHeader) -> Void) throws -> Int {
        let table = SQLiteTable(try SQLitePages(path, root))
        guard let first = try table.root(of: "Packages") else {
            throw RPMDatabaseError("\(path) has no table Packages")
        }
        var count = 0
        var lost = 0
        try table.eachRow(from: first) { row in
            if let header = SQLiteRecord(row)?.blob(1).flatMap({ RPMHeader($0) }) {
                body(header)
            } else {
                lost += 1
            }
            count += 1
            return count < 200_000
        }
        return lost
    }

    /// Slots of 16 bytes from the start of the file: `Slot`, package number, block, blocks; a block has 16 bytes. A blob
    /// begins with `BlbS`, package number, generation and length (rpm's lib/backend/ndb/rpmpkg.c).
    private static func ndb(_ path: String, _ root: SystemRoot, _ body: (RPMHeader) -> Void) throws -> Int {
        let file = try RandomAccessFile(path, root)
        let head = try file.bytes(at: 0, count: 32)
        guard head.starts(with: Array("RpmP".utf8)), let pages = head.littleEndian(at: 12, count: 4), pages < 1 << 14
        else {
            throw RPMDatabaseError("\(path) is no package database")
        }
        let slots = try file.bytes(at: 0, count: Int(pages) * 4096)
        var place = 32
        var lost = 0
        while place + 16 <= slots.count {
            defer { place += 16 }
            guard slots[place..<(place + 4)].elementsEqual("Slot".utf8),
                let number = slots.littleEndian(at: place + 4, count: 4),
                let block = slots.littleEndian(at: place + 8, count: 4), block > 0
            else { continue }
            let blob = try file.bytes(at: Int(block) * 16, count: 16)
            guard blob.starts(with: Array("BlbS".utf8)), blob.littleEndian(at: 4, count: 4) == number,
                let length = blob.littleEndian(at: 12, count: 4), length <= 64 << 20,
                let header = RPMHeader(try file.bytes(at: Int(block) * 16 + 16, count: Int(length))[...])
            else {
                lost += 1
                continue
            }
            body(header)
        }
        return lost
    }
}
