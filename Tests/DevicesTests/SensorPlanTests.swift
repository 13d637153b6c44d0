import Foundation
import Model
import SNMP
import SNMPTestSupport
import Testing

@testable import Devices

@Suite("Sensors between whole readings")
struct SensorPlanTests {
    private static func sensor(_ name: String, _ sensorClass: String, _ value: Double?, state: String? = nil)
        -> DeviceSensor
    {
        var sensor = DeviceSensor(oid: [1, 3, 6, 1, 9], sensorClass: sensorClass, name: name, value: value)
        sensor.state = state
        return sensor
    }

    @Test("are read by the columns that had rows, and say the same as the whole reading")
    func polled() async throws {
        // ENTITY-SENSOR-MIB: 41 degrees, 12 volts.
        let rows = ["1.7|2|8", "1.8|2|4", "2.7|2|9", "2.8|2|9", "3.7|2|0", "3.8|2|0", "4.7|2|41", "4.8|2|12"]
        let sensors = rows.map { "1.3.6.1.2.1.99.1.1.1." + $0 }
        let system = ["1.3.6.1.2.1.1.1.0|4|box", "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999", "1.3.6.1.2.1.1.3.0|67|100"]
        let recorded = RecordedAgent(recording: (system + sensors).joined(separator: "\n"))
        let agent = try #require(
            FakeAgent { bytes, _ in TestRequest(bytes).map { [.here(recorded.answer($0))] } ?? [] })
        defer { agent.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        let target = SNMPTarget(
            address: localhost, port: agent.port, credential: .v2c(community: "public"), timeout: 0.5, retries: 1)
        let probe = DeviceProbe(profiles: DeviceProfiles())
        let report = await probe.run(client: client, target: target)
        #expect(report.sensors.map(\.value) == [41, 12])
        let plan = try #require(report.sensorPlan)
        let (again, receipt) = await probe.sensors(plan, client: client, target: target)
        #expect(again == report.sensors)
        #expect(receipt.requests < 4)
    }

    @Test("are told by what they measure, and by what the device calls their state")
    func samples() {
        let samples = DeviceSensor.samples([
            Self.sensor("CPU", "temperature", 41), Self.sensor("Fan 1", "state", 2, state: "critical"),
            Self.sensor("Battery", "charge", 90, state: "ok"), Self.sensor("PSU", "power", nil, state: "unknown"),
        ])
        #expect(
            samples.map(\.series.metric) == [
                "hw.temperature", "muster.sensor.state", "muster.sensor.state", "muster.sensor.value",
            ])
        #expect(samples.map(\.value) == [41, 2, 0, 90])
        #expect(samples.last?.series.attributes["muster.sensor.class"] == "charge")
    }
}
