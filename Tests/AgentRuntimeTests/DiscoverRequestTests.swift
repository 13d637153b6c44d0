import Testing

@testable import AgentRuntime

@Suite("muster-agent discover")
struct DiscoverRequestTests {
    @Test("looks by the methods that are asked for, and counts what it sent")
    func methods() async throws {
        let profiles = try TemporaryDirectory()
        var request = DiscoverRequest(networks: ["127.0.0.0/30"])
        request.methods = ["tcp"]
        request.tcpPorts = [9]
        request.timeout = 0.3
        request.profileDirectory = profiles.path
        let text = try await request.run(json: false)
        #expect(text.contains("127.0.0.1: no SNMP, but tcp\n127.0.0.2: no SNMP, but tcp\n"))
        #expect(text.contains("0 of 2 addresses answered; 2 questions, 0 retries"))
        #expect(text.contains("2 more addresses where somebody is"))
        let json = try await request.run(json: true)
        #expect(json.contains("\"address\" : \"127.0.0.2\"") && json.contains("\"tcp\""))
    }

    @Test("refuses methods and ports that are none, in one line")
    func usage() async throws {
        for (methods, ports) in [(["telnet"], [22]), (["tcp"], [0]), (["tcp"], Array(1...65))] {
            var request = DiscoverRequest(networks: ["127.0.0.1"])
            (request.methods, request.tcpPorts) = (methods, ports)
            let profiles = try TemporaryDirectory()
            request.profileDirectory = profiles.path
            let asked = request
            await #expect(throws: CommandError.self) { _ = try await asked.run(json: false) }
        }
    }
}
