import LinuxSystem
import Model

/// The operating system: what os-release(5) and the kernel say.
public struct OSSource: InventorySource {
    /// `os`
    public static let name = "os"

    /// The one kind there is.
    public init() {}

    /// Reads os-release and the kernel's name; either may be missing, not both.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        var attributes: [String: AttributeValue] = [:]
        do {
            let release = try OSRelease.read(context.root)
            attributes["id"] = .text(release.id)
            attributes["name"] = .text(release.name)
            attributes["version"] = text(release, "VERSION_ID")
            attributes["pretty_name"] = text(release, "PRETTY_NAME")
            attributes["codename"] = text(release, "VERSION_CODENAME")
            attributes["variant"] = text(release, "VARIANT_ID")
            let like = release.fields["ID_LIKE"]?.split(separator: " ").prefix(16).map(String.init) ?? []
            if !like.isEmpty { attributes["id_like"] = .list(like) }
        } catch {
            guard case .absent = error else { throw error }
        }
        let kernel = KernelName(context.root)
        attributes["kernel"] = kernel.release.map { .text($0) }
        attributes["kernel_version"] = kernel.version.map { .text($0) }
        attributes["architecture"] = architecture(context.root).map { .text($0) }
        guard !attributes.isEmpty else { return .noData("neither os-release nor /proc/sys/kernel is there") }
        return .success([InventorySection(name: .os, items: [SectionItem(key: "", attributes: attributes)])])
    }

    private func text(_ release: OSRelease, _ field: String) -> AttributeValue? {
        release.fields[field].flatMap { $0.isEmpty ? nil : .text($0) }
    }
}

/// The machine's architecture; for a recorded one what newer kernels (6.1) leave in their tree.
func architecture(_ root: SystemRoot) -> String? {
    KernelName(root).machine ?? root.line("/proc/sys/kernel/arch")
}
