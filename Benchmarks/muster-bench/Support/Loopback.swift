import Glibc

/// Sockets on 127.0.0.1.
enum Loopback {
    /// A listening socket, by itself on a port the kernel chooses; nil where that cannot be had.
    static func listen(port: Int = 0) -> (descriptor: Int32, port: Int)? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var address = address(port: port)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withPointer(&address) { bind(descriptor, $0, length) } == 0
        guard isBound, Glibc.listen(descriptor, 128) == 0,
            withPointer(&address, { getsockname(descriptor, $0, &length) }) == 0
        else {
            close(descriptor)
            return nil
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// A connection to a port; nil where nobody listens.
    static func connect(port: Int) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var address = address(port: port)
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard withPointer(&address, { Glibc.connect(descriptor, $0, length) }) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// A port that is free right now.
    static func freePort() throws -> Int {
        guard let found = listen() else { throw BenchError("no free port on 127.0.0.1") }
        close(found.descriptor)
        return found.port
    }

    /// A port that is free right now among those the kernel gives to nobody by itself; some programs take no other.
    static func freeLowPort() throws -> Int {
        for port in (20_000...30_000).shuffled().prefix(100) {
            guard let found = listen(port: port) else { continue }
            close(found.descriptor)
            return port
        }
        throw BenchError("no free port between 20000 and 30000 on 127.0.0.1")
    }

    /// Writes all bytes; false when the other side is gone.
    static func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = send(
                descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// One question to a server that answers and closes; nil where it does not.
    static func ask(port: Int, _ question: [UInt8]) -> [UInt8]? {
        guard let descriptor = connect(port: port) else { return nil }
        defer { close(descriptor) }
        guard question.withUnsafeBytes({ writeAll(descriptor, $0) }) else { return nil }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return count == 0 ? answer : nil }
            answer += chunk[..<count]
        }
    }

    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        return address
    }

    private static func withPointer(
        _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Int32
    ) -> Int32 {
        withUnsafeMutablePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
    }
}

/// A thread of its own for what blocks; it ends with the process at the latest.
func onThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    let result = pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
            return nil
        }, box.toOpaque())
    if result == 0 { pthread_detach(thread) } else { box.release() }
}
