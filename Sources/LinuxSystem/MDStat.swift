/// A RAID set of the kernel as /proc/mdstat lists it.
public struct MDStat: Hashable, Sendable {
    /// The kernel's name, `md0`.
    public var name: String
    /// `active` or `inactive`.
    public var state: String
    /// `raid1` and the like; nil for an inactive set.
    public var level: String?
    /// The parts' names, each with `(F)` for a faulty and `(S)` for a spare one.
    public var members: [String]
    /// Its size in bytes.
    public var bytes: UInt64?
    /// How many disks it wants.
    public var disks: Int?
    /// How many of them work.
    public var working: Int?

    /// All sets of the list.
    public static func all(_ root: SystemRoot) -> [MDStat] {
        guard let content = try? root.content("/proc/mdstat", limit: 4 << 20) else { return [] }
        var sets: [MDStat] = []
        for line in content.lines.prefix(20_000) {
            if line.hasPrefix("md"), let set = MDStat(line) {
                sets.append(set)
            } else if line.hasPrefix(" "), !sets.isEmpty, sets.count <= 4096 {
                sets[sets.count - 1].take(line.fields)
            }
        }
        return sets.map(\.counted)
    }

    /// Sets without redundancy say no counts: all their members that are neither faulty nor spare are wanted.
    private var counted: MDStat {
        var set = self
        if disks == nil, state == "active" {
            set.disks = members.count { !$0.hasSuffix("(F)") && !$0.hasSuffix("(S)") }
            set.working = set.disks
        }
        return set
    }

    /// `md3 : active raid6 sda1[8] sdb1[7](F)`; an inactive set has no level, a set can be `(read-only)`.
    private init?(_ line: ByteText) {
        guard let (before, after) = line.cut(at: UInt8(ascii: ":")) else { return nil }
        var words = after.fields[...]
        guard let state = words.popFirst(), before.bytes.count <= 64 else { return nil }
        name = before.string
        self.state = state.string
        if words.first?.hasPrefix("(") ?? false { words = words.dropFirst() }
        if let level = words.first, !level.bytes.contains(UInt8(ascii: "[")) {
            self.level = level.string
            words = words.dropFirst()
        }
        members = words.prefix(1000).map { word in
            let parts = word.string.split(separator: "[")
            return (parts.first.map(String.init) ?? "?")
                + (parts.last?.split(separator: "]").dropFirst().joined() ?? "")
        }
    }

    /// `5853468288 blocks super 1.2 level 6, 64k chunk, algorithm 2 [8/8] [UUUUUUUU]`
    private mutating func take(_ words: [ByteText]) {
        if bytes == nil, words.count > 1, words[1] == "blocks" {
            bytes = words[0].count.flatMap { $0 < 1 << 50 ? $0 << 10 : nil }
        }
        for word in words where disks == nil && word.hasPrefix("[") && word.hasSuffix("]") {
            let counts = ByteText(slice: word.bytes.dropFirst().dropLast()).split(at: UInt8(ascii: "/"))
            guard counts.count == 2, let wanted = counts[0].count, let there = counts[1].count else { continue }
            disks = Int(exactly: wanted)
            working = Int(exactly: there)
        }
    }
}
