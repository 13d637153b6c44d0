import LinuxSystem
import Model

/// Packages of RPM, from its database file.
struct RPMManager: PackageManager {
    let name = "rpm"

    func packages(_ root: SystemRoot, _ distribution: Distribution) throws -> FoundPackages? {
        var found = FoundPackages()
        var broken = 0
        var keys: Set<String> = []
        let unread = try RPMDatabase.eachHeader(root) { header in
            guard var package = installed(header, distribution) else {
                broken += 1
                return
            }
            // Kernels are installed side by side: the version tells them apart.
            if !keys.insert("\(package.name):\(package.architecture)").inserted { package.path = package.version }
            found.packages.append(package)
        }
        guard let unread else { return nil }
        broken += unread
        if broken > 0 { found.trouble = "\(broken) headers could not be read" }
        return found
    }

    private func installed(_ header: RPMHeader, _ distribution: Distribution) -> InstalledPackage? {
        guard let name = header.text(.name), name.utf8.count <= 255 else { return nil }
        let version = [header.text(.version), header.text(.release)].compactMap { $0 }.joined(separator: "-")
        let epoch = header.number(.epoch).map { String($0) } ?? ""
        let architecture = header.text(.architecture) ?? ""
        return InstalledPackage(
            manager: self.name, name: name, version: epoch.isEmpty ? version : "\(epoch):\(version)",
            architecture: architecture, vendor: header.text(.vendor) ?? header.text(.packager),
            license: header.text(.license), size: header.number(.longSize) ?? header.number(.size),
            installed: header.number(.installTime).flatMap(Int64.init(exactly:)).map { Timestamp(seconds: $0) },
            source: header.text(.sourcePackage),
            url: PackageURL(
                type: "rpm", namespace: PackageURL.lowered(distribution.id), name: name, version: version,
                qualifiers: [
                    ("arch", architecture), ("distro", distribution.release), ("epoch", epoch),
                ]))
    }
}
