import LinuxSystem
import Model

/// One kind of reader of the host: one file, one line in ``InventoryCatalogue``.
public protocol InventorySource: Sendable {
    /// The name under which it is configured and its receipts are sent: lower case, `packages`.
    static var name: String { get }

    /// A source with its default options.
    init()

    /// Reads once. Throws ``InventoryError`` or a reader's own error: a failure, whose description goes into the receipt.
    func read(_ context: InventoryContext) throws -> InventoryOutcome
}

/// What a source may use.
public struct InventoryContext: Sendable {
    /// The machine to read.
    public var root: SystemRoot
    /// The control socket of the lldpd to ask; nil for its default.
    public var lldpdSocket: String?
    /// Whom to ask for what only root can read; nil for root itself and for recorded machines.
    public var helper: HelperClient?

    /// The firmware's tables, which several sources read.
    let firmware = FirmwareTables()

    /// Who holds which socket, which two sources tell of.
    let openSockets = OpenSockets()

    /// A context.
    public init(root: SystemRoot = SystemRoot(), lldpdSocket: String? = nil, helper: HelperClient? = nil) {
        self.root = root
        self.lldpdSocket = lldpdSocket
        self.helper = helper
    }
}

/// How reading ended, when it did not fail.
public enum InventoryOutcome: Hashable, Sendable {
    /// It found these sections.
    case success([InventorySection])
    /// It found these sections, and the text says what was left out and why.
    case partial([InventorySection], String)
    /// This machine has no such thing; the text says how that was seen.
    case noData(String)
}

/// Why a source failed.
public struct InventoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line: what and where.
    public var description: String

    /// An error.
    public init(_ description: String) { self.description = description }
}
