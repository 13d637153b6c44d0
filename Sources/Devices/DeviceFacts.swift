import Model

/// Attributes of an item; what is absent is left out.
struct DeviceFacts {
    private(set) var attributes: [String: AttributeValue] = [:]

    subscript(_ name: String) -> String? {
        get { attributes[name]?.text }
        set { attributes[name] = newValue.map { .text($0) } }
    }

    subscript(number name: String) -> Int64? {
        get { attributes[name]?.integer }
        set { attributes[name] = newValue.map { .integer($0) } }
    }

    subscript(real name: String) -> Double? {
        get { if case .real(let value) = attributes[name] { value } else { nil } }
        set { attributes[name] = newValue.flatMap { $0.isFinite ? .real($0) : nil } }
    }

    subscript(list name: String) -> [String] {
        get { attributes[name]?.list ?? [] }
        set { attributes[name] = newValue.isEmpty ? nil : .list(newValue) }
    }

    func item(_ key: String) -> SectionItem {
        SectionItem(key: DeviceText.clean(Array(key.utf8)), attributes: attributes)
    }
}

/// A row of a report that is printed and sent alike: its facts, and beside them what changes by itself and is printed only.
protocol DeviceRow {
    /// What tells it from its neighbours.
    var key: String { get }
    /// Facts that stay until somebody changes something.
    var facts: DeviceFacts { get }
    /// Puts the readings of the moment to the facts.
    func addReadings(to facts: inout DeviceFacts)
}

extension DeviceRow {
    func addReadings(to facts: inout DeviceFacts) {}

    /// Everything, as `probe` prints it.
    var printed: [String: AttributeValue] {
        var facts = facts
        addReadings(to: &facts)
        return facts.attributes
    }
}
