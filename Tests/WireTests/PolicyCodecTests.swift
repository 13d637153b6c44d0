import Model
import Testing
import Wire

@Suite("Policies on the wire")
struct PolicyCodecTests {
    private static let policy = AgentPolicy(
        groups: ["all", "web"],
        inventory: PolicySchedule(intervalSeconds: 600, sources: ["usb": PolicySource(isEnabled: false)]),
        metrics: PolicySchedule(sources: ["cpu": PolicySource(intervalSeconds: 30)]),
        checks: [
            PolicyItem(
                name: "shop",
                settings: [
                    "type": "http", "url": "http://127.0.0.1/", "status": .list([200, 204]), "contains": "ä",
                    "environment": .table(["LC_ALL": "C"]), "only": true, "ratio": .real(0.5),
                ])
        ],
        devices: [
            PolicyItem(
                name: "core",
                settings: ["address": "192.0.2.1", "port": 1161, "version": "2c", "community_file": "core"])
        ], upgrade: PolicyUpgrade(ring: "pilot", version: "1.2.0-1"))

    @Test("a policy is the same when it comes back, and so are its octets and its tag")
    func roundTrip() throws {
        let bytes = try Self.policy.encoded()
        let read = try AgentPolicy(decoding: bytes)
        #expect(read == Self.policy)
        #expect(try read.encoded() == bytes)
        #expect(AgentPolicy.tag(of: bytes).utf8.count == 32)
        #expect(AgentPolicy.tag(of: bytes) != AgentPolicy.tag(of: try AgentPolicy().encoded()))
    }

    @Test("a device that is made from its address has the keys of agent.toml")
    func device() throws {
        let address = try #require(IPAddress("192.0.2.1"))
        let settings: [String: PolicyValue] = ["version": "2c", "community_file": "core"]
        #expect(
            PolicyItem.device(name: "core", address: address, port: 1161, settings: settings)
                == Self.policy.devices.first)
        #expect(PolicyItem.device(name: "a", address: address).settings == ["address": "192.0.2.1"])
    }

    @Test("what nobody knows of a newer collector is passed over")
    func newer() throws {
        let text =
            #"{"groups":[],"inventory":{"sources":{}},"metrics":{"sources":{},"x":1},"checks":[],"devices":[],"y":{}}"#
        #expect(try AgentPolicy(decoding: Array(text.utf8)) == AgentPolicy())
    }

    private static let end = #""inventory":{"sources":{}},"metrics":{"sources":{}},"devices":[]"#

    @Test(
        "hostile octets are refused in one line",
        arguments: [
            ("", "JSON: value expected at byte 0"),
            ("[]", "it has not the shape of a policy: no table"),
            (#"{"groups":[]}"#, "no inventory"),
            (#"{"groups":[],"checks":7,\#(end)}"#, "wrong at checks"),
            (#"{"groups":[],"checks":[{"name":"a","settings":{"type":null}}],\#(end)}"#, "wrong at checks"),
            (#"{"groups":[],"groups":[],"checks":[],\#(end)}"#, "JSON: "),
            (
                #"{"groups":[],"checks":[{"name":"a","settings":{}},{"name":"a","settings":{}}],\#(end)}"#,
                "two of its checks have one name"
            ),
            (#"{"groups":[],"checks":[{"name":"","settings":{}}],\#(end)}"#, "not 1 to 128 bytes"),
            (
                #"{"groups":[],"checks":[],"upgrade":{"ring":"a","version":"1; reboot"},\#(end)}"#,
                "its version is not one of a package"
            ),
        ])
    func refused(text: String, expected: String) {
        let error = #expect(throws: PolicyRefusal.self) { try AgentPolicy(decoding: Array(text.utf8)) }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("\n") == false)
    }

    @Test("more than an agent takes is refused by number, before anything is made of it")
    func limits() throws {
        var policy = AgentPolicy()
        policy.checks = (0...AgentPolicy.checkLimit).map { PolicyItem(name: "c\($0)", settings: [:]) }
        let tooMany = try policy.encoded()
        #expect(throws: PolicyRefusal("201 checks; at most 200")) { try AgentPolicy(decoding: tooMany) }
        let tooLong = [UInt8](repeating: 32, count: AgentPolicy.bytes + 1)
        #expect(throws: PolicyRefusal("524289 bytes; a policy has at most 524288")) {
            try AgentPolicy(decoding: tooLong)
        }
        var deep = #"{"groups":[],"checks":[{"name":"a","settings":{"x":"#
        deep += String(repeating: "[", count: 70) + String(repeating: "]", count: 70) + "}}],\(Self.end)}"
        #expect(throws: PolicyRefusal.self) { try AgentPolicy(decoding: Array(deep.utf8)) }
    }

    @Test(
        "versions of packages, and what is none",
        arguments: [
            ("1.2.0", true), ("1:2.3~rc1+b2-1", true), ("0", true), ("", false), ("v1", false), ("-1", false),
            ("1 2", false), ("1\n2", false), ("1/2", false), ("1=2", false),
            (String(repeating: "1", count: 65), false),
        ])
    func versions(text: String, expected: Bool) { #expect(PolicyUpgrade.isVersion(text) == expected) }
}
