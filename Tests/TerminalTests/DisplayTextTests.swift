import Testing

@testable import Terminal

@Suite("Text on a terminal")
struct DisplayTextTests {
    init() { Screen.prepare() }

    @Test(
        "Widths are those of the terminal: wide characters take two columns, marks none",
        arguments: [("web-01", 6), ("中文", 4), ("e\u{301}", 1), ("Ａ", 2), ("", 0), ("…", 1)])
    func widths(text: String, width: Int) {
        #expect(displayWidth(text) == width)
    }

    @Test("A text that is too wide ends in an ellipsis and fits")
    func cuts() {
        #expect(shortened("abcdef", to: 6) == "abcdef")
        #expect(shortened("abcdef", to: 5) == "abcd…")
        #expect(shortened("中文字符", to: 5) == "中文…")
        #expect(shortened("中文字符", to: 4) == "中…")
        #expect(shortened("abc", to: 1) == "…")
        #expect(shortened("abc", to: 0) == "")
        for width in 0...12 { #expect(displayWidth(shortened("a中b文e\u{301}字cdef", to: width)) <= width) }
    }

    @Test("Control, invisible and direction characters are shown, not sent")
    func hostile() {
        #expect(oneLine("\u{1b}[2J\r\n\u{202e}\u{200b}x") == "\\u{1b}[2J\\u{d}\\u{a}\\u{202e}\\u{200b}x")
    }

    @Test("A colour is wrapped around its text and ended, and words without meaning have none")
    func colours() {
        #expect(Colour.of("critical")?.paint("critical") == "\u{1b}[1;31mcritical\u{1b}[0m")
        #expect(Colour.of("active") == nil)
        #expect(ColourChoice.always.isOn(-1))
        #expect(!ColourChoice.never.isOn(-1))
        #expect(!ColourChoice.auto.isOn(-1))
    }

    @Test("The bar is as full as the work is far, and never outside its frame")
    func bars() {
        #expect(Progress.line("x", done: 5, total: 10, elapsed: .seconds(3)) == "[##########..........] 50 %  x  3 s")
        #expect(Progress.line("x", done: 99, total: 10, elapsed: .seconds(3)).hasPrefix("[####################] 100 %"))
        #expect(Progress.line("x", done: -1, total: 10, elapsed: .seconds(3)).hasPrefix("[....................] 0 %"))
        #expect(Progress.line("12 so far", done: 0, total: nil, elapsed: .seconds(2)) == "12 so far  2 s")
    }
}
