import Glibc
import LinuxSystem

/// A socket connected to an address, closed with its value: what comes from elsewhere the kernel does not hand over.
final class NumericSocket {
    let descriptor: Int32

    /// Why there is none, as the end of a sentence.
    struct Failure: Error, Hashable {
        var text: String
    }

    /// A datagram socket, or a stream that stands within the deadline. `host` is an address, perhaps with a zone.
    init(host: String, port: Int, isStream: Bool, until deadline: ContinuousClock.Instant) throws(Failure) {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        hints.ai_socktype = Int32((isStream ? SOCK_STREAM : SOCK_DGRAM).rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &found)
        guard status == 0, let address = found else { throw Failure(text: nameProblem(status)) }
        defer { freeaddrinfo(found) }
        descriptor = try NumericSocket.open(address.pointee, until: deadline)
    }

    /// A socket connected to an address that getaddrinfo(3) found.
    init(_ address: addrinfo, until deadline: ContinuousClock.Instant) throws(Failure) {
        descriptor = try NumericSocket.open(address, until: deadline)
    }

    deinit { close(descriptor) }

    /// Connects to one address that getaddrinfo(3) found; the caller closes the descriptor.
    static func open(_ address: addrinfo, until deadline: ContinuousClock.Instant) throws(Failure) -> Int32 {
        let type = address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.ai_family, type, 0)
        guard descriptor >= 0 else { throw Failure(text: systemErrorText(errno)) }
        if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return descriptor }
        var problem = errno
        if problem == EINPROGRESS {
            guard waitFor(descriptor, Int16(POLLOUT), until: deadline) else {
                close(descriptor)
                throw Failure(text: NumericSocket.silence)
            }
            var size = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &size)
            if problem == 0 { return descriptor }
        }
        close(descriptor)
        throw Failure(text: connectionProblem(problem))
    }

    /// What a deadline that came first is called; the caller puts the time behind it.
    static let silence = "no answer"

    /// Sends a datagram.
    func send(_ bytes: [UInt8]) throws(Failure) {
        while Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) < 0 {
            if errno == EINTR { continue }
            throw Failure(text: connectionProblem(errno))
        }
    }

    /// The next datagram or piece of a stream, at most `limit` bytes; nil when the deadline comes first, empty at the end of a
    /// stream.
    func receive(limit: Int, until deadline: ContinuousClock.Instant) throws(Failure) -> [UInt8]? {
        var room = [UInt8](repeating: 0, count: limit)
        while waitFor(descriptor, Int16(POLLIN), until: deadline) {
            let count = recv(descriptor, &room, room.count, Int32(MSG_DONTWAIT))
            if count >= 0 { return Array(room[..<count]) }
            if errno == EINTR || errno == EAGAIN { continue }
            throw Failure(text: connectionProblem(errno))
        }
        return nil
    }
}
