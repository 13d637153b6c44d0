import Mustache
import Testing

@testable import Console

@Suite("Escaping of pages")
struct ScalarHTMLTests {
    @Test("A quotation mark under a combining accent is escaped")
    func combining() {
        #expect(ScalarHTML.escape("\"\u{301} onload=\"x") == "&quot;\u{301} onload=&quot;x")
    }

    @Test("The library by itself lets it through; our templates do not, in partials and sections neither")
    func templates() throws {
        let hostile = "\"\u{301} onload=\"x <b>\u{301}&'"
        let library = try MustacheTemplate(string: "<p title=\"{{x}}\">")
        #expect(library.render(["x": hostile]).contains("\"\u{301}"))

        let views = try Views()
        let line = OverviewModel.AgentLine(name: hostile, path: hostile, heard: nil)
        let model = OverviewModel(
            headline: hostile, tone: hostile, tiles: [], incidents: [], alarms: [], silentAgents: [line],
            failedReceipts: [])
        let html = views.fill(OverviewView.view, model, ["t": [String: [String: String]]()])
        #expect(html.contains("&quot;\u{301} onload=&quot;x &lt;b&gt;\u{301}&amp;&#39;"))
        #expect(!html.utf8.split(separator: UInt8(ascii: "\"")).contains { $0.starts(with: "\u{301}".utf8) })
    }
}
