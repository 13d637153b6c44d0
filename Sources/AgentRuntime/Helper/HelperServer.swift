import CLinux
import Glibc
import LinuxSystem

/// The root side of the agent: answers one request per connection, one connection at a time, and ends when nobody asks.
///
/// It trusts nothing a peer says: the kernel names the peer's user, a request is one word of ``HelperVerb``, and size
/// and time are bounded in both directions.
struct HelperServer {
    /// The listening socket.
    let listener: Int32
    /// Who may ask.
    let users: Set<UInt32>
    /// How long it waits for the next peer before it ends.
    var idle = Duration.seconds(20)
    /// How long a peer may take to say what it wants.
    var requestTime = Duration.seconds(2)
    /// How long a peer may take to read its answer.
    var answerTime = Duration.seconds(10)
    /// What each verb gives.
    var answer: (HelperVerb) throws -> [UInt8] = HelperAnswers.read

    /// Serves until nobody came for a while. Throws ``FileError`` when the socket is no good.
    func run() throws(FileError) {
        while waitFor(listener, Int16(POLLIN), until: .now + idle) {
            let peer = accept(listener, nil, nil)
            guard peer >= 0 else {
                // A peer that went away again, or a moment without memory or descriptors.
                if [EINTR, EAGAIN, ECONNABORTED, EPERM, EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) { continue }
                throw .last("accept", "the helper's socket")
            }
            _ = fcntl(peer, F_SETFD, FD_CLOEXEC)
            let bytes = reply(to: peer).bytes
            sendAll(bytes, on: peer, until: .now + answerTime)
            close(peer)
        }
    }

    private func reply(to peer: Int32) -> HelperAnswer {
        var user = uid_t.max
        var group = gid_t.max
        var process = pid_t()
        guard muster_peer_credentials(peer, &user, &group, &process) == 0, users.contains(user) else {
            StandardError.write("warning helper: user \(user) is not allowed to ask\n")
            return .error("user \(user) is not allowed to ask")
        }
        guard let verb = HelperVerb(request: request(of: peer)) else {
            StandardError.write("warning helper: process \(process) of user \(user) asked for something unknown\n")
            return .error("unknown request")
        }
        do {
            let body = try answer(verb)
            guard body.count <= verb.answerBytes else { return .error("\(verb.rawValue): too much to answer") }
            return .ok(body)
        } catch { return .error("\(verb.rawValue): \(error)") }
    }

    /// What the peer wrote before it ended its side; nothing when it took too long or wrote too much.
    private func request(of peer: Int32) -> [UInt8] {
        let deadline = ContinuousClock.now + requestTime
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: HelperVerb.requestBytes + 1)
        while waitFor(peer, Int16(POLLIN), until: deadline) {
            let count = recv(peer, &chunk, chunk.count, Int32(MSG_DONTWAIT))
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                return []
            }
            bytes += chunk[..<count]
            guard bytes.count <= HelperVerb.requestBytes else { return [] }
        }
        return []
    }
}
