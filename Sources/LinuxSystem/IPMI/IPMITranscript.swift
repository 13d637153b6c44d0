import CLinux
import Glibc

/// Questions to a management controller and what it answered (IPMI 2.0): read from the running one, or kept. The helper, who may ask,
/// hands it over as it is; who makes sense of it has no rights.
public struct IPMITranscript: Hashable, Sendable {
    /// One question: network function, command and data.
    public struct Question: Hashable, Sendable {
        /// The network function: 6 for the application, 12 for transport.
        public var function: UInt8
        /// The command.
        public var command: UInt8
        /// What follows it.
        public var data: [UInt8]

        /// A question.
        public init(_ function: UInt8, _ command: UInt8, _ data: [UInt8] = []) {
            self.function = function
            self.command = command
            self.data = data
        }

        /// Get Device ID (20.1).
        public static let device = Question(6, 0x01)

        /// Get Channel Info (22.24).
        public static func channel(_ number: UInt8) -> Question { Question(6, 0x42, [number]) }

        /// Get LAN Configuration Parameters (23.2), set and block 0.
        public static func network(_ channel: UInt8, _ parameter: UInt8) -> Question {
            Question(12, 0x02, [channel, parameter, 0, 0])
        }
    }

    /// The channels that a controller may have beside the system's own.
    public static let channels: ClosedRange<UInt8> = 1...11
    /// Address, its source, MAC address, mask, gateway, VLAN; addresses of IPv6, static and by themselves.
    public static let parameters: [UInt8] = [3, 4, 5, 6, 12, 20, 56, 59]

    private var answers: [Question: [UInt8]] = [:]

    /// Nothing asked.
    public init() {}

    /// What was answered after the completion code; nil where it was not asked or refused.
    public subscript(question: Question) -> [UInt8]? {
        get { answers[question] }
        set { answers[question] = newValue }
    }

    /// Whether a channel is a LAN (medium 4, 802.3).
    public func isNetwork(_ channel: UInt8) -> Bool {
        guard let info = answers[.channel(channel)], info.count > 1 else { return false }
        return info[1] & 0x7f == 4
    }

    /// Asks the controller at /dev/ipmi0 for its version and the networks it is in; all of it within `time`.
    public static func read(within time: Duration = .seconds(8)) throws(SystemReadError) -> IPMITranscript {
        let path = "/dev/ipmi0"
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            let error = errno
            throw error == ENOENT ? .absent(path: path) : .unreadable(path: path, error: error)
        }
        defer { close(descriptor) }
        let deadline = ContinuousClock.now + time
        var transcript = IPMITranscript()
        func ask(_ question: Question) throws(SystemReadError) {
            guard ContinuousClock.now < deadline else { throw .unreadable(path: path, error: ETIMEDOUT) }
            var reply = [UInt8](repeating: 0, count: 272)
            let count = muster_ipmi_ask(
                descriptor, question.function, question.command, question.data, UInt16(clamping: question.data.count),
                &reply, UInt16(clamping: reply.count), 2000)
            guard count >= 0 else { throw .unreadable(path: path, error: -count) }
            // 0 is the completion code of a question that was answered.
            if count > 0, reply[0] == 0 { transcript[question] = Array(reply[1..<Int(count)]) }
        }
        try ask(.device)
        for channel in channels { try ask(.channel(channel)) }
        for channel in channels where transcript.isNetwork(channel) {
            for parameter in parameters { try ask(.network(channel, parameter)) }
        }
        return transcript
    }

    /// Function, command, length and data of each question, length and octets of its answer.
    public var record: [UInt8] {
        answers.sorted { $0.key.order < $1.key.order }.reduce(into: []) { bytes, entry in
            let (question, answer) = (entry.key, entry.value.prefix(255))
            bytes += [question.function, question.command, UInt8(clamping: question.data.count)] + question.data
            bytes += [UInt8(clamping: answer.count)] + answer
        }
    }

    /// Reads a record; nil when it is cut or not one.
    public init?(record: [UInt8]) {
        var rest = record[...]
        func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        while !rest.isEmpty {
            guard let head = take(3).map({ Array($0) }), let data = take(Int(head[2])), let length = take(1)?.first,
                let answer = take(Int(length))
            else { return nil }
            answers[Question(head[0], head[1], Array(data))] = Array(answer)
        }
    }
}

extension IPMITranscript.Question {
    fileprivate var order: UInt64 {
        data.prefix(4).reduce(UInt64(function) << 8 | UInt64(command)) { $0 << 8 | UInt64($1) }
    }
}
