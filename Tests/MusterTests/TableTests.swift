import Testing

@testable import muster

@Suite("Listings of the command line")
struct TableTests {
    let table = Table(Column("NAME", "name"), Column("VALUE", "value.text"))

    @Test(
        "A spreadsheet runs no cell",
        arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\0x", "=\u{301}cmd", "=HYPERLINK(\"a\",\"b\")"])
    func formulas(text: String) {
        let cell = Table.cell(text)
        let first = cell.utf8.first == UInt8(ascii: "\"") ? cell.utf8.dropFirst().first : cell.utf8.first
        #expect(first == UInt8(ascii: "'"))
    }

    @Test("CSV quotes what needs it and keeps one record in one line")
    func csv() {
        let row = JSONValue.object(["name": .text("a,\"b\"\r\nc"), "value": .object(["text": .integer(-5)])])
        #expect(table.csv([row]) == "name,value.text\r\n\"a,\"\"b\"\"\\u{d}\\u{a}c\",'-5\r\n")
    }

    @Test("A terminal gets no control character, no invisible one, and no cell without end")
    func terminal() {
        let hostile = "\u{1b}[2J\u{7}\r\n\u{9b}\u{202e}\u{200b}" + String(repeating: "x", count: 500)
        let text = table.text([.object(["name": .text(hostile)])])
        let scalars = text.unicodeScalars.filter { $0 != "\n" }
        #expect(!scalars.contains { $0.value < 0x20 || $0.value == 0x7f || (0x80...0x9f).contains($0.value) })
        #expect(!scalars.contains("\u{202e}"))
        #expect(text.unicodeScalars.count < 230)
        #expect(text.split(separator: "\n").count == 2)
    }

    @Test("Columns line up")
    func columns() {
        let rows = ["a", "long name"].map {
            JSONValue.object(["name": .text($0), "value": .object(["text": .text("v")])])
        }
        #expect(table.text(rows) == "NAME       VALUE\na          v\nlong name  v\n")
    }

    @Test("JSON for people is JSON, with what a terminal would act on escaped")
    func json() throws {
        let value = JSONValue.object([
            "b": .array([.null, .flag(true), .real(0.5)]), "a": .text("\u{1b}\"\\😀\u{e0001}"),
        ])
        let text = prettyJSON(value)
        #expect(!text.utf8.contains(0x1b))
        #expect(try read(text) == value)
    }

    @Test("Paths are percent-encoded whole")
    func paths() {
        #expect(escaped("../a b%/?#é") == "..%2Fa%20b%25%2F%3F%23%C3%A9")
    }
}
