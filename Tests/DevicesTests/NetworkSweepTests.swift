import FoundationEssentials
import Model
import SNMP
import SNMPTestSupport
import Synchronization
import Testing

@testable import Devices

@Suite("A sweep of some networks")
struct NetworkSweepTests {
    private static let descr: OID = [1, 3, 6, 1, 2, 1, 1, 1, 0]

    /// Answers like the made-up switch, but only to the community `lab`.
    private func withDevice<Result>(_ body: (FakeAgent, SNMPClient) async throws -> Result) async throws -> Result {
        let recorded = RecordedAgent(
            recording: """
                1.3.6.1.2.1.1.1.0|4|Example Switch 6.1.4
                1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.32473.1.48
                1.3.6.1.2.1.1.5.0|4|access-7
                """)
        let agent = FakeAgent { bytes, _ in
            guard bytes.contains(Array("lab".utf8)), let request = TestRequest(bytes) else { return [] }
            return [.here(recorded.answer(request))]
        }
        let device = try #require(agent)
        defer { device.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        return try await body(device, client)
    }

    private func options(_ communities: [String], port: UInt16) -> NetworkSweep.Options {
        var options = NetworkSweep.Options(credentials: communities.map { .v2c(community: $0) })
        options.port = port
        options.timeout = 0.2
        return options
    }

    @Test("finds who answers, by which credential, and where nothing listens")
    func finds() async throws {
        try await withDevice { device, client in
            let report = await NetworkSweep(profiles: exampleProfiles).run(
                [try #require(IPNetwork("127.0.0.0/29"))], options(["public", "lab"], port: device.port), client: client
            )
            let found = try #require(report.devices.first)
            #expect(report.devices.count == 1)
            #expect(found.address.description == "127.0.0.1")
            #expect(found.credentials == [1])
            #expect(found.name == "access-7" && found.vendor == "Example")
            #expect(report.withoutAnswer.map(\.address.description) == (2...6).map { "127.0.0.\($0)" })
            #expect(report.receipt.addresses == 6 && report.receipt.answered == 1)
            // Somebody answered or refused everywhere, so that nobody was asked twice.
            #expect(report.receipt.questions == 12 && report.receipt.retries == 0)
            #expect(report.receipt.failures.isEmpty && !report.receipt.isCut)
            let json = try report.json()
            #expect(!json.contains("lab") && json.contains("\"credential\" : 2"))
        }
    }

    @Test("a silent address is asked again with every credential, as often as was said")
    func silent() async throws {
        try await withDevice { device, client in
            var options = options(["a", "b"], port: device.port)
            options.retries = 2
            let report = await NetworkSweep(profiles: DeviceProfiles()).run(
                [try #require(IPNetwork("127.0.0.1"))], options, client: client)
            #expect(report.devices.isEmpty && report.withoutAnswer.isEmpty)
            #expect(report.receipt.questions == 6 && report.receipt.retries == 4)
            #expect(device.requests.count == 6)
        }
    }

    @Test("packets go out no faster than the rate, and a pause is not made up for in a burst")
    func pace() async throws {
        let plan = SweepPlan([], rate: 100)
        let started = ContinuousClock.now
        for _ in 0..<10 { await plan.turn() }
        #expect(ContinuousClock.now - started >= .milliseconds(70))
        try await Task.sleep(for: .milliseconds(200))
        let again = ContinuousClock.now
        for _ in 0..<10 { await plan.turn() }
        #expect(ContinuousClock.now - again >= .milliseconds(70))
        #expect(plan.sent == 20)
    }

    @Test("a sweep that is cancelled ends and gives what it has")
    func cancelled() async throws {
        try await withDevice { device, client in
            let options = options(["lab"], port: device.port)
            let network = try #require(IPNetwork("127.0.0.0/16"))
            let (dones, told) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
            let task = Task {
                await NetworkSweep(profiles: DeviceProfiles()).run([network], options, client: client) {
                    told.yield($0)
                }
            }
            // The first address is the device's: it is done when a hundred are.
            for await done in dones where done >= 100 { break }
            task.cancel()
            let report = await task.value
            #expect(report.receipt.questions < 3000)
            #expect(report.devices.map(\.address.description) == ["127.0.0.1"])
        }
    }

    @Test("descriptors are given back as addresses are done, not seconds later")
    func descriptors() async throws {
        try await withDevice { device, client in
            let most = Mutex(0)
            let options = options(["lab"], port: device.port)
            _ = await NetworkSweep(profiles: DeviceProfiles()).run(
                [try #require(IPNetwork("127.0.0.0/21"))], options, client: client
            ) { _ in
                let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
                most.withLock { $0 = max($0, open) }
            }
            // 2,046 addresses in two seconds; sessions that linger would be as many descriptors.
            #expect(most.withLock { $0 } < 600)
        }
    }
}
