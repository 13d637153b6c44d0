import LinuxSystem
import Model

/// Packages of dpkg, from its own files; no package program is run.
///
/// Every package that `dpkg-query -W` lists is listed: also one that is removed but has left configuration files.
public struct PackagesSource: InventorySource {
    /// `packages`
    public static let name = "packages"

    /// A source.
    public init() {}

    /// Reads dpkg's list and its journal.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let status: DpkgStatus
        do { status = try DpkgStatus.read(context.root) } catch {
            if case .absent = error { return .noData(error.description) }
            throw error
        }
        let section = InventorySection(
            name: .packages, items: status.packages.map(item), isComplete: status.malformed == 0)
        return .success([section])
    }

    private func item(_ package: DpkgPackage) -> SectionItem {
        var facts = Attributes()
        facts.text("name", package.name)
        facts.text("version", package.version)
        facts.text("architecture", package.architecture)
        facts.text("vendor", package.maintainer)
        facts.text("state", package.state)
        let bytes = package.installedKiB?.multipliedReportingOverflow(by: 1024)
        facts.number("size_bytes", bytes.flatMap { $0.overflow ? nil : $0.partialValue })
        return facts.item("deb:\(package.name):\(package.architecture)")
    }
}
