import Alarms
import Model
import TOML
import Testing

@Suite("rule files")
struct RuleFileTests {
    static let head = """
        about = "a"
        severity = "major"
        summary = "{ci} {value}"

        """

    @Test(
        "a wrong file is refused with its place and what is accepted",
        arguments: [
            ("about = \"a\"\nseverity = \"bad\"\nsummary = \"x\"\n[heartbeat]\n", "x.toml:2:", "critical"),
            (head, "x.toml:1:", "threshold, heartbeat, check, changed or event"),
            (head + "[heartbeat]\n[check]\n", "x.toml:", "one of the tables"),
            (head + "[threshold]\nmetric = \"m\"\n", "x.toml:", "either above or below"),
            (head + "[threshold]\nmetric = \"m\"\nabove = 1\nbelow = 0\n", "x.toml:", "either above or below"),
            (head + "[threshold]\nmetric = \"m\"\nabove = 1\nclear = 2\n", "x.toml:", "good side"),
            (head + "[threshold]\nmetric = \"m\"\nabove = nan\n", "x.toml:", "a number"),
            (head + "[threshold]\nmetric = \"m\"\nabove = 1\nhold = \"-5s\"\n", "x.toml:", "hold"),
            (head + "[threshold]\nmetric = \"m\"\nabove = 1\nhold = \"99999999999d\"\n", "x.toml:", "hold"),
            (head + "[check]\nstates = [\"ok\"]\n", "x.toml:", "warning"),
            (head + "[check]\nfailures_in_row = 0\n", "x.toml:", "1 to 10"),
            (head + "[changed]\nwhat = [\"weather\"]\n", "x.toml:", "vanished"),
            (head + "[changed]\n", "x.toml:", "what"),
            (head + "[heartbeat]\n[colour]\nred = 1\n", "x.toml:", "unknown key"),
            (head + "[heartbeat]\n[[test]]\nname = \"t\"\n", "x.toml:", "step"),
            (
                "about = \"a\"\nseverity = \"info\"\nsummary = \"{ci.secret()}\"\n[heartbeat]\n", "x.toml:3:",
                "unknown name"
            ),
            ("about = \"a\"\nseverity = \"info\"\nsummary = \"{ci\"\n[heartbeat]\n", "x.toml:3:", "no partner"),
        ])
    func refused(text: String, place: String, hint: String) {
        #expect {
            _ = try RuleFile.parse(text, path: "x.toml")
        } throws: { error in
            let line = "\(error)"
            return line.hasPrefix(place) && line.contains(hint) && !line.contains("\n")
        }
    }

    @Test("a case that does not hold is reported with its step")
    func failingCase() throws {
        let text =
            Self.head + """
                [check]
                [[test]]
                name = "wrong"
                [[test.step]]
                at = "5s"
                check = { state = "critical" }
                expect = "cleared"
                """
        let result = try #require(RuleTest.run(try RuleFile.parse(text, path: "d/x.toml")).first)
        #expect(result.rule == "x")
        #expect(result.problem == "step 1 at 5 s: expected cleared, is firing")
    }

    @Test("a rule without a case fails its test")
    func noCase() throws {
        let file = try RuleFile.parse(Self.head + "[heartbeat]\n", path: "x.toml")
        #expect(RuleTest.run(file).first?.passed == false)
    }
}
