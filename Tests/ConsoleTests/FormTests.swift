import HTTPAPI
import Testing
import Wire

@testable import Console

@Suite("Forms and addresses")
struct FormTests {
    @Test("Fields are decoded and trimmed; a password keeps its spaces")
    func fields() throws {
        let form = try PageForm(Array("name=+m%C3%A9i+&password=+a%2Bb+&empty=&note=1%0D%0A2".utf8))
        #expect(form["name"] == "méi")
        #expect(form.raw("password") == " a+b ")
        #expect(form["empty"] == nil)
        #expect(form["note"] == "1\r\n2")
        #expect(form["absent"] == nil)
    }

    @Test(
        "A form that is not plain is refused",
        arguments: ["a=%", "a=%2", "a=%zz", "a=%00", "a=%ff", "a=\u{1b}", String(repeating: "a=1&", count: 65)])
    func refused(text: String) {
        #expect(throws: ProblemDetails.self) { try PageForm(Array(text.utf8)) }
    }

    @Test(
        "After signing in only paths of this site are gone to",
        arguments: [
            ("/alarms?state=firing", "/alarms?state=firing"), ("//evil.example", "/"), ("https://evil.example", "/"),
            ("/\\evil.example", "/"), ("", "/"), (nil, "/"), ("/a\nb", "/"), ("javascript:alert(1)", "/"),
        ] as [(String?, String)])
    func next(target: String?, expected: String) {
        #expect(Site.local(target) == expected)
    }

    @Test(
        "A form from another site is refused",
        arguments: [
            ([("sec-fetch-site", "same-origin")], true), ([("sec-fetch-site", "none")], true),
            ([("sec-fetch-site", "cross-site")], false), ([("sec-fetch-site", "same-site")], false),
            ([("origin", "https://a:7600"), ("host", "a:7600")], true),
            ([("origin", "https://b"), ("host", "a:7600")], false), ([("origin", "null"), ("host", "a")], false),
        ] as [([(String, String)], Bool)])
    func origin(fields: [(String, String)], isTaken: Bool) {
        let fields = RequestFields(fields.map { (name: $0.0, value: $0.1) })
        let wasTaken = (try? PageMaker.checkOrigin(fields)) != nil
        #expect(wasTaken == isTaken)
    }
}
