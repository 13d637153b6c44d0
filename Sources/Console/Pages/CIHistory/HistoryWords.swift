import Model
import Stores

/// Entries of the feed in words.
struct HistoryWords {
    private let names: [CIID: CIRecord]
    private let ci: CIID
    private let asOf: Timestamp?
    private let texts: PageTexts

    /// How many changes of an entry are listed.
    private static let listed = 12

    /// Words for a reader of the page of `ci`.
    init(names: [CIID: CIRecord], of ci: CIID, asOf: Timestamp?, texts: PageTexts) {
        self.names = names
        self.ci = ci
        self.asOf = asOf
        self.texts = texts
    }

    /// An entry; a change of state may stand for `flaps` of them.
    func line(_ entry: FeedEntry, flaps: Int? = nil) -> CIHistoryModel.Line {
        var line = words(entry.event)
        if let flaps { line.sentence = texts.text("ci_history.state_flapped", ["count": String(flaps)]) }
        line.key = String(entry.cursor.rawValue)
        line.time = Moment(entry.time)
        line.topic = Self.topic(entry)
        // These name what they are about themselves.
        switch entry.event {
        case .ciCreated, .relationAdded, .relationEnded: return line
        default: break
        }
        if let subject = entry.event.subjects.first, subject != ci {
            line.about = names[subject].map { CILink($0, texts, asOf: asOf) }
        }
        return line
    }

    /// What an entry is about: a fact, a section, a check, an alarm of one CI.
    private static func topic(_ entry: FeedEntry) -> String {
        let ci = entry.event.subjects.first.map(\.description) ?? ""
        switch entry.event {
        case .ciStateChanged: return "state " + ci
        case .ciRenamed: return "name " + ci
        case .attributesChanged: return "facts " + ci
        case .itemsChanged(_, let section, _, _, _, _): return "items " + ci + " " + section.rawValue
        case .checkReported(_, let agent, let result): return "check " + ci + " " + agent + " " + result.check
        case .deviceReported(_, _, let event, _): return "event " + ci + " " + event.kind.rawValue + " " + event.object
        case .agentHeard, .agentSilent: return "agent " + ci
        case .alarmChanged(let id, _, _, _): return "alarm \(id)"
        case .incidentChanged(let number, _): return "incident \(number)"
        case .discoveryChanged(let id, _, _, _, _): return "discovery \(id)"
        case .relationAdded(let edge), .relationEnded(let edge):
            return "relation \(edge.source) \(edge.kind.rawValue) \(edge.target)"
        default: return "entry \(entry.cursor.rawValue)"
        }
    }

    private func words(_ event: FeedEvent) -> CIHistoryModel.Line {
        switch event {
        case .ciCreated(_, let className, let name):
            var line = line("created", ["class": CILink.kind(className, texts), "name": name])
            if let born = event.subjects.first, born != ci {
                line.path = Site.path(Site.ci(born), [("as_of", asOf?.rfc3339)])
            }
            return line
        case .ciStateChanged(_, let from, let to):
            return line(
                "state_changed", [:],
                changes: [change(texts.text("cis.state"), [FactText(word(from))], [FactText(word(to))])])
        case .ciRenamed(_, let from, let to):
            return line(
                "renamed", [:],
                changes: [change(texts.text("cis.name"), [FactText(shown(from))], [FactText(shown(to))])])
        case .attributesChanged(_, let changes, let source, let firstSight):
            if firstSight { return line("facts_seen", ["count": String(changes.count)], by: source) }
            return line("facts_changed", [:], by: source, changes: changes.map(fact), total: changes.count)
        case .itemsChanged(_, let section, let changes, let total, let source, let firstSight):
            let name = FactName.section(section.rawValue, texts)
            if firstSight { return line("items_seen", ["name": name, "count": String(total)], by: source) }
            return line("items_changed", ["name": name], by: source, changes: changes.map(item), total: total)
        case .relationAdded(let edge): return relation("relation_added", edge)
        case .relationEnded(let edge): return relation("relation_ended", edge)
        default: return happening(event)
        }
    }

    private func happening(_ event: FeedEvent) -> CIHistoryModel.Line {
        switch event {
        case .checkReported(_, let agent, let result):
            return line(
                "check_" + result.state.rawValue, ["name": result.check, "detail": texts.said(result.message)],
                by: "agent:" + agent
            )
        case .deviceReported(_, let agent, let event, let isLate): return happening(event, agent, isLate)
        case .agentHeard(_, let agent): return line("agent_heard", [:], by: "agent:" + agent)
        case .agentSilent(_, let agent, let seconds):
            return line("agent_silent", ["time": Quantity.duration(Double(seconds), texts)], by: "agent:" + agent)
        case .alarmChanged(let id, let key, let from, let to):
            // Which of a rule's alarms it is stands in brackets: a disk, a check, a section.
            let instance =
                key.instance.isEmpty ? "" : texts.text("ci_history.alarm_of", ["name": instance(key.instance)])
            var line = line("alarm_" + to.rawValue, ["rule": key.rule, "name": instance])
            // An alarm that only waited is dropped when its condition ends: it has no page then.
            if to != .pending, !(from == .pending && to == .cleared) { line.path = Site.alarm(id) }
            return line
        case .discoveryChanged(let id, let name, _, let to, _):
            var line = line("discovery_" + (to?.rawValue ?? "forgotten"), ["name": shown(name)])
            if to != nil { line.path = Site.discovery(id) }
            return line
        case .incidentChanged(let number, let state):
            let word = texts.text("incident_state." + state.rawValue.replacing("-", with: "_"))
            var line = line("incident", ["number": String(number), "state": word])
            line.path = Site.incident(number)
            return line
        default: return line("other", [:])
        }
    }

