import Model
import Stores

/// Something that was found, in a list.
struct DiscoveryLine: Sendable {
    var id: Int64
    var path: String
    var title: String
    var state: Badge
    /// Why it does not answer SNMP; nil where it does or where nothing is known of that.
    var refusal: Badge?
    /// Address, how it was found, what it is: in one line.
    var note: String
    var seen: Moment
    var ci: CILink?
    /// Who decided, and what was said to it.
    var decision: String?
    var canAccept: Bool
    var canIgnore: Bool

    /// Something that was found, with the names of CIs.
    init(_ record: DiscoveryRecord, names: [CIID: CIRecord], _ texts: PageTexts) {
        let finding = record.finding
        id = record.id
        path = Site.discovery(record.id)
        title = record.label.shownOnOneLine(limit: 120)
        state = Badge(record.state, texts)
        refusal = finding.refusal.flatMap { refusal in
            refusal == .closed || refusal == .other
                ? nil : Badge(tone: "warning", label: texts.text("discovery_refusal." + Self.word(refusal.rawValue)))
        }
        let ways = finding.ways.map { texts.text("discovery_way." + $0.rawValue) }.joined(separator: ", ")
        let kind = [finding.vendor, finding.model ?? finding.os].compactMap { $0 }.joined(separator: " ")
        let address = finding.name == nil ? nil : finding.addresses.first
        note = [address, ways, kind.isEmpty ? finding.about : kind].compactMap { $0 }.joined(separator: " · ")
            .shownOnOneLine(limit: 200)
        seen = Moment(record.lastSeen)
        ci = record.ci.map { CILink($0, in: names, texts) }
        decision = record.decidedBy.map { who in
            let who = who == "collector" ? texts.text("discoveries.by_collector") : who.shownOnOneLine(limit: 100)
            return record.note.isEmpty ? who : "\(who): \(record.note.shownOnOneLine(limit: 200))"
        }
        canAccept = record.state != .accepted
        canIgnore = record.state != .ignored
    }

    private static func word(_ text: String) -> String { text.replacing("-", with: "_") }
}

extension Badge {
    /// Where something that was found stands.
    init(_ state: DiscoveryState, _ texts: PageTexts) {
        let tone =
            switch state {
            case .waiting: "info"
            case .accepted, .linked: "ok"
            case .ignored: "quiet"
            }
        self.init(tone: tone, label: texts.text("discovery_state." + state.rawValue))
    }
}

enum DiscoveryLinesView {
    /// A list under the name `found`.
    static let view = View(
        "discovery-lines",
        """
        {{^empty(found)}}<ul class="lines">
        {{#found}}<li class="line" data-key="discovery-{{id}}">
        <div class="line-state">{{#state}}{{> badge}}{{/state}}{{#.refusal}} {{> badge}}{{/.refusal}}</div>
        <div class="line-main"><a class="line-title" href="{{path}}">{{title}}</a>{{#.ci}} → {{> ci-link}}{{/.ci}}
        <div class="line-note">{{note}} · {{t.discoveries.seen}} {{#seen}}{{> moment}}{{/seen}}{{#.decision}} · {{decision}}{{/.decision}}</div></div>
        <div class="line-acts">{{#can.operate}}{{#canAccept}}<form action="{{path}}/accept" method="post"><input type="hidden" name="form" value="{{form}}"><button>{{t.discoveries.accept}}</button></form>{{/canAccept}}{{#canIgnore}}<form action="{{path}}/ignore" method="post"><input type="hidden" name="form" value="{{form}}"><button class="quiet">{{t.discoveries.ignore}}</button></form>{{/canIgnore}}<a class="button quiet" href="{{path}}#link">{{t.discoveries.link}}</a>{{/can.operate}}</div>
        </li>
        {{/found}}
        </ul>{{/empty(found)}}
        """)
}
