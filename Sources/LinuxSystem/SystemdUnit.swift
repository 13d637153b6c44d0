/// A unit of systemd as its files describe it (systemd.unit(5)); systemd itself is not asked.
public struct SystemdUnit: Hashable, Sendable {
    /// Name with its type: `ssh.service`.
    public var name: String
    /// The file that defines it; nil where only links name it (an instance of a template).
    public var path: String?
    /// `Description=` of the file.
    public var description: String?
    /// `enabled`, `disabled`, `static` (cannot be enabled), `masked`, `generated` or `transient`.
    public var state: String

    /// The types that are listed.
    static let types = ["service", "socket", "timer", "mount", "automount", "path", "target", "swap", "slice"]

    /// Whether the name is one of a listed type.
    public static func isUnit(_ name: String) -> Bool {
        guard let dot = name.lastIndex(of: "."), name.utf8.count <= 255, dot != name.startIndex else { return false }
        return types.contains(String(name[name.index(after: dot)...]))
    }
}

/// All unit files of a machine.
public struct SystemdUnits: Sendable {
    /// The units, sorted by name.
    public private(set) var units: [SystemdUnit] = []
    /// Whether every directory and file could be read.
    public private(set) var isComplete = true

    /// Where definitions are looked for; an earlier place hides the same name in a later one.
    static let directories = [
        "/etc/systemd/system", "/run/systemd/system", "/run/systemd/transient", "/run/systemd/generator",
        "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system",
    ]
    private static let limit = 20_000

    private var byName: [String: SystemdUnit] = [:]
    private var enabled: Set<String> = []

    /// Whether systemd runs this machine.
    public static func isRunning(_ root: SystemRoot) -> Bool { root.exists("/run/systemd/system") }

    /// Reads the directories.
    public init(_ root: SystemRoot) {
        for directory in SystemdUnits.directories { read(directory, root) }
        for name in enabled where byName[name] == nil && SystemdUnit.isUnit(name) {
            // An instance has its template's file.
            guard let template = templateName(name).flatMap({ byName[$0] }) else { continue }
            byName[name] = SystemdUnit(
                name: name, path: template.path, description: template.description, state: "enabled")
        }
        units = byName.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for index in units.indices where units[index].state == "disabled" && enabled.contains(units[index].name) {
            units[index].state = "enabled"
        }
        byName = [:]
    }

    private mutating func read(_ directory: String, _ root: SystemRoot) {
        let names: [String]
        do { names = try root.names(directory) } catch {
            if case .absent = error { return }
            isComplete = false
            return
        }
        for name in names {
            guard byName.count < SystemdUnits.limit else {
                isComplete = false
                return
            }
            if name.hasSuffix(".wants") || name.hasSuffix(".requires") || name.hasSuffix(".upholds") {
                if directory == "/etc/systemd/system" || directory == "/run/systemd/system" {
                    for link in (try? root.names("\(directory)/\(name)")) ?? [] { enabled.insert(link) }
                }
            } else if SystemdUnit.isUnit(name), byName[name] == nil {
                take(name, directory, root)
            }
        }
    }

    private mutating func take(_ name: String, _ directory: String, _ root: SystemRoot) {
        let path = "\(directory)/\(name)"
        if let target = root.link(path) {
            if target == "/dev/null" {
                byName[name] = SystemdUnit(name: name, path: path, description: nil, state: "masked")
                return
            }
            let other = target.split(separator: "/").last.map(String.init) ?? ""
            // Another name for a unit: enabling it made the link. A link to the same name leads to the file.
            if other != name, SystemdUnit.isUnit(other) {
                if directory == "/etc/systemd/system" { enabled.insert(other) }
                return
            }
        }
        let content: ByteText
        do { content = try root.content(path, limit: 1 << 20) } catch {
            if case .absent = error { return }
            isComplete = false
            return
        }
        byName[name] = unit(name, path, directory, content)
    }

    private func unit(_ name: String, _ path: String, _ directory: String, _ content: ByteText) -> SystemdUnit {
        if content.trimmed.isEmpty { return SystemdUnit(name: name, path: path, description: nil, state: "masked") }
        var description: String?
        var canBeEnabled = false
        var section = ByteText(slice: [])
        for line in content.lines.prefix(10_000) {
            let line = line.trimmed
            if line.hasPrefix("["), line.hasSuffix("]") { section = line }
            guard let (key, value) = line.cut(at: UInt8(ascii: "=")), !value.isEmpty else { continue }
            if section == "[Unit]", key == "Description" {
                description = ByteText(slice: value.bytes.prefix(1024)).string
            } else if section == "[Install]" {
                canBeEnabled =
                    canBeEnabled || key == "WantedBy" || key == "RequiredBy" || key == "UpheldBy" || key == "Alias"
                    || key == "Also"
            }
        }
        let state =
            switch directory {
            case "/run/systemd/generator": "generated"
            case "/run/systemd/transient": "transient"
            default: canBeEnabled ? "disabled" : "static"
            }
        return SystemdUnit(name: name, path: path, description: description, state: state)
    }
}

/// `getty@.service` for `getty@tty1.service`; nil where there is no instance.
private func templateName(_ name: String) -> String? {
    guard let at = name.firstIndex(of: "@"), let dot = name.lastIndex(of: "."), at < dot else { return nil }
    return String(name[...at]) + String(name[dot...])
}
