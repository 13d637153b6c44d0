import Testing
import Wire

@testable import HTTPAPI

@Suite("Cursors of listings")
struct CursorTests {
    private let letters = Cursor<String>(listing: "letters")
    private let numbers = Cursor<Int64>(listing: "numbers")

    @Test(
        "A cursor leads back to its position, whatever that is",
        arguments: ["", "a", "a:b", "../x", "é", "e\u{301}", "\u{1}", String(repeating: "k", count: 4096)])
    func roundTrip(position: String) {
        let text = letters.text(position)
        #expect(letters.position(text).map { Array($0.utf8) } == Array(position.utf8))
        #expect(text.utf8.allSatisfy { (0x30...0x7a).contains($0) || $0 == 0x2d })
    }

    @Test("A cursor of another listing, a cut one and one in another spelling are none")
    func broken() {
        let text = numbers.text(42)
        #expect(numbers.position(text) == 42)
        #expect(Cursor<Int64>(listing: "other").position(text) == nil)
        #expect(letters.position(text) == nil)
        for bad in ["", "x", "42", String(text.dropLast()), text + "=", text + "A", "====", "\u{e9}"] {
            #expect(numbers.position(bad) == nil, "\(bad)")
        }
        // "numbers:+42" and "numbers:042" are not what a listing gives.
        #expect(numbers.position("bnVtYmVyczorNDI") == nil)
        #expect(numbers.position("bnVtYmVyczowNDI") == nil)
    }

    @Test("Pages together are the list, each item once; the last has no cursor", arguments: [1, 2, 3, 7, 100])
    func pages(limit: Int) throws {
        let all = ["c", "a", "b", "é", "g", "d", "B"]
        var found: [String] = []
        var after: String?
        repeat {
            let page = letters.page(of: all, after: after, limit: limit) { $0 }
            #expect(page.items.count <= limit)
            found += page.items
            after = page.next.flatMap(letters.position)
            #expect((page.next == nil) == (found.count == all.count))
        } while after != nil
        #expect(found == ["B", "a", "b", "c", "d", "g", "é"])

        found = []
        repeat {
            let page = try letters.page(inOrder: all, after: after, limit: limit) { $0 }
            found += page.items
            after = page.next.flatMap(letters.position)
        } while after != nil
        #expect(found == all)
        #expect(throws: ProblemDetails.self) { try letters.page(inOrder: all, after: "gone", limit: limit) { $0 } }

        let offsets = Cursor<Int>(listing: "offsets")
        #expect(offsets.page(of: all, after: -5, limit: limit).items.first == "c")
        #expect(offsets.page(of: all, after: 99, limit: limit).items.isEmpty)
    }
}
