import FoundationEssentials
import LinuxSystem
import Model

/// npm packages that are installed for everybody: those at the top of the system's `node_modules`, as `npm ls -g` lists
/// them.
struct NodeManager: PackageManager {
    let name = "npm"

    private static let directories = [
        "/usr/lib/node_modules", "/usr/lib64/node_modules", "/usr/local/lib/node_modules", "/usr/share/nodejs",
        "/usr/share/node_modules",
    ]

    func packages(_ root: SystemRoot, _ distribution: Distribution) throws -> FoundPackages? {
        let directories = NodeManager.directories.filter(root.exists)
        guard !directories.isEmpty else { return nil }
        var found = FoundPackages()
        for directory in directories {
            for entry in (try? root.names(directory)) ?? [] where !entry.hasPrefix(".") {
                if entry.hasPrefix("@") {
                    for inner in (try? root.names("\(directory)/\(entry)")) ?? [] {
                        take("\(entry)/\(inner)", directory, root, &found)
                    }
                } else {
                    take(entry, directory, root, &found)
                }
            }
        }
        return found
    }

    private struct Manifest: Decodable {
        var name: String
        var version: String?
    }

    private func take(_ entry: String, _ directory: String, _ root: SystemRoot, _ found: inout FoundPackages) {
        let path = "\(directory)/\(entry)/package.json"
        guard let bytes = try? root.bytes(path, limit: 4 << 20) else { return }
        guard let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(bytes)),
            (1...255).contains(manifest.name.utf8.count)
        else {
            found.trouble = "\(path) is no manifest"
            return
        }
        let parts = PackageURL.lowered(manifest.name).split(separator: "/", maxSplits: 1).map(String.init)
        found.packages.append(
            InstalledPackage(
                manager: name, name: manifest.name, version: manifest.version ?? "", installed: root.modified(path),
                path: directory,
                url: PackageURL(
                    type: "npm", namespace: parts.count == 2 ? parts[0] : "", name: parts.last ?? manifest.name,
                    version: manifest.version ?? "")))
    }
}
