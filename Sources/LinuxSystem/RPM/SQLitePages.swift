/// The pages of an SQLite database that nobody else need open (sqlite.org "Database File Format"): read only, with what
/// a write-ahead log has committed.
struct SQLitePages {
    /// Bytes of a page.
    let pageSize: Int
    /// Bytes of a page that hold content.
    let usable: Int
    private let file: RandomAccessFile
    private let log: RandomAccessFile?
    /// Where a page stands in the log.
    private var logged: [UInt32: Int] = [:]

    /// Opens the database at `path`; throws ``RPMDatabaseError`` when it is not one.
    init(_ path: String, _ root: SystemRoot) throws {
        file = try RandomAccessFile(path, root)
        let header = try file.bytes(at: 0, count: 100)
        guard header.count == 100, header.starts(with: Array("SQLite format 3".utf8) + [0]),
            let size = header.bigEndian(at: 16, count: 2)
        else { throw RPMDatabaseError("\(path) is no SQLite database") }
        pageSize = size == 1 ? 65_536 : Int(size)
        guard (512...65_536).contains(pageSize), pageSize.nonzeroBitCount == 1, pageSize - Int(header[20]) >= 480 else {
            throw RPMDatabaseError("\(path): a page of \(pageSize) bytes")
        }
        usable = pageSize - Int(header[20])
        log = try? RandomAccessFile(path + "-wal", root)
        try readLog()
    }

    /// How many pages there can be.
    var count: Int { file.size / pageSize + logged.count }

    /// One page, numbered from 1.
    func page(_ number: UInt32) throws -> [UInt8] {
        let bytes: [UInt8]
        if let place = logged[number], let log {
            bytes = try log.bytes(at: place, count: pageSize)
        } else {
            guard number > 0 else { throw RPMDatabaseError("page 0 is asked for") }
            bytes = try file.bytes(at: (Int(number) - 1) * pageSize, count: pageSize)
        }
        guard bytes.count == pageSize else { throw RPMDatabaseError("page \(number) is not there") }
        return bytes
    }

    /// Frames count up to the last one that commits, as long as their salt is the log's; their sums are not checked: a
    /// torn frame is behind the last commit.
    private mutating func readLog() throws {
        guard let log, log.size >= 32 else { return }
        let head = try log.bytes(at: 0, count: 32)
        guard let magic = head.bigEndian(at: 0, count: 4), magic & 0xffff_fffe == 0x377f_0682,
            head.bigEndian(at: 8, count: 4) == UInt64(pageSize), let salt = head.bigEndian(at: 16, count: 8)
        else { return }
        var pending: [UInt32: Int] = [:]
        var place = 32
        while place + 24 + pageSize <= log.size, pending.count < 1 << 20 {
            let frame = try log.bytes(at: place, count: 24)
            guard let number = frame.bigEndian(at: 0, count: 4), let commit = frame.bigEndian(at: 4, count: 4),
                frame.bigEndian(at: 8, count: 8) == salt
            else { break }
            pending[UInt32(number)] = place + 24
            if commit != 0 {
                logged.merge(pending) { $1 }
                pending = [:]
            }
            place += 24 + pageSize
        }
    }
}

/// Why a database of packages could not be read.
public struct RPMDatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line.
    public var description: String

    init(_ description: String) { self.description = description }
}
