import Model

/// Writes an inventory as JSON. The general encoder first builds a tree of the whole, which is most of the time and memory
/// of a run over a thousand packages; a test holds the two against each other.
struct JSONText {
    private(set) var bytes: [UInt8] = []

    /// `{"receipts": […], "sections": […]}`
    mutating func document(_ document: InventoryDocument) {
        bytes.reserveCapacity(1 << 16)
        raw("{\"receipts\":[")
        for (index, receipt) in document.receipts.enumerated() {
            if index > 0 { raw(",") }
            self.receipt(receipt)
        }
        raw("],\"sections\":[")
        for (index, section) in document.sections.enumerated() {
            if index > 0 { raw(",") }
            self.section(section)
        }
        raw("]}")
    }

    private mutating func receipt(_ receipt: Receipt) {
        raw("{\"found\":\(receipt.found),\"message\":")
        string(receipt.message)
        raw(",\"milliseconds\":\(receipt.milliseconds),\"outcome\":")
        string(receipt.outcome.rawValue)
        raw(",\"source\":")
        string(receipt.source)
        raw("}")
    }

    private mutating func section(_ section: InventorySection) {
        raw("{\"isComplete\":\(section.isComplete),\"items\":[")
        for (index, item) in section.items.enumerated() {
            if index > 0 { raw(",") }
            raw("{\"attributes\":{")
            // JSON has no word for a number that is not finite: such a fact is left out.
            let facts = item.attributes.filter { if case .real(let number) = $1 { number.isFinite } else { true } }
            for (place, (name, value)) in facts.sorted(by: { $0.key < $1.key }).enumerated() {
                if place > 0 { raw(",") }
                string(name)
                raw(":")
                self.value(value)
            }
            raw("},\"key\":")
            string(item.key)
            raw("}")
        }
        raw("],\"name\":")
        string(section.name.rawValue)
        raw("}")
    }

    private mutating func value(_ value: AttributeValue) {
        switch value {
        case .text(let text): string(text)
        case .integer(let number): raw("\(number)")
        case .real(let number): raw("\(number)")
        case .flag(let flag): raw(flag ? "true" : "false")
        case .list(let items):
            raw("[")
            for (index, item) in items.enumerated() {
                if index > 0 { raw(",") }
                string(item)
            }
            raw("]")
        }
    }

    private mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// In quotes; quotes, backslashes and control characters are escaped (RFC 8259 §7).
    private mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { buffer in
            if !buffer.contains(where: needsEscape) {
                bytes.append(contentsOf: buffer)
            } else {
                for byte in buffer { escaped(byte) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escaped(_ byte: UInt8) {
        guard needsEscape(byte) else { return bytes.append(byte) }
        bytes.append(UInt8(ascii: "\\"))
        guard byte < 0x20 else { return bytes.append(byte) }
        let digits = Array("0123456789abcdef".utf8)
        bytes += [
            UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0"), digits[Int(byte >> 4)], digits[Int(byte & 15)],
        ]
    }
}

private func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
}