    /// What a device told, or what was seen of it: the kind, what it happened to, and the trap's own words.
    private func happening(_ event: DeviceEvent, _ agent: String, _ isLate: Bool) -> CIHistoryModel.Line {
        let object = event.object.isEmpty ? "" : texts.text("ci_history.event_of", ["name": shown(event.object)])
        let words = EventWords.kind(event.kind, texts) + object
        let detail = event.summary.shownOnOneLine(limit: 400)
        let sentence = event.origin == .poll ? "event_seen" : isLate ? "event_late" : "event_told"
        return line(sentence, ["name": words, "detail": detail], by: "agent:" + agent)
    }

    private func line(
        _ sentence: String, _ values: [String: String], by source: String? = nil,
        changes: [CIHistoryModel.Change] = [], total: Int = 0
    ) -> CIHistoryModel.Line {
        let shown = Array(changes.prefix(Self.listed))
        let more = max(total, changes.count) - shown.count
        return CIHistoryModel.Line(
            key: "", topic: "", time: Moment(Timestamp(seconds: 0)),
            sentence: texts.text("ci_history." + sentence, values),
            about: nil, by: source.flatMap { $0.isEmpty ? nil : SourceLabel($0, texts) }, changes: shown,
            more: more > 0
                ? texts.text(shown.isEmpty ? "ci_history.counted" : "ci_history.more", ["count": String(more)]) : nil,
            path: nil)
    }

    private func relation(_ sentence: String, _ edge: RelationEdge) -> CIHistoryModel.Line {
        let kind = texts.text("relation." + edge.kind.rawValue.replacing("-", with: "_"))
        var line = line(sentence, ["a": name(edge.source), "name": kind, "b": name(edge.target)])
        let other = edge.source == ci ? edge.target : edge.source
        line.path = Site.path(Site.ci(other), [("as_of", asOf?.rfc3339)])
        return line
    }

    private func fact(_ change: AttributeChange) -> CIHistoryModel.Change {
        func shown(_ value: AttributeValue?) -> [FactText] {
            value.map { [FactText($0, named: change.name, texts)] } ?? []
        }
        return self.change(
            FactName.whole(change.name, texts), stored: change.name, shown(change.before), shown(change.after))
    }

    /// Of an item that changed only the facts that differ.
    private func item(_ change: ItemChange) -> CIHistoryModel.Change {
        // People know an item by its name; the key has what tells it from others.
        let name = ItemTitle.words(change.key, change.after ?? change.before ?? [:], texts)
        guard let before = change.before, let after = change.after else {
            return self.change(
                name, stored: change.key, change.before.map(facts) ?? [], change.after.map(facts) ?? [])
        }
        return self.change(
            name, stored: change.key, facts(before.filter { after[$0.key] != $0.value }),
            facts(after.filter { before[$0.key] != $0.value }))
    }

    private func facts(_ facts: [String: AttributeValue]) -> [FactText] {
        guard !facts.isEmpty else { return [FactText(texts.text("ci_history.present"))] }
        let named = facts.filter { $0.key != "name" }
        return (named.isEmpty ? facts : named).sorted { $0.key < $1.key }.prefix(6).map {
            FactText($0.value, named: $0.key, label: FactName.fact($0.key, texts), texts, limit: 100)
        }
    }

    private func change(
        _ label: String, stored: String = "", _ before: [FactText], _ after: [FactText]
    ) -> CIHistoryModel.Change {
        CIHistoryModel.Change(
            label: label, stored: stored.shownOnOneLine(limit: 200), before: before, after: after)
    }

    private func name(_ ci: CIID) -> String { names[ci].map { shown($0.name) } ?? "CI \(ci)" }
    private func shown(_ text: String) -> String { text.shownOnOneLine(limit: 200) }
    /// Which of a rule's alarms it is: a section of the inventory, a class, or a name that stands for itself.
    private func instance(_ stored: String) -> String {
        let section = texts.word("section." + stored, else: "")
        return section.isEmpty ? texts.word("class." + stored.replacing("-", with: "_"), else: shown(stored)) : section
    }
    private func word(_ state: CIState) -> String { texts.text("ci_state." + state.rawValue) }
}
