import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import HTTPAPI

@Suite("Floods of connections on the agents' port", .serialized)
struct ConnectionFloodTests {
    /// Connections that say nothing, or a header that never ends; closed with the test.
    private final class Flood: Sendable {
        private let channels = Mutex<[any Channel]>([])

        func open(_ count: Int, to port: Int, saying text: String = "") async throws {
            for _ in 0..<count {
                let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .connect(host: "127.0.0.1", port: port).get()
                if !text.isEmpty { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }
                channels.withLock { $0.append(channel) }
            }
        }

        var open: Int { channels.withLock { $0.count { $0.isActive } } }

        func close() async {
            for channel in channels.withLock({ $0 }) { try? await channel.close().get() }
        }
    }

    private func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: c\r\nConnection: close\r\n\r\n" }

    @Test("N6: A thousand silent connections are closed, and an agent is answered meanwhile and afterwards")
    func silent() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let limits = ConnectionLimits(most: 4096, strangersPerAddress: 100, firstRequestSeconds: 2)
        try await bench.withAgentsPort(limits: limits) { port in
            let flood = Flood()
            try await flood.open(1000, to: port)
            // What is over the limit of an address goes at once, the rest when its time is over.
            while flood.open > 100 { try await Task.sleep(for: .milliseconds(20)) }
            while flood.open > 0 { try await Task.sleep(for: .milliseconds(50)) }
            let (answer, key) = try await bench.enrol(try await bench.secret())
            let client = RawClient(port: port, authority: bench.authority, identity: (answer.certificate, key))
            #expect(try await client.exchange(get("/healthz")).hasPrefix("HTTP/1.1 200"))
            await flood.close()
        }
    }

    @Test("N7: When there is no more room, strangers make it for an agent; one that is known stays")
    func full() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let limits = ConnectionLimits(most: 40, strangersPerAddress: 1000, firstRequestSeconds: 600)
        try await bench.withAgentsPort(limits: limits) { port in
            let (answer, key) = try await bench.enrol(try await bench.secret())
            let client = RawClient(port: port, authority: bench.authority, identity: (answer.certificate, key))
            let flood = Flood()
            // The first request makes the agent known; then a flood comes; its connection still answers the second.
            let keep = "GET /healthz HTTP/1.1\r\nHost: c\r\n\r\n"
            let text = try await client.exchange(
                keep, between: { try await flood.open(200, to: port) }, get("/healthz"))
            #expect(text.split(separator: "HTTP/1.1 200", omittingEmptySubsequences: false).count == 3)
            #expect(flood.open <= 40)
            #expect(try await client.exchange(get("/healthz")).hasPrefix("HTTP/1.1 200"))
            await flood.close()
        }
    }

    @Test("N6: A header that drips is cut off in time, however often a byte comes")
    func dripping() async throws {
        let bench = try CollectorBench()
        defer { bench.remove() }
        let limits = ConnectionLimits(firstRequestSeconds: 1)
        try await bench.withAgentsPort(limits: limits) { port in
            let client = RawClient(port: port, authority: bench.authority)
            let drops = Array(repeating: Array("a".utf8), count: 40)
            let began = ContinuousClock.now
            let text = try await client.exchange([Array("GET /".utf8)] + drops, pause: .milliseconds(200), seconds: 30)
            #expect(text.isEmpty)
            #expect(ContinuousClock.now - began < .seconds(9))
        }
    }
}
