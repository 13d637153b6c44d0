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
}
