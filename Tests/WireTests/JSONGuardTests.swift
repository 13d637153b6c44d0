import Model
import Testing
import Wire

@Suite("JSONGuard")
struct JSONGuardTests {
    @Test("Good JSON of every shape passes")
    func good() throws {
        let texts = [
            "{}", "[]", "null", "true", "false", "0", "-1", "1.5e-3", "\"\"",
            " { \"a\" : [ 1 , { \"b\" : null } ] } \n",
            #"{"a":"\u00e9\ud83d\ude00\n\/\\"}"#, #"{"a":1,"A":2}"#, "{\"é\":1,\"e\u{301}\":2}",
        ]
        for text in texts { try JSONGuard.check(Array(text.utf8)) }
        try JSONGuard.check(Array((String(repeating: "[", count: 64) + String(repeating: "]", count: 64)).utf8))
        try JSONGuard.check(Array("\"\(String(repeating: "x", count: Limits.valueBytes))\"".utf8))
    }

    @Test("B3: Malformed texts are refused with a place")
    func malformed() {
        let cases = JSONCases.malformed
        #expect(cases.count >= 300)
        for bytes in cases {
            let text = String(decoding: bytes.prefix(60), as: UTF8.self)
            #expect(throws: JSONGuardError.self, "\(text)") { try JSONGuard.check(bytes) }
        }
    }

    @Test("Two spellings of one name are one name")
    func spelledTwice() {
        #expect(throws: JSONGuardError.self) { try JSONGuard.check(Array(#"{"a":1,"\u0061":2}"#.utf8)) }
    }

    @Test("A large text takes linear time")
    func linear() throws {
        let names = (0..<20_000).map { "\"n\($0)\":\"\(String(repeating: "x", count: 20))\"" }
        try JSONGuard.check(Array("{\(names.joined(separator: ","))}".utf8))
    }
}

/// Malformed JSON, written down and generated from good texts.
enum JSONCases {
    static var malformed: [[UInt8]] { written.map { Array($0.utf8) } + octets + generated }

    private static let written = [
        "", " ", "{", "}", "[", "]", "{]", "[}", ",", ":", "{,}", "[,]", "[1,]", "[,1]", "[1 2]", "[1,,2]", "{\"a\"}",
        "{\"a\":}", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "{'a':1}", "{1:1}", "{\"a\":1 \"b\":2}", "{\"a\":1}}", "[]]",
        "[1]x", "nul", "nulll", "True", "FALSE", "tru", "undefined", "NaN", "Infinity", "-Infinity", "+1", "01", "-01",
        "1.", ".5", "-", "--1", "1e", "1e+", "1E-", "1.e1", "0x10", "1_000", "1,000", "1e5.5", "1-1", "00", "-.5",
        "1..2",
        "\"", "\"a", "a\"", "'a'", "\"\\\"", "\"\\x41\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800x\"",
        "\"\\ud800\\n\"", "\"\\ud800\\ud800\"", "\"\\udc00\"", "\"\\u0000\"", "\"a\nb\"", "\"a\tb\"", "\"\u{0}\"",
        "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"b\":1}}", "// c\n1", "/* c */1", "1 // c", "#1", "\u{feff}{}", "1\u{0}",
        "\u{b}1", "\u{a0}1", "[1\u{c}]", "(1)", "<a/>", "1 2", "{}{}", "[][]", "\"a\"\"b\"", "null null", "\\u0031",
        String(repeating: "[", count: 65) + String(repeating: "]", count: 65), String(repeating: "[", count: 100_000),
        String(repeating: "{\"a\":", count: 65) + "1" + String(repeating: "}", count: 65),
        "\"\(String(repeating: "x", count: Limits.valueBytes + 1))\"", "{\"\(String(repeating: "x", count: 256))\":1}",
        String(repeating: "1", count: 65),
    ]

    private static let octets: [[UInt8]] = [
        [0xff], [0x22, 0xff, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0x22, 0xe2, 0x82, 0x22],
        [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22], [0x22, 0x80, 0x22], [0xfe, 0xff, 0x00, 0x31], [0xff, 0xfe, 0x31, 0x00],
        [0xef, 0xbb, 0xbf, 0x31], [0x22, 0xc3], [0x22, 0x5c], [0x00], [0x31, 0x00], [0x1f, 0x8b, 8],
    ]

    /// Good texts cut at each octet, and with a wrong octet put at each place between values.
    private static var generated: [[UInt8]] {
        let good = [
            #"{"kind":"full","items":[{"key":"a","attributes":{"x":1.5e3,"y":[true,null]}}],"part":1,"parts":1}"#,
            #"[{"a":"\u00e9\n"},[],{},"text",-0.25]"#,
        ].map { Array($0.utf8) }
        let cut = good.flatMap { text in (1..<text.count).map { Array(text[..<$0]) } }
        let spoiled = good.flatMap { text in
            text.indices.filter { [0x7b, 0x7d, 0x5b, 0x5d, 0x3a, 0x2c].contains(text[$0]) }.flatMap { place in
                [UInt8(0x01), 0x3b, 0x80].map { wrong in
                    var changed = text
                    changed[place] = wrong
                    return changed
                }
            }
        }
        return cut + spoiled
    }
}
