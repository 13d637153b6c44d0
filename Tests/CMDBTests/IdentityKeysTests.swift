import CMDB
import Model
import Stores
import Testing

@Suite("Identity keys")
struct IdentityKeysTests {
    private func keys(_ facts: [String: AttributeValue]) -> [IdentityKey] {
        let statement = SectionStatement(
            agent: "a", subject: .host(name: "h"), section: .system, items: [SectionItem(key: "", attributes: facts)],
            isComplete: true, digest: "", claimedTime: Timestamp(milliseconds: 0))
        return IdentityKeys.stated(by: statement)
    }

    @Test("both byte orders of a UUID are one key")
    func uuid() {
        let plain = IdentityKeys.uuid("4C4C4544-0042-3510-8051-B4C04F4A3332")
        #expect(plain != nil)
        #expect(plain == IdentityKeys.uuid("44454c4c-4200-1035-8051-b4c04f4a3332"))
    }

    @Test(
        "texts that are no UUID or say nothing give no key",
        arguments: [
            "", "not a uuid", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "03000200-0400-0500-0006-000700080009", "00020003-0004-0005-0006-000700080009", "4c4c4544-0042-3510-8051",
            "4c4c4544-0042-3510-8051-b4c04f4a3332-00", "\u{ff14}c4c45440042351080 51b4c04f4a33",
        ])
    func noUUID(text: String) { #expect(IdentityKeys.uuid(text) == nil) }

    @Test("a serial counts with its vendor's first word, whatever the case")
    func serial() {
        #expect(keys(["serial": " czc123 ", "vendor": "Hewlett-Packard"]) == [IdentityKey("serial", "hewlett|CZC123")])
        #expect(keys(["serial": "ABC", "vendor": "Dell Inc."]) == keys(["serial": "abc", "vendor": "DELL"]))
        #expect(keys(["serial": "Default string", "machine_id": "uninitialized"]).isEmpty)
        #expect(keys(["serial": .text(String(repeating: "S1", count: 4096))]).isEmpty)
    }
}
