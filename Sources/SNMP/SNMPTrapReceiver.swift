import CNetSNMP
import Model
import Synchronization

/// How many traps are taken.
public struct SNMPTrapLimits: Hashable, Sendable {
    /// Traps a second of one device in the long run.
    public var rate: Double
    /// Traps of one device at once, after a rest.
    public var burst: Double
    /// Traps that wait to be worked on.
    public var queue: Int

    /// Limits that let a chassis tell of all its ports and stop one that tells without end.
    public init(rate: Double = 10, burst: Double = 200, queue: Int = 1000) {
        self.rate = rate
        self.burst = burst
        self.queue = queue
    }
}

/// Receives SNMP traps and informs of known devices over v1, v2c and v3.
///
/// The sockets are read on the one thread that owns net-snmp, which does all decoding. A v3 trap can be read once its sender was
/// asked for something over v3 in this process: that is how its engine id becomes known.
public final class SNMPTrapReceiver: Sendable {
    /// What is taken, oldest first; ends with the receiver. For one reader.
    public let traps: AsyncStream<SNMPTrap>
    private let id: UInt64
    private let counts: Mutex<SNMPTrapCounts>
    private let state: Mutex<Mailbox?>

    private static let lastNumber = Atomic<UInt64>(0)

    /// A socket for traps; the number of the error where the system refuses.
    public static func bind(_ address: IPAddress, port: UInt16) throws(SNMPError) -> Int32 {
        let descriptor = cns_bind(address.octets, address.octets.count, port)
        guard descriptor >= 0 else { throw .unreachable(address: address, code: systemError()) }
        return descriptor
    }

    /// Begins to receive on bound UDP sockets, which belong to the receiver from here on.
    ///
    /// - Parameters:
    ///   - engineID: This receiver's own, 5 to 32 octets (RFC 3411 §5); devices that send informs over v3 learn it, or are told it.
    ///   - boots: How often this engine started, the present start included (RFC 3414 §2.2).
    public init(
        sockets: [Int32], sources: [SNMPTrapSource], engineID: [UInt8], boots: UInt32,
        limits: SNMPTrapLimits = SNMPTrapLimits()
    ) throws(SNMPError) {
        let (stream, continuation) = AsyncStream<SNMPTrap>.makeStream(
            bufferingPolicy: .bufferingOldest(max(1, limits.queue)))
        traps = stream
        id = Self.lastNumber.add(1, ordering: .relaxed).newValue
        counts = Mutex(SNMPTrapCounts())
        let mailbox: Mailbox
        do { mailbox = try SNMPThread.join() } catch {
            for socket in sockets { closeDescriptor(socket) }
            throw error
        }
        state = Mutex(mailbox)
        let order = TrapOrder(
            id: id, sockets: sockets, sources: sources, engineID: engineID, boots: boots, limits: limits,
            report: { [weak self] event in self?.note(event, continuation) }, finish: { continuation.finish() })
        mailbox.post(.listen(order))
    }

    deinit { close() }

    /// Takes traps of these devices from now on, and of no others; what one of them may still send is counted on.
    public func replace(sources: [SNMPTrapSource]) { state.withLock { $0 }?.post(.replaceSources(id, sources)) }

    /// Closes the sockets and ends ``traps``.
    public func close() {
        let mailbox = state.withLock { state in
            defer { state = nil }
            return state
        }
        guard let mailbox else { return }
        mailbox.post(.endListening(id))
        SNMPThread.leave()
    }

    /// What became of datagrams since this was asked last.
    public func takeCounts() -> SNMPTrapCounts {
        counts.withLock { counts in
            defer { counts = SNMPTrapCounts() }
            return counts
        }
    }

    private func note(_ event: TrapEvent, _ continuation: AsyncStream<SNMPTrap>.Continuation) {
        switch event {
        case .taken(let trap):
            var isKept = false
            if case .enqueued = continuation.yield(trap) { isKept = true }
            counts.withLock { counts in
                if isKept {
                    counts.sources[trap.source, default: .init()].taken += 1
                } else {
                    counts.sources[trap.source, default: .init()].refused[.queueFull, default: 0] += 1
                }
            }
        case .refused(let source, let reason):
            counts.withLock { $0.sources[source, default: .init()].refused[reason, default: 0] += 1 }
        case .stranger(let address):
            counts.withLock { counts in
                counts.strangers += 1
                counts.lastStranger = address
            }
        case .lost(let number): counts.withLock { $0.lostByKernel += number }
        }
    }
}

/// A receiver as the library's thread is told of it.
struct TrapOrder: Sendable {
    let id: UInt64
    let sockets: [Int32]
    var sources: [SNMPTrapSource]
    let engineID: [UInt8]
    let boots: UInt32
    let limits: SNMPTrapLimits
    /// Called on the library's thread.
    let report: @Sendable (TrapEvent) -> Void
    /// Called on the library's thread, once.
    let finish: @Sendable () -> Void
}

/// One thing that happened on a trap socket.
enum TrapEvent: Sendable {
    case taken(SNMPTrap)
    case refused(source: String, SNMPTrapRefusal)
    case stranger(IPAddress?)
    case lost(Int)
}
