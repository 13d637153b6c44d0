import Testing

@testable import muster

@Suite("History on the command line")
struct HistoryRowTests {
    private func entry(before: JSONValue, after: JSONValue) -> JSONValue {
        .object([
            "kind": .text("items-changed"), "section": .text("packages"),
            "changes": .array([.object(["name": .text("dpkg:hello"), "before": before, "after": after])]),
        ])
    }

    private let old = JSONValue.object([
        "architecture": .text("amd64"), "description": .text("example package"), "version": .text("2.10-3"),
    ])
    private let new = JSONValue.object([
        "architecture": .text("amd64"), "description": .text("example package"), "version": .text("2.12.1-1+b1"),
    ])

    @Test("Of a package that changed its version, the versions are shown and what stayed is not")
    func version() throws {
        let row = try #require(HistoryRow.rows(of: entry(before: old, after: new)).first)
        #expect(row["what"].display == "packages dpkg:hello")
        #expect(row["before"].display == "version=2.10-3")
        #expect(row["after"].display == "version=2.12.1-1+b1")
    }

    @Test("Of a package that came or went, the version is shown")
    func comeAndGone() throws {
        let come = try #require(HistoryRow.rows(of: entry(before: .null, after: new)).first)
        #expect(come["before"] == .null)
        #expect(come["after"].display == "version=2.12.1-1+b1")
        let gone = try #require(HistoryRow.rows(of: entry(before: old, after: .null)).first)
        #expect(gone["before"].display == "version=2.10-3")
        let plain = JSONValue.object(["size_bytes": .integer(1)])
        let disk = try #require(HistoryRow.rows(of: entry(before: .null, after: plain)).first)
        #expect(disk["after"].display == "size_bytes=1")
    }
}
