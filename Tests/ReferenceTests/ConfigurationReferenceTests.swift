import Checks
import Foundation
import TOML
import Testing

@Suite("The configuration reference")
struct ConfigurationReferenceTests {
    private let secrets: String

    init() throws {
        secrets = NSTemporaryDirectory() + "/muster-reference-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: secrets, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    @Test("docs/configuration.md is what the decoders ask for; MUSTER_WRITE_REFERENCE=1 writes it anew")
    func page() throws {
        defer { try? FileManager.default.removeItem(atPath: secrets) }
        let page = try referencePage(referenceSections(secrets: secrets))
        let path = repository + "/docs/configuration.md"
        if ProcessInfo.processInfo.environment["MUSTER_WRITE_REFERENCE"] == "1" {
            try page.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
        let fresh = page.components(separatedBy: "\n")
        let first = zip(written, fresh).first { $0 != $1 }
        #expect(first == nil, "old: \(first?.0 ?? "") new: \(first?.1 ?? "")")
        #expect(written.count == fresh.count)
    }

    @Test("A value that a shipped file shows commented out is the default, or its comment says what holds without it")
    func shippedDefaults() throws {
        defer { try? FileManager.default.removeItem(atPath: secrets) }
        for section in referenceSections(secrets: secrets).prefix(2) {
            for row in try section.rows() where !row.isTable && !row.isRequired && row.standard == nil {
                let isOfList = ["check", "credential", "device"].contains(row.path.first)
                let saysSo = row.text.lowercased().contains("without it") || row.text.contains("no default")
                #expect(isOfList || saysSo, "\(row.path.joined(separator: ".")): \(row.text)")
            }
        }
    }

    @Test("The commented files show every kind of check and channel")
    func kinds() throws {
        let agent = AnnotatedTOML(try repositoryText("agent-config/agent.toml"))
        let shown = Set(agent.entries.filter { $0.path == ["check", "type"] }.compactMap(\.value))
        #expect(shown == Set(CheckCatalogue.kinds.map { "\"\($0.kind)\"" }))
        let channels = AnnotatedTOML(try repositoryText("collector-config/notifications/example.toml"))
        let types = Set(channels.entries.filter { $0.path == ["channel", "type"] }.compactMap(\.value))
        let page = try repositoryText("docs/configuration.md")
        #expect(page.contains("one of " + types.sorted().joined(separator: ", ")))
    }

    @Test("The shipped file names every source and every metric")
    func names() throws {
        defer { try? FileManager.default.removeItem(atPath: secrets) }
        let section = try #require(referenceSections(secrets: secrets).first)
        let rows = try section.rows()
        for (table, names, word) in section.freeNames {
            let row = try #require(rows.first { $0.path == table + [word] })
            let list = row.text.split { " ,.:".contains($0) }.map(String.init)
            #expect(names.filter { !list.contains($0) }.isEmpty, "\(table): \(row.text)")
        }
    }

    @Test("A key without a comment, and a comment without a key, are both found")
    func drift() throws {
        defer { try? FileManager.default.removeItem(atPath: secrets) }
        let service = try #require(
            referenceSections(secrets: secrets).first { $0.title.hasPrefix("Business services") })
        var shorter = service
        shorter.decode = { text, file, reads in
            let table = try TOMLDocument.parse(text, file: file, reads: reads)
            return try table.requiredString("name")
        }
        #expect(throws: ReferenceSection.Gap.self) { try shorter.rows() }
        var longer = service
        longer.decode = { text, file, reads in
            _ = try TOMLDocument.parse(text, file: file, reads: reads).int("weight")
            return try service.decode(text, file, reads)
        }
        #expect(throws: ReferenceSection.Gap.self) { try longer.rows() }
        #expect(throws: Never.self) { try service.rows() }
    }
}
