import Model

/// An operation as a caller orders it.
struct OperationOrder: Sendable {
    enum Work: Sendable {
        case get([OID])
        case walk([OID])

        /// What the rows of a walk take the least memory in.
        var noRows: SNMPRows {
            if case .walk(let roots) = self { SNMPRows(under: roots) } else { SNMPRows() }
        }
    }

    let id: UInt64
    let client: UInt64
    let target: SNMPTarget
    let work: Work
    /// Called on the library's thread with rows as they come; nil keeps them for `finish`.
    let deliver: (@Sendable (SNMPRows) -> Void)?
    /// Called on the library's thread, once.
    let finish: @Sendable (SNMPRows, SNMPReceipt) -> Void
}

/// An operation under way; lives on the library's thread.
final class Operation {
    private enum State {
        case get(GetState)
        case walk(WalkState)
    }

    let order: OperationOrder
    let started: Int64
    let deadline: Int64
    var receipt = SNMPReceipt()
    var session: Session?
    var token: UInt64?
    var isFinished = false
    /// Whether the session was made anew for this operation; once is enough.
    var hasRediscovered = false
    private var state: State
    private var kept: SNMPRows

    /// Rows gathered before a chunk is handed over.
    private static let chunkRows = 256

    init(_ order: OperationOrder, now: Int64, bulkValues: Int) {
        self.order = order
        started = now
        deadline = now.addingSeconds(order.target.limits.deadline)
        kept = order.work.noRows
        switch order.work {
        case .get(let oids): state = .get(GetState(oids: oids, limits: order.target.limits))
        case .walk(let roots):
            let usesBulk = if case .v1 = order.target.credential { false } else { true }
            state = .walk(
                WalkState(roots: roots, limits: order.target.limits, bulkValues: bulkValues, usesBulk: usesBulk))
        }
    }

    var bulkValues: Int? {
        if case .walk(let walk) = state { walk.bulkValues } else { nil }
    }

    func next() -> SNMPStep {
        switch state {
        case .get(var get):
            defer { state = .get(get) }
            return get.next()
        case .walk(var walk):
            defer { state = .walk(walk) }
            return walk.next()
        }
    }

    func retry() -> SNMPRequest {
        switch state {
        case .get(let get): return get.retry()
        case .walk(var walk):
            defer { state = .walk(walk) }
            return walk.retry()
        }
    }

    func giveUpBulk() -> Bool {
        guard case .walk(var walk) = state else { return false }
        defer { state = .walk(walk) }
        return walk.giveUpBulk()
    }

    func receive(_ answer: SNMPAnswer) {
        let rows: [SNMPRow]
        switch state {
        case .get(var get):
            rows = get.receive(answer)
            state = .get(get)
        case .walk(var walk):
            rows = walk.receive(answer)
            state = .walk(walk)
        }
        receipt.rows += rows.count
        for row in rows { receipt.bytes += row.oid.parts.count * 4 + row.value.byteCount }
        kept.append(contentsOf: rows)
        if let deliver = order.deliver, kept.count >= Self.chunkRows {
            deliver(kept)
            kept = order.work.noRows
        }
    }

    func finish(_ end: SNMPEnd, now: Int64) {
        guard !isFinished else { return }
        isFinished = true
        receipt.end = end
        receipt.seconds = Double(now - started) / 1e9
        if case .get(let get) = state {
            kept = SNMPRows(get.rows)
            receipt.rows = kept.count
        }
        if let deliver = order.deliver {
            if !kept.isEmpty { deliver(kept) }
            kept = []
        }
        order.finish(kept, receipt)
        kept = []
    }
}
