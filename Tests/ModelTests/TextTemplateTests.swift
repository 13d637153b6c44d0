import Model
import Testing

@Suite("text templates")
struct TextTemplateTests {
    @Test("places are filled once, and values that look like places stay text")
    func onePass() throws {
        let template = try TextTemplate("{a}{b} {{a}} {c}", accepting: ["a", "b", "c"])
        #expect(template.filled(with: ["a": "{b}", "b": "{{a}}"]) == "{b}{{a}} {a} ?")
        #expect(template.names == ["a", "b", "c"])
    }

    @Test("a wrong template is refused", arguments: ["{", "}", "{a", "a}", "{x}", "{ a}", "{a.b}", "{}"])
    func refused(text: String) {
        #expect(throws: TextTemplate.Problem.self) { try TextTemplate(text, accepting: ["a"]) }
    }

    @Test("line feeds of a value stay in a body and go in a line")
    func lines() throws {
        let template = try TextTemplate("x\n{a}", accepting: ["a"])
        #expect(template.filledBody(with: ["a": "1\n2\r"]) == "x\n1\n2\\u{d}")
        #expect(template.filled(with: ["a": "1\n2"]) == "x\n1\\u{a}2")
    }

    @Test(
        "what a template gave tells its values again",
        arguments: [
            ("{a}: {b}", "web-01: HTTP: refused", ["a": "web-01", "b": "HTTP: refused"]),
            ("check {a} failed: {b}", "check x failed: y failed: z", ["a": "x", "b": "y failed: z"]),
            ("{a} ({b})", "one (two) (three)", ["a": "one", "b": "two) (three"]), ("plain", "plain", [:]),
            ("{a}", "网关 é", ["a": "网关 é"]), ("{a} to {a}", "x to x", ["a": "x"]),
        ])
    func backwards(text: String, filled: String, values: [String: String]) throws {
        let template = try TextTemplate(text, accepting: ["a", "b"])
        #expect(template.values(in: filled) == values)
        #expect(template.filled(with: values) == filled)
    }

    @Test(
        "what a template cannot have given is not taken for its own",
        arguments: [
            ("plain", "plainer"), ("plain", ""), ("{a}: {b}", "web-01"), ("{a}: {b}", ": refused"),
            ("{a}: {b}", "web-01: "), ("{a}{b}", "xy"), ("{a} to {a}", "x to y"), ("x {a} y", "x  y"),
            ("x {a} y", "x y"), ("aba{a}aba", "ababa"), ("", "x"),
        ])
    func notItsOwn(text: String, other: String) throws {
        #expect(try TextTemplate(text, accepting: ["a", "b"]).values(in: other) == nil)
    }
}
