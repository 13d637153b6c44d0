import Testing

@testable import Devices

@Suite("A device's text")
struct DeviceTextTests {
    @Test("is UTF-8 without control characters, whatever the octets are")
    func clean() {
        #expect(DeviceText.clean(Array("a\r\nb\tc \u{0}".utf8)) == "a b c")
        #expect(DeviceText.clean([0x1b, 0x5b, 0x32, 0x4a]) == "[2J")
        #expect(DeviceText.clean([0xff, 0x41]) == "\u{FFFD}A")
        #expect(DeviceText.clean(Array("x\u{202e}y\u{85}z".utf8)) == "xyz")
        #expect(DeviceText.clean([0, 0, 0]) == "")
    }

    @Test("is cut between characters")
    func cut() {
        #expect(DeviceText.clean(Array(String(repeating: "é", count: 9).utf8), limit: 5) == "éé")
        #expect(DeviceText.clean([UInt8](repeating: 0x41, count: 70_000)).utf8.count == 4096)
    }

    @Test("never fails on any two octets")
    func everyPair() {
        for first in UInt8.min...UInt8.max {
            for second in stride(from: UInt8.min, to: 255, by: 5) {
                let text = DeviceText.clean([first, second])
                #expect(!text.unicodeScalars.contains { $0.value < 32 || $0.value == 127 })
            }
        }
    }
}

@Suite("A pattern with one hole")
struct TextPatternTests {
    @Test(
        "takes what stands in it",
        arguments: [
            ("Version {}, RELEASE", "IOS, Version 7.0(3)I7(8), RELEASE SOFTWARE", "7.0(3)I7(8)"),
            ("Version {word}", "Software, Version 15.0(2a)EX5, RELEASE", "15.0(2a)EX5"),
            ("MODEL: {word}", "ArubaOS (MODEL: 105), Version 6", "105"),
            (" {word} #", "Linux host 4.18.0 #1 SMP", "4.18.0"),
            ("{word}", "GS1900-48", "GS1900-48"), ("PID:{}", "SN:1,PID:HP LaserJet", "HP LaserJet"),
        ])
    func captures(_ pattern: String, _ text: String, _ expected: String) throws {
        #expect(try #require(TextPattern(pattern)).capture(in: text) == expected)
    }

    @Test("takes nothing where it does not fit", arguments: ["Version {}, RELEASE", "Version {word}", "{} Version"])
    func doesNotFit(_ pattern: String) throws {
        for text in ["", "Version", "Version ,", "version 1", String(repeating: "Version", count: 5000)] {
            _ = try #require(TextPattern(pattern)).capture(in: text)
        }
        #expect(try #require(TextPattern(pattern)).capture(in: "nothing here") == nil)
    }

    @Test("needs exactly one hole", arguments: ["", "Version", "{} {}", "{}{word}"])
    func oneHole(_ pattern: String) { #expect(TextPattern(pattern) == nil) }
}
