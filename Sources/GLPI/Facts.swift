import Model

/// Facts of one item under construction, read from records of the document under the names that our own agent uses. What is
/// absent is left out; what is there and cannot be read is counted.
struct Facts {
    /// The record that is read.
    var record: GLPIRecord
    private(set) var values: [String: AttributeValue] = [:]
    /// How many values were there and not readable.
    private(set) var unread = 0

    init(_ record: GLPIRecord) { self.record = record }

    /// The first text among `keys`.
    mutating func text(_ name: String, _ keys: String..., as make: (String) -> String? = { $0 }) {
        for key in keys {
            guard let text = plain(key) else { continue }
            guard text.utf8.count <= Limits.valueBytes else {
                unread += 1
                continue
            }
            guard let made = make(text), !made.isEmpty else { continue }
            values[name] = .text(made)
            return
        }
    }

    /// The first whole number from 0 up among `keys`, with what follows its digits left out (`1600 MT/s`), times `factor`. Numbers
    /// below zero say that the agent does not know.
    mutating func number(_ name: String, _ keys: String..., times factor: Int64 = 1, atMost most: Int64 = .max) {
        for key in keys {
            guard let text = plain(key) else { continue }
            let digits = text.utf8.prefix { (48...57).contains($0) }
            guard let number = Int64(String(decoding: Array(digits), as: UTF8.self)) else {
                if text.utf8.first != UInt8(ascii: "-") { unread += 1 }
                continue
            }
            let (product, overflow) = number.multipliedReportingOverflow(by: factor)
            guard !overflow, product <= most else {
                unread += 1
                continue
            }
            if product > 0 { values[name] = .integer(product) }
            return
        }
    }

    /// The first yes or no among `keys`.
    mutating func flag(_ name: String, _ keys: String...) {
        for key in keys {
            guard let text = plain(key) else { continue }
            switch text.lowercased() {
            case "1", "true", "yes", "on", "enabled": values[name] = .flag(true)
            case "0", "false", "no", "off", "disabled": values[name] = .flag(false)
            default:
                unread += 1
                continue
            }
            return
        }
    }

    /// A value of another source; nil is no fact.
    mutating func set(_ name: String, _ value: AttributeValue?) {
        if let value { values[name] = value }
    }

    /// Keeps the fact under another name.
    mutating func rename(_ name: String, _ other: String) {
        guard let value = values.removeValue(forKey: name) else { return }
        values[other] = value
    }

    /// A list in its order; an empty one is no fact.
    mutating func list(_ name: String, _ items: [String]) {
        let fitting = items.filter { $0.utf8.count <= Limits.valueBytes }
        unread += items.count - fitting.count
        if !fitting.isEmpty { values[name] = .list(fitting) }
    }

    /// The item of these facts.
    func item(_ key: String) -> SectionItem { SectionItem(key: key, attributes: values) }

    private mutating func plain(_ key: String) -> String? {
        guard record.has(key), let value = record.members[key] else { return nil }
        guard let text = value.plain else {
            unread += 1
            return nil
        }
        return text.isEmpty ? nil : text
    }
}
