import LinuxSystem
import Model

/// Snaps: the revision that `current` points to of each.
struct SnapManager: PackageManager {
    let name = "snap"

    func packages(_ root: SystemRoot, _ distribution: Distribution) throws -> FoundPackages? {
        guard let base = ["/snap", "/var/lib/snapd/snap"].first(where: root.exists) else { return nil }
        var found = FoundPackages()
        for entry in try root.names(base, limit: 10_000) {
            guard let revision = root.link("\(base)/\(entry)/current") else { continue }
            found.packages.append(installed(entry, "\(base)/\(entry)/current", revision, root))
        }
        return found
    }

    private func installed(_ entry: String, _ place: String, _ revision: String, _ root: SystemRoot) -> InstalledPackage
    {
        // Only the plain `key: value` lines at the margin of the YAML are of use here.
        var version = ""
        var license: String?
        if let content = try? root.content(place + "/meta/snap.yaml", limit: 1 << 20) {
            for line in content.lines.prefix(10_000) {
                guard let (key, value) = line.cut(at: UInt8(ascii: ":")), !line.hasPrefix(" ") else { continue }
                let text = ByteText(slice: value.bytes.prefix(255)).string.filter { $0 != "'" && $0 != "\"" }
                if key == "version" { version = text }
                if key == "license" { license = text }
            }
        }
        return InstalledPackage(
            manager: name, name: entry, version: version, license: license,
            installed: root.modified("/var/lib/snapd/snaps/\(entry)_\(revision).snap"), state: "revision \(revision)",
            url: PackageURL(type: "generic", namespace: "snap", name: entry, version: version))
    }
}
