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
        var facts = Attributes()
        do {
            facts.release(try OSRelease.read(context.root))
        } catch {
            guard case .absent = error else { throw error }
        }
        let kernel = KernelName(context.root)
        facts.text("kernel", kernel.release)
        facts.text("kernel_version", kernel.version)
        facts.text("architecture", architecture(context.root))
        guard !facts.values.isEmpty else { return .noData("neither os-release nor /proc/sys/kernel is there") }
        facts.systemState(context.root)
        return .success([InventorySection(name: .os, items: [facts.item("")])])
    }
}

extension Attributes {
    /// What os-release says, in the CMDB's words.
    fileprivate mutating func release(_ release: OSRelease) {
        text("id", release.id)
        text("name", release.name)
        text("version", release.fields["VERSION_ID"])
        // os-release(5) gives the default.
        text("pretty_name", release.fields["PRETTY_NAME"] ?? "Linux")
        text("codename", release.fields["VERSION_CODENAME"])
        text("variant", release.fields["VARIANT_ID"])
        text("build", release.fields["BUILD_ID"])
        text("image", release.fields["IMAGE_ID"])
        text("image_version", release.fields["IMAGE_VERSION"])
        text("support_end", release.fields["SUPPORT_END"])
        text("cpe", release.fields["CPE_NAME"])
        // In the order of the file: the nearest relative comes first.
        let like = release.fields["ID_LIKE"]?.split(separator: " ").prefix(16).map(String.init) ?? []
        ordered("id_like", like)
    }
}

/// The machine's architecture; for a recorded one what newer kernels (6.1) leave in their tree.
func architecture(_ root: SystemRoot) -> String? {
    KernelName(root).machine ?? root.line("/proc/sys/kernel/arch")
}
