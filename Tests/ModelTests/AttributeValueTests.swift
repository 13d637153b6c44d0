import FoundationEssentials
import Model
import Testing

@Suite("AttributeValue")
struct AttributeValueTests {
    @Test(
        "is plain JSON both ways",
        arguments: [
            (AttributeValue.text("a\"b"), #""a\"b""#), (.integer(-7), "-7"), (.integer(.max), "9223372036854775807"),
            (.real(0.5), "0.5"), (.flag(true), "true"), (.list(["a", "b"]), #"["a","b"]"#), (.list([]), "[]"),
        ])
    func roundTrip(value: AttributeValue, json: String) throws {
        #expect(String(decoding: try JSONEncoder().encode(value), as: UTF8.self) == json)
        #expect(try JSONDecoder().decode(AttributeValue.self, from: Data(json.utf8)) == value)
    }

    @Test("refuses other shapes", arguments: ["null", "{}", "[1]", "[[]]", "1e999", "[null]"])
    func refused(json: String) {
        #expect(throws: (any Error).self) { try JSONDecoder().decode(AttributeValue.self, from: Data(json.utf8)) }
    }
}
