/// An object of a document with what it is asked for; what is missing or of another kind is nil.
struct GLPIRecord: Sendable {
    let members: [String: GLPIValue]

    init(_ members: [String: GLPIValue] = [:]) { self.members = members }

    /// The object under `name`, the first where several stand there; an empty one where there is none.
    func record(_ name: String) -> GLPIRecord { objects(name).records.first ?? GLPIRecord() }

    /// Whether something stands under `name`.
    func has(_ name: String) -> Bool {
        switch members[name] {
        case nil, .null, .text(""): false
        default: true
        }
    }

    /// The objects under `name`, one or many, and how many things stand there that are no objects.
    func objects(_ name: String) -> (records: [GLPIRecord], others: Int) {
        guard has(name), let value = members[name] else { return ([], 0) }
        let all = if case .list(let items) = value { items } else { [value] }
        var records: [GLPIRecord] = []
        for case .object(let members) in all { records.append(GLPIRecord(members)) }
        return (records, all.count - records.count)
    }

    /// How many things stand under `name`.
    func count(_ name: String) -> Int {
        guard has(name), let value = members[name] else { return 0 }
        return if case .list(let items) = value { items.count } else { 1 }
    }

    /// The texts under `name`, one or many, without white space at their ends; empty ones are left out.
    func texts(_ name: String) -> [String] {
        guard let value = members[name] else { return [] }
        let all = if case .list(let items) = value { items } else { [value] }
        return all.compactMap(\.plain).filter { !$0.isEmpty }
    }

    /// The text or number under `name`.
    func text(_ name: String) -> String? { members[name]?.plain.flatMap { $0.isEmpty ? nil : $0 } }

    /// The first text or number under one of `names`.
    func first(_ names: String...) -> String? {
        for name in names { if let text = text(name) { return text } }
        return nil
    }
}

extension GLPIValue {
    /// A text without white space at its ends, a number or flag as text; nil for everything else.
    var plain: String? {
        switch self {
        case .text(let text): text.trimmed
        case .integer(let number): String(number)
        case .real(let number): String(number)
        case .flag(let flag): flag ? "1" : "0"
        case .null, .unreadable, .list, .object: nil
        }
    }
}

extension String {
    /// Without ASCII white space at either end.
    var trimmed: String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0d).contains($0) }
        let bytes = Array(utf8)
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return bytes.count == last - first + 1 ? self : String(decoding: bytes[first...last], as: UTF8.self)
    }
}
