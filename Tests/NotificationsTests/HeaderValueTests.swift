import FoundationEssentials
import Testing

@testable import Notifications

@Suite("header values")
struct HeaderValueTests {
    static let hostile = [
        "plain", "a\r\nBcc: victim@example.org", "a\nb", "a\u{0}b", "=?UTF-8?B?eA==?=", "事件 9 已建单：web",
        String(repeating: "长", count: 500), String(repeating: "x", count: 5000), "\u{85}\u{2028}", "",
        "e\u{301}\u{301}", "👩‍👩‍👧‍👦",
    ]

    @Test("no text makes a header line of its own, and no line passes 76 characters", arguments: hostile)
    func oneHeader(text: String) {
        let value = HeaderValue.mailText(text)
        #expect(value.utf8.allSatisfy { (0x20...0x7e).contains($0) || $0 == 13 || $0 == 10 })
        let lines = value.split(separator: "\r\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            #expect(index == 0 || line.hasPrefix(" =?UTF-8?B?"))
            #expect(line.utf8.count <= 76)
            #expect(!line.utf8.contains(13) && !line.utf8.contains(10))
        }
    }

    @Test("encoded words give the text back, without its control characters", arguments: hostile)
    func decodes(text: String) throws {
        let value = HeaderValue.mailText(text)
        guard value != text else { return }
        var bytes: [UInt8] = []
        for word in value.split(separator: "\r\n ") {
            let inner = word.dropFirst("=?UTF-8?B?".count).dropLast(2)
            bytes += Array(try #require(Data(base64Encoded: String(inner))))
        }
        let back = try #require(String(validating: bytes, as: UTF8.self))
        let kept = String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .lineSeparator, .paragraphSeparator: " "
                    default: scalar
                    }
                }))
        #expect(back.utf8.elementsEqual(kept.utf8))
    }

    @Test("tokens hold letters, digits, dots, underscores and hyphens only", arguments: hostile)
    func tokens(text: String) {
        let token = HeaderValue.token(text)
        #expect(token.utf8.count <= 200)
        #expect(
            token.utf8.allSatisfy {
                $0 == 45 || $0 == 46 || $0 == 95 || ($0 | 32 >= 97 && $0 | 32 <= 122) || (48...57).contains($0)
            })
    }
}
