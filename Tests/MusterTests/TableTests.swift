import Terminal
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

    @Test("A terminal gets no control character, no invisible one, and no line wider than it is")
    func terminal() {
        let hostile = "\u{1b}[2J\u{7}\r\n\u{9b}\u{202e}\u{200b}" + String(repeating: "x", count: 500)
        let text = table.text([.object(["name": .text(hostile)])], Layout(width: 80))
        let scalars = text.unicodeScalars.filter { $0 != "\n" }
        #expect(!scalars.contains { $0.value < 0x20 || $0.value == 0x7f || (0x80...0x9f).contains($0.value) })
        #expect(!scalars.contains("\u{202e}"))
        #expect(text.split(separator: "\n").allSatisfy { displayWidth(String($0)) <= 80 })
        let piped = table.text([.object(["name": .text(hostile)])])
        #expect(piped.contains(String(repeating: "x", count: 500)))
        #expect(text.split(separator: "\n").count == 2)
    }

    @Test("Columns line up")
    func columns() {
        let rows = ["a", "long name"].map {
            JSONValue.object(["name": .text($0), "value": .object(["text": .text("v")])])
        }
        #expect(table.text(rows) == "NAME       VALUE\na          v\nlong name  v\n")
    }

    private let wide = Table(
        Column("ID", "id"), Column("STATE", "state"), Column("CI", "ci"), .detail("RULE", "rule"),
        Column("SUMMARY", "summary"), Column("SINCE", "since"), Column("EMPTY", "empty"))

    private func alarm(_ id: Int64, _ ci: String, _ summary: String) -> JSONValue {
        .object([
            "id": .integer(id), "state": "firing".json, "ci": ci.json, "rule": "filesystem-almost-full".json,
            "summary": summary.json, "since": "2026-11-26T16:11:53.123Z".json,
        ])
    }

    @Test("A listing fits every width from 60 columns on, wide characters counted as two", arguments: 60...200)
    func fits(width: Int) {
        Screen.prepare()
        let rows = [
            alarm(7, "web-01.example.net", "the file system /var has 3 % left, which is less than 5 %"),
            alarm(123_456, "数据库服务器", "文件系统几乎已满文件系统几乎已满文件系统几乎已满"),
        ]
        let lines = wide.text(rows, Layout(width: width)).split(separator: "\n").map(String.init)
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { displayWidth($0) <= width })
        #expect(lines[1].hasPrefix("7 ") && lines[2].hasPrefix("123456  firing"))
    }

    @Test("Empty columns, seconds and details go before anything is cut")
    func whatGoesFirst() {
        let rows = [alarm(7, "web-01", "the file system /var has 3 % left")]
        let whole = wide.text(rows, Layout(width: 200))
        #expect(whole.contains("EMPTY") && whole.contains("2026-11-26T16:11:53.123Z"))
        let narrow = wide.text(rows, Layout(width: 80))
        #expect(!narrow.contains("EMPTY") && !narrow.contains("RULE") && narrow.contains("2026-11-26T16:11Z"))
        #expect(narrow.contains("the file system /var has 3 % left"))
        #expect(wide.text(rows, Layout(width: 60)).contains("…"))
    }

    @Test("Only states and severities are coloured, and colour takes no room")
    func colour() {
        let rows = [alarm(7, "critical", "s")]
        let plain = wide.text(rows, Layout(width: 80))
        let coloured = wide.text(rows, Layout(width: 80, hasColour: true))
        #expect(coloured.contains("\u{1b}[31mfiring\u{1b}[0m") && !coloured.contains("mcritical"))
        #expect(
            coloured.split(separator: "\u{1b}[31m").joined().split(separator: "\u{1b}[0m").joined() == plain)
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

extension String {
    fileprivate var json: JSONValue { .text(self) }
}
