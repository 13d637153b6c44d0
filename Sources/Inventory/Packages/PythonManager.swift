import LinuxSystem
import Model

/// Python distributions in the interpreters' own directories (PEP 376, PEP 566); virtual environments are not looked for.
struct PythonManager: PackageManager {
    let name = "pypi"

    func packages(_ root: SystemRoot, _ distribution: Distribution) throws -> FoundPackages? {
        let directories = PythonManager.directories(root)
        guard !directories.isEmpty else { return nil }
        var found = FoundPackages()
        for directory in directories {
            do {
                for entry in try root.names(directory) {
                    if let package = installed(entry, directory, root) { found.packages.append(package) }
                }
            } catch { found.trouble = error.description }
        }
        return found
    }

    private static func directories(_ root: SystemRoot) -> [String] {
        var found: [String] = []
        for base in ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64"] {
            for name in (try? root.names(base)) ?? []
            where name.hasPrefix("python") && root.link("\(base)/\(name)") == nil {
                for kind in ["dist-packages", "site-packages"] where root.exists("\(base)/\(name)/\(kind)") {
                    found.append("\(base)/\(name)/\(kind)")
                }
            }
        }
        return found
    }

    private func installed(_ entry: String, _ directory: String, _ root: SystemRoot) -> InstalledPackage? {
        let place = "\(directory)/\(entry)"
        let candidates: [String]
        if entry.hasSuffix(".dist-info") {
            candidates = [place + "/METADATA"]
        } else if entry.hasSuffix(".egg-info") {
            // A directory, or the file itself.
            candidates = [place + "/PKG-INFO", place]
        } else {
            return nil
        }
        guard let file = candidates.first(where: root.exists), let header = header(file, root),
            let name = header["Name"],
            (1...255).contains(name.utf8.count)
        else { return nil }
        let version = header["Version"] ?? ""
        let normalised = String(
            decoding: PackageURL.lowered(name).utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 },
            as: UTF8.self)
        return InstalledPackage(
            manager: self.name, name: name, version: version, vendor: header["Author"],
            license: header["License-Expression"] ?? header["License"], installed: root.modified(file), path: directory,
            url: PackageURL(type: "pypi", name: normalised, version: version))
    }

    /// The fields before the first blank line; of several of one name the first.
    private func header(_ path: String, _ root: SystemRoot) -> [String: String]? {
        var fields: [String: String] = [:]
        var left = 500
        do {
            try root.forEachLine(path, limit: 16 << 20) { line in
                left -= 1
                guard !line.isEmpty, left > 0 else { return false }
                if let first = line.bytes.first, (65...90).contains(first),
                    let (key, value) = line.cut(at: UInt8(ascii: ":")), key.bytes.count <= 32
                {
                    let name = key.string
                    if fields[name] == nil { fields[name] = ByteText(slice: value.bytes.prefix(255)).string }
                }
                return true
            }
        } catch { return nil }
        return fields
    }
}
