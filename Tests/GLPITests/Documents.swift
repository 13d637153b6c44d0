import Foundation
import Model
import Wire

@testable import GLPI

/// Sample inventories from outside the repository; tests that use them are skipped with a notice where they are absent.
enum Samples {
    static let directory: String = {
        if let given = ProcessInfo.processInfo.environment["MUSTER_CORPUS"] { return given + "/glpi/samples/" }
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return package.deletingLastPathComponent().path + "/shared/corpus/glpi/samples/"
    }()

    static let isPresent = FileManager.default.fileExists(atPath: directory + "computer_1.json")
    static let notice = "the GLPI samples of the corpus are not here; set MUSTER_CORPUS"

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: directory + name)))
    }
}

/// Inventories as tests ask about them.
extension GLPIInventory {
    init(_ bytes: [UInt8]) throws {
        guard case .inventory(let inventory) = try GLPIMessage.read(bytes) else { throw GLPIRefusal("no inventory") }
        self = inventory
    }

    init(_ text: String) throws { try self.init(Array(text.utf8)) }

    func section(_ name: SectionName, of index: Int = 0) -> InventorySection? {
        statements.dropFirst(index).first?.sections.first { $0.name == name }
    }

    func items(_ name: SectionName, of index: Int = 0) -> [SectionItem] { section(name, of: index)?.items ?? [] }

    func fact(_ section: SectionName, _ name: String, key: String = "", of index: Int = 0) -> AttributeValue? {
        items(section, of: index).first { $0.key == key }?.attributes[name]
    }

    func receipt(_ source: String) -> Receipt? { receipts.first { $0.source == source } }
}

/// A document of our own: content in the place of `content`.
func document(_ content: String, action: String = "inventory", more: String = "") -> String {
    #"{"action": "\#(action)", "deviceid": "pc-7-2026-01-02-03-04-05", \#(more)"content": {\#(content)}}"#
}
