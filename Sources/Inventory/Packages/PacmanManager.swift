import LinuxSystem
import Model

/// Packages of Arch's pacman: a directory for each with a file `desc` of `%NAME%` and the value below it.
struct PacmanManager: PackageManager {
    let name = "pacman"

    private static let directory = "/var/lib/pacman/local"

    func packages(_ root: SystemRoot, _ distribution: Distribution) throws -> FoundPackages? {
        let names: [String]
        do { names = try root.names(PacmanManager.directory) } catch {
            if case .absent = error { return nil }
            throw error
        }
        var found = FoundPackages()
        for entry in names where entry != "ALPM_DB_VERSION" {
            guard let fields = description(entry, root), let name = fields["NAME"], (1...255).contains(name.utf8.count)
            else {
                found.trouble = "\(PacmanManager.directory)/\(entry) names no package"
                continue
            }
            found.packages.append(installed(name, fields, distribution))
        }
        return found
    }

    private func installed(_ name: String, _ fields: [String: String], _ distribution: Distribution) -> InstalledPackage
    {
        let version = fields["VERSION"] ?? ""
        let architecture = fields["ARCH"] ?? ""
        return InstalledPackage(
            manager: self.name, name: name, version: version, architecture: architecture, vendor: fields["PACKAGER"],
            license: fields["LICENSE"], size: fields["SIZE"].flatMap { UInt64($0) },
            installed: fields["INSTALLDATE"].flatMap { Int64($0) }.map { Timestamp(seconds: $0) },
            source: fields["BASE"],
            url: PackageURL(
                type: "alpm", namespace: PackageURL.lowered(distribution.id), name: PackageURL.lowered(name),
                version: version, qualifiers: [("arch", architecture)]))
    }

    private func description(_ entry: String, _ root: SystemRoot) -> [String: String]? {
        guard let content = try? root.content("\(PacmanManager.directory)/\(entry)/desc", limit: 1 << 20) else {
            return nil
        }
        var fields: [String: String] = [:]
        var label: String?
        for line in content.lines.prefix(10_000) {
            if line.hasPrefix("%"), line.hasSuffix("%") {
                label = ByteText(slice: line.bytes.dropFirst().dropLast().prefix(64)).string
            } else if let name = label {
                fields[name] = ByteText(slice: line.bytes.prefix(4096)).trimmed.string
                label = nil
            }
        }
        return fields
    }
}
