import Model
import Testing
import Wire

@Suite("SectionDigest")
struct SectionDigestTests {
    private let items = [
        SectionItem(key: "b", attributes: ["size": 8, "up": true, "name": "eth0"]),
        SectionItem(key: "a", attributes: ["list": .list(["x", "yz"]), "half": .real(0.5)]),
    ]

    @Test("The digest is SHA-256 over these octets, keys and names in byte order")
    func exact() {
        var writer = ByteWriter()
        writer.raw([1, 0x61, 2])
        writer.text("half")
        writer.octet(3)
        writer.fixed(0.5.bitPattern)
        writer.text("list")
        writer.raw([5, 2, 1, 0x78, 2, 0x79, 0x7a])
        writer.raw([1, 0x62, 3])
        writer.text("name")
        writer.raw([1, 4] + Array("eth0".utf8))
        writer.text("size")
        writer.raw([2, 16])
        writer.text("up")
        writer.raw([4, 1])
        #expect(SectionDigest.digest(of: items) == SHA256Digest(of: writer.bytes))
        #expect(SectionDigest.digest(of: items.reversed()) == SectionDigest.digest(of: items))
    }

    @Test("An empty section has the digest of no octets (FIPS 180-4)")
    func empty() {
        let known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(SectionDigest.digest(of: []).description == known)
        #expect(SHA256Digest(hexadecimal: known) == SectionDigest.digest(of: []))
    }

    @Test("What looks alike digests apart: kinds of values, borders between texts")
    func apart() {
        let alike: [[SectionItem]] = [
            [SectionItem(key: "a", attributes: ["x": "1"])], [SectionItem(key: "a", attributes: ["x": 1])],
            [SectionItem(key: "a", attributes: ["x": true])], [SectionItem(key: "a", attributes: ["x": .list(["1"])])],
            [SectionItem(key: "ax", attributes: [:])], [SectionItem(key: "a", attributes: ["": "x1"])],
            [SectionItem(key: "a", attributes: ["x": .list(["", "1"])])],
        ]
        #expect(Set(alike.map { SectionDigest.digest(of: $0) }).count == alike.count)
    }

    @Test("A value digests the same after its way through JSON")
    func throughJSON() throws {
        let values: [AttributeValue] = [
            .real(2), .real(-0.0), .real(1e300), .real(0.1), .real(1e18), .real(-9.2e18), .integer(.max),
            .integer(.min),
            .text("é"), .text("e\u{301}"), .text("\u{7f}\u{2028}/\"\\"), .list([]), .flag(false),
        ]
        for value in values {
            let items = [SectionItem(key: "k", attributes: ["v": value])]
            let digest = SectionDigest.digest(of: items)
            let report = InventoryReport(
                subject: .host, section: "s", digest: digest, isComplete: true,
                body: .full(items: items, part: 1, parts: 1))
            let (kind, payload) = try ReportCodec.encode(.inventory(report))
            let frame = Frame(
                sequence: 1, claimedTime: Timestamp(milliseconds: 0), kind: kind.rawValue, payload: payload)
            guard case .inventory(let read) = try ReportCodec.decode(frame).report,
                case .full(let readItems, _, _) = read.body
            else {
                Issue.record("another report came back")
                return
            }
            #expect(SectionDigest.digest(of: readItems) == digest, "\(value)")
        }
    }
}
