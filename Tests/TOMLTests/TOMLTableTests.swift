import TOML
import Testing

private enum Level: String, CaseIterable { case low, high }

private func table(_ text: String) throws -> TOMLTable { try TOMLDocument.parse(text, file: "a.toml") }

private func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "no error"
    } catch { return "\(error)" }
}

@Suite struct TOMLTableTests {
    @Test("typed values are read as they are written")
    func typedValues() throws {
        let root = try table(
            """
            name = "web"
            port = 80
            ratio = 0.5
            whole = 2
            on = true
            interval = "5m"
            level = "high"
            tags = ["a", "b"]
            ports = [1, 2]
            [sub]
            x = 1
            [[check]]
            name = "one"
            [[check]]
            name = "two"
            """)
        #expect(try root.string("name") == "web")
        #expect(try root.int("port", in: 1...65535) == 80)
        #expect(try root.double("ratio") == 0.5)
        #expect(try root.double("whole") == 2)
        #expect(try root.bool("on") == true)
        #expect(try root.duration("interval") == .seconds(300))
        #expect(try root.choice("level", among: Level.self) == .high)
        #expect(try root.strings("tags") == ["a", "b"])
        #expect(try root.ints("ports") == [1, 2])
        #expect(try root.requiredTable("sub").requiredInt("x") == 1)
        #expect(try root.tables("check").map { try $0.requiredString("name") } == ["one", "two"])
        #expect(try root.string("absent") == nil)
        try root.finish()
    }

    @Test(
        "durations take ms, s, m, h and d",
        arguments: [("250ms", 0.25), ("10s", 10), ("5m", 300), ("1h", 3600), ("2d", 172_800), ("0s", 0)])
    func durations(text: String, seconds: Double) throws {
        #expect(try table("t = \"\(text)\"").requiredDuration("t") == .milliseconds(Int64(seconds * 1000)))
    }

    @Test(
        "what is no duration is refused with the forms that are",
        arguments: ["\"\"", "\"5\"", "\"m\"", "\"-5m\"", "\"5 m\"", "\"99999999999999999999s\"", "\"5m\\n\"", "5"])
    func badDurations(value: String) {
        #expect(message { _ = try table("t = \(value)").duration("t") }.contains("\"10s\""))
    }

    @Test("a duration out of range names the range in its own words")
    func durationRange() {
        let text = message { _ = try table("t = \"1s\"").duration("t", in: .seconds(5) ... .seconds(7200)) }
        #expect(text == "a.toml:1:5: \"t\" is \"1s\"; write a time from \"5s\" to \"2h\"")
    }

    @Test("an unknown key is refused with its place and the accepted keys")
    func unknownKey() {
        let text = message {
            let root = try table("name = \"x\"\n  nmae = 1\n")
            _ = try root.string("name")
            _ = try root.int("port")
            try root.finish()
        }
        #expect(text == "a.toml:2:3: unknown key \"nmae\"; accepted: name, port")
    }

    @Test("finishing the root finds an unknown key in a table that was handed out")
    func unknownKeyInChild() {
        let text = message {
            let root = try table("[[check]]\nname = \"x\"\nfoo = 1\n")
            for check in try root.tables("check") { _ = try check.string("name") }
            try root.finish()
        }
        #expect(text == "a.toml:3:1: unknown key \"foo\"; accepted: name")
    }

    @Test("a table nobody asked for is an unknown key")
    func unknownTable() {
        #expect(message { try table("[extra]\nx = 1").finish() }.hasPrefix("a.toml:1:2: unknown key \"extra\""))
    }

    @Test("a table with free names accepts them all")
    func freeNames() throws {
        let root = try table("b = 1\na = 2")
        #expect(root.keys == ["a", "b"])
        try root.finish()
    }

    @Test("a missing key is named at the place of its table")
    func missingKey() {
        let text = message { _ = try table("\n[[check]]\nx = 1").tables("check")[0].requiredString("name") }
        #expect(text == "a.toml:2:1: missing key \"name\"; add it")
    }

    @Test("a value of another kind is named with its place")
    func wrongType() {
        #expect(
            message { _ = try table("port = \"80\"").int("port") }
                == "a.toml:1:8: \"port\" is text; write a whole number")
        #expect(message { _ = try table("s = 2020-01-01").string("s") }.contains("is a date or time"))
        #expect(message { _ = try table("s = 1").tables("s") }.contains("tables like [[s]]"))
        #expect(message { _ = try table("s = [1]").tables("s") }.contains("tables like [[s]]"))
    }

    @Test("a number out of range names the range")
    func outOfRange() {
        #expect(
            message { _ = try table("port = 70000").int("port", in: 1...65535) }
                == "a.toml:1:8: \"port\" is 70000; write a whole number from 1 to 65535")
        #expect(message { _ = try table("x = nan").double("x") }.contains("write a number"))
        #expect(message { _ = try table("x = -inf").double("x") }.contains("write a number"))
    }

    @Test("an unknown choice lists the choices")
    func unknownChoice() {
        #expect(
            message { _ = try table("l = \"mid\"").choice("l", among: Level.self) }
                == "a.toml:1:5: \"l\" is \"mid\"; write one of \"low\", \"high\"")
    }

    @Test("keys are compared by bytes, not by canonical equivalence")
    func keysByBytes() throws {
        let root = try table("\"e\u{301}\" = 1\n\"\u{e9}\" = 2")
        #expect(try root.int("\u{e9}") == 2)
        #expect(try root.int("e\u{301}") == 1)
    }

    @Test("a list of words takes each word, and names the first wrong one with all that are accepted")
    func words() throws {
        #expect(try table("w = [\"a\", \"b\"]").words("w", among: ["a", "b", "c"]) == ["a", "b"])
        #expect(try table("").words("w", among: ["a"]) == nil)
        #expect(message { _ = try table("w = \"a\"").words("w", among: ["a"]) }.contains("a list of texts"))
        #expect(
            message { _ = try table("w = [\"a\", \"x\"]").words("w", among: ["a", "b"]) }
                == "a.toml:1:5: \"w\" is \"x\"; write a list of \"a\", \"b\"")
    }

    @Test("what a decoder asks for is noted with what it accepts, also where it is absent")
    func reads() throws {
        let reads = TOMLReads()
        let root = try TOMLDocument.parse("[t]\nname = \"x\"\n[t.free]\n\"any.name\" = 1", file: "a.toml", reads: reads)
        let inner = try root.requiredTable("t")
        _ = try inner.requiredString("name", maxBytes: 9)
        _ = try inner.duration("wait", in: .seconds(1) ... .seconds(60))
        _ = try inner.choice("level", among: Level.self)
        let free = try inner.requiredTable("free")
        for key in free.keys { _ = try free.int(key, in: 0...5) }
        let noted = reads.reads.map {
            "\($0.path.joined(separator: ".")): \($0.accepted.joined(separator: "; "))\($0.isRequired ? ", required" : "")"
        }
        #expect(
            noted == [
                "t: a table, required", "t.name: text, at most 9 bytes, required", "t.wait: a time, \"1s\" to \"1m\"",
                "t.level: one of \"low\", \"high\"", "t.free: a table, required",
                "t.free.*: a whole number from 0 to 5",
            ])
    }
}
