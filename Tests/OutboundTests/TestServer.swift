import Glibc
import Synchronization

/// An HTTP server for tests on 127.0.0.1 or a unix socket: answers each request with what `answer` makes of it.
final class TestServer: Sendable {
    /// A request as it came, up to the end of its body.
    struct Request: Sendable {
        var head: String
        var body: [UInt8]
        /// Which connection it came on, from 0.
        var connection: Int
    }

    let port: Int
    private let listener: Int32
    private let seen = Mutex<[Request]>([])
    private let answer: @Sendable (Request) -> [UInt8]?

    /// Listens; `answer` gives the bytes to send, or nil to stay silent on that connection.
    init?(unixSocket: String? = nil, answer: @escaping @Sendable (Request) -> [UInt8]?) {
        guard let (listener, port) = unixSocket.map(listenUnix) ?? listenTCP() else { return nil }
        self.listener = listener
        self.port = port
        self.answer = answer
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        guard pthread_create(&thread, nil, serve, context.toOpaque()) == 0 else { return nil }
        pthread_detach(thread)
    }

    var requests: [Request] { seen.withLock { $0 } }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    fileprivate func run() {
        var count = 0
        while true {
            let peer = accept(listener, nil, nil)
            guard peer >= 0 else { break }
            let connection = Connection(server: self, descriptor: peer, number: count)
            count += 1
            var thread = pthread_t()
            pthread_create(&thread, nil, serveConnection, Unmanaged.passRetained(connection).toOpaque())
            pthread_detach(thread)
        }
        close(listener)
    }

    fileprivate func handle(_ descriptor: Int32, number: Int) {
        defer { close(descriptor) }
        var buffer: [UInt8] = []
        while let request = readRequest(descriptor, &buffer, number: number) {
            seen.withLock { $0.append(request) }
            if let bytes = answer(request) {
                guard sendAll(descriptor, bytes) else { return }
            }
        }
    }
}

private final class Connection: Sendable {
    let server: TestServer
    let descriptor: Int32
    let number: Int

    init(server: TestServer, descriptor: Int32, number: Int) {
        self.server = server
        self.descriptor = descriptor
        self.number = number
    }
}

private func serve(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<TestServer>.fromOpaque(context).takeRetainedValue().run() }
    return nil
}

private func serveConnection(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context {
        let connection = Unmanaged<Connection>.fromOpaque(context).takeRetainedValue()
        connection.server.handle(connection.descriptor, number: connection.number)
    }
    return nil
}

private func listenTCP() -> (Int32, Int)? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0
                && getsockname(descriptor, $0, &length) == 0
        }
    }
    return bound ? (descriptor, Int(UInt16(bigEndian: address.sin_port))) : nil
}

private func listenUnix(_ path: String) -> (Int32, Int)? {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let bound = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0
        }
    }
    return bound ? (descriptor, 0) : nil
}

private func readRequest(_ descriptor: Int32, _ buffer: inout [UInt8], number: Int) -> TestServer.Request? {
    let mark = Array("\r\n\r\n".utf8)
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
        if let end = (0..<max(buffer.count - 3, 0)).first(where: { buffer[$0...].starts(with: mark) }) {
            let head = String(decoding: buffer[..<end], as: UTF8.self)
            let wanted = contentLength(head)
            if buffer.count >= end + 4 + wanted {
                let body = Array(buffer[(end + 4)..<(end + 4 + wanted)])
                buffer.removeFirst(end + 4 + wanted)
                return TestServer.Request(head: head, body: body, connection: number)
            }
        }
        let count = read(descriptor, &chunk, chunk.count)
        guard count > 0 else { return nil }
        buffer += chunk[..<count]
    }
}

private func contentLength(_ head: String) -> Int {
    for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
        return Int(line.dropFirst(15).filter { $0 != " " }) ?? 0
    }
    return 0
}

private func sendAll(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes {
            send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return false }
        sent += count
    }
    return true
}

/// An answer with a body and more header lines.
func answer(_ status: Int, _ body: String = "", headers: [String] = []) -> [UInt8] {
    let lines = ["HTTP/1.1 \(status) X", "Content-Length: \(body.utf8.count)"] + headers
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
}
