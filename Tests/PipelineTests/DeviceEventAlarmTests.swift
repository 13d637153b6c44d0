import Model
import Stores
import Testing

@testable import CollectorServices

@Suite("Alarms of what devices tell")
struct DeviceEventAlarmTests {
    private static let device = CIID(501)
    private static let port = CIID(502)
    private static let other = CIID(503)

    private func bench() async throws -> PipelineBench {
        let bench = try await PipelineBench()
        try await bench.addCI(Self.device, .device, "sw-1", parent: nil)
        try await bench.addCI(Self.port, .interface, "eth1", parent: Self.device)
        try await bench.addCI(Self.other, .interface, "eth1", parent: PipelineBench.host)
        return bench
    }

    private func tell(
        _ bench: PipelineBench, _ kind: DeviceEventKind, on ci: CIID = port, neighbour: String? = "core-1",
        isLate: Bool = false
    ) async throws {
        let event = DeviceEvent(
            kind: kind, subject: .device(target: "sw-1"), interface: 7, object: "eth1", neighbour: neighbour,
            origin: .trap, trap: "linkDown")
        try await bench.emit([.deviceReported(ci: ci, agent: "a1", event: event, isLate: isLate)])
        try await bench.settle()
    }

    private func measure(_ bench: PipelineBench, _ value: Double, of ci: CIID = device) async {
        let series = SeriesName("hw.network.up", ["network.interface.name": "eth1"])
        await bench.alarms.samplesArrived(
            ci: ci, agent: "a1", values: [Sample(series, value)], at: bench.time.now)
    }

    private func uplink(_ bench: PipelineBench) async throws -> AlarmRecord? {
        try await bench.allAlarms().first { $0.key.rule == "uplink-down" && $0.key.ci == Self.port }
    }

    @Test("a link to a neighbour is an alarm on the interface and an incident, and over with the opposite event")
    func link() async throws {
        let bench = try await bench()
        try await tell(bench, .linkDown)
        let alarm = try #require(try await uplink(bench))
        #expect(alarm.state == .firing && alarm.key.instance.isEmpty)
        #expect(alarm.summary == "sw-1: interface eth1 to core-1 lost its link")
        #expect(try await bench.allIncidents().count == 1)
        try await tell(bench, .linkUp, neighbour: nil)
        #expect(try await uplink(bench)?.state == .cleared)
    }

    @Test("the device's own value ends it when the event was lost; another device's, or one that is not well, does not")
    func value() async throws {
        let bench = try await bench()
        try await tell(bench, .linkDown)
        await measure(bench, 0)
        await measure(bench, 1, of: PipelineBench.host)
        #expect(try await uplink(bench)?.state == .firing)
        await measure(bench, 1)
        #expect(try await uplink(bench)?.state == .cleared)
    }

    @Test("the value ends it also after a restart of the collector")
    func restarted() async throws {
        let bench = try await bench()
        try await tell(bench, .linkDown)
        try await bench.restart()
        await measure(bench, 1)
        #expect(try await uplink(bench)?.state == .cleared)
    }

    @Test("an interface without a known neighbour opens no incident, and an event of before raises nothing")
    func quiet() async throws {
        let bench = try await bench()
        try await tell(bench, .linkDown, neighbour: nil)
        #expect(try await bench.allIncidents().isEmpty)
        #expect(try await uplink(bench) == nil)
        try await tell(bench, .linkDown, on: Self.other, isLate: true)
        #expect(try await bench.allAlarms().allSatisfy { $0.key.ci != Self.other })
    }
}
