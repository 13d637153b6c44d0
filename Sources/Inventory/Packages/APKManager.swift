import LinuxSystem
import Model

/// Packages of Alpine's apk (apk-installed(5)).
struct APKManager: PackageManager {
    let name = "apk"

    private static let places = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"]

    func packages(_ root: SystemRoot, _ distribution: Distribution) throws -> FoundPackages? {
        guard let path = APKManager.places.first(where: root.exists) else { return nil }
        var found = FoundPackages()
        var fields: [UInt8: String] = [:]
        try root.forEachLine(path, limit: 64 << 20) { line in
            guard let letter = line.bytes.first else {
                close(&fields, &found, distribution)
                return true
            }
            let rest = line.bytes.dropFirst()
            // Lines about files, which are most of them, begin with other letters.
            if rest.first == UInt8(ascii: ":"), APKManager.letters.contains(letter) {
                fields[letter] = ByteText(slice: rest.dropFirst().prefix(4096)).trimmed.string
            }
            return true
        }
        close(&fields, &found, distribution)
        return found
    }

    private static let letters = Set("PVAImoL".utf8)

    private func close(_ fields: inout [UInt8: String], _ found: inout FoundPackages, _ distribution: Distribution) {
        defer { fields = [:] }
        guard !fields.isEmpty else { return }
        func field(_ letter: Unicode.Scalar) -> String? { fields[UInt8(ascii: letter)] }
        guard let name = field("P"), (1...255).contains(name.utf8.count) else {
            found.trouble = "an entry has no usable name"
            return
        }
        let version = field("V") ?? ""
        let architecture = field("A") ?? ""
        found.packages.append(
            InstalledPackage(
                manager: self.name, name: name, version: version, architecture: architecture, vendor: field("m"),
                license: field("L"), size: field("I").flatMap { UInt64($0) }, source: field("o"),
                url: PackageURL(
                    type: "apk", namespace: PackageURL.lowered(distribution.id), name: PackageURL.lowered(name),
                    version: version, qualifiers: [("arch", architecture), ("distro", distribution.release)])))
    }
}
