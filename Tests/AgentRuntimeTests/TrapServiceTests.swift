import Devices
import Logging
import Model
import SNMP
import SNMPTestSupport
import Testing
import Wire

@testable import AgentRuntime

@Suite("Traps at the agent")
struct TrapServiceTests {
    private static let linkDown: OID = [1, 3, 6, 1, 6, 3, 1, 1, 5, 3]
    private static let coldStart: OID = [1, 3, 6, 1, 6, 3, 1, 1, 5, 1]

    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private struct Bench {
        let spool: Spool
        let service: TrapService
        let news: DeviceNews
        let confirmations: Confirmations
        let wants: SectionWants
        let port: UInt16

        /// Everything enqueued since the last call.
        func reports() async throws -> [Report] {
            var reports: [Report] = []
            while let batch = await spool.next(maximumBytes: 1 << 20, maximumFrames: 100) {
                reports += try batch.frames.map { try ReportCodec.decode($0).report }
                await spool.acknowledge(epoch: batch.epoch, from: 0, through: batch.frames.last?.sequence ?? 0)
            }
            return reports
        }
    }

    private func bench() throws -> Bench {
        var log = Logger(label: "test") { LineLog(label: $0) }
        log.logLevel = .critical
        let spool = Spool(
            directory: directory.path + "/spool", bounds: SpoolBounds(bytes: 64 << 20, age: 1000),
            seriesFile: directory.path + "/series.json", wake: WakeSignal(), log: { _ in })
        let reporter = Reporter(
            spool: spool, sections: directory.path + "/sections", sectionBytes: 64 << 20, freshness: .seconds(3600),
            log: log)
        let port = freePort()
        let source = SNMPTrapSource(
            name: "sw-1", addresses: [localhost], credential: .v2c(community: "public"))
        let receiver = try SNMPTrapReceiver(
            sockets: [try SNMPTrapReceiver.bind(localhost, port: port)], sources: [source],
            engineID: TrapEngine.id(of: "agent-1"), boots: 1)
        let (news, confirmations, wants) = (DeviceNews(), Confirmations(), SectionWants())
        let kinds = [
            TrapKind(oid: Self.linkDown, name: "linkDown", kind: .linkDown),
            TrapKind(oid: Self.coldStart, name: "coldStart", kind: .coldStart),
        ]
        let service = TrapService(
            receiver: receiver, reader: TrapReader(catalogue: TrapCatalogue(kinds)), links: LinkBoard(),
            reporter: reporter, confirmations: confirmations, news: news, wants: wants, log: log,
            accountInterval: .milliseconds(200))
        return Bench(
            spool: spool, service: service, news: news, confirmations: confirmations, wants: wants, port: port)
    }

    /// Runs the service while `body` does.
    private func running(_ bench: Bench, _ body: () async throws -> Void) async throws {
        let service = bench.service
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await service.run() }
            try await body()
            group.cancelAll()
        }
    }

    @Test("a trap is an event, and its device's loop is woken to read the interfaces")
    func event() async throws {
        let bench = try bench()
        let wake = bench.confirmations.signal(for: DeviceLook.name(of: "sw-1"))
        try await running(bench) {
            let sender = try #require(DatagramSender(from: localhost, to: bench.port))
            let index: OID = [1, 3, 6, 1, 2, 1, 2, 2, 1, 1, 7]
            sender.send(BER.trap(Self.linkDown, [(index, BER.integer(7))]))
            let begun = ContinuousClock.now
            await wake.wait(atMost: .seconds(5))
            #expect(ContinuousClock.now - begun < .seconds(5))
            #expect(bench.news.take("sw-1") && !bench.news.take("sw-1"))
            let events = try await bench.reports().flatMap { report -> [DeviceEvent] in
                if case .events(let events) = report { events } else { [] }
            }
            #expect(events.map(\.kind) == [.linkDown] && events.first?.interface == 7)
            // Nobody waits for a result of the check itself.
            #expect(!bench.confirmations.isRequested(DeviceLook.name(of: "sw-1")))
        }
    }

    @Test("a device that started anew is read whole, once a minute at the most")
    func started() async throws {
        let bench = try bench()
        let whole = bench.wants.signal(device: "sw-1")
        try await running(bench) {
            let sender = try #require(DatagramSender(from: localhost, to: bench.port))
            sender.send(BER.trap(Self.coldStart, request: 1))
            let begun = ContinuousClock.now
            await whole.wait(atMost: .seconds(5))
            #expect(ContinuousClock.now - begun < .seconds(5))
            sender.send(BER.trap(Self.coldStart, request: 2))
            #expect(await eventually { bench.news.take("sw-1") })
            let again = ContinuousClock.now
            await whole.wait(atMost: .milliseconds(300))
            #expect(ContinuousClock.now - again >= .milliseconds(300))
        }
    }

    @Test("what was not taken is told as receipts, with the numbers")
    func account() async throws {
        let bench = try bench()
        try await running(bench) {
            let sender = try #require(DatagramSender(from: localhost, to: bench.port))
            for _ in 0..<3 { sender.send(BER.trap(Self.linkDown, community: "private")) }
            var receipts: [Receipt] = []
            let isTold = await eventually {
                let new = (try? await bench.reports()) ?? []
                receipts += new.flatMap { report -> [Receipt] in
                    if case .receipts(let list) = report { list } else { [] }
                }
                return receipts.contains { $0.source == "traps/sw-1" }
            }
            #expect(isTold, "\(receipts)")
            let receipt = receipts.first { $0.source == "traps/sw-1" }
            #expect(receipt?.outcome == .truncated && receipt?.message.contains("3 with another version") == true)
        }
    }
}
