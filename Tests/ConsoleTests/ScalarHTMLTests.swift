import Mustache
import Testing

@testable import Console

@Suite("Escaping of pages")
struct ScalarHTMLTests {
    /// A quotation mark under a combining accent: one Character, two scalars.
    private let accent = "\u{301}"
    private var hostile: String { "\"" + accent + " onload=\"x <b>" + accent + "&'" }
    private var harmless: String { "&quot;" + accent + " onload=&quot;x &lt;b&gt;" + accent + "&amp;&#39;" }

    @Test("A quotation mark under a combining accent is escaped")
    func combining() {
        let escaped = ScalarHTML.escape(hostile)
        #expect(escaped.utf8.elementsEqual(harmless.utf8))
    }

    @Test("The library by itself lets it through; our templates do not, in partials and sections neither")
    func templates() throws {
        let library = try MustacheTemplate(string: "<p title='{{x}}'>").render(["x": hostile])
        let isLetThrough = library.utf8.contains(UInt8(ascii: "\""))
        #expect(isLetThrough)

        let views = try Views()
        let line = OverviewModel.AgentLine(name: hostile, path: hostile, heard: nil)
        let model = OverviewModel(
            headline: hostile, tone: hostile, tiles: [], cards: [], incidents: [], alarms: [], silentAgents: [line],
            failedReceipts: [], doubts: [])
        let html = Array(views.fill(OverviewView.view, model, ["t": [String: [String: String]]()]).utf8)
        let raw = Array(("\"" + accent).utf8)
        let isAnyRaw = html.indices.contains { html[$0...].starts(with: raw) }
        #expect(!isAnyRaw)
        let found = html.indices.filter { html[$0...].starts(with: harmless.utf8) }.count
        #expect(found == 4)
    }
}
