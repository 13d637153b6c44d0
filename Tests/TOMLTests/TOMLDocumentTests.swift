import Glibc
import TOML
import Testing

private func failure(_ bytes: [UInt8]) -> TOMLError? {
    do {
        _ = try TOMLDocument.parse(bytes: bytes, file: "a.toml")
        return nil
    } catch { return error }
}

private func failure(_ text: String) -> TOMLError? { failure(Array(text.utf8)) }

@Suite struct TOMLDocumentTests {
    @Test("a syntax error gives its line in one line of text")
    func syntaxError() throws {
        let error = try #require(failure("a = 1\nb = = 2\n"))
        #expect(error.position.line == 2)
        #expect(error.description.hasPrefix("a.toml:2:"))
        #expect(!error.description.contains("\n"))
    }

    @Test(
        "broken and hostile texts are refused, never trapped on",
        arguments: [
            "a = 1\na = 2", "[a]\n[a]", "a = 99999999999999999999", "a = -9223372036854775809", "a = 1e", "a = \"",
            "a = \"\"\"", "a = '''", "[", "[[", "[[a]", "a", "= 1", "a = \"\\ud800\"", "a = \"\\UFFFFFFFF\"",
            "a = \"\u{1}\"", "a = 1 b = 2", "a.b = 1\na = 2", "a = {b = 1, b = 2}", "a = [1,,2]", "\u{feff}a = 1",
            "[[[", "\u{fa66}", "a = 1'\u{fa70}", "a = {\u{fa66}", "a\u{a0}= 1",
        ])
    func broken(text: String) {
        #expect(failure(text) != nil)
    }

    @Test(
        "NUL, invalid UTF-8 and a byte order mark are refused",
        arguments: [
            [UInt8](arrayLiteral: 0x61, 0x3d, 0x31, 0x0a, 0x00), [0x23, 0x00], [0x61, 0x3d, 0x22, 0x00, 0x22],
            [0x61, 0x3d, 0x22, 0x5c, 0x00, 0x22], [0x61, 0x3d, 0x22, 0xff, 0x22], [0x61, 0x3d, 0x22, 0xc0, 0x80, 0x22],
            [0x61, 0x3d, 0x22, 0xed, 0xa0, 0x80, 0x22], [0xff, 0xfe, 0x61, 0x00], [0xef, 0xbb, 0xbf, 0x61, 0x3d, 0x31],
        ])
    func badBytes(bytes: [UInt8]) {
        #expect(failure(bytes) != nil)
    }

    @Test("deep nesting is refused before it reaches the stack", arguments: ["[", "{a=", "a.", "[a."])
    func deep(opening: String) {
        let count = 100_000
        for text in ["a = " + String(repeating: opening, count: count), String(repeating: opening, count: count)] {
            #expect(failure(text) != nil)
        }
    }

    @Test("a header of very many parts is refused at its place")
    func manyParts() throws {
        let header = "x = 1\n[" + Array(repeating: "a", count: 50_000).joined(separator: ".") + "]"
        let error = try #require(failure(header))
        #expect(error.position.line == 2)
        #expect(error.description.contains("more than 32 parts"))
    }

    @Test("dots in strings, comments and numbers are not key parts")
    func dotsElsewhere() {
        let dots = String(repeating: ".", count: 200)
        let numbers = Array(repeating: "1.5", count: 200).joined(separator: ", ")
        #expect(
            failure("# \(dots)\na = \"\(dots)\"\nb = '\(dots)'\nc = \"\"\"\n\(dots)\"\"\"\nd = [\(numbers)]") == nil)
    }

    @Test("a name of 64 KB is refused with its place")
    func longName() throws {
        let name = String(repeating: "e\u{301}", count: 32_000)
        let error = try #require(failure("\"\(name)\" = 1"))
        #expect(error.description == "a.toml:1:1: a key is longer than 255 bytes; shorten it")
    }

    @Test("a text of more than 1 MiB is refused before it is parsed")
    func tooLarge() throws {
        let error = try #require(failure([UInt8](repeating: 0x23, count: (1 << 20) + 1)))
        #expect(error.problem == .tooLarge(limit: 1 << 20))
    }

    @Test("control characters of the file do not reach the message")
    func controlCharacters() throws {
        let table = try TOMLDocument.parse("\"\\u001b[31m\\nx\\u202e\" = 1", file: "a.toml")
        #expect(throws: TOMLError.self) { try table.finish() }
        do { try table.finish() } catch {
            #expect(error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202e })
        }
    }

    @Test("every prefix of a valid text parses or is refused")
    func prefixes() {
        let text = "a = \"x\\u00e9\"\n[b.c]\nd = [1, 2.5, {e = '''f'''}]\n[[g]]\nh = 2020-01-01T00:00:00Z # i\n"
        #expect(failure(text) == nil)
        let bytes = Array(text.utf8)
        let refused = bytes.indices.count { failure(Array(bytes[..<$0])) != nil }
        #expect(refused > 10)
    }

    @Test("a file is loaded, a missing one and a directory are refused with their path")
    func loading() throws {
        var name = Array("/tmp/muster-toml-XXXXXX\0".utf8CString)
        let directory = name.withUnsafeMutableBufferPointer { $0.baseAddress.flatMap { mkdtemp($0) } != nil }
        try #require(directory)
        let path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer {
            unlink(path + "/b.toml")
            unlink(path + "/a.toml")
            rmdir(path)
        }
        for file in ["b.toml", "a.toml"] {
            let handle = try #require(fopen("\(path)/\(file)", "w"))
            fputs("x = 7\n", handle)
            fclose(handle)
        }
        #expect(try TOMLDocument.files(in: path) == [path + "/a.toml", path + "/b.toml"])
        #expect(try TOMLDocument.files(in: path + "/none") == [])
        #expect(try TOMLDocument.load(path + "/a.toml").int("x") == 7)
        #expect(throws: TOMLError.self) { try TOMLDocument.load(path + "/none.toml") }
        #expect(throws: TOMLError.self) { try TOMLDocument.load(path) }
    }
}
