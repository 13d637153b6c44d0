import Model
import SNMP
import Testing

@testable import AgentRuntime

@Suite("DeviceLook")
struct DeviceLookTests {
    @Test("Failures before the limit are a warning, then critical, and one answer is ok again")
    func states() {
        var look = DeviceLook(target: "core", failures: 3)
        let results = [nil, SNMPError.deadline, .deadline, .deadline, .deadline, nil, .deadline].map {
            look.result($0, milliseconds: 5)
        }
        #expect(results.map(\.state) == [.ok, .warning, .warning, .critical, .critical, .ok, .warning])
        #expect(results.map(\.failuresInRow) == [0, 1, 2, 3, 4, 0, 1])
        #expect(results.allSatisfy { $0.check == "snmp:core" && $0.subject == .device(target: "core") })
        #expect(results[3].message.contains("3 looks in a row"))
    }

    @Test("The collector can ask for a look by the check's name, and for nothing else")
    func confirmations() {
        let confirmations = Confirmations()
        _ = confirmations.signal(for: DeviceLook.name(of: "core"))
        #expect(confirmations.request("snmp:core") && !confirmations.request("snmp:other"))
        #expect(confirmations.takeRequest(for: "snmp:core") && !confirmations.takeRequest(for: "snmp:core"))
    }
}
