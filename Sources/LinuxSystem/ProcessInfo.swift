/// One process as /proc shows it (proc(5)). Names and arguments are user input.
public struct ProcessInfo: Hashable, Sendable {
    /// The process number: valid for this reading only, never an identity.
    public var pid: Int
    /// The parent's number.
    public var parent: Int
    /// The name the process gave itself, at most 15 bytes.
    public var name: String
    /// Time in user mode and in the kernel since its start, in ticks of 1/100 s.
    public var ticks: UInt64
    /// When it started, in ticks of 1/100 s after boot.
    public var startTicks: UInt64
    /// Memory it holds, in pages.
    public var residentPages: UInt64

    /// The numbers of all processes, ascending.
    public static func pids(_ root: SystemRoot) throws(SystemReadError) -> [Int] {
        try root.names("/proc").compactMap { Int($0) }.filter { $0 > 0 }.sorted()
    }

    /// One process; nil when it is gone or its line cannot be read.
    public static func read(_ pid: Int, _ root: SystemRoot) -> ProcessInfo? {
        guard let content = try? root.content("/proc/\(pid)/stat", limit: 65_536) else { return nil }
        return ProcessInfo(pid: pid, stat: content)
    }

    /// Parses /proc/PID/stat; the name in parentheses may hold spaces and parentheses itself.
    init?(pid: Int, stat: ByteText) {
        guard let open = stat.bytes.firstIndex(of: UInt8(ascii: "(")),
            let close = stat.bytes.lastIndex(of: UInt8(ascii: ")")), open < close
        else { return nil }
        let fields = ByteText(slice: stat.bytes[(close + 1)...]).trimmed.fields
        // Fields are numbered from 3 here: state is 3, ppid 4, utime 14, stime 15, starttime 22, rss 24.
        guard fields.count >= 22, let parent = fields[1].number.flatMap(Int.init(exactly:)),
            let user = fields[11].count, let system = fields[12].count, let start = fields[19].count
        else { return nil }
        self.pid = pid
        self.parent = parent
        name = ByteText(slice: stat.bytes[(open + 1)..<close]).string
        ticks = user.addingReportingOverflow(system).partialValue
        startTicks = start
        residentPages = fields[21].count ?? 0
    }

    /// The program's file, ` (deleted)` removed; nil without permission and for kernel threads.
    public static func executable(_ pid: Int, _ root: SystemRoot) -> String? {
        guard let link = root.link("/proc/\(pid)/exe"), link.hasPrefix("/") else { return nil }
        let deleted = " (deleted)"
        return link.hasSuffix(deleted) ? String(link.dropLast(deleted.count)) : link
    }

    /// The arguments, at most 64 of them and 32 KiB; empty for kernel threads.
    public static func arguments(_ pid: Int, _ root: SystemRoot) -> [String] {
        guard let content = try? root.bytes("/proc/\(pid)/cmdline", limit: 4 << 20) else { return [] }
        return content.prefix(32_768).split(separator: 0, maxSplits: 64, omittingEmptySubsequences: false)
            .prefix(64).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The effective user's number; nil when the process is gone.
    public static func user(_ pid: Int, _ root: SystemRoot) -> UInt32? {
        guard let content = try? root.content("/proc/\(pid)/status", limit: 1 << 20) else { return nil }
        for line in content.lines where line.hasPrefix("Uid:") {
            let fields = line.fields
            return fields.count >= 3 ? fields[2].count.flatMap(UInt32.init(exactly:)) : nil
        }
        return nil
    }

    /// The systemd service unit it belongs to, from its control group; nil for sessions, containers and other systems.
    public static func unit(_ pid: Int, _ root: SystemRoot) -> String? {
        guard let content = try? root.content("/proc/\(pid)/cgroup", limit: 1 << 20) else { return nil }
        for line in content.lines {
            // `0::/path` (v2) or `N:name=systemd:/path` (v1).
            let parts = line.bytes.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[1].isEmpty || parts[1].elementsEqual("name=systemd".utf8) else { continue }
            if let unit = serviceUnit(ByteText(slice: parts[2])) { return unit }
        }
        return nil
    }

    /// The inodes of the sockets it holds; nil when that may not be seen, empty when it is gone.
    public static func socketInodes(_ pid: Int, _ root: SystemRoot) -> [UInt64]? {
        let directory = "/proc/\(pid)/fd"
        let names: [String]
        do { names = try root.names(directory) } catch {
            if case .unreadable = error { return nil }
            return []
        }
        return names.compactMap { name in
            guard let link = root.link(directory + "/" + name), link.hasPrefix("socket:["), link.hasSuffix("]")
            else { return nil }
            return UInt64(link.dropFirst(8).dropLast())
        }
    }
}

// Only the system's own services name a thing that stays; what a user starts hangs below user.slice.
private func serviceUnit(_ path: ByteText) -> String? {
    let parts = path.split(at: UInt8(ascii: "/"))
    guard let first = parts.first, first == "system.slice" else { return nil }
    guard let last = parts.last(where: { $0.hasSuffix(".service") }), last.bytes.count <= 255 else { return nil }
    return last.string
}
