import Model
import Testing

@Suite("Timestamp")
struct TimestampTests {
    @Test(
        "writes and reads RFC 3339",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_795_473_312_345, "2026-11-23T22:35:12.345Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (2_147_483_648_000, "2038-01-19T03:14:08.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"), (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ])
    func roundTrip(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).rfc3339 == text)
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(
        "reads fractions and offsets",
        arguments: [
            ("2026-11-23T22:35:12Z", 1_795_473_312_000), ("2026-11-23T22:35:12.3Z", 1_795_473_312_300),
            ("2026-11-23T22:35:12.123456789Z", 1_795_473_312_123), ("2026-11-24T06:35:12+08:00", 1_795_473_312_000),
            ("2026-11-23t17:35:12-05:00", 1_795_473_312_000),
        ])
    func forms(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(
        "refuses what is no moment",
        arguments: [
            "", "2026", "2026-11-23", "2026-11-23T22:35:12", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
            "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00Zx", "2026-01-01T00:00:00+1:00", "２026-01-01T00:00:00Z",
        ])
    func refused(text: String) { #expect(Timestamp(rfc3339: text) == nil) }

    @Test("saturates instead of overflowing")
    func saturation() {
        #expect(Timestamp(seconds: .max).milliseconds == .max)
        #expect(Timestamp(milliseconds: .max).adding(seconds: 1).milliseconds == .max)
        #expect(Timestamp(milliseconds: .min).milliseconds(since: Timestamp(milliseconds: .max)) == .min)
        #expect(Timestamp(milliseconds: .max).rfc3339 == "9999-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: .min).rfc3339 == "0000-01-01T00:00:00.000Z")
    }

    @Test("every day of 400 years survives the round trip through its text")
    func days() {
        for day in stride(from: Int64(-146_097), through: 146_097, by: 13) {
            let moment = Timestamp(seconds: day * 86_400 + 86_399)
            #expect(Timestamp(rfc3339: moment.rfc3339) == moment)
        }
    }
}
