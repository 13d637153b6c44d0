import LinuxSystem
import Model

/// Mounted file systems on local storage, with their size but not what is used of it.
///
/// Asking a file system for its size blocks while its disk does: run this where it may be ended.
public struct FilesystemsSource: InventorySource {
    /// `filesystems`
    public static let name = "filesystems"

    /// A source.
    public init() {}

    /// Reads mountinfo and asks each file system.
    public func read(_ context: InventoryContext) throws -> InventoryOutcome {
        let mounts = try Mount.local(context.root)
        guard !mounts.isEmpty else { return .noData("no local file system is mounted") }
        let items = mounts.map { mount in
            var facts = Attributes()
            facts.text("device", mount.source)
            facts.text("type", mount.type)
            facts.flag("read_only", mount.isReadOnly)
            // One that does not answer is still mounted.
            facts.number("size_bytes", (try? mount.space(context.root))?.sizeBytes)
            return facts.item(mount.point)
        }
        return .success([InventorySection(name: .filesystems, items: items)])
    }
}
