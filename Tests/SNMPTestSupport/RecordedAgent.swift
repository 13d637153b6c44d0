import Model

/// A v1/v2c agent that answers GET, GETNEXT and GETBULK from a list of values, as a device would.
public struct RecordedAgent: Sendable {
    private let rows: [(OID, [UInt8])]

    /// Serves `rows`; each value is encoded already.
    public init(_ rows: [(OID, [UInt8])]) { self.rows = rows.sorted { $0.0 < $1.0 } }

    /// Reads the lines `OID|TAG|VALUE` of a recording; TAG is the type's number, `x` behind it means hexadecimal.
    public init(recording: String) {
        self.init(
            recording.split(separator: "\n").compactMap { line in
                let fields = line.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false)
                guard !line.hasPrefix("#"), fields.count == 3, let oid = OID(String(fields[0])) else { return nil }
                return encoded(String(fields[1]), String(fields[2])).map { (oid, $0) }
            })
    }

    /// Answers a request.
    public func answer(_ request: TestRequest) -> [UInt8] {
        switch request.kind {
        case 0xa0: return request.response(request.oids.map { exact($0) })
        case 0xa1: return next(request)
        case 0xa5: return request.response(bulk(request))
        default: return request.response([], status: 5)
        }
    }

    private func exact(_ oid: OID) -> (OID, [UInt8]) {
        let index = firstIndex(notBefore: oid)
        return index < rows.count && rows[index].0 == oid ? rows[index] : (oid, [0x80, 0])
    }

    private func next(_ request: TestRequest) -> [UInt8] {
        let found = request.oids.map { successor($0) }
        if request.version == 0, let missing = found.firstIndex(where: { $0 == nil }) {
            return request.response(request.oids.map { ($0, [5, 0]) }, status: 2, index: Int64(missing + 1))
        }
        return request.response(zip(request.oids, found).map { $1 ?? ($0, [0x82, 0]) })
    }

    private func bulk(_ request: TestRequest) -> [(OID, [UInt8])] {
        var cursors = request.oids
        var answer: [(OID, [UInt8])] = []
        var size = 0
        for _ in 0..<max(Int(request.repetitions), 1) {
            for index in cursors.indices {
                let row = successor(cursors[index]) ?? (cursors[index], [0x82, 0])
                size += row.0.parts.count * 2 + row.1.count + 8
                if size > 1400 { return answer }
                answer.append(row)
                cursors[index] = row.0
            }
        }
        return answer
    }

    private func successor(_ oid: OID) -> (OID, [UInt8])? {
        var index = firstIndex(notBefore: oid)
        if index < rows.count, rows[index].0 == oid { index += 1 }
        return index < rows.count ? rows[index] : nil
    }

    private func firstIndex(notBefore oid: OID) -> Int {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].0 < oid { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

private func encoded(_ type: String, _ value: String) -> [UInt8]? {
    let isHexadecimal = type.hasSuffix("x")
    guard let tag = UInt8(isHexadecimal ? String(type.dropLast()) : type) else { return nil }
    let bytes = isHexadecimal ? hexadecimal(value) : Array(value.utf8)
    switch tag {
    case 2, 65, 66, 67, 70: return Int64(value).map { BER.integer($0, tag: tag) }
    case 6: return OID(value).map { BER.oid($0.parts) }
    case 64: return IPAddress(value).map { BER.tlv(0x40, $0.octets) }
    default: return BER.tlv(tag, bytes)
    }
}

private func hexadecimal(_ text: String) -> [UInt8] {
    let digits = text.utf8.compactMap { UInt8(String(UnicodeScalar($0)), radix: 16) }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
