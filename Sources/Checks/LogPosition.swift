import LinuxSystem
import Model
import Wire

/// How far a log was read, and when lines matched: what ``LogCheck`` keeps over restarts.
struct LogPosition: Hashable, Sendable {
    /// The file that was read: device and inode; nil while there was none.
    var file: FileIdentity?
    /// Bytes of it that are done.
    var offset: Int64 = 0
    /// Digest of its first bytes, by which a file that was emptied and filled again is told from one that grew.
    var beginning: SHA256Digest?
    /// How many bytes ``beginning`` is of.
    var beginningBytes = 0
    /// The boot in which ``matches`` are counted.
    var boot = ""
    /// Matching lines by when they were seen, in seconds since that boot.
    var matches: [Match] = []

    /// Lines that were seen in one run.
    struct Match: Hashable, Sendable {
        var second: Int64
        var count: Int
    }

    /// One file, whatever it is called.
    struct FileIdentity: Hashable, Sendable {
        var device: UInt64
        var inode: UInt64
    }

    private static let mostMatches = 500
    private static let head = "muster log 1"

    init() {}

    /// As text: a line for the file, one for the boot, then one for each run with matches.
    var bytes: [UInt8] {
        let place = file.map { "\($0.device) \($0.inode)" } ?? "- -"
        var lines = [LogPosition.head, "\(place) \(offset) \(beginningBytes) \(beginning?.description ?? "-")"]
        lines.append("boot \(boot)")
        lines += matches.map { "\($0.second) \($0.count)" }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    /// Reads what ``bytes`` wrote; nil on anything else.
    init?(_ bytes: [UInt8]) {
        guard bytes.count <= CheckMemory.limit, bytes.last == UInt8(ascii: "\n") else { return nil }
        let lines = ByteText(slice: bytes[...]).split(at: UInt8(ascii: "\n"))
        guard lines.count >= 3, lines[0].string == LogPosition.head, lines[2].hasPrefix("boot ") else { return nil }
        let fields = lines[1].fields
        guard fields.count == 5, let offset = fields[2].number, offset >= 0, let count = fields[3].number,
            (0...LogFile.beginningBytes).contains(Int(clamping: count))
        else { return nil }
        if let device = fields[0].count, let inode = fields[1].count {
            file = FileIdentity(device: device, inode: inode)
        }
        self.offset = offset
        beginningBytes = Int(clamping: count)
        beginning = SHA256Digest(hexadecimal: fields[4].string)
        boot = ByteText(slice: lines[2].bytes.dropFirst(5)).string
        for line in lines.dropFirst(3) {
            let fields = line.fields
            guard fields.count == 2, let second = fields[0].number, let number = fields[1].count, number < 1 << 40
            else { return nil }
            matches.append(Match(second: second, count: Int(number)))
        }
        guard matches.count <= LogPosition.mostMatches else { return nil }
    }

    /// Takes another boot into account: how long ago the lines were is not known any more; they count from its start.
    mutating func take(boot: String) {
        if self.boot != boot { matches = matches.map { Match(second: 0, count: $0.count) } }
        self.boot = boot
    }

    /// Adds lines seen now and forgets those of before `oldest`; how many there are.
    mutating func count(_ number: Int, at second: Int64, after oldest: Int64) -> Int {
        matches.removeAll { $0.second <= oldest }
        if number > 0 { matches.append(Match(second: second, count: number)) }
        while matches.count > LogPosition.mostMatches {
            // Two runs become one of the later time: lines stay a little longer, none is lost.
            matches[1].count += matches[0].count
            matches.removeFirst()
        }
        return matches.reduce(0) { $0 + $1.count }
    }
}
