import LinuxSystem
import Logging
import Model
import ServiceLifecycle
import Synchronization
import Testing
import Wire

@testable import AgentRuntime

@Suite("UplinkService")
struct UplinkServiceTests {
    private let directory: TemporaryDirectory
    private let wake = WakeSignal()

    init() throws { directory = try TemporaryDirectory() }

    private func spool() -> Spool {
        Spool(
            directory: directory.path + "/spool", bounds: SpoolBounds(bytes: 64 << 20, age: 1000),
            seriesFile: directory.path + "/series.json", wake: wake, log: { _ in })
    }

    private func status(_ number: UInt64) -> Report {
        .status(
            AgentStatus(
                version: "\(number)", bootID: "", generation: 1, heartbeatSeconds: 1, enqueued: 0, acknowledged: 0,
                dropped: 0, spoolBytes: 0))
    }

    private final class Observer: UplinkObserving, WantHandling {
        let failures = Mutex(0)
        let wants = Mutex<[Want]>([])
        func answered(_ answer: AgentAnswer) {}
        func failed(_ error: CollectorError) { failures.withLock { $0 += 1 } }
        func handle(_ wants: [Want]) { self.wants.withLock { $0 += wants } }
    }

    /// Runs the uplink until `isDone`, at most ten seconds.
    private func run(
        _ spool: Spool, _ transport: ScriptedTransport, observer: Observer = Observer(),
        restate: @escaping @Sendable () async -> Void = {},
        until isDone: @escaping @Sendable () async -> Bool
    ) async {
        var log = Logger(label: "test") { LineLog(label: $0) }
        log.logLevel = .critical
        let uplink = UplinkService(
            spool: spool, client: CollectorClient(transport: transport), wake: wake, wants: observer,
            observer: observer, log: log, restate: restate)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await uplink.run() }
            let deadline = ContinuousClock.now + .seconds(10)
            while await !isDone(), ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(5)) }
            group.cancelAll()
        }
    }

    @Test("A2: A lost answer is sent again under the same numbers; nothing is lost")
    func lostAnswer() async throws {
        let spool = spool()
        for number in 1...5 { await spool.enqueue([status(UInt64(number))]) }
        let transport = ScriptedTransport { number, request throws(TransportError) in
            if number == 1 { throw TransportError(description: "timed out") }
            return .acknowledging(request)
        }
        await run(spool, transport) { await spool.standing().current.acknowledged == 5 }
        #expect(await spool.standing().waiting == 0)
        #expect(transport.requests.count == 2)
        #expect(transport.requests.first?.body == transport.requests.last?.body)
    }

    private final class Clock: Sendable {
        let now = Mutex(SuspendingClock().now)
    }

    @Test("An uplink that hangs in an attempt for good lets no sign of life out")
    func stuck() async throws {
        let clock = Clock()
        let board = ProgressBoard { clock.now.withLock { $0 } }
        let spool = spool()
        await spool.enqueue([status(1)])
        let transport = ScriptedTransport { _, _ throws(TransportError) in
            try? await Task.sleep(for: .seconds(3600))
            throw TransportError(description: "ended")
        }
        let observer = Observer()
        var log = Logger(label: "test") { LineLog(label: $0) }
        log.logLevel = .critical
        let uplink = UplinkService(
            spool: spool, client: CollectorClient(transport: transport), wake: wake, wants: observer,
            observer: observer, log: log, pulse: board.pulse("uplink"))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await uplink.run() }
            let deadline = ContinuousClock.now + .seconds(10)
            while transport.requests.isEmpty, ContinuousClock.now < deadline {
                try? await Task.sleep(for: .milliseconds(5))
            }
            #expect(board.stuck.isEmpty)
            clock.now.withLock { $0 += .seconds(600) }
            #expect(board.stuck == ["uplink"])
            group.cancelAll()
        }
    }

    private final class Moments: Sendable {
        let sent = Mutex<ContinuousClock.Instant?>(nil)
        let arrived = Mutex<ContinuousClock.Instant?>(nil)
    }

    @Test("A report leaves within a tenth of a second of being enqueued")
    func wakeUp() async throws {
        let spool = spool()
        let moments = Moments()
        let transport = ScriptedTransport { _, request throws(TransportError) in
            moments.arrived.withLock { $0 = .now }
            return .acknowledging(request)
        }
        async let enqueued: Void = {
            try? await Task.sleep(for: .milliseconds(200))
            moments.sent.withLock { $0 = .now }
            await spool.enqueue([status(1)])
        }()
        await run(spool, transport) { moments.arrived.withLock { $0 != nil } }
        await enqueued
        let start = try #require(moments.sent.withLock { $0 })
        let end = try #require(moments.arrived.withLock { $0 })
        #expect(end - start < .milliseconds(100))
    }

    @Test("A7: after an outage the state of now is restated and goes ahead of more than a batch that waited")
    func outage() async throws {
        let spool = spool()
        await spool.enqueue((1...4500).map { status($0) })
        let first = Mutex<[(count: Int, isOvertaken: Bool)]>([])
        let transport = ScriptedTransport { _, request throws(TransportError) in
            if let bytes = try? Gzip.decompress(request.body), let batch = try? Batch(decoding: bytes) {
                first.withLock { $0.append((batch.frames.count, batch.isOvertaken)) }
            }
            return .acknowledging(request)
        }
        await run(spool, transport, restate: { [status] in await spool.enqueue([status(9000), status(9001)]) }) {
            await spool.standing().waiting == 0
        }
        #expect(first.withLock { $0.map(\.count) } == [2, 2000, 2000, 500])
        #expect(first.withLock { $0.map(\.isOvertaken) } == [false, true, true, true])
        #expect(await spool.standing().current.acknowledged == 4502)
        #expect(await !spool.goesAhead)
    }

    @Test("A partial acknowledgement settles its part only")
    func partial() async {
        let spool = spool()
        await spool.enqueue((1...4).map { status($0) })
        let transport = ScriptedTransport { number, request throws(TransportError) in
            guard number == 1, let bytes = try? Gzip.decompress(request.body), let batch = try? Batch(decoding: bytes)
            else { return .acknowledging(request) }
            return .json(
                AgentAnswer(epoch: batch.epoch, acknowledged: 2, stored: 2, duplicates: 0, refused: [], wants: []))
        }
        await run(spool, transport) { await spool.standing().waiting == 0 }
        #expect(transport.requests.count == 2)
        #expect(await spool.standing().current.acknowledged == 4)
    }

    @Test("A report the collector never takes is declared, and does not stop those behind it")
    func poison() async throws {
        let spool = spool()
        await spool.enqueue([status(1), status(666), status(3)])
        let transport = ScriptedTransport { _, request throws(TransportError) in
            guard let bytes = try? Gzip.decompress(request.body), let batch = try? Batch(decoding: bytes) else {
                return .problem(400)
            }
            let isPoisoned = batch.frames.contains { $0.sequence == 2 }
            return isPoisoned ? .problem(400, retryAfter: 0) : .acknowledging(request)
        }
        await run(spool, transport) { await spool.standing().waiting == 0 }
        let books = await spool.standing().current
        #expect(books.enqueued == 4 && books.acknowledged == 3 && books.dropped == 1)
    }

    @Test("What the collector wants is handed on")
    func wants() async {
        let spool = spool()
        await spool.enqueue([status(1)])
        let observer = Observer()
        let transport = ScriptedTransport { _, request throws(TransportError) in
            guard let bytes = try? Gzip.decompress(request.body), let batch = try? Batch(decoding: bytes) else {
                return .problem(400)
            }
            return .json(
                AgentAnswer(
                    epoch: batch.epoch, acknowledged: batch.frames.last?.sequence ?? 0, stored: 1, duplicates: 0,
                    refused: [Refusal(sequence: 1, reason: "x\ny")], wants: [.dictionary, .confirm(check: "web")]))
        }
        await run(spool, transport, observer: observer) { observer.wants.withLock { !$0.isEmpty } }
        #expect(observer.wants.withLock { $0 } == [.dictionary, .confirm(check: "web")])
    }
}
