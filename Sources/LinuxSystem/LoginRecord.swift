import Model

/// One entry of utmp (utmp(5)): who is signed in where, or when the machine started.
public struct LoginRecord: Hashable, Sendable {
    /// What an entry is about.
    public enum Kind: Int16, Sendable { case boot = 2, user = 7 }

    /// What it is about.
    public var kind: Kind
    /// The user's name.
    public var user: String
    /// The terminal.
    public var line: String
    /// Where the user came from; empty for the machine's own terminals.
    public var host: String
    /// Since when.
    public var time: Timestamp

    /// Bytes of an entry on Linux, the same on all architectures of glibc that keep 32-bit times here.
    private static let size = 384

    /// The entries of /run/utmp that are of a known kind.
    public static func all(_ root: SystemRoot) throws(SystemReadError) -> [LoginRecord] {
        let bytes = try root.bytes(root.exists("/run/utmp") ? "/run/utmp" : "/var/run/utmp", limit: 4 << 20)
        return stride(from: 0, to: bytes.count - bytes.count % size, by: size).compactMap { start in
            LoginRecord(bytes[start..<(start + size)])
        }
    }

    /// Type at 0, line at 8, user at 44, host at 76, seconds at 340.
    init?(_ entry: ArraySlice<UInt8>) {
        guard entry.count == LoginRecord.size else { return nil }
        let start = entry.startIndex
        let number = Int16(entry[start]) | Int16(entry[start + 1]) << 8
        guard let kind = Kind(rawValue: number) else { return nil }
        func text(_ offset: Int, _ count: Int) -> String {
            ByteText(slice: entry[(start + offset)..<(start + offset + count)].prefix { $0 != 0 }).string
        }
        self.kind = kind
        line = text(8, 32)
        user = text(44, 32)
        host = text(76, 256)
        let seconds = (0..<4).reduce(UInt32(0)) { $0 | UInt32(entry[start + 340 + $1]) << (8 * UInt32($1)) }
        time = Timestamp(seconds: Int64(seconds))
    }
}
