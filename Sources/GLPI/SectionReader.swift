import Model

/// What one reader found in a document.
struct Found {
    /// The items.
    var items: [SectionItem] = []
    /// How many values or items were there and could not be read.
    var unread = 0
    /// False when something that belongs to the section is not in it.
    var isWhole = true
}

/// Reads one section of our own inventory from parts of a GLPI document: one value of this type for each section.
struct SectionReader: Sendable {
    /// The section.
    let name: SectionName
    /// The parts of the document's content that are read; the section is left out where none of them is there.
    let parts: [String]
    /// Reads them.
    let read: @Sendable (GLPIContent) -> Found

    init(_ name: SectionName, _ parts: [String], _ read: @escaping @Sendable (GLPIContent) -> Found) {
        self.name = name
        self.parts = parts
        self.read = read
    }

    /// A section in which each object of `part` is an item; `make` fills the facts and gives the key, nil where it finds none.
    init(_ name: SectionName, each part: String, _ make: @escaping @Sendable (inout Facts, GLPIContent) -> String?) {
        self.init(name, [part]) { content in
            let (records, others) = content.record.objects(part)
            var found = Found(unread: others, isWhole: others == 0)
            for record in records {
                var facts = Facts(record)
                let key = make(&facts, content)
                found.unread += facts.unread
                if let key, (1...Limits.valueBytes).contains(key.utf8.count) {
                    found.items.append(facts.item(key))
                } else {
                    found.unread += 1
                    found.isWhole = false
                }
            }
            found.items = found.items.withDistinctKeys
            return found
        }
    }

    /// The section and its receipt; nil where the document says nothing of it.
    func section(of content: GLPIContent) -> (section: InventorySection, receipt: Receipt)? {
        guard parts.contains(where: { content.record.has($0) }) else { return nil }
        let found = read(content)
        // `hardware` serves several sections; one of which it says nothing is not spoken of.
        guard !found.items.isEmpty || found.isWhole || found.unread > 0 else { return nil }
        let kept = found.items.prefix(Limits.itemsPerPart)
        let isCut = kept.count < found.items.count
        let isComplete = found.isWhole && !isCut && !content.isPartial
        var notes: [String] = []
        if isCut { notes.append("\(found.items.count - kept.count) items beyond \(Limits.itemsPerPart) left out") }
        if found.unread > 0 { notes.append("\(found.unread) values not readable") }
        if content.isPartial { notes.append("a partial report") }
        // A part of which nothing could be read says nothing of what is there.
        guard !kept.isEmpty || found.unread == 0 else {
            return (
                InventorySection(name: name, items: [], isComplete: false),
                Receipt(
                    source: "inventory/\(name.rawValue)", outcome: .failure, found: 0, milliseconds: 0,
                    message: notes.joined(separator: "; "))
            )
        }
        let receipt = Receipt(
            source: "inventory/\(name.rawValue)", outcome: isCut ? .truncated : kept.isEmpty ? .noData : .success,
            found: kept.count, milliseconds: 0, message: notes.joined(separator: "; "))
        return (InventorySection(name: name, items: Array(kept), isComplete: isComplete), receipt)
    }
}

/// The content of a document with what its readers need to know of it.
struct GLPIContent: Sendable {
    /// The content.
    let record: GLPIRecord
    /// JSON or XML.
    let form: GLPIForm
    /// Whether the agent says that it sends a part of what it has.
    let isPartial: Bool
}

/// The two forms of the format.
public enum GLPIForm: Sendable {
    /// Since the agents' version 1.0.
    case json
    /// Of all agents before.
    case xml
}
