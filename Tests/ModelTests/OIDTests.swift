import Model
import Testing

@Suite("OID")
struct OIDTests {
    @Test("reads dotted text with and without a leading dot")
    func dotted() throws {
        #expect(try #require(OID("1.3.6.1.4.1.9")).parts == [1, 3, 6, 1, 4, 1, 9])
        #expect(OID(".1.3") == OID("1.3"))
        #expect(OID("4294967295")?.parts == [.max])
    }

    @Test("refuses what is no OID", arguments: ["", ".", "1.", "1..2", "..1", "1.x", "-1", "4294967296", "1.3 ", "１"])
    func refused(text: String) { #expect(OID(text) == nil) }

    @Test("refuses more than 128 parts")
    func long() {
        #expect(OID([String](repeating: "1", count: 128).joined(separator: "."))?.parts.count == 128)
        #expect(OID([String](repeating: "1", count: 129).joined(separator: ".")) == nil)
    }

    @Test("orders as a walk does")
    func order() {
        let walk: [OID] = [[1, 3], [1, 3, 6], [1, 3, 6, 1, 2], [1, 3, 6, 1, 10], [1, 4]]
        #expect(walk.shuffled().sorted() == walk)
    }

    @Test("gives what stands behind a prefix")
    func suffix() {
        let column: OID = [1, 3, 6, 1, 2, 1, 2, 2, 1, 2]
        #expect(column.appending(7, 9).suffix(after: column).map(Array.init) == [7, 9])
        #expect(column.suffix(after: [1, 4]) == nil)
        #expect(column.isPrefix(of: column))
    }
}
