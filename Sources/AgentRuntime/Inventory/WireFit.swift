import Model

/// Brings what a host or device says within the limits of the wire (threats M1): the collector would refuse the whole
/// report for one wicked name.
enum WireFit {
    /// The items as they may be sent, and how many had to be changed.
    static func fit(_ section: InventorySection) -> (section: InventorySection, changed: Int) {
        var changed = 0
        let items = section.items.compactMap { item -> SectionItem? in
            let fitted = fit(item)
            if fitted != item { changed += 1 }
            return fitted
        }
        guard changed > 0 else { return (section, 0) }
        return (InventorySection(name: section.name, items: items, isComplete: section.isComplete), changed)
    }

    /// The text cut at `limit` bytes between two scalars, without NUL.
    static func text(_ text: String, limit: Int) -> String {
        guard text.utf8.count > limit || text.utf8.contains(0) else { return text }
        var result = String.UnicodeScalarView()
        var bytes = 0
        for scalar in text.unicodeScalars where scalar.value != 0 {
            bytes += UTF8.width(scalar)
            if bytes > limit { break }
            result.append(scalar)
        }
        return String(result)
    }

    /// The event as it may be sent.
    static func fit(_ event: DeviceEvent) -> DeviceEvent {
        var event = event
        event.object = text(event.object, limit: Limits.nameBytes)
        event.neighbour = event.neighbour.map { text($0, limit: Limits.nameBytes) }
        event.trap = text(event.trap, limit: 1024)
        event.details = event.details.prefix(64).map { text($0, limit: 512) }
        return event
    }

    /// The finding as it may be sent.
    static func fit(_ finding: DiscoveryFinding) -> DiscoveryFinding {
        var finding = finding
        func short(_ text: String?) -> String? { text.map { WireFit.text($0, limit: Limits.nameBytes) } }
        finding.name = short(finding.name)
        finding.about = short(finding.about)
        finding.serial = short(finding.serial)
        finding.model = short(finding.model)
        finding.chassisID = short(finding.chassisID)
        finding.refusalText = short(finding.refusalText)
        finding.toldBy = finding.toldBy.map { text($0, limit: Limits.nameBytes) }
        return finding
    }

    private static func fit(_ item: SectionItem) -> SectionItem? {
        // A key cut short could meet another one: such an item is left out.
        guard item.key.utf8.count <= Limits.valueBytes, !item.key.utf8.contains(0) else { return nil }
        var attributes: [String: AttributeValue] = [:]
        for (name, value) in item.attributes where name.utf8.count <= Limits.nameBytes && !name.utf8.contains(0) {
            if let fitted = fit(value) { attributes[name] = fitted }
        }
        if attributes.count > 256 {
            let kept = attributes.sorted { $0.key < $1.key }.prefix(256)
            attributes = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
        }
        return SectionItem(key: item.key, attributes: attributes)
    }

    private static func fit(_ value: AttributeValue) -> AttributeValue? {
        switch value {
        case .text(let text): .text(WireFit.text(text, limit: Limits.valueBytes))
        case .list(let items): .list(items.prefix(1000).map { text($0, limit: Limits.valueBytes) })
        case .real(let number): number.isFinite ? value : nil
        case .integer, .flag: value
        }
    }
}
