import Glibc
import HostMetrics
import LinuxSystem
import Model
import ServiceLifecycle

/// Gives the newest values to a Prometheus on this host: `GET /metrics` at 127.0.0.1, one connection at a time, each closed
/// after its answer.
///
/// It answers in HTTP/1.1 (RFC 9112) and takes no more of a request than its first line: a request has no body here, and a
/// peer that is slow or says too much is dropped.
final class MetricEndpoint: Service, Sendable {
    private let listener: Int32
    private let board: MetricBoard
    private let patience: Duration

    private static let headBytes = 8192

    /// An endpoint of a port; 0 takes a free one. `patience` is how long a peer may take for its request, and again for the
    /// answer. Throws ``FileError`` when the port is taken.
    init(port: UInt16, board: MetricBoard, patience: Duration = .seconds(2)) throws(FileError) {
        let place = "127.0.0.1:\(port) (openmetrics_port)"
        let descriptor = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw .last("socket", place) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard bound == 0, listen(descriptor, 16) == 0 else {
            let error = FileError.last("listen", place)
            close(descriptor)
            throw error
        }
        listener = descriptor
        self.board = board
        self.patience = patience
    }

    deinit { close(listener) }

    /// The port it listens at.
    var port: UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let known = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
        }
        return known == 0 ? UInt16(bigEndian: address.sin_port) : 0
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled { await BlockingThread.run { self.serve(until: .now + .seconds(1)) } }
        }
    }

    /// Answers who comes until then.
    private func serve(until deadline: ContinuousClock.Instant) {
        while waitFor(listener, Int16(POLLIN), until: deadline) {
            let peer = accept(listener, nil, nil)
            // Nobody, or no descriptor for him now: the next round looks again.
            guard peer >= 0 else { return }
            defer { close(peer) }
            _ = fcntl(peer, F_SETFD, FD_CLOEXEC)
            if let head = head(of: peer) { sendAll(answer(to: head), on: peer, until: .now + patience) }
        }
    }

    /// The first line of what a peer asks, once its head is whole; nil when it took too long or said too much.
    private func head(of peer: Int32) -> ByteText? {
        let deadline = ContinuousClock.now + patience
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 2048)
        while bytes.count < MetricEndpoint.headBytes, waitFor(peer, Int16(POLLIN), until: deadline) {
            let count = recv(peer, &chunk, chunk.count, Int32(MSG_DONTWAIT))
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return nil }
            bytes += chunk[..<count]
            let text = ByteText(bytes)
            if text.hasSuffix("\r\n\r\n") { return text.lines.first?.trimmed }
        }
        return nil
    }

    private func answer(to line: ByteText) -> [UInt8] {
        let words = line.fields
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else {
            return Self.answer("400 Bad Request", "not HTTP/1.1\n")
        }
        guard words[0] == "GET" else { return Self.answer("405 Method Not Allowed", "only GET\n", "Allow: GET\r\n") }
        guard words[1] == "/metrics" else { return Self.answer("404 Not Found", "there is /metrics\n") }
        return Self.answer("200 OK", OpenMetrics.text(board.samples), type: OpenMetricsText.mediaType)
    }

    private static func answer(
        _ status: String, _ body: String, _ fields: String = "", type: String = "text/plain; charset=utf-8"
    ) -> [UInt8] {
        let head = "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n"
        return Array((head + fields + "Connection: close\r\n\r\n" + body).utf8)
    }
}
