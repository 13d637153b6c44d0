import Model
import Synchronization

/// What was read, and how that went. Rows stand as they came: of each column in the order of its instances.
public struct SNMPResult: Hashable, Sendable {
    /// The rows read; also where the receipt says that there would have been more.
    public var rows: SNMPRows
    /// Cost and end.
    public var receipt: SNMPReceipt

    /// What was read, and how that went.
    public init(rows: SNMPRows, receipt: SNMPReceipt) {
        self.rows = rows
        self.receipt = receipt
    }
}

/// One thing a walk hands over.
public enum SNMPWalkEvent: Sendable {
    /// The next rows.
    case rows(SNMPRows)
    /// The end; nothing follows.
    case end(SNMPReceipt)
}

/// Asks devices over SNMP v1, v2c and v3, many at once.
///
/// All clients of a process share the one thread that owns net-snmp. Operations end by their deadline at the latest,
/// and at once when their task is cancelled.
public final class SNMPClient: Sendable {
    private struct State {
        var mailbox: Mailbox?
    }

    private let id: UInt64
    private let state: Mutex<State>

    private static let lastNumber = Atomic<UInt64>(0)

    /// A client; throws ``SNMPError/library(_:)`` where the system has no thread or descriptor left.
    public init() throws(SNMPError) {
        id = Self.nextNumber()
        state = Mutex(State(mailbox: try SNMPThread.join()))
    }

    deinit { close() }

    /// Ends all operations of this client as cancelled. Later ones end at once.
    public func close() {
        let mailbox = state.withLock { state in
            defer { state.mailbox = nil }
            return state.mailbox
        }
        guard let mailbox else { return }
        mailbox.post(.closeClient(id))
        SNMPThread.leave()
    }

    /// Reads instances; a row the device does not have carries one of the exceptions of ``SNMPValue``.
    ///
    /// Throws when the device could not be read or did not answer everything.
    public func get(_ oids: [OID], from target: SNMPTarget) async throws(SNMPError) -> SNMPResult {
        let result = await perform(.get(oids), target)
        if let error = result.receipt.end.error { throw error }
        return result
    }

    /// Reads instances; unlike ``get(_:from:)`` what was read before a failure is kept.
    public func read(_ oids: [OID], from target: SNMPTarget) async -> SNMPResult {
        await perform(.get(oids), target)
    }

    /// Reads the subtrees under `roots`, side by side, and keeps the rows. Never throws: the receipt says how it
    /// ended, and rows read until then are there.
    public func rows(under roots: [OID], from target: SNMPTarget) async -> SNMPResult {
        await perform(.walk(roots), target)
    }

    /// Reads columns of the table whose entry is `entry` (`ifEntry` is 1.3.6.1.2.1.2.2.1).
    public func table(_ entry: OID, columns: [UInt32], from target: SNMPTarget) async -> SNMPTable {
        let result = await perform(.walk(columns.map { entry.appending($0) }), target)
        return SNMPTable(entry: entry, rows: result.rows, receipt: result.receipt)
    }

    /// Reads the subtrees under `roots` and hands the rows over as they come. Ending the iteration ends the walk.
    public func walk(_ roots: [OID], from target: SNMPTarget) -> AsyncStream<SNMPWalkEvent> {
        let (stream, continuation) = AsyncStream<SNMPWalkEvent>.makeStream()
        let number = Self.nextNumber()
        let mailbox = state.withLock { $0.mailbox }
        continuation.onTermination = { reason in
            if case .cancelled = reason { mailbox?.post(.cancel(number)) }
        }
        let order = OperationOrder(
            id: number, client: id, target: target, work: .walk(roots), deliver: { continuation.yield(.rows($0)) },
            finish: { _, receipt in
                continuation.yield(.end(receipt))
                continuation.finish()
            })
        start(order)
        return stream
    }

    private func perform(_ work: OperationOrder.Work, _ target: SNMPTarget) async -> SNMPResult {
        let number = Self.nextNumber()
        let mailbox = state.withLock { $0.mailbox }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let order = OperationOrder(
                    id: number, client: id, target: target, work: work, deliver: nil,
                    finish: { rows, receipt in
                        continuation.resume(returning: SNMPResult(rows: rows, receipt: receipt))
                    })
                start(order)
                // A cancellation before the order was posted was for an operation nobody knew.
                if Task.isCancelled { mailbox?.post(.cancel(number)) }
            }
        } onCancel: {
            mailbox?.post(.cancel(number))
        }
    }

    /// Posts under the lock, so that nothing is posted to a thread that was told to stop.
    private func start(_ order: OperationOrder) {
        let isPosted = state.withLock { state in
            state.mailbox?.post(.start(order))
            return state.mailbox != nil
        }
        guard !isPosted else { return }
        var receipt = SNMPReceipt()
        receipt.end = .cancelled
        order.finish([], receipt)
    }

    private static func nextNumber() -> UInt64 {
        lastNumber.add(1, ordering: .relaxed).newValue
    }
}
