import Inventory
import LinuxSystem
import Model

/// `muster-agent inventory`: reads once and prints.
public enum InventoryListing {
    /// The names that `only` takes.
    public static var names: [String] { InventoryCatalogue.names }

    /// How an inventory can be written.
    public enum Format: String, CaseIterable, Sendable {
        /// For people.
        case table
        /// For programs, whole.
        case json
        /// For software that reads what GLPI agents send.
        case glpi
        /// A bill of materials.
        case cyclonedx
    }

    /// The text to print. `told` hears before each source its name, how many are
    /// done, and how many there are.
    ///
    /// Throws ``CommandError`` for a name in `only` that no source has.
    public static func run(
        root: String, only: [String], configuration: AgentConfiguration, format: Format,
        told: (String, Int, Int) -> Void = { _, _, _ in }
    ) throws -> String {
        if let unknown = InventoryDocument.unknown(only).first {
            throw CommandError.usage(
                "--only \(printed(unknown)): no such section; there are \(InventoryCatalogue.names.joined(separator: ", "))"
            )
        }
        let machine = SystemRoot(path: root)
        let context = InventoryContext(
            root: machine, lldpdSocket: configuration.inventory.lldpdSocket,
            helper: machine.isLive ? configuration.helper : nil)
        let sources = InventoryCatalogue.sources.filter { only.isEmpty || only.contains($0.name) }
        let document = InventoryDocument.read(context, sources: sources, told: told)
        switch format {
        case .json: return String(decoding: document.json(), as: UTF8.self) + "\n"
        case .glpi: return try GLPIDocument.text(document, at: .now)
        case .cyclonedx: return try CycloneDXDocument.text(document, at: .now)
        case .table: break
        }
        return document.sections.map(table).joined(separator: "\n") + "\n" + document.receipts.map(line).joined()
    }

    private static func table(_ section: InventorySection) -> String {
        let head = "\(section.name.rawValue): \(section.items.count)\(section.isComplete ? "" : ", incomplete")\n"
        return head
            + section.items.map { item in
                let facts = item.attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\(printed($0.value.display))" }
                let key = item.key.isEmpty ? "" : printed(item.key) + "  "
                return "  \(key)\(facts.joined(separator: " "))\n"
            }.joined()
    }

    private static func line(_ receipt: Receipt) -> String {
        "\(receipt.source): \(receipt.outcome.rawValue), \(receipt.found) found in \(receipt.milliseconds) ms"
            + (receipt.message.isEmpty ? "" : ": \(printed(receipt.message))") + "\n"
    }
}

/// Why a command ended without doing what was asked.
public enum CommandError: Error, CustomStringConvertible {
    /// Used wrongly: exit status 2.
    case usage(String)
    /// Tried and failed: exit status 1.
    case failed(String)

    /// One line.
    public var description: String {
        switch self {
        case .usage(let text), .failed(let text): text
        }
    }
}
