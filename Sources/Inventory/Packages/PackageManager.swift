import LinuxSystem
import Model

/// One way in which software comes onto a machine: one file, one line in ``PackageManagers``.
protocol PackageManager: Sendable {
    /// The name that its packages' keys begin with.
    var name: String { get }

    /// Its packages; nil where the machine does not have the manager. Throws where its files cannot be read.
    func packages(_ root: SystemRoot, _ distribution: Distribution) throws -> FoundPackages?
}

/// What a manager has installed.
struct FoundPackages {
    var packages: [InstalledPackage] = []
    /// What of it could not be read; nil for nothing.
    var trouble: String?
}

/// All managers that are known.
enum PackageManagers {
    static let all: [any PackageManager] = [
        DpkgManager(), RPMManager(), APKManager(), PacmanManager(), SnapManager(), FlatpakManager(), PythonManager(),
        NodeManager(), GemManager(), JavaManager(),
    ]
}

/// One package that is installed.
struct InstalledPackage {
    /// The manager's name.
    var manager: String
    var name: String
    var version = ""
    var architecture = ""
    /// Who made the package.
    var vendor: String?
    /// Who wrote what is in it, or under which terms it comes.
    var license: String?
    /// In bytes, as the packager stated it.
    var size: UInt64?
    var installed: Timestamp?
    /// The manager's word for its state, where there are several.
    var state: String?
    /// The directory it stands in, for managers that have several.
    var path: String?
    /// The package it was built from, where that has another name.
    var source: String?
    /// Its package URL.
    var url: PackageURL

    /// As an item: keyed by manager, name and architecture, or the directory where one package may be in several.
    var item: SectionItem {
        var facts = Attributes()
        facts.text("name", name)
        facts.text("version", version)
        facts.text("architecture", architecture)
        facts.text("vendor", vendor)
        facts.text("license", license)
        facts.text("state", state)
        facts.text("path", path)
        facts.text("source", source == name ? nil : source)
        facts.number("size_bytes", size)
        facts.text("install_date", installed?.rfc3339)
        facts.text("purl", url.text)
        return facts.item("\(manager):\(name):\(path ?? architecture)")
    }
}
