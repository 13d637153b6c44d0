import Model
import Testing

@Suite("InventorySection")
struct SectionTests {
    @Test("sorts items by the bytes of their key and keeps the later of two")
    func order() {
        let section = InventorySection(
            name: .packages,
            items: [
                SectionItem(key: "b", attributes: ["version": "1"]), SectionItem(key: "é", attributes: [:]),
                SectionItem(key: "a", attributes: [:]), SectionItem(key: "b", attributes: ["version": "2"]),
            ])
        #expect(section.items.map(\.key) == ["a", "b", "é"])
        #expect(section.items[1].attributes["version"] == "2")
    }
}
