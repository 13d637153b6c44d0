import Alarms
import CollectorServices
import HTTPAPI
import Model
import Stores

/// The page of one incident, and what is done there.
struct IncidentPages: Sendable {
    let maker: PageMaker
    let queries: QueryService
    let commands: IncidentCommands
    let alarms: AlarmCommands
    let accounts: AccountsService
    let changes: RecentChanges
    let health: ServiceHealth
    let rules: RuleSet

    var all: [Route] {
        [
            maker.page("/incidents/{number}", .read, make),
            act("take") { _, person in IncidentUpdate(assignee: person.user.name) },
            act("assign") { form, _ in
                let name = form["assignee"] ?? ""
                if !name.isEmpty { _ = try await accounts.user(name) }
                return IncidentUpdate(assignee: name)
            },
            act("state") { form, _ in
                guard let state = form["state"].flatMap(IncidentState.init(rawValue:)) else {
                    throw ServiceRefusal.invalid(
                        "state must be \(IncidentState.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                return IncidentUpdate(state: state, note: form["note"])
            },
            act("note") { form, _ in
                guard let note = form["note"] else { throw ServiceRefusal.invalid("the note is empty") }
                return IncidentUpdate(note: note)
            },
            maker.action("/incidents/{number}/resolve", .operate) { asked, form, person in
                let number = try asked.number("number")
                _ = try await commands.resolve(number, note: form["note"] ?? "", by: person.user.name)
                return Self.path(number, done: "resolve")
            },
            maker.action("/incidents/{number}/ack", .operate) { asked, _, person in
                let number = try asked.number("number")
                for alarm in try await queries.incident(number: number).alarms where alarm.state == .firing {
                    _ = try await alarms.acknowledge(alarm.id, by: person.user.name)
                }
                return Self.path(number, done: "ack")
            },
        ]
    }

    private func act(
        _ name: String, _ update: @escaping @Sendable (PageForm, SignedInPerson) async throws -> IncidentUpdate
    ) -> Route {
        maker.action("/incidents/{number}/" + name, .operate) { asked, form, person in
            let number = try asked.number("number")
            _ = try await commands.update(number, try await update(form, person), by: person.user.name)
            return Self.path(number, done: name)
        }
    }

    /// Back to the page, which says what was done; a note is shown where it stands.
    private static func path(_ number: Int64, done: String) -> String {
        Site.path(Site.incident(number), [("done", done)]) + (done == "note" ? "#timeline" : "")
    }

    private static let deeds = ["take", "assign", "state", "note", "resolve", "ack"]
    /// How many changes stand open.
    private static let unfolded = 6

    /// How many CIs beside business services are listed.
    private static let others = 40

    @Sendable private func make(_ asked: PageRequest) async throws -> Page {
        try asked.request.only("done")
        let page = try await queries.incident(number: try asked.number("number"))
        let near = try await changes.around(Self.began(page), root: page.record.ci)
        let entries = near.changes + near.movements.flatMap(\.entries)
        let names = try await queries.names(
            of: Set([page.record.ci] + page.alarms.map(\.key.ci) + entries.flatMap { $0.event.subjects }))
        let inside = try await inside(names[page.record.ci])
        let model = try await model(page, near, names, inside, asked)
        return Page(
            IncidentView.view, title: "#\(page.record.number) " + model.title, place: .incidents, model: model)
    }

    private func model(
        _ page: QueryService.IncidentPage, _ near: RecentChanges.Answer, _ names: [CIID: CIRecord],
        _ inside: CIRecord?, _ asked: PageRequest
    ) async throws -> IncidentModel {
        let (record, texts) = (page.record, asked.texts)
        // Of no CI's own page: each line names what it is about.
        let words = HistoryWords(names: names, of: CIID(0), asOf: nil, texts: texts)
        let services = record.affected.filter { $0.className == .businessService }
        let others = record.affected.filter { $0.className != .businessService }
        let ill = try await health.ill(among: services.map(\.ci))
        let isOpen = ![.resolved, .closed].contains(record.state)
        let hidden = others.count - Self.others
        let began = Self.began(page)
        func lines(_ entries: [FeedEntry]) -> [CIHistoryModel.Line] {
            HistoryFold.folded(entries.map { words.line($0, flaps: near.flaps[$0.cursor]) }, texts)
        }
        let late = lines(near.changes.filter { $0.time > began })
        let changed = lines(near.changes.filter { $0.time <= began })
        let acknowledgedBy = page.alarms.compactMap(\.acknowledgedBy).first
        let done = try asked.request.query("done").flatMap { Self.deeds.contains($0) ? $0 : nil }
        return IncidentModel(
            number: record.number, path: Site.incident(record.number), title: texts.said(title: record.title),
            priority: Badge(record.priority), state: Badge(record.state, isAcknowledged: acknowledgedBy != nil, texts),
            ci: CILink(record.ci, in: names, texts), inside: inside.map { CILink($0, texts) },
            opened: Moment(record.openedAt), reopened: Self.reopened(page).map { Moment($0) },
            resolved: Moment(record.resolvedAt),
            because: PriorityReason(record: record, alarms: page.alarms, rules: rules, texts: texts).sentence,
            team: record.team?.shownOnOneLine(limit: 64),
            assignee: record.assignee?.shownOnOneLine(limit: 64),
            isOpen: isOpen,
            isMine: record.assignee != nil && record.assignee == asked.person?.user.name,
            acknowledgePath: page.alarms.contains { $0.state == .firing } ? Site.incident(record.number) + "/ack" : nil,
            acknowledgedBy: acknowledgedBy?.shownOnOneLine(limit: 64),
            notice: done.map { texts.text("incident.done_" + $0) },
            untold: isOpen
                ? UntoldReason(Set(page.notifications.map(\.state))).map {
                    texts.text("incident.untold_" + $0.rawValue)
                } : nil,
            services: services.map { Self.reached($0, ill[$0.ci], texts) },
            others: others.prefix(Self.others).map { Self.reached($0, nil, texts) },
            moreOthers: hidden > 0 ? texts.text("ci_history.more", ["count": String(hidden)]) : nil,
            impactPath: Site.impact(of: record.ci),
            lateChanges: .init(lines: Array(late.prefix(Self.unfolded))),
            changes: .init(lines: Array(changed.prefix(Self.unfolded))),
            moreChanges: .init(lines: Array(late.dropFirst(Self.unfolded) + changed.dropFirst(Self.unfolded))),
            movements: near.movements.map { Self.movement($0, words, near.flaps, texts) },
            looked: texts.text(
                near.isCut ? "incident.looked_cut" : "incident.looked",
                [
                    "count": String(near.looked), "time": Quantity.duration(Double(RecentChanges.span), texts),
                    "minutes": String(RecentChanges.after / 60),
                ]),
            rest: near.isCut ? Self.rest(page, names, now: asked.now, texts) : nil,
            alarms: page.alarms.map { AlarmLine($0, names: names, texts) },
            notifications: page.notifications.map { NotificationLine($0, texts) },
            notes: page.timeline.suffix(200).reversed().map {
                .init(
                    time: Moment($0.time), kind: $0.kind.rawValue,
                    step: texts.text("timeline_kind." + $0.kind.rawValue),
                    who: Self.who($0.who, texts),
                    text: $0.kind == .note ? $0.text.shownOnOneLine(limit: 4000) : texts.said($0.text, limit: 4000))
            },
            states: IncidentState.allCases.map {
                Choice(value: $0.rawValue, label: Badge($0, texts).label, isChosen: $0 == record.state)
            },
            people: try await people(record, texts))
    }

    /// What a CI lies inside.
    private func inside(_ record: CIRecord?) async throws -> CIRecord? {
        guard let parent = record?.parent else { return nil }
        return try await queries.names(of: [parent])[parent]
    }

    /// The CI's history as of the last moment that was looked at; as it is now where that moment is still to come.
    private static func rest(
        _ page: QueryService.IncidentPage, _ names: [CIID: CIRecord], now: Timestamp, _ texts: PageTexts
    ) -> IncidentModel.Rest {
        let (ci, until) = (page.record.ci, began(page).adding(seconds: RecentChanges.after))
        return IncidentModel.Rest(
            path: Site.path(Site.history(of: ci), [("as_of", until > now ? nil : until.rfc3339)]),
            label: texts.text("incident.rest", ["name": CILink(ci, in: names, texts).name]))
    }

    /// When what it is about now began: what changed before an earlier time is no answer to "why is it down again".
    private static func began(_ page: QueryService.IncidentPage) -> Timestamp {
        reopened(page) ?? page.record.openedAt
    }

    /// When an alarm opened it again after it was resolved; nil where that did not happen.
    private static func reopened(_ page: QueryService.IncidentPage) -> Timestamp? {
        guard let resolved = page.timeline.lastIndex(where: { $0.kind == .resolved }) else { return nil }
        return page.timeline[resolved...].first { $0.kind == .alarm }?.time
    }

    /// Whom an incident can be given to: everybody who may work on one, and nobody.
    private func people(_ record: IncidentRecord, _ texts: PageTexts) async throws -> [Choice] {
        let users = try await accounts.list(after: nil, limit: 500).filter { !$0.isDisabled && $0.role != .viewer }
        return Choice.menu(
            users.map { ($0.name, $0.name) }, chosen: record.assignee, every: texts.text("incident.nobody"))
    }

    /// What came or went of one kind, with how many.
    private static func movement(
        _ movement: RecentChanges.Movement, _ words: HistoryWords, _ flaps: [FeedCursor: Int], _ texts: PageTexts
    ) -> IncidentModel.Movement {
        let lines = HistoryFold.folded(movement.entries.map { words.line($0, flaps: flaps[$0.cursor]) }, texts)
        let hidden = movement.total - movement.entries.count
        var counts = movement.classes.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map {
            CILink.counted($0.value, $0.key, texts)
        }
        let relations = movement.total - movement.classes.values.reduce(0, +)
        if movement.kind == .found, relations > 0 {
            counts.append(texts.text("incident.found_relations", ["count": String(relations)]))
        }
        return IncidentModel.Movement(
            id: "moves-" + movement.kind.rawValue,
            title: texts.text(
                "incident.moves_" + movement.kind.rawValue,
                ["name": counts.joined(separator: texts.text("rule_words.and"))]),
            total: movement.total, lines: lines,
            more: hidden > 0 ? texts.text("ci_history.more", ["count": String(hidden)]) : nil)
    }

    private static func who(_ name: String, _ texts: PageTexts) -> String {
        name == "collector" ? texts.text("incident.collector") : name.shownOnOneLine(limit: 100)
    }

    /// The way is stored as `class name` for each CI: people read the names.
    private static func reached(
        _ affected: AffectedCI, _ ill: ServiceHealth.State?, _ texts: PageTexts
    ) -> IncidentModel.Reached {
        let names = affected.path.map { step in
            let parts = step.split(separator: " ", maxSplits: 1)
            return String(parts.count == 2 ? parts[1] : Substring(step)).shownOnOneLine(limit: 60)
        }
        var way = names
        if way.count > 6 { way.replaceSubrange(3..<(way.count - 3), with: ["…"]) }
        return IncidentModel.Reached(
            ci: CILink(affected.ci, name: affected.name, className: affected.className, texts),
            state: ill.map { Badge($0, texts) }, way: way.joined(separator: " → "))
    }
}
