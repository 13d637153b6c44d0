import Glibc
import Model
import Testing

@testable import AgentRuntime

@Suite("The endpoint for Prometheus", .serialized) struct MetricEndpointTests {
    /// What the endpoint answers to `request`; whole where `isWhole`, else the connection is left open.
    private static func asked(_ port: UInt16, _ request: String) async -> String {
        await Task.detached {
            let peer = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(peer) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            let connected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(peer, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard connected == 0 else { return "not connected" }
            let bytes = Array(request.utf8)
            _ = send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            var answer: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = recv(peer, &chunk, chunk.count, 0)
                guard count > 0 else { break }
                answer += chunk[..<count]
            }
            return String(decoding: answer, as: UTF8.self)
        }.value
    }

    private func serving(_ board: MetricBoard, _ work: (UInt16) async -> Void) async throws {
        let endpoint = try MetricEndpoint(port: 0, board: board, patience: .milliseconds(200))
        let service = Task { try await endpoint.run() }
        await work(endpoint.port)
        service.cancel()
        _ = try? await service.value
    }

    @Test("gives the newest values of every group, and nothing at any other place")
    func answers() async throws {
        let board = MetricBoard()
        board.put([Sample(SeriesName("system.uptime"), 1)], of: ["uptime"])
        board.put([Sample(SeriesName("system.uptime"), 2)], of: ["uptime"])
        board.put([Sample(SeriesName("process.cpu.time"), 3)], of: ["agent"])
        try await serving(board) { port in
            let text = await Self.asked(port, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\nContent-Type: application/openmetrics-text; version=1.0.0"))
            #expect(text.contains("\nsystem_uptime_seconds 2.0\n"))
            #expect(text.contains("\nprocess_cpu_time_seconds_total 3.0\n"))
            #expect(text.hasSuffix("# EOF\n"))
            for (line, status) in [
                ("GET / HTTP/1.1", "404"), ("POST /metrics HTTP/1.1", "405"), ("GET /metrics", "400"),
                ("GET /metrics/../etc HTTP/1.1", "404"), ("", "400"), ("GET /metrics HTTP/2", "400"),
            ] {
                let text = await Self.asked(port, "\(line)\r\nHost: x\r\n\r\n")
                #expect(text.hasPrefix("HTTP/1.1 \(status) "), "\(line)")
            }
        }
    }

    @Test("a peer that is slow, says too much or goes away gets nothing, and the next one is served")
    func badPeers() async throws {
        try await serving(MetricBoard()) { port in
            #expect(await Self.asked(port, "GET /metrics HTTP/1.1\r\n") == "")
            #expect(await Self.asked(port, "GET /" + String(repeating: "x", count: 20_000)) == "")
            let text = await Self.asked(port, "GET /metrics HTTP/1.1\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 200 OK") && text.hasSuffix("\r\n\r\n# EOF\n"))
        }
    }

    @Test("a port that is taken is named")
    func taken() throws {
        let first = try MetricEndpoint(port: 0, board: MetricBoard())
        let error = #expect(throws: FileError.self) { try MetricEndpoint(port: first.port, board: MetricBoard()) }
        #expect(error?.description.contains("127.0.0.1:\(first.port) (openmetrics_port)") == true)
    }
}
