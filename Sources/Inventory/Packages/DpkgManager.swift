import LinuxSystem

/// Packages of dpkg: all that `dpkg-query -W` lists, also one that is removed but has left configuration files.
struct DpkgManager: PackageManager {
    let name = "deb"

    func packages(_ root: SystemRoot, _ distribution: Distribution) throws -> FoundPackages? {
        let status: DpkgStatus
        do { status = try DpkgStatus.read(root) } catch {
            if case .absent = error { return nil }
            throw error
        }
        var found = FoundPackages()
        found.packages.reserveCapacity(status.packages.count)
        for package in status.packages { found.packages.append(installed(package, root, distribution)) }
        if status.malformed > 0 {
            found.trouble = "\(status.malformed) entries of \(DpkgStatus.path) have no usable name"
        }
        return found
    }

    private func installed(_ package: DpkgPackage, _ root: SystemRoot, _ distribution: Distribution) -> InstalledPackage
    {
        let bytes = package.installedKiB?.multipliedReportingOverflow(by: 1024)
        // dpkg writes the list of a package's files when it unpacks it.
        let list = "/var/lib/dpkg/info/\(package.name)"
        let date = root.modified(list + ".list") ?? root.modified("\(list):\(package.architecture).list")
        return InstalledPackage(
            manager: name, name: package.name, version: package.version, architecture: package.architecture,
            vendor: package.maintainer, size: bytes.flatMap { $0.overflow ? nil : $0.partialValue }, installed: date,
            state: package.state, source: package.source,
            url: PackageURL(
                type: "deb", namespace: PackageURL.lowered(distribution.id), name: PackageURL.lowered(package.name),
                version: package.version,
                qualifiers: [("arch", package.architecture), ("distro", distribution.release)]))
    }
}
