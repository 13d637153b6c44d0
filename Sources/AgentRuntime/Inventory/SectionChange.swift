import Model
import Wire

/// What the collector already has of a section, as far as the agent knows.
struct SentSection: Hashable, Sendable, Codable {
    /// Whom it is about.
    var subject: Subject
    /// The address a device was asked at.
    var address: String?
    /// Which section.
    var section: SectionName
    /// The items.
    var items: [SectionItem]

    /// Its digest.
    var digest: SHA256Digest { SectionDigest.digest(of: items) }
}

/// Turns a section into reports: whole in parts, or what changed since the last one.
enum SectionChange {
    /// About how many octets of JSON one part may have.
    static let partBytes = 256 << 10

    /// All of the section, in as many parts as it takes; an empty section is one empty part.
    static func full(_ sent: SentSection, isComplete: Bool) -> [InventoryReport] {
        let digest = sent.digest
        let parts = split(sent.items)
        return parts.enumerated().map { index, items in
            InventoryReport(
                subject: sent.subject, address: sent.address, section: sent.section, digest: digest,
                isComplete: isComplete, body: .full(items: items, part: index + 1, parts: parts.count))
        }
    }

    /// What changed from `base` to `sent`; the whole where that is not much larger.
    static func difference(from base: SentSection, to sent: SentSection) -> [InventoryReport] {
        let old = Dictionary(base.items.map { (Array($0.key.utf8), $0) }, uniquingKeysWith: { $1 })
        let upserts = sent.items.filter { old[Array($0.key.utf8)] != $0 }
        let kept = Set(sent.items.map { Array($0.key.utf8) })
        let removals = base.items.map(\.key).filter { !kept.contains(Array($0.utf8)) }
        let cost = upserts.reduce(0) { $0 + weight($1) } + removals.reduce(0) { $0 + $1.utf8.count + 8 }
        let whole = sent.items.reduce(0) { $0 + weight($1) }
        guard cost <= partBytes, cost * 2 <= whole else { return full(sent, isComplete: true) }
        return [
            InventoryReport(
                subject: sent.subject, address: sent.address, section: sent.section, digest: sent.digest,
                isComplete: true, body: .delta(base: base.digest, upserts: upserts, removals: removals))
        ]
    }

    /// The digest alone: still as it was.
    static func unchanged(_ sent: SentSection, digest: SHA256Digest) -> InventoryReport {
        InventoryReport(
            subject: sent.subject, address: sent.address, section: sent.section, digest: digest, isComplete: true,
            body: .unchanged)
    }

    private static func split(_ items: [SectionItem]) -> [[SectionItem]] {
        var parts: [[SectionItem]] = []
        var current: [SectionItem] = []
        var bytes = 0
        for item in items {
            let size = weight(item)
            if !current.isEmpty, bytes + size > partBytes || current.count >= Limits.itemsPerPart {
                parts.append(current)
                current = []
                bytes = 0
            }
            current.append(item)
            bytes += size
        }
        return parts + (current.isEmpty && !parts.isEmpty ? [] : [current])
    }

    /// About the octets of an item's JSON; control characters count as the six octets of their escape.
    private static func weight(_ item: SectionItem) -> Int {
        item.attributes.reduce(length(item.key) + 32) { sum, attribute in
            switch attribute.value {
            case .text(let text): sum + length(attribute.key) + length(text) + 6
            case .list(let items): sum + length(attribute.key) + items.reduce(8) { $0 + length($1) + 3 }
            default: sum + length(attribute.key) + 26
            }
        }
    }

    private static func length(_ text: String) -> Int {
        text.utf8.reduce(0) { $0 + ($1 < 0x20 ? 6 : $1 == 0x22 || $1 == 0x5c ? 2 : 1) }
    }
}
