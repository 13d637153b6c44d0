import Mustache
import Testing

@testable import Console

@Suite struct ScalarHTMLTests {
    @Test func `A quotation mark under a combining accent is escaped`() {
        #expect(ScalarHTML.escape("\"\u{301} onload=\"x") == "&quot;\u{301} onload=&quot;x")
    }
}
