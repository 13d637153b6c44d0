import Model

/// What the CMDB makes of a section.
public enum SectionUse: Hashable, Sendable {
    /// Its one item's facts become attributes of the subject, named `section.attribute`.
    case attributes
    /// Each item becomes a CI inside the subject, with an edge to it.
    case children(className: CIClass, relation: RelationKind)
    /// Each item is a machine of its own that needs the subject, with an edge to it: found by its keys, whoever else speaks of it.
    case dependents(className: CIClass, relation: RelationKind)
    /// Its items stay items. `isAnnounced` tells whether the feed lists which ones changed.
    case items(isAnnounced: Bool)
}

/// The one table of sections: a section that does not stand here is kept as items.
public enum SectionCatalogue {
    /// What becomes of `section`.
    public static func use(of section: SectionName) -> SectionUse {
        switch section {
        case .system, .os, .cpu, .memory, .network: .attributes
        case .interfaces: .children(className: .interface, relation: .partOf)
        case .filesystems: .children(className: .filesystem, relation: .partOf)
        case .accessPoints: .dependents(className: .device, relation: .dependsOn)
        case .services: .children(className: .service, relation: .runsOn)
        // Sockets come and go by the minute: their edges are what people want to hear of.
        // The same goes for who has been spoken with, who is signed in, and which addresses a switch has heard.
        case .connections, .arp, .logins, .forwarding: .items(isAnnounced: false)
        default: .items(isAnnounced: true)
        }
    }

    /// What keys of objects made from the section begin with; nil when it makes no CIs.
    public static func childPrefix(of section: SectionName) -> String? {
        switch use(of: section) {
        case .children(let className, _), .dependents(let className, _): "\(className.rawValue):"
        case .attributes, .items: nil
        }
    }

    /// The name of the CI made from an item.
    public static func name(of item: SectionItem, className: CIClass) -> String {
        let stated = item.attributes["name"]?.text.flatMap { $0.isEmpty ? nil : $0 }
        switch className {
        // What a process calls itself tells two of its kind apart less well than where it listens.
        case .service: return serviceName(item)
        case .interface: return stated ?? item.attributes["descr"]?.text ?? item.key
        default: return stated ?? item.key
        }
    }

    /// `nginx.service` for a unit; the program's name and port for `exe:PATH|PROTO|ADDRESS|PORT`, where the program
    /// is not known `tcp/80`.
    private static func serviceName(_ item: SectionItem) -> String {
        if item.key.hasPrefix("unit:") { return String(item.key.dropFirst(5)) }
        guard item.key.hasPrefix("exe:") else { return item.key }
        let parts = item.key.dropFirst(4).split(separator: "|", omittingEmptySubsequences: false)
        let program = parts.first?.split(separator: "/").last ?? "?"
        guard parts.count == 4, let port = parts.last else { return String(program) }
        // Whose socket it is was not to be learned: it is known by its port alone.
        if program == "?" { return "\(parts[1])/\(port)" }
        return "\(program):\(port)"
    }
}
