import LinuxSystem
import Model

/// What is installed: the distribution's packages and the libraries that language managers have put there for the whole
/// system, all from their own files; no package program is run.
public struct PackagesSource: InventorySource {
    /// `packages`
    public static let name = "packages"

    private static let limit = 200_000

    /// A source.
    public init() {}

    /// Asks every manager; one that fails costs its own packages only.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let distribution = Distribution(context.root)
        var items: [SectionItem] = []
        var troubles: [String] = []
        var absent: [String] = []
        for manager in PackageManagers.all {
            do {
                guard let found = try manager.packages(context.root, distribution) else {
                    absent.append(manager.name)
                    continue
                }
                items += found.packages.map(\.item)
                if let trouble = found.trouble { troubles.append("\(manager.name): \(trouble)") }
            } catch {
                troubles.append("\(manager.name): \(error)")
            }
        }
        if items.count > PackagesSource.limit {
            items = Array(items.prefix(PackagesSource.limit))
            troubles.append("more than \(PackagesSource.limit) packages")
        }
        guard !items.isEmpty || absent.count < PackageManagers.all.count else {
            return .noData("no package manager has left files (\(absent.joined(separator: ", ")))")
        }
        let section = InventorySection(
            name: .packages, items: items.withDistinctKeys, isComplete: troubles.isEmpty)
        return troubles.isEmpty ? .success([section]) : .partial([section], troubles.joined(separator: "; "))
    }
}

/// The distribution, as package URLs name it.
struct Distribution {
    /// os-release's `ID`.
    let id: String
    /// `ID-VERSION_ID`, or the name alone where there is no version.
    let release: String

    init(_ root: SystemRoot) {
        let release = try? OSRelease.read(root)
        id = release?.id ?? "linux"
        let version = release?.fields["VERSION_ID"] ?? ""
        self.release = release == nil ? "" : version.isEmpty ? id : "\(id)-\(version)"
    }
}
