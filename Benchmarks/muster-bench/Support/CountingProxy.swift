import Glibc
import Synchronization

/// Hands connections on to a port of loopback and counts the bytes in both directions.
final class CountingProxy: Sendable {
    /// Where it listens.
    let port: Int
    private let target: Int
    private let sent = Atomic<Int>(0)
    private let received = Atomic<Int>(0)
    private let connections = Atomic<Int>(0)

    /// Starts to listen.
    init(to target: Int) throws {
        guard let listener = Loopback.listen() else { throw BenchError("no free port on 127.0.0.1") }
        port = listener.port
        self.target = target
        let descriptor = listener.descriptor
        onThread { self.accept(descriptor) }
    }

    /// Bytes that clients sent and were sent, and how many connections they made, since the start.
    var counts: (sent: Int, received: Int, connections: Int) {
        (sent.load(ordering: .relaxed), received.load(ordering: .relaxed), connections.load(ordering: .relaxed))
    }

    private func accept(_ listener: Int32) {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { continue }
            guard let server = Loopback.connect(port: target) else {
                close(client)
                continue
            }
            connections.add(1, ordering: .relaxed)
            // Both directions share the descriptors; each half-closes what it writes to, the second closes.
            let open = Countdown(2) {
                close(client)
                close(server)
            }
            onThread { self.copy(client, server, self.sent, open) }
            onThread { self.copy(server, client, self.received, open) }
        }
    }

    private func copy(_ from: Int32, _ to: Int32, _ counter: borrowing Atomic<Int>, _ open: Countdown) {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(from, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            counter.add(count, ordering: .relaxed)
            guard chunk.withUnsafeBytes({ Loopback.writeAll(to, .init(rebasing: $0[..<count])) }) else { break }
        }
        shutdown(to, Int32(SHUT_WR))
        open.done()
    }
}

/// Does something when it was told `done` as often as it was made for.
private final class Countdown: Sendable {
    private let left: Atomic<Int>
    private let last: @Sendable () -> Void

    init(_ count: Int, _ last: @escaping @Sendable () -> Void) {
        left = Atomic(count)
        self.last = last
    }

    func done() { if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { last() } }
}
