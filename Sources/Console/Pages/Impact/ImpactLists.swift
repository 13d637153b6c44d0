import CMDB
import CollectorServices
import Model

/// An answer as lists: of what depends business services first, then the class with the worst alarm; in each class the worst
/// alarms and shortest ways first.
struct ImpactLists {
    private(set) var chosen: [ImpactModel.Chosen] = []
    private(set) var unknown: String?
    private(set) var summary = ""
    private(set) var groups: [ImpactModel.Group] = []
    /// The class that is listed alone, with the way back; nil for all.
    private(set) var only: ImpactModel.Only?
    private(set) var next: String?

    private let severities: [CIID: Severity]
    /// Business services that are not well.
    private let ill: [CIID: ServiceHealth.State]
    private let question: ImpactQuestion
    private let texts: PageTexts
    private let reached: [CIID: ImpactedCI]

    /// CIs a class shows beside others.
    private static let beside = 15
    /// CIs of a page about one class.
    private static let alone = 200

    /// Lists of an answer.
    init(
        _ answer: ImpactAnswer, _ severities: [CIID: Severity], _ ill: [CIID: ServiceHealth.State],
        _ question: ImpactQuestion, _ texts: PageTexts
    ) {
        self.severities = severities
        self.ill = ill
        self.question = question
        self.texts = texts
        reached = Dictionary(answer.affected.map { ($0.ci, $0) }) { first, _ in first }
        chosen = answer.roots.map(chip)
        let missing = question.roots.filter { root in !answer.roots.contains { $0.ci == root } }
        if !missing.isEmpty {
            unknown = texts.text(
                question.asOf == nil ? "impact.unknown" : "impact.unknown_then",
                ["number": missing.map(\.description).joined(separator: ", ")])
        }
        let services = answer.affected.count { $0.className == .businessService }
        let isNone = answer.total == 0
        let key = "impact." + (isNone ? "none_" : "found_") + question.direction.rawValue
        summary = texts.text(key, ["total": String(answer.total), "count": String(services)])
        group(answer)
    }

    private mutating func group(_ answer: ImpactAnswer) {
        let classes = Dictionary(grouping: answer.affected) { $0.className }
        // Of what depends, business services say how bad it is; of what is needed, the worst alarm says what to look at.
        let isDown = question.direction == .dependents
        // Of equally bad ones the nearest.
        let worst = classes.mapValues { members in
            members.map { (rank: rank($0), distance: $0.distance) }.min { $0 < $1 } ?? (Self.calm, 0)
        }
        func place(_ className: CIClass) -> (Int, Int, Int, String) {
            let (rank, distance) = worst[className] ?? (Self.calm, 0)
            let isFirst = isDown && className == .businessService
            return (isFirst ? 0 : 1, rank, rank == Self.calm ? 0 : distance, className.rawValue)
        }
        let order = classes.keys.sorted { place($0) < place($1) }
        for className in order where question.only == nil || question.only == className {
            let members = ordered(classes[className] ?? [])
            let offset = question.only == nil ? 0 : min(question.offset, members.count)
            let shown = members[offset...].prefix(question.only == nil ? Self.beside : Self.alone)
            let isWhole = offset + shown.count == members.count
            groups.append(
                ImpactModel.Group(
                    id: "class-" + className.rawValue.shownOnOneLine(limit: 60),
                    title: CILink.kinds(className, texts), total: members.count, lines: shown.map(line),
                    allPath: isWhole || question.only != nil ? nil : question.with { $0.only = className }.path))
            if question.only != nil, !isWhole {
                next = question.with { $0.offset = offset + shown.count }.path
            }
        }
        if let single = question.only {
            only = .init(
                label: texts.text("impact.only", ["class": CILink.kind(single, texts)]),
                backPath: question.with { $0.only = nil }.path)
        }
    }

    /// Worst alarms first, then as the walk came to them, nearest first; what has vanished last.
    private func ordered(_ members: [ImpactedCI]) -> [ImpactedCI] {
        var alarmed: [ImpactedCI] = []
        var active: [ImpactedCI] = []
        var gone: [ImpactedCI] = []
        for ci in members {
            if severities[ci.ci] != nil || ill[ci.ci] != nil {
                alarmed.append(ci)
            } else if ci.state == .active {
                active.append(ci)
            } else {
                gone.append(ci)
            }
        }
        let ranked = alarmed.map { (rank($0), $0) }.sorted {
            ($0.0, $0.1.distance) < ($1.0, $1.1.distance)
        }
        return ranked.map(\.1) + active + gone
    }

    /// The rank of what has no alarm.
    private static let calm = 9

    /// How bad it is, 0 for the worst: its own worst alarm, or as bad an alarm as says how a service is.
    private func rank(_ found: ImpactedCI) -> Int {
        min(severities[found.ci]?.rank ?? Self.calm, ill[found.ci]?.severity?.rank ?? Self.calm)
    }

    /// Its own worst alarm, or how a service is that has none of its own.
    private func worst(_ ci: CIID) -> Badge? {
        severities[ci].map { Badge($0, texts) } ?? ill[ci].map { Badge($0, texts) }
    }

    private func chip(_ root: GraphNode) -> ImpactModel.Chosen {
        ImpactModel.Chosen(
            id: root.ci.description,
            ci: CILink(root.ci, name: root.name, className: root.className, texts, asOf: question.asOf),
            worst: worst(root.ci),
            gone: root.state == .active ? nil : Badge(root.state, texts),
            removePath: question.with { $0.roots.removeAll { $0 == root.ci } }.path)
    }

    private func line(_ found: ImpactedCI) -> ImpactModel.Line {
        var link = CILink(found.ci, name: found.name, className: found.className, texts, asOf: question.asOf)
        link.kind = nil
        return ImpactModel.Line(
            key: found.ci.description, ci: link, worst: worst(found.ci),
            gone: found.state == .active ? nil : Badge(found.state, texts), way: way(to: found))
    }

    /// The names on the way, the root first; long ways keep their ends.
    private func way(to found: ImpactedCI) -> String {
        var names: [String] = []
        var next = found.via
        while let ci = next, names.count < 40 {
            if let before = reached[ci] {
                names.append(before.name.shownOnOneLine(limit: 60))
                next = before.via
            } else {
                if let root = chosen.first(where: { $0.id == ci.description }) { names.append(root.ci.name) }
                next = nil
            }
        }
        var way = Array(names.reversed())
        if way.count > 5 { way.replaceSubrange(2..<(way.count - 2), with: ["…"]) }
        return (way + [found.name.shownOnOneLine(limit: 60)]).joined(separator: " → ")
    }
}
