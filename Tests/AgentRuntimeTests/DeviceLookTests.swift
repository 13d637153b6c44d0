import Checks
import Model
import SNMP
import Testing

@testable import AgentRuntime

@Suite("DeviceLook")
struct DeviceLookTests {
    private static let deadline = SNMPError.deadline
    private static let answered = EchoAnswer.answered(.milliseconds(2))
    private static let silent = EchoAnswer.silent("no answer")

    @Test("neither answers: a warning before the limit, then critical, and one answer is ok again")
    func down() {
        var look = DeviceLook(target: "core", failures: 3)
        let looks = [nil, Self.deadline, Self.deadline, Self.deadline, Self.deadline, nil, Self.deadline].map {
            look.results($0, echo: $0 == nil ? Self.answered : Self.silent, milliseconds: 5)
        }
        let device = looks.compactMap(\.first)
        #expect(device.map(\.state) == [.ok, .warning, .warning, .critical, .critical, .ok, .warning])
        #expect(device.map(\.failuresInRow) == [0, 1, 2, 3, 4, 0, 1])
        #expect(device.allSatisfy { $0.check == "device:core" && $0.subject == .device(target: "core") })
        #expect(device[3].message.contains("3 looks in a row"))
        // Of a device that is not there nobody knows how its SNMP agent is.
        let snmp = looks.compactMap(\.last)
        #expect(snmp.map(\.state) == [.ok, .unknown, .unknown, .unknown, .unknown, .ok, .unknown])
        #expect(snmp.allSatisfy { $0.check == "snmp:core" && $0.kind == "snmp" })
    }

    @Test("SNMP is silent and ICMP is not: the device is there, its SNMP agent is not")
    func snmpDead() {
        var look = DeviceLook(target: "core", failures: 2)
        let first = look.results(Self.deadline, echo: Self.answered, milliseconds: 5)
        let second = look.results(Self.deadline, echo: Self.answered, milliseconds: 5)
        #expect(first.map(\.state) == [.ok, .warning] && second.map(\.state) == [.ok, .critical])
        #expect(second.first?.message == "answers ping, not SNMP")
    }

    @Test("a device that does not answer ping is there while it answers SNMP")
    func pingClosed() {
        var look = DeviceLook(target: "core", failures: 1)
        #expect(look.results(nil, echo: Self.silent, milliseconds: 5).map(\.state) == [.ok, .ok])
    }

    @Test("where ICMP cannot be asked SNMP alone decides", arguments: [nil, EchoAnswer.impossible("not allowed")])
    func noPing(echo: EchoAnswer?) {
        var look = DeviceLook(target: "core", failures: 1)
        #expect(look.results(nil, echo: echo, milliseconds: 5).map(\.state) == [.ok, .ok])
        #expect(look.results(Self.deadline, echo: echo, milliseconds: 5).map(\.state) == [.critical, .unknown])
    }

    @Test("what a look measures tells the two apart")
    func samples() {
        let both = DeviceLook.samples(nil, snmp: .milliseconds(4), echo: Self.answered)
        #expect(both.map(\.value) == [1, 0.004, 1, 0.002])
        let none = DeviceLook.samples(Self.deadline, snmp: .seconds(6), echo: Self.silent)
        #expect(none.map(\.value) == [0, 0])
        #expect(none.map { $0.series.attributes["network.protocol.name"] } == ["snmp", "icmp"])
        #expect(DeviceLook.samples(nil, snmp: .seconds(1), echo: .impossible("")).count == 2)
    }

    @Test("The collector can ask for a look by the check's name, and for nothing else")
    func confirmations() {
        let confirmations = Confirmations()
        _ = confirmations.signal(for: DeviceLook.name(of: "core"))
        #expect(confirmations.request("snmp:core") && !confirmations.request("snmp:other"))
        #expect(confirmations.takeRequest(for: "snmp:core") && !confirmations.takeRequest(for: "snmp:core"))
    }
}
