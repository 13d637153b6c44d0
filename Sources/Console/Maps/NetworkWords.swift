import CMDB
import Model

/// What a box of the network's map is called, in the reader's words.
struct NetworkWords {
    /// The name of the place, the device, or how many devices.
    let name: String
    /// What hangs on it and how it is, a line each.
    let notes: [String]
    /// Where a click leads.
    let path: String

    /// The words for a box of a plan.
    init(_ plan: NetworkPlan, _ box: NetworkPlan.Box, _ question: NetworkQuestion, _ texts: PageTexts) {
        let map = plan.map
        var notes: [String] = []
        var isSummary = true
        switch box.what {
        case .place:
            let place = map.places[box.place]
            name = Self.name(of: place, texts)
            path = question.opening(place).path
            notes.append(texts.text("network.devices", ["count": String(map.nodes.count { $0.place == box.place })]))
        case .gathered(let group, let on):
            name = texts.text("network.gathered", ["count": String(group.count)])
            path = question.below(on).path
        case .device(let node):
            let machine = map.nodes[node].machine
            name = machine.name.shownOnOneLine(limit: 200)
            path = Site.ci(machine.ci)
            isSummary = false
            if machine.state != .active { notes.append(texts.text("ci_state." + machine.state.rawValue)) }
        }
        if box.ends > 0 {
            let machines = texts.text("network.machines", ["count": String(box.ends)])
            if notes.isEmpty { notes.append(machines) } else { notes[0] += " · " + machines }
        }
        var alarms: [String] = []
        if let worst = box.worst { alarms.append("▲ " + texts.text("severity." + worst.rawValue)) }
        if box.troubled > 0 {
            alarms.append(
                texts.text(isSummary ? "network.troubled" : "network.troubled_ends", ["count": String(box.troubled)]))
        }
        if !alarms.isEmpty { notes.append(alarms.joined(separator: " · ")) }
        self.notes = notes
    }

    /// A place's name; what nobody tells of is called so.
    static func name(of place: NetworkMap.Place, _ texts: PageTexts) -> String {
        place.name?.shownOnOneLine(limit: 120) ?? texts.text("network.nowhere")
    }

    /// The ports of cables: `Gi1/0/1 – Te1/1/1, …`.
    static func cables(_ cables: [NetworkMap.Cable], limit: Int, _ texts: PageTexts) -> String {
        let shown = cables.prefix(limit).map { cable in
            cable.fromPort.shownOnOneLine(limit: 60) + " – " + cable.toPort.shownOnOneLine(limit: 60)
        }
        let rest = cables.count - shown.count
        return (shown + (rest > 0 ? [texts.text("network.more_cables", ["count": String(rest)])] : []))
            .joined(separator: ", ")
    }
}

extension NetworkMap.Tier {
    /// The key of its word.
    var key: String {
        switch self {
        case .core: "network.core"
        case .distribution: "network.distribution"
        case .access: "network.access"
        case .loose: "network.loose"
        }
    }
}
