import Logging
import Model
import NIOCore
import Synchronization

/// The connections of one port. Whoever has shown a certificate, a token or a session stays; when there is no more room, a
/// stranger goes: of those who wait longest the first whose address holds most (threats N6, N7). So a flood from a few
/// addresses pushes itself out, and not the agent that is in the middle of its handshake.
final class ConnectionRegistry: Sendable {
    private struct Entry {
        var channel: any Channel
        var address: String
        var isStranger: Bool
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var strangers: [String: Int] = [:]
        /// In the order in which they came; those that left or are known are passed over.
        var waiting: [ObjectIdentifier] = []
        /// How many at the front of `waiting` were passed over.
        var passed = 0
        var refused: [String: Int] = [:]
        var told: ContinuousClock.Instant?
    }

    let limits: ConnectionLimits
    private let listener: String
    private let logger: Logger
    private let state = Mutex(State())

    init(listener: String, limits: ConnectionLimits, logger: Logger) {
        self.listener = listener
        self.limits = limits
        self.logger = logger
    }

    /// How many connections there are, and how many of them are strangers'.
    var count: (all: Int, strangers: Int) {
        state.withLock { ($0.entries.count, $0.strangers.values.reduce(0, +)) }
    }

    /// Takes a connection in; false when it must be closed.
    func admit(_ channel: any Channel) -> Bool {
        let address = channel.remoteAddress?.ipAddress.map(IPAddress.peer) ?? ""
        let (isAdmitted, evicted) = state.withLock { state -> (Bool, (any Channel)?) in
            guard state.strangers[address, default: 0] < limits.strangersPerAddress else { return (false, nil) }
            var evicted: (any Channel)?
            if state.entries.count >= limits.most {
                guard let stranger = Self.leastWelcome(&state) else { return (false, nil) }
                evicted = Self.remove(stranger, &state)?.channel
            }
            let id = ObjectIdentifier(channel)
            state.entries[id] = Entry(channel: channel, address: address, isStranger: true)
            state.strangers[address, default: 0] += 1
            state.waiting.append(id)
            return (true, evicted)
        }
        evicted?.close(promise: nil)
        if !isAdmitted || evicted != nil { refused("too many connections") }
        return isAdmitted
    }

    /// The peer has shown who it is.
    func isKnown(_ channel: any Channel) {
        state.withLock { state in
            let id = ObjectIdentifier(channel)
            guard let entry = state.entries[id], entry.isStranger else { return }
            state.entries[id]?.isStranger = false
            Self.uncount(entry.address, &state)
        }
    }

    /// The connection ended.
    func left(_ channel: any Channel) {
        state.withLock { state in
            _ = Self.remove(ObjectIdentifier(channel), &state)
            // Nobody asks for the longest waiting while there is room: what left must not pile up.
            if state.waiting.count > 1024 + 2 * state.entries.count {
                state.waiting = state.waiting[state.passed...].filter { state.entries[$0]?.isStranger == true }
                state.passed = 0
            }
        }
    }

    /// Counts a connection that was closed, and says so once a minute: a flood must not fill the log.
    func refused(_ reason: String) {
        let told = state.withLock { state -> [String: Int]? in
            state.refused[reason, default: 0] += 1
            let now = ContinuousClock.now
            if let told = state.told, now - told < .seconds(60) { return nil }
            defer {
                state.told = now
                state.refused = [:]
            }
            return state.refused
        }
        guard let told else { return }
        let counts = told.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
        logger.warning("connections closed", metadata: ["listener": "\(listener)", "since the last line": "\(counts)"])
    }

    /// Of how many strangers at the front of the queue the one to go is chosen.
    private static let considered = 64

    private static func leastWelcome(_ state: inout State) -> ObjectIdentifier? {
        while state.passed < state.waiting.count, state.entries[state.waiting[state.passed]]?.isStranger != true {
            state.passed += 1
        }
        var chosen: (id: ObjectIdentifier, count: Int)?
        var seen = 0
        for id in state.waiting[state.passed...] {
            guard let entry = state.entries[id], entry.isStranger else { continue }
            let count = state.strangers[entry.address, default: 0]
            if count > chosen?.count ?? 0 { chosen = (id, count) }
            seen += 1
            if seen == considered { break }
        }
        return chosen?.id
    }

    private static func remove(_ id: ObjectIdentifier, _ state: inout State) -> Entry? {
        guard let entry = state.entries.removeValue(forKey: id) else { return nil }
        if entry.isStranger { uncount(entry.address, &state) }
        return entry
    }

    private static func uncount(_ address: String, _ state: inout State) {
        let left = state.strangers[address, default: 0] - 1
        state.strangers[address] = left > 0 ? left : nil
    }
}
