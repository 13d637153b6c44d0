import Glibc
import Model
import Synchronization

/// A UDP responder on loopback whose answers a test makes: truncated, mislabelled, from another port, or none.
public final class FakeAgent: Sendable {
    /// One datagram to send back.
    public enum Reply: Sendable {
        /// From the port that was asked.
        case here([UInt8])
        /// From another port of the same address.
        case elsewhere([UInt8])
    }

    /// The port it listens on, at 127.0.0.1.
    public let port: UInt16
    private let descriptor: Int32
    private let other: Int32
    private let stopped = Atomic<Bool>(false)
    private let seen = Mutex<[[UInt8]]>([])
    private let thread = Mutex<pthread_t?>(nil)
    private let handler: @Sendable (_ request: [UInt8], _ number: Int) -> [Reply]

    /// Starts answering with what `handler` makes of each datagram and its number, counted from 1.
    public init?(_ handler: @escaping @Sendable (_ request: [UInt8], _ number: Int) -> [Reply]) {
        self.handler = handler
        descriptor = boundSocket()
        other = boundSocket()
        guard descriptor >= 0, other >= 0 else { return nil }
        port = portOf(descriptor)
        let retained = Unmanaged.passRetained(self)
        var started = pthread_t()
        let result = pthread_create(
            &started, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<FakeAgent>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, retained.toOpaque())
        guard result == 0 else { return nil }
        thread.withLock { $0 = started }
    }

    /// The datagrams received so far.
    public var requests: [[UInt8]] { seen.withLock { $0 } }

    /// Ends it and waits for its thread.
    public func stop() {
        stopped.store(true, ordering: .relaxed)
        if let thread = thread.withLock({ $0.take() }) { pthread_join(thread, nil) }
    }

    private func run() {
        defer {
            close(descriptor)
            close(other)
        }
        var buffer = [UInt8](repeating: 0, count: 65536)
        while !stopped.load(ordering: .relaxed) {
            var from = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let got = withUnsafeMutablePointer(to: &from) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(descriptor, &buffer, buffer.count, 0, $0, &length)
                }
            }
            guard got > 0 else { continue }
            let request = Array(buffer[..<got])
            let number = seen.withLock { seen in
                seen.append(request)
                return seen.count
            }
            for reply in handler(request, number) {
                switch reply {
                case .here(let bytes): send(bytes, descriptor, from)
                case .elsewhere(let bytes): send(bytes, other, from)
                }
            }
        }
    }

    private func send(_ bytes: [UInt8], _ descriptor: Int32, _ to: sockaddr_in) {
        var to = to
        withUnsafePointer(to: &to) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

private func boundSocket(type: __socket_type = SOCK_DGRAM, port: UInt16 = 0) -> Int32 {
    let descriptor = socket(AF_INET, Int32(type.rawValue), 0)
    guard descriptor >= 0 else { return -1 }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    address.sin_port = port.bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    var wait = timeval(tv_sec: 0, tv_usec: 20_000)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    if result == 0 { return descriptor }
    close(descriptor)
    return -1
}

private func portOf(_ descriptor: Int32) -> UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    return UInt16(bigEndian: address.sin_port)
}

/// A port of 127.0.0.1 that is free for UDP and TCP right now.
public func freePort() -> UInt16 {
    for _ in 0..<50 {
        let descriptor = boundSocket()
        let port = portOf(descriptor)
        let stream = boundSocket(type: SOCK_STREAM, port: port)
        close(descriptor)
        guard stream >= 0 else { continue }
        close(stream)
        return port
    }
    return 0
}

/// 127.0.0.1.
public let localhost: IPAddress = {
    guard let address = IPAddress(octets: [127, 0, 0, 1]) else { preconditionFailure("four octets") }
    return address
}()
