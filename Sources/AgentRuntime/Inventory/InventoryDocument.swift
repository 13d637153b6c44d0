import FoundationEssentials
import Inventory
import LinuxSystem
import Model
import Wire

/// What one run over the inventory sources found: the output of `muster-agent inventory --format json`, and one line
/// of it for each source what the running agent reads from its worker.
public struct InventoryDocument: Hashable, Sendable, Codable {
    /// The sections, by name.
    public var sections: [InventorySection]
    /// How each source ended.
    public var receipts: [Receipt]

    /// Runs sources one after the other; a source that fails costs its own sections only.
    ///
    /// `told` hears before each source its name, how many are done, and how many there are.
    public static func read(
        _ context: InventoryContext, sources: [any InventorySource.Type],
        told: (String, Int, Int) -> Void = { _, _, _ in }
    ) -> InventoryDocument {
        var document = InventoryDocument(sections: [], receipts: [])
        for (done, source) in sources.enumerated() {
            told(source.name, done, sources.count)
            document.run(source, context)
        }
        document.sections.sort { $0.name < $1.name }
        return document
    }

    /// The names among `names` that no source has.
    public static func unknown(_ names: [String]) -> [String] {
        names.filter { !InventoryCatalogue.names.contains($0) }
    }

    /// The JSON text, one line.
    public func json() -> [UInt8] {
        var text = JSONText()
        text.document(self)
        return text.bytes
    }

    /// Reads the JSON text; nil when it is not one.
    static func decode(_ bytes: [UInt8]) -> InventoryDocument? {
        try? JSONDecoder().decode(InventoryDocument.self, from: Data(bytes))
    }

    private mutating func run(_ source: any InventorySource.Type, _ context: InventoryContext) {
        let start = ContinuousClock.now
        var receipt = Receipt(source: "inventory/\(source.name)", outcome: .success, found: 0, milliseconds: 0)
        do {
            switch try source.init().read(context) {
            case .success(let found):
                take(found, &receipt)
            case .partial(let found, let missing):
                take(found, &receipt)
                receipt.outcome = .truncated
                receipt.message = printed(missing)
            case .noData(let reason):
                receipt.outcome = .noData
                receipt.message = reason
            }
        } catch {
            receipt.outcome = .failure
            receipt.message = printed("\(error)")
        }
        receipt.milliseconds = (ContinuousClock.now - start).inMilliseconds
        receipts.append(receipt)
    }

    private mutating func take(_ found: [InventorySection], _ receipt: inout Receipt) {
        sections += found
        receipt.found = found.reduce(0) { $0 + $1.items.count }
        if found.contains(where: { !$0.isComplete }) { receipt.outcome = .truncated }
    }
}
