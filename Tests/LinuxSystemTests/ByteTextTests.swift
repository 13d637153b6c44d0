import LinuxSystem
import Testing

@Suite("ByteText") struct ByteTextTests {
    private func text(_ string: String) -> ByteText { ByteText(string.utf8) }

    @Test("lines, fields and cuts go by bytes")
    func splitting() {
        #expect(text("a b\r\n\n c\td \n").lines.map { $0.fields.map(\.trimmed.string) } == [["a", "b"], ["c", "d"]])
        #expect(text("Name:\t x : y ").cut(at: 0x3a)?.before.string == "Name")
        #expect(text("Name:\t x : y ").cut(at: 0x3a)?.after.string == "x : y")
        #expect(text("none").cut(at: 0x3a) == nil)
        #expect(text(" \t\u{0}\n ").trimmed.isEmpty)
    }

    @Test(
        "only a whole text is a number",
        arguments: [
            ("0", 0), ("-7", -7), ("9223372036854775807", Int64.max), ("9223372036854775808", nil), ("", nil),
            ("+1", nil),
            (" 1", nil), ("1 ", nil), ("0x1", nil), ("1_000", nil), ("\u{0661}", nil), ("000000000000000000001", nil),
        ] as [(String, Int64?)])
    func numbers(string: String, expected: Int64?) {
        #expect(text(string).number == expected)
    }

    @Test("unsigned and hexadecimal numbers end at 64 bits")
    func unsigned() {
        #expect(text("18446744073709551615").count == .max)
        #expect(text("18446744073709551616").count == nil)
        #expect(text("-1").count == nil)
        #expect(text("ffffffffffffffff").hexadecimal == .max)
        #expect(text("1ffffffffffffffff").hexadecimal == nil)
        #expect(text(String(repeating: "9", count: 1 << 20)).number == nil)
    }

    @Test("prefixes, suffixes and equality are of bytes")
    func comparing() {
        #expect(text("Uid:\t1").hasPrefix("Uid:"))
        #expect(!text("Ui").hasPrefix("Uid:"))
        #expect(text("12 kB").hasSuffix("kB"))
        #expect(text("cpu") == "cpu")
        #expect(!(text("cpu0") == "cpu"))
        #expect(ByteText([0xff, 0x41]).string == "\u{fffd}A")
    }
}
