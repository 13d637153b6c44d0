import Glibc
import Synchronization

/// A receiver of web hooks on loopback that accepts everything and remembers when.
final class WebhookSink: Sendable {
    /// Where it listens.
    let port: Int
    private let moments = Mutex<[ContinuousClock.Instant]>([])

    /// Starts to listen.
    init() throws {
        guard let listener = Loopback.listen() else { throw BenchError("no free port on 127.0.0.1") }
        port = listener.port
        let descriptor = listener.descriptor
        onThread {
            while true {
                let client = accept(descriptor, nil, nil)
                if client >= 0 { onThread { self.serve(client) } }
            }
        }
    }

    /// When each request had come, in order.
    var received: [ContinuousClock.Instant] { moments.withLock { $0 } }

    private func serve(_ client: Int32) {
        defer { close(client) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let accepted = Array("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n".utf8)
        while true {
            while let length = WebhookSink.requestLength(bytes), bytes.count >= length {
                bytes.removeFirst(length)
                moments.withLock { $0.append(.now) }
                guard accepted.withUnsafeBytes({ Loopback.writeAll(client, $0) }) else { return }
            }
            let count = recv(client, &chunk, chunk.count, 0)
            guard count > 0, bytes.count < 1 << 20 else { return }
            bytes += chunk[..<count]
        }
    }

    /// Bytes of the first request, head and body; nil while its head is not whole.
    private static func requestLength(_ bytes: [UInt8]) -> Int? {
        let end = Array("\r\n\r\n".utf8)
        guard bytes.count >= 4,
            let start = (0...(bytes.count - 4)).first(where: { bytes[$0..<($0 + 4)].elementsEqual(end) })
        else { return nil }
        let head = String(decoding: bytes[..<start], as: UTF8.self)
        let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        let length = line?.split(separator: ":").last.flatMap { Int($0.filter { $0 != " " }) } ?? 0
        return start + 4 + length
    }
}
