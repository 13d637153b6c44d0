import FoundationEssentials
import Model
import Testing
import Wire

@Suite("ReportCodec")
struct ReportCodecTests {
    private func frame(_ kind: UInt8, _ payload: [UInt8]) -> Frame {
        Frame(sequence: 1, claimedTime: Timestamp(milliseconds: 0), kind: kind, payload: payload)
    }

    private var reports: [Report] {
        let item = SectionItem(key: "eth0", attributes: ["mtu": 1500, "addresses": .list(["192.0.2.1"])])
        let digest = SectionDigest.digest(of: [item])
        func inventory(_ body: InventoryBody) -> Report {
            .inventory(
                InventoryReport(subject: .host, section: .interfaces, digest: digest, isComplete: true, body: body))
        }
        return [
            inventory(.unchanged), inventory(.full(items: [item], part: 1, parts: 2)),
            inventory(.delta(base: digest, upserts: [item], removals: ["eth1"])),
            .checks([
                CheckResult(
                    check: "web", kind: "tcp", subject: .listener(transport: "tcp", address: "127.0.0.1", port: 80),
                    state: .critical, message: "refused", failuresInRow: 1, milliseconds: 2)
            ]),
            .receipts([Receipt(source: "inventory/os", outcome: .noData, found: 0, milliseconds: 1)]),
            .gap(GapReport(cause: "bytes", epoch: .max, first: 1, last: .max, count: 3)),
            .status(
                AgentStatus(
                    version: "1", bootID: "b", generation: 1, heartbeatSeconds: 60, enqueued: 1, acknowledged: 2,
                    dropped: 3, spoolBytes: 4)),
            .samples(SampleReport(subject: .device(target: "d"), introduced: [], values: [])),
            .events([
                DeviceEvent(
                    kind: .linkDown, subject: .device(target: "d"), interface: 7, object: "eth1", neighbour: "core",
                    origin: .trap, trap: "linkDown", details: ["ifAdminStatus = 1"]),
                DeviceEvent(kind: .linkUp, subject: .device(target: "d"), origin: .poll),
            ]),
            .discoveries([DiscoveryFinding(addresses: ["192.0.2.7", "2001:db8::7"], ways: [.snmp, .arp])]),
        ]
    }

    @Test("Every kind of report comes back as it was")
    func roundTrip() throws {
        for report in reports {
            let (kind, payload) = try ReportCodec.encode(report)
            #expect(try ReportCodec.decode(frame(kind.rawValue, payload)).report == report)
        }
    }

    @Test("The JSON is this, names sorted, nothing escaped that need not be")
    func exact() throws {
        let digest = SHA256Digest(of: [])
        let report = InventoryReport(
            subject: .device(target: "core"), address: "192.0.2.1", section: "os", digest: digest, isComplete: false,
            body: .delta(base: digest, upserts: [], removals: ["a/b"]))
        let text = String(decoding: try ReportCodec.encode(.inventory(report)).payload, as: UTF8.self)
        #expect(
            text == """
                {"address":"192.0.2.1","body":{"base":"\(digest)","kind":"delta","removals":["a/b"],"upserts":[]},\
                "digest":"\(digest)","isComplete":false,"section":"os","subject":{"kind":"device","target":"core"}}
                """)
    }

    @Test("Unknown kinds are named")
    func unknownKind() {
        for kind: UInt8 in [0, 7, 255] {
            #expect(throws: ReportError.self) { try ReportCodec.decode(frame(kind, Array("{}".utf8))) }
        }
    }

    @Test("B3: Malformed JSON is refused in every kind that is JSON")
    func malformed() {
        for bytes in JSONCases.malformed {
            for kind: UInt8 in [1, 3, 4, 5, 7] {
                #expect(throws: ReportError.self) { try ReportCodec.decode(frame(kind, bytes)) }
            }
        }
    }

    @Test("B4: Wicked values are refused with a place, in one line")
    func wicked() {
        let digest = SHA256Digest(of: []).description
        func inventory(_ body: String, section: String = "os") -> String {
            #"{"subject":{"kind":"host"},"section":"\#(section)","digest":"\#(digest)","isComplete":true,"body":\#(body)}"#
        }
        let item = #"{"key":"a","attributes":{"x":{"y":1}}}"#
        let longKey = String(repeating: "k", count: 4097)
        let texts = [
            inventory(#"{"kind":"full","items":[],"part":0,"parts":1}"#),
            inventory(#"{"kind":"full","items":[],"part":2,"parts":1}"#),
            inventory(#"{"kind":"full","items":[],"part":1,"parts":1001}"#),
            inventory(#"{"kind":"full","items":[],"part":9223372036854775808,"parts":1}"#),
            inventory(#"{"kind":"full","items":[],"part":1.5,"parts":2}"#),
            inventory(#"{"kind":"full","items":[\#(item)],"part":1,"parts":1}"#),
            inventory(#"{"kind":"full","items":[{"key":"\#(longKey)","attributes":{}}],"part":1,"parts":1}"#),
            inventory(#"{"kind":"full","items":[{"key":"a","attributes":{"x":1e999}}],"part":1,"parts":1}"#),
            inventory(#"{"kind":"full","items":[{"key":"a","attributes":{"x":null}}],"part":1,"parts":1}"#),
            inventory(#"{"kind":"full","items":[{"key":"a","attributes":{"x":[1]}}],"part":1,"parts":1}"#),
            inventory(#"{"kind":"run","command":"x"}"#), inventory(#"{"kind":"unchanged"}"#, section: ""),
            inventory(#"{"kind":"unchanged"}"#, section: String(repeating: "s", count: 65)), "[]", "null", "1",
        ]
        for text in texts {
            #expect(throws: ReportError.self, "\(text.prefix(120))") {
                do { _ = try ReportCodec.decode(frame(1, Array(text.utf8))) } catch {
                    let line = "\(error)"
                    #expect(!line.contains("\n") && !line.isEmpty)
                    throw error
                }
            }
        }
    }

    @Test("Names that are one to people and two to bytes do not end the reader")
    func twins() throws {
        let digest = SHA256Digest(of: []).description
        let text =
            #"{"subject":{"kind":"host"},"section":"os","digest":"\#(digest)","isComplete":true,"body":{"kind":"full","#
            + #""part":1,"parts":1,"items":[{"key":"a","attributes":{"\#u{e9}":1,"e\#u{301}":2}}]}}"#
        _ = try? ReportCodec.decode(frame(1, Array(text.utf8)))
        for subject in ["{}", #"{"kind":"root"}"#, #"{"kind":"listener","port":-1}"#, #"{"kind":"device"}"#] {
            let check =
                #"[{"check":"c","kind":"tcp","subject":\#(subject),"state":"ok","message":"","failuresInRow":0,"#
                + #""milliseconds":0}]"#
            #expect(throws: ReportError.self) { try ReportCodec.decode(frame(3, Array(check.utf8))) }
        }
    }
}
