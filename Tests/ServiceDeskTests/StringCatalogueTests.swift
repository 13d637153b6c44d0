import Model
import ServiceDesk
import TOML
import Testing

@Suite("texts in several languages")
struct StringCatalogueTests {
    @Test("each shipped language has every text and only known places", arguments: ["en", "zh-Hans"])
    func complete(language: String) throws {
        let texts = try ServiceDeskFixture.decider(language: language).texts
        for key in TextKey.allCases { #expect(texts.text(key) != key.rawValue) }
    }

    @Test("the language of the catalogue is the language of the incident")
    func chinese() throws {
        let decider = try ServiceDeskFixture.decider(language: "zh-Hans")
        let situation = ServiceDeskFixture.situation(
            ServiceDeskFixture.alarm(.firing), affected: [ServiceDeskFixture.shop])
        let decision = try #require(decider.decide(situation) { 9 })
        #expect(decision.incident.title == "web：refused")
        #expect(decision.notes.first?.text.hasPrefix("系统自动建单") == true)
        let message = IncidentMessage(
            .opened, incident: decision.incident, ciName: "web", alarm: "refused", severity: .critical,
            texts: decider.texts)
        #expect(message.subject == "[P2] 事件单 9 已建单：web：refused")
        #expect(message.body.contains("Demo shop"))
        #expect(message.body.contains("严重程度：严重") && message.body.contains("状态：新建"))
    }

    @Test("a catalogue with a missing, unknown or wrong text is refused by name")
    func refused() throws {
        #expect { try StringCatalogue.parse("", language: "xx") } throws: { "\($0)".contains("incident") }
        let whole = TextKey.allCases.map(\.rawValue)
        func catalogue(_ change: (String) -> String?) -> String {
            var sections: [String: [String]] = [:]
            for name in whole {
                let parts = name.split(separator: ".").map(String.init)
                guard let value = change(name) else { continue }
                sections[parts[0], default: []].append("\(parts[1]) = \"\(value)\"")
            }
            return sections.map { "[\($0.key)]\n" + $0.value.joined(separator: "\n") + "\n" }.joined()
        }
        _ = try StringCatalogue.parse(catalogue { _ in "x" }, language: "xx")
        #expect { try StringCatalogue.parse(catalogue { $0 == "word.low" ? nil : "x" }, language: "xx") } throws: {
            "\($0)".contains("\"low\"")
        }
        #expect {
            try StringCatalogue.parse(catalogue { $0 == "word.low" ? "{secret}" : "x" }, language: "xx")
        } throws: {
            "\($0)".contains("unknown name {secret}")
        }
        #expect { try StringCatalogue.parse(catalogue { _ in "x" } + "extra = \"x\"\n", language: "xx") } throws: {
            "\($0)".contains("unknown key \"extra\"")
        }
    }
}
