import Model
import Stores
import Testing
import Wire

@testable import CollectorServices

@Suite("Events of devices")
struct DeviceEventTests {
    private static let device = Subject.device(target: "sw-1")

    private static func event(_ kind: DeviceEventKind, interface: UInt32? = nil) -> DeviceEvent {
        DeviceEvent(kind: kind, subject: device, interface: interface, object: "eth1", origin: .trap, trap: "linkDown")
    }

    private func fleet() async throws -> Fleet {
        let fleet = try Fleet()
        try await fleet.enrol("a1", "a2")
        try await fleet.send(
            "a1", section(.system, [item("", ["name": "sw-1"])], of: Self.device, address: "192.0.2.1"),
            section(.interfaces, [item("7", ["name": "eth1"]), item("8", ["name": "eth2"])], of: Self.device))
        return fleet
    }

    private func told(_ fleet: Fleet) async throws -> [(ci: CIID, agent: String, event: DeviceEvent, isLate: Bool)] {
        try await fleet.store.entries(after: .start, limit: 1000).compactMap { entry in
            guard case .deviceReported(let ci, let agent, let event, let isLate) = entry.event else { return nil }
            return (ci, agent, event, isLate)
        }
    }

    @Test("stand on the interface that the agent's record of the device has under the ifIndex")
    func onInterface() async throws {
        let fleet = try await fleet()
        let answer = try await fleet.send("a1", .events([Self.event(.linkDown, interface: 7)]))
        #expect(answer.stored == 1 && answer.refused.isEmpty)
        let device = try await fleet.device("a1", "sw-1")
        let port = try #require(try await fleet.child("eth1", of: device?.id))
        let events = try await told(fleet)
        #expect(events.map(\.ci) == [port.id] && events.map(\.isLate) == [false])
        #expect(events.first?.event == Self.event(.linkDown, interface: 7) && events.first?.agent == "a1")
    }

    @Test("stand on the device where the interface is not known, and make the device known where it is not")
    func onDevice() async throws {
        let fleet = try await fleet()
        try await fleet.send("a1", .events([Self.event(.linkDown, interface: 99), Self.event(.coldStart)]))
        let device = try #require(try await fleet.device("a1", "sw-1"))
        #expect(try await told(fleet).map(\.ci) == [device.id, device.id])
        // Another agent's device of the same name is another source's word.
        try await fleet.send("a2", .events([Self.event(.linkDown, interface: 7)]))
        let other = try #require(try await fleet.device("a2", "sw-1"))
        #expect(try await told(fleet).last?.ci == other.id)
    }

    @Test("that newer reports overtook come to the timeline as late")
    func late() async throws {
        let fleet = try await fleet()
        var batch = try fleet.batch("a1", [.events([Self.event(.linkDown, interface: 7)])])
        batch.isOvertaken = true
        #expect(try await fleet.ingest.accept(agent: "a1", batch: batch).stored == 1)
        #expect(try await told(fleet).map(\.isLate) == [true])
    }

    @Test("that were sent twice are stored once")
    func twice() async throws {
        let fleet = try await fleet()
        let batch = try fleet.batch("a1", [.events([Self.event(.linkDown, interface: 7)])])
        #expect(try await fleet.ingest.accept(agent: "a1", batch: batch).stored == 1)
        #expect(try await fleet.ingest.accept(agent: "a1", batch: batch).duplicates == 1)
        #expect(try await told(fleet).count == 1)
    }

    @Test("that no device could send are refused, and what is behind them is taken")
    func refused() async throws {
        let fleet = try await fleet()
        var ofHost = Self.event(.coldStart)
        ofHost.subject = .host
        var nonsense = Self.event(.coldStart)
        nonsense.kind = "Not A Word"
        var endless = Self.event(.coldStart)
        endless.details = [String](repeating: "a = b", count: 65)
        let answer = try await fleet.send(
            "a1", .events([ofHost]), .events([nonsense]), .events([endless]),
            .events([DeviceEvent](repeating: Self.event(.coldStart), count: 1001)), .events([Self.event(.coldStart)]))
        #expect(answer.refused.count == 4 && answer.stored == 1)
        #expect(try await told(fleet).count == 1)
    }
}
