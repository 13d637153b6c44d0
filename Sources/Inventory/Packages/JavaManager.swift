import LinuxSystem
import Model

/// Java archives in the directories where distributions put them for everybody.
struct JavaManager: PackageManager {
    let name = "jar"

    private static let directories = [
        "/usr/share/java", "/usr/local/share/java", "/usr/lib/java", "/usr/share/tomcat9/lib",
        "/usr/share/tomcat10/lib",
    ]

    func packages(_ root: SystemRoot, _ distribution: Distribution) throws -> FoundPackages? {
        let directories = JavaManager.directories.filter(root.exists)
        guard !directories.isEmpty else { return nil }
        var found = FoundPackages()
        for directory in directories {
            for entry in (try? root.names(directory)) ?? [] where entry.hasSuffix(".jar") {
                let path = "\(directory)/\(entry)"
                // `x.jar` is most often a link to `x-1.2.jar` beside it.
                guard root.link(path) == nil else { continue }
                if let package = installed(path, entry, directory, root) {
                    found.packages.append(package)
                } else {
                    found.trouble = "\(path) could not be read as an archive"
                }
            }
        }
        return found
    }

    private func installed(_ path: String, _ entry: String, _ directory: String, _ root: SystemRoot)
        -> InstalledPackage?
    {
        guard let archive = ZipArchive(path, root) else { return nil }
        let manifest = archive.first { $0 == "META-INF/MANIFEST.MF" }.map { Manifest($0, separator: ":") }
        // Maven leaves group, artifact and version in a file of its own.
        let maven = archive.first {
            $0.hasPrefix("META-INF/maven/") && $0.hasSuffix("/pom.properties")
        }.map { Manifest($0, separator: "=") }
        let stem = String(entry.dropLast(4))
        let name = maven?["artifactId"] ?? manifest?["Implementation-Title"] ?? manifest?["Bundle-Name"] ?? stem
        let version = maven?["version"] ?? manifest?["Implementation-Version"] ?? manifest?["Bundle-Version"] ?? ""
        let group = maven?["groupId"]
        return InstalledPackage(
            manager: self.name, name: String(name.prefix(200)), version: version,
            vendor: manifest?["Implementation-Vendor"] ?? manifest?["Bundle-Vendor"],
            license: manifest?["Bundle-License"], installed: root.modified(path), path: path,
            url: PackageURL(
                type: group == nil ? "generic" : "maven", namespace: group ?? "", name: String(name.prefix(200)),
                version: version))
    }

    /// `Name: value` or `name=value` lines; a line that begins with a space goes on with the one before it.
    private struct Manifest {
        private var fields: [String: String] = [:]

        init(_ bytes: [UInt8], separator: Unicode.Scalar) {
            var name = ""
            for line in ByteText(slice: bytes[...]).lines.prefix(2000) {
                if line.hasPrefix(" "), let known = fields[name], known.utf8.count < 1024 {
                    fields[name] = known + ByteText(slice: line.bytes.dropFirst()).trimmed.string
                } else if let (key, value) = line.cut(at: UInt8(ascii: separator)), key.bytes.count <= 70 {
                    name = key.string
                    if fields[name] == nil { fields[name] = ByteText(slice: value.bytes.prefix(512)).string }
                }
            }
        }

        subscript(name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }
    }
}
