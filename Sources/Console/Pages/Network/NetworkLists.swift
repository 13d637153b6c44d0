import CMDB
import Model

/// What the map of the network shows, as lists: places first, those with the worst alarms in front, then the devices of each
/// opened place by tier with every cable of theirs.
struct NetworkLists {
    private(set) var summary = ""
    private(set) var places: [NetworkModel.Place] = []
    private(set) var opened: [NetworkModel.Opened] = []
    /// Where every place is open; nil where all are.
    private(set) var allPath: String?
    /// Where none is; nil where none is.
    private(set) var nonePath: String?

    private let plan: NetworkPlan
    private let worst: [CIID: Severity]
    private let question: NetworkQuestion
    private let texts: PageTexts
    /// What each box is joined to, by position.
    private var lines: [Int: [(other: Int, cables: [NetworkMap.Cable])]] = [:]

    private static let calm = 9
    /// Cables of one device that are named.
    private static let cables = 8

    /// Lists of a plan.
    init(_ plan: NetworkPlan, _ worst: [CIID: Severity], _ question: NetworkQuestion, _ texts: PageTexts) {
        self.plan = plan
        self.worst = worst
        self.question = question
        self.texts = texts
        let map = plan.map
        for line in plan.lines {
            lines[line.from, default: []].append((line.to, line.cables))
            lines[line.to, default: []].append((line.from, line.cables.map(\.turned)))
        }
        summary = texts.text(
            "network.summary",
            ["count": String(map.nodes.count), "total": String(Set(map.nodes.flatMap(\.ends)).count)])
        let members = Dictionary(grouping: map.nodes.indices) { map.nodes[$0].place }
        places = map.places.indices.map { place($0, members[$0] ?? []) }.sorted {
            ($0.rank, $0.level) < ($1.rank, $1.level)
        }
        .map(\.model)
        if map.places.count > 1 {
            var all = question
            all.places = map.places.map(NetworkPlan.key)
            allPath = plan.open.count < map.places.count && all.places.count <= 60 ? all.path : nil
            nonePath = plan.open.isEmpty ? nil : Site.map
        }
        opened = map.places.indices.filter { plan.open.contains($0) }.map { open($0) }
    }

    /// A place's line with how bad it is, 0 for the worst, and how far it is from the middle.
    private func place(_ place: Int, _ members: [Int]) -> (rank: Int, level: Int, model: NetworkModel.Place) {
        let map = plan.map
        let isOpen = plan.open.contains(place)
        let machines = Set(members.flatMap { [map.nodes[$0].machine.ci] + map.nodes[$0].ends })
        let troubled = machines.count { worst[$0] != nil }
        let severity = members.compactMap { worst[map.nodes[$0].machine.ci] }.min { $0.rank < $1.rank }
        var notes = [texts.text("network.devices", ["count": String(members.count)])]
        let ends = machines.count - members.count
        if ends > 0 { notes.append(texts.text("network.machines", ["count": String(ends)])) }
        if troubled > 0 { notes.append(texts.text("network.troubled", ["count": String(troubled)])) }
        let name = NetworkWords.name(of: map.places[place], texts)
        let path = isOpen ? question.closing(map.places[place]).path : question.opening(map.places[place]).path
        return (
            severity?.rank ?? Self.calm, map.places[place].level,
            .init(
                key: "place-\(place)", name: name, isOpen: isOpen, path: map.places.count > 1 ? path : nil,
                jump: isOpen ? "#place-\(place)" : nil, note: notes.joined(separator: " · "),
                worst: severity.map { Badge($0, texts) })
        )
    }

    private func open(_ place: Int) -> NetworkModel.Opened {
        let map = plan.map
        var tiers: [NetworkMap.Tier: [NetworkModel.Line]] = [:]
        for (index, box) in plan.boxes.enumerated() where box.place == place {
            switch box.what {
            case .place: continue
            case .device(let node): tiers[map.nodes[node].tier, default: []].append(line(index, box))
            case .gathered: tiers[.access, default: []].append(line(index, box))
            }
        }
        tiers[.loose] = (plan.loose[place] ?? []).prefix(200).map { node in
            let machine = map.nodes[node].machine
            return NetworkModel.Line(
                key: machine.ci.description, path: Site.ci(machine.ci), name: machine.name.shownOnOneLine(limit: 160),
                worst: worst[machine.ci].map { Badge($0, texts) }, gone: nil, note: nil, cables: [])
        }
        return NetworkModel.Opened(
            id: "place-\(place)", name: NetworkWords.name(of: map.places[place], texts),
            tiers: NetworkMap.Tier.allCases.compactMap { tier in
                guard let lines = tiers[tier], !lines.isEmpty else { return nil }
                return .init(title: texts.text(tier.key), lines: lines)
            })
    }

    private func line(_ index: Int, _ box: NetworkPlan.Box) -> NetworkModel.Line {
        let words = NetworkWords(plan, box, question, texts)
        var gone: Badge?
        if case .device(let node) = box.what, plan.map.nodes[node].machine.state != .active {
            gone = Badge(plan.map.nodes[node].machine.state, texts)
        }
        var note: [String] = []
        if box.ends > 0 { note.append(texts.text("network.machines", ["count": String(box.ends)])) }
        if box.troubled > 0 { note.append(texts.text("network.troubled_ends", ["count": String(box.troubled)])) }
        let all =
            (lines[index] ?? []).filter { plan.boxes[$0.other].place == box.place }
            + (lines[index] ?? []).filter { plan.boxes[$0.other].place != box.place }
        var cables = all.prefix(Self.cables).map { other, cables in
            NetworkModel.Way(
                to: NetworkWords(plan, plan.boxes[other], question, texts).name,
                ports: NetworkWords.cables(cables, limit: 4, texts))
        }
        if all.count > cables.count {
            cables.append(
                .init(to: texts.text("network.more_links", ["count": String(all.count - cables.count)]), ports: ""))
        }
        return NetworkModel.Line(
            key: index.description, path: words.path, name: words.name, worst: box.worst.map { Badge($0, texts) },
            gone: gone, note: note.isEmpty ? nil : note.joined(separator: " · "), cables: Array(cables))
    }
}
