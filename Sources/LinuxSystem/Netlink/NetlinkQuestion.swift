import CLinux
import Glibc

/// Why the kernel gave no answer over netlink.
public enum NetlinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kernel refused, with an error number.
    case refused(Int32)
    /// It did not answer, or answered without end.
    case noAnswer

    /// One line.
    public var description: String {
        switch self {
        case .refused(let error): "netlink: \(systemErrorText(error))"
        case .noAnswer: "netlink: the kernel did not answer to the end"
        }
    }
}

/// One question to the running kernel over netlink.
struct NetlinkQuestion {
    /// Of whom it is asked.
    var family: muster_netlink
    /// The type of the message.
    var type: UInt16
    /// Whether it asks for a whole table.
    var isDump: Bool
    /// What follows the head.
    var payload: [UInt8]

    private static let (request, dump): (UInt16, UInt16) = (1, 0x300)
    private static let limit = 32 << 20

    /// The octets of all messages of the answer but its end. A table that changed while it was read is read again, and after the
    /// third time taken as it is: it changes all the time.
    func answer() throws(NetlinkError) -> [UInt8] {
        var last: [UInt8] = []
        for _ in 0..<3 {
            last = try answerOnce()
            if !NetlinkMessage.all(in: last).contains(where: { $0.flags & NetlinkMessage.isTorn != 0 }) { break }
        }
        return last
    }

    private func answerOnce() throws(NetlinkError) -> [UInt8] {
        let descriptor = muster_netlink_open(family)
        guard descriptor >= 0 else { throw .refused(-descriptor) }
        defer { close(descriptor) }
        let flags = NetlinkQuestion.request | (isDump ? NetlinkQuestion.dump : 0)
        let question = NetlinkMessage.bytes(type: type, flags: flags, sequence: 1, payload: payload)
        guard send(descriptor, question, question.count, 0) == question.count else { throw .refused(errno) }
        let deadline = ContinuousClock.now + .seconds(5)
        var answer: [UInt8] = []
        // The kernel never makes a part of a dump larger than this.
        var part = [UInt8](repeating: 0, count: 64 << 10)
        while waitFor(descriptor, Int16(POLLIN), until: deadline) {
            let count = recv(descriptor, &part, part.count, Int32(MSG_TRUNC))
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0, count <= part.count else { throw count < 0 ? .refused(errno) : .noAnswer }
            let messages = NetlinkMessage.all(in: part[..<count])
            if let end = messages.first(where: { $0.type == NetlinkMessage.error }) {
                let error = end.payload.native(at: 0, count: 4).map { Int32(truncatingIfNeeded: $0) } ?? -EIO
                if error == 0 { return answer }
                throw .refused(error == .min ? EIO : -error)
            }
            answer += part[..<count]
            guard answer.count <= NetlinkQuestion.limit else { throw .noAnswer }
            if !isDump || messages.contains(where: { $0.type == NetlinkMessage.done }) { return answer }
        }
        throw .noAnswer
    }
}
