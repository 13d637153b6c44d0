/// The counters of the kernel's protocols (/proc/net/snmp and /proc/net/netstat: RFC 1213's `tcp` group and Linux' own
/// `TcpExt`; /proc/net/sockstat).
public enum ProtocolCounters {
    /// The values of one group of `path` by name; empty where the file has no such group. Each group is two lines that
    /// begin alike: the names, then the values, of which some are negative.
    public static func group(
        _ name: StaticString, in path: String, _ root: SystemRoot
    ) throws(SystemReadError) -> [String: Int64] {
        let lines = try root.content(path, limit: 1 << 20).lines.filter { $0.fields.first.map { $0 == name } ?? false }
        guard lines.count == 2 else { return [:] }
        let values = lines[1].fields.dropFirst().map(\.number)
        return pairs(lines[0].fields.dropFirst().map(\.string), values)
    }

    /// The values of a line of /proc/net/sockstat, `TCP: inuse 5 orphan 0 …`, by name.
    public static func sockets(_ name: StaticString, _ root: SystemRoot) throws(SystemReadError) -> [String: Int64] {
        let content = try root.content("/proc/net/sockstat", limit: 1 << 16)
        guard let line = content.lines.first(where: { $0.fields.first.map { $0 == name } ?? false }) else { return [:] }
        let words = Array(line.fields.dropFirst())
        let names = stride(from: 0, to: words.count, by: 2).map { words[$0].string }
        let values = stride(from: 1, to: words.count, by: 2).map { words[$0].number }
        return pairs(names, values)
    }

    private static func pairs(_ names: some Sequence<String>, _ values: some Sequence<Int64?>) -> [String: Int64] {
        zip(names, values).reduce(into: [:]) { pairs, pair in
            if let value = pair.1 { pairs[pair.0] = value }
        }
    }
}
