import Model

/// Reads one or more subtrees with as few messages as the device bears: takes answers, says what to send next.
///
/// Knows no socket and no time. Every answer moves at least one column on or ends the walk, whatever a device sends.
struct WalkState {
    private struct Column {
        let root: OID
        var last: OID
        var isDone = false
    }

    private(set) var rows = 0
    private(set) var bytes = 0
    /// Values asked for in one GETBULK; halves when the device or the way to it does not bear as many.
    private(set) var bulkValues: Int

    private var columns: [Column]
    /// In which order columns are asked for; those that found no place in an answer come first.
    private var order: [Int]
    private var group: [Int] = []
    /// Octets of a row in a message, in the answer whose rows were the longest on average.
    private var rowOctets = 0
    /// Whether more values than the limits name were asked for in vain.
    private var isAtLimit = false
    private var groupSize: Int
    private var usesBulk: Bool
    private var cleanAnswers = 0
    private var end: SNMPEnd?
    private var flaw: SNMPEnd?
    private let limits: SNMPLimits

    init(roots: [OID], limits: SNMPLimits, bulkValues: Int, usesBulk: Bool) {
        columns = roots.map { Column(root: $0, last: $0) }
        order = Array(columns.indices)
        self.limits = limits
        self.bulkValues = min(max(bulkValues, 1), 500)
        self.usesBulk = usesBulk
        groupSize = min(max(limits.columns, 1), 100)
    }

    /// What to send now, or why the walk is over.
    mutating func next() -> SNMPStep {
        if let end { return .end(end) }
        group = Array(order.lazy.filter { [columns] in !columns[$0].isDone }.prefix(groupSize))
        if group.isEmpty { return .end(flaw ?? .complete) }
        return .send(request())
    }

    /// The same request once more, smaller: a lost answer may have been too large for the way.
    mutating func retry() -> SNMPRequest {
        isAtLimit = true
        bulkValues = max(bulkValues / 2, 1)
        cleanAnswers = 0
        return request()
    }

    private func request() -> SNMPRequest {
        let oids = group.map { columns[$0].last }
        guard usesBulk else { return SNMPRequest(kind: .getNext, oids: oids) }
        let repetitions = max(askedValues / max(group.count, 1), 1)
        return SNMPRequest(kind: .getBulk(maxRepetitions: repetitions), oids: oids)
    }

    /// Half as many again as the limits name, where rows are so short that the answer still fits an Ethernet frame.
    private var askedValues: Int {
        guard !isAtLimit, rowOctets > 0, bulkValues == limits.bulkValues else { return bulkValues }
        return max(bulkValues, min(bulkValues + bulkValues / 2, Self.frameOctets / rowOctets))
    }

    /// What is left for rows in a frame of 1,500 octets behind the headers of IP, UDP and SNMP, v3 with its longest digests.
    private static let frameOctets = 1250

    /// Takes an answer to the last request; returns the rows that belong to the walk.
    mutating func receive(_ answer: SNMPAnswer) -> [SNMPRow] {
        if answer.errorStatus != 0 {
            receiveError(answer)
            return []
        }
        var accepted: [SNMPRow] = []
        accepted.reserveCapacity(answer.rows.count)
        var moved = false
        for (position, row) in answer.rows.prefix(expectedRows).enumerated() {
            let index = group[position % group.count]
            guard !columns[index].isDone else { continue }
            moved = true
            if take(row, into: index) { accepted.append(row) }
            if end != nil { break }
        }
        if !moved { end = end ?? .failed(.emptyAnswer) }
        weigh(answer.rows)
        if answer.rows.count < group.count { putBack(answered: answer.rows.count) }
        grow()
        return accepted
    }

    private mutating func weigh(_ rows: [SNMPRow]) {
        guard !rows.isEmpty else { return }
        rowOctets = max(rowOctets, rows.reduce(0) { $0 + $1.encodedOctets } / rows.count)
    }

    /// A device cuts an answer where the next value does not fit. What stood behind a long value would be asked for with every
    /// row before it, and cut again: it comes first now.
    private mutating func putBack(answered: Int) {
        let behind = group.prefix(answered)
        order.removeAll { behind.contains($0) }
        order += behind
    }

    private var expectedRows: Int {
        guard !group.isEmpty else { return 0 }
        return usesBulk ? max(bulkValues, group.count) * 2 : group.count
    }

    private mutating func take(_ row: SNMPRow, into index: Int) -> Bool {
        let column = columns[index]
        let isOutside = row.value.isException || !column.root.isPrefix(of: row.oid)
        if isOutside, !row.oid.parts.isEmpty {
            columns[index].isDone = true
            return false
        }
        guard column.last < row.oid else {
            columns[index].isDone = true
            flaw = flaw ?? .failed(.notIncreasing(row.oid))
            return false
        }
        guard rows < limits.rows else {
            end = .rowLimit
            return false
        }
        columns[index].last = row.oid
        rows += 1
        bytes += row.oid.parts.count * 4 + row.value.byteCount
        if bytes > limits.bytes { end = .byteLimit }
        return true
    }

    private mutating func grow() {
        cleanAnswers += 1
        guard cleanAnswers >= 8 else { return }
        cleanAnswers = 0
        bulkValues = min(bulkValues * 2, max(limits.bulkValues, 1))
    }

    private mutating func receiveError(_ answer: SNMPAnswer) {
        cleanAnswers = 0
        switch answer.errorStatus {
        case SNMPStatus.noSuchName: endColumn(answer.errorIndex)
        case SNMPStatus.tooBig where usesBulk && bulkValues > group.count: bulkValues = max(bulkValues / 2, 1)
        default: simplify(answer)
        }
    }

    /// SNMPv1's end of a subtree; the index is counted from one and cannot be trusted.
    private mutating func endColumn(_ errorIndex: Int) {
        if errorIndex >= 1, errorIndex <= group.count {
            columns[group[errorIndex - 1]].isDone = true
        } else if group.count == 1 {
            columns[group[0]].isDone = true
        } else {
            groupSize = 1
        }
    }

    /// A device that fails on a large request may bear a small one; one that fails on a single GETNEXT does not.
    private mutating func simplify(_ answer: SNMPAnswer) {
        if usesBulk, answer.errorStatus != SNMPStatus.tooBig {
            usesBulk = false
        } else if group.count > 1 {
            groupSize = max(group.count / 2, 1)
        } else if usesBulk {
            usesBulk = false
        } else if let index = group.first {
            columns[index].isDone = true
            flaw = flaw ?? .failed(.errorStatus(answer.errorStatus, columns[index].last))
        } else {
            end = .failed(.errorStatus(answer.errorStatus, nil))
        }
    }

    /// GETBULK stayed without any answer: some devices answer everything else.
    mutating func giveUpBulk() -> Bool {
        guard usesBulk, rows == 0 else { return false }
        usesBulk = false
        return true
    }
}
