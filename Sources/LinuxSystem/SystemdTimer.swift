/// A timer of systemd (systemd.timer(5)) as its unit file describes it.
public struct SystemdTimer: Hashable, Sendable {
    /// Its name, `apt-daily.timer`.
    public var name: String
    /// The unit it starts.
    public var unit: String
    /// When: `OnCalendar=daily`, `OnBootSec=15min` …
    public var times: [String]
    /// What it is for.
    public var description: String?
    /// The file that defines it.
    public var path: String

    private static let limit = 10_000

    /// The timers that are enabled: those without a link that starts them do nothing.
    public static func all(_ root: SystemRoot) -> [SystemdTimer] {
        guard SystemdUnits.isRunning(root) else { return [] }
        var found: [String: SystemdTimer] = [:]
        for directory in ["/etc/systemd/system", "/run/systemd/system"] {
            for name in (try? root.names(directory, limit: limit)) ?? [] where name.hasSuffix(".wants") {
                for timer in (try? root.names("\(directory)/\(name)", limit: limit)) ?? []
                where timer.hasSuffix(".timer") {
                    if found[timer] == nil { found[timer] = SystemdTimer(timer, root) }
                }
            }
        }
        return found.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Nil where no file defines it or it is masked.
    init?(_ name: String, _ root: SystemRoot) {
        let places = SystemdUnits.directories.map { "\($0)/\(name)" }
        guard name.utf8.count <= 255, let path = places.first(where: root.exists),
            let content = try? root.content(path, limit: 1 << 20)
        else { return nil }
        self.name = name
        self.path = path
        unit = String(name.dropLast(6)) + ".service"
        times = []
        for line in content.lines.prefix(1000) {
            guard let (key, value) = line.cut(at: UInt8(ascii: "=")), !value.isEmpty else { continue }
            if key == "Description" { description = ByteText(slice: value.bytes.prefix(1024)).string }
            if key == "Unit" { unit = ByteText(slice: value.bytes.prefix(255)).string }
            if key.hasPrefix("On"), times.count < 64 { times.append("\(key.string)=\(value.string)") }
        }
    }
}
