import Model
import Testing

@Suite("Names with any text in them")
struct NamePatternTests {
    @Test(
        "fits from the first octet to the last",
        arguments: [
            ("web-1", "web-1", true), ("web-1", "web-11", false), ("*", "", true), ("*", "anything", true),
            ("web-*", "web-", true), ("web-*", "db-1", false), ("*.example", "a.example", true),
            ("*.example", "a.example.net", false), ("a*b*c", "abc", true), ("a*b*c", "a-b-c", true),
            ("a*b*c", "acb", false), ("aa*aa", "aaa", false), ("aa*aa", "aaaa", true), ("a**b", "ab", true),
            ("", "", true),
            ("", "a", false),
        ])
    func fits(pattern: String, name: String, expected: Bool) {
        #expect(NamePattern(pattern).fits(name) == expected)
    }

    @Test("case counts unless it is told not to, and for A to Z alone")
    func letters() {
        #expect(!NamePattern("Web*").fits("web1"))
        #expect(NamePattern("Web*", ignoresCase: true).fits("wEB1"))
        #expect(!NamePattern("ä", ignoresCase: true).fits("Ä"))
    }

    @Test("a pattern made to be slow is not")
    func slow() {
        let clock = ContinuousClock()
        let pattern = NamePattern(String(repeating: "a*", count: 100) + "b")
        var fits = true
        let took = clock.measure { fits = pattern.fits(String(repeating: "a", count: 4000)) }
        #expect(!fits && took < .seconds(1))
    }
}
