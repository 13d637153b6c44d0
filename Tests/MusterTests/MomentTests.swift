import FoundationEssentials
import Model
import Testing

@testable import muster

@Suite("Moments as people write them")
struct MomentTests {
    let now = Timestamp(seconds: 1_000_000)

    @Test(
        "RFC 3339, a span ago and a negative span",
        arguments: [
            ("1970-01-12T13:46:40Z", "1970-01-12T13:46:40.000Z"), ("-60s", "1970-01-12T13:45:40.000Z"),
            ("1m ago", "1970-01-12T13:45:40.000Z"), ("2h ago", "1970-01-12T11:46:40.000Z"),
            ("-1d", "1970-01-11T13:46:40.000Z"),
        ])
    func good(text: String, expected: String) {
        #expect(Moment(text, now: now)?.text == expected)
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "now", "60s", "-", "-s", "-60", "-60x", " ago", "1 ago", "-1m ago", "--1m", "-9223372036854775808s",
            "99999999999999999999d ago", "-0s", "-+5s", "yesterday", "1970-13-01T00:00:00Z",
        ])
    func bad(text: String) {
        #expect(Moment(text, now: now) == nil)
    }
}

/// Reads JSON text back.
func read(_ text: String) throws -> JSONValue {
    try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
}
