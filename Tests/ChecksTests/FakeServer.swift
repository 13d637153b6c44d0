import Glibc
import LinuxSystem
import Synchronization

/// A socket on a free loopback port, UDP and TCP under the same number, that answers as a test says.
final class FakeServer: Sendable {
    let port: Int
    private let datagrams: Int32
    private let streams: Int32
    private let asked = Count()

    /// How many questions came.
    var questions: Int { asked.value.withLock { $0 } }

    private final class Count: Sendable {
        let value = Mutex(0)
    }

    /// Answers each question with these packets; over TCP the bytes are sent one behind the other and the connection is closed.
    init?(_ answer: @escaping @Sendable (_ question: [UInt8], _ isStream: Bool) -> [[UInt8]]) {
        datagrams = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        streams = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard let first = FakeServer.bound(datagrams, 0), FakeServer.bound(streams, first) != nil,
            listen(streams, 8) == 0
        else { return nil }
        port = first
        let (datagrams, streams, asked) = (datagrams, streams, asked)
        Task.detached {
            await BlockingThread.run {
                FakeServer.serveDatagrams(datagrams) { question in
                    asked.value.withLock { $0 += 1 }
                    return answer(question, false)
                }
            }
        }
        Task.detached {
            await BlockingThread.run {
                FakeServer.serveStreams(streams) { question in
                    asked.value.withLock { $0 += 1 }
                    return answer(question, true)
                }
            }
        }
    }

    deinit {
        shutdown(datagrams, Int32(SHUT_RDWR))
        shutdown(streams, Int32(SHUT_RDWR))
    }

    private static func bound(_ descriptor: Int32, _ port: Int) -> Int? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let ready = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        return ready ? Int(UInt16(bigEndian: address.sin_port)) : nil
    }

    private static func serveDatagrams(_ descriptor: Int32, _ answer: ([UInt8]) -> [[UInt8]]) {
        var room = [UInt8](repeating: 0, count: 65_536)
        while true {
            var peer = sockaddr_in()
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let count = withUnsafeMutablePointer(to: &peer) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(descriptor, &room, room.count, 0, $0, &size)
                }
            }
            // shutdown(2) wakes the thread with nothing.
            guard count > 0 else { break }
            for packet in answer(Array(room[..<count])) {
                _ = withUnsafePointer(to: &peer) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        sendto(descriptor, packet, packet.count, 0, $0, size)
                    }
                }
            }
        }
        close(descriptor)
    }

    private static func serveStreams(_ descriptor: Int32, _ answer: ([UInt8]) -> [[UInt8]]) {
        while true {
            let connection = accept(descriptor, nil, nil)
            guard connection >= 0 else { break }
            var room = [UInt8](repeating: 0, count: 65_536)
            let count = recv(connection, &room, room.count, 0)
            for packet in answer(Array(room[..<max(count, 0)])) {
                _ = send(connection, packet, packet.count, Int32(MSG_NOSIGNAL))
            }
            shutdown(connection, Int32(SHUT_WR))
            close(connection)
        }
        close(descriptor)
    }
}

/// Numbers that are the same in every run.
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
