import Model

/// Reads single instances: takes answers, says what to send next. Knows no socket and no time.
struct GetState {
    private(set) var rows: [SNMPRow] = []
    private var remaining: [OID]
    private var group: [OID] = []
    private var groupSize: Int
    private var flaw: SNMPEnd?

    init(oids: [OID], limits: SNMPLimits) {
        remaining = oids
        groupSize = min(max(limits.columns, 1) * 2, 100)
    }

    /// What to send now, or why the reading is over.
    mutating func next() -> SNMPStep {
        group = Array(remaining.prefix(groupSize))
        return group.isEmpty ? .end(flaw ?? .complete) : .send(request())
    }

    /// The same request once more.
    func retry() -> SNMPRequest { request() }

    private func request() -> SNMPRequest { SNMPRequest(kind: .get, oids: group) }

    /// Takes an answer to the last request; returns the rows that were asked for. What a device leaves out of its
    /// answer is not asked for again.
    mutating func receive(_ answer: SNMPAnswer) -> [SNMPRow] {
        if answer.errorStatus != 0 {
            receiveError(answer)
            return []
        }
        let wanted = Set(group)
        var seen: Set<OID> = []
        let accepted = answer.rows.filter { wanted.contains($0.oid) && seen.insert($0.oid).inserted }
        if accepted.isEmpty, !group.isEmpty { flaw = flaw ?? .failed(.emptyAnswer) }
        remaining.removeFirst(group.count)
        rows += accepted
        return accepted
    }

    private mutating func receiveError(_ answer: SNMPAnswer) {
        let position = answer.errorIndex >= 1 && answer.errorIndex <= group.count ? answer.errorIndex - 1 : nil
        if answer.errorStatus == SNMPStatus.noSuchName, let position {
            rows.append(SNMPRow(group[position], .noSuchObject))
            remaining.remove(at: position)
        } else if group.count > 1 {
            groupSize = group.count / 2
        } else if answer.errorStatus == SNMPStatus.noSuchName, let oid = group.first {
            rows.append(SNMPRow(oid, .noSuchObject))
            remaining.removeFirst()
        } else {
            flaw = flaw ?? .failed(.errorStatus(answer.errorStatus, group.first))
            remaining.removeFirst(min(1, remaining.count))
        }
    }
}
