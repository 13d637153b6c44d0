import Foundation
import Model
import Testing

@testable import HTTPAPI

@Suite("JSON that is written")
struct JSONTests {
    @Test(
        "Hostile texts come back as they were",
        arguments: ["\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}", "</script>", "\u{2028}\u{202e}", "e\u{301}", "😀", ""])
    func texts(text: String) throws {
        let bytes = JSON.object([(text, .array([.text(text)]))]).bytes
        #expect(!bytes.contains { $0 < 0x20 })
        let read = try JSONDecoder().decode([String: [String]].self, from: Data(bytes))
        #expect(read.first?.value.first?.utf8.elementsEqual(text.utf8) == true)
    }

    @Test("Numbers that readers cannot hold are written as text or null")
    func numbers() {
        #expect(String(decoding: JSON.count(UInt64.max).bytes, as: UTF8.self) == "\"18446744073709551615\"")
        #expect(String(decoding: JSON.count(1 << 53 - 1).bytes, as: UTF8.self) == "9007199254740991")
        #expect(String(decoding: JSON.real(.infinity).bytes, as: UTF8.self) == "null")
        #expect(String(decoding: JSON.integer(.min).bytes, as: UTF8.self) == "-9223372036854775808")
    }
}
