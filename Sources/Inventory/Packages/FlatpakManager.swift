import LinuxSystem
import Model

/// Applications and runtimes of Flatpak that are installed for everybody.
struct FlatpakManager: PackageManager {
    let name = "flatpak"

    private static let directory = "/var/lib/flatpak"

    func packages(_ root: SystemRoot, _ distribution: Distribution) throws -> FoundPackages? {
        guard root.exists(FlatpakManager.directory) else { return nil }
        var found = FoundPackages()
        func names(_ path: String) -> [String] { (try? root.names(path, limit: 10_000)) ?? [] }
        for kind in ["app", "runtime"] {
            let base = "\(FlatpakManager.directory)/\(kind)"
            for id in names(base) {
                for architecture in names("\(base)/\(id)") where architecture != "current" {
                    for branch in names("\(base)/\(id)/\(architecture)") {
                        let place = "\(base)/\(id)/\(architecture)/\(branch)/active"
                        guard root.exists(place) else { continue }
                        let version = stated(id, place, root) ?? branch
                        found.packages.append(
                            InstalledPackage(
                                manager: name, name: id, version: version, architecture: architecture,
                                installed: root.modified(place), state: branch,
                                path: "\(kind)/\(id)/\(architecture)/\(branch)",
                                url: PackageURL(
                                    type: "generic", namespace: "flatpak", name: id, version: version,
                                    qualifiers: [("arch", architecture)])))
                    }
                }
            }
        }
        return found
    }

    /// The version of the first release in the application's AppStream file.
    private func stated(_ id: String, _ place: String, _ root: SystemRoot) -> String? {
        var version: String?
        for directory in ["metainfo", "appdata"] where version == nil {
            for ending in [".metainfo.xml", ".appdata.xml"] where version == nil {
                try? root.forEachLine("\(place)/files/share/\(directory)/\(id)\(ending)", limit: 4 << 20) { line in
                    version = attribute(line.trimmed)
                    return version == nil
                }
            }
        }
        return version
    }

    private func attribute(_ line: ByteText) -> String? {
        guard line.hasPrefix("<release "), let start = line.string.firstRange(of: "version=\"") else { return nil }
        let text = line.string[start.upperBound...].prefix { $0 != "\"" }
        return (1...255).contains(text.utf8.count) ? String(text) : nil
    }
}
