import LinuxSystem
import Model

/// Ruby gems that are installed for everybody, by their specifications.
struct GemManager: PackageManager {
    let name = "gem"

    func packages(_ root: SystemRoot, _ distribution: Distribution) throws -> FoundPackages? {
        let directories = GemManager.directories(root)
        guard !directories.isEmpty else { return nil }
        var found = FoundPackages()
        for directory in directories {
            for entry in (try? root.names(directory)) ?? [] where entry.hasSuffix(".gemspec") {
                if let package = installed(entry, directory, root) {
                    found.packages.append(package)
                } else {
                    found.trouble = "\(directory)/\(entry) names no gem"
                }
            }
        }
        return found
    }

    /// `…/VERSION/specifications` and its `default` below the bases of Debian, Fedora and Ruby itself.
    private static func directories(_ root: SystemRoot) -> [String] {
        var found: [String] = []
        let bases = [
            "/var/lib/gems", "/usr/lib/ruby/gems", "/usr/local/lib/ruby/gems", "/usr/share/rubygems-integration",
        ]
        for base in bases {
            for version in (try? root.names(base, limit: 1000)) ?? [] {
                found.append("\(base)/\(version)/specifications")
            }
        }
        found.append("/usr/share/gems/specifications")
        return found.flatMap { [$0, $0 + "/default"] }.filter(root.exists)
    }

    /// `s.name = "rack".freeze` and the like in the first lines; the file is not run.
    private func installed(_ entry: String, _ directory: String, _ root: SystemRoot) -> InstalledPackage? {
        var fields: [String: String] = [:]
        var left = 200
        try? root.forEachLine("\(directory)/\(entry)", limit: 4 << 20) { line in
            left -= 1
            if let (key, value) = line.cut(at: UInt8(ascii: "=")), key.hasPrefix("s.") || key.hasPrefix("spec."),
                let text = quoted(value)
            {
                let name = key.string.split(separator: ".").last.map(String.init) ?? ""
                if fields[name] == nil { fields[name] = text }
            }
            return left > 0
        }
        guard let name = fields["name"], (1...255).contains(name.utf8.count) else { return nil }
        let version = fields["version"] ?? ""
        let platform = fields["platform"] ?? "ruby"
        return InstalledPackage(
            manager: self.name, name: name, version: version, architecture: platform == "ruby" ? "" : platform,
            license: fields["licenses"], installed: root.modified("\(directory)/\(entry)"), path: directory,
            url: PackageURL(
                type: "gem", name: name, version: version,
                qualifiers: [("platform", platform == "ruby" ? "" : platform)]))
    }

    /// What stands between the first quotes.
    private func quoted(_ text: ByteText) -> String? {
        guard let open = text.bytes.firstIndex(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }) else {
            return nil
        }
        let rest = text.bytes[(open + 1)...]
        guard let close = rest.firstIndex(of: text.bytes[open]) else { return nil }
        return ByteText(slice: rest[..<close].prefix(255)).string
    }
}
