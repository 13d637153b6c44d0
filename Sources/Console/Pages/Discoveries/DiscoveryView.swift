import Model
import Stores

/// Something that was found, with all that is known of it.
struct DiscoveryModel: Sendable {
    /// A fact with its name.
    struct Fact: Sendable {
        var name: String
        var value: String
    }

    /// An agent that sees it.
    struct Sight: Sendable {
        var agent: String
        var host: String
        var path: String
        var address: String
        /// The credential that works; nil where none does.
        var credential: String?
        var seen: Moment
        /// Whether this agent probes it.
        var isHolder: Bool
    }

    var line: DiscoveryLine
    var name: String
    var facts: [Fact]
    var sights: [Sight]
    var toldBy: [String]
    var firstSeen: Moment
    var lastSeen: Moment

    /// What is known, in the reader's language; what is not known is left out.
    static func facts(_ record: DiscoveryRecord, _ texts: PageTexts) -> [Fact] {
        let finding = record.finding
        let all: [(String, String?)] = [
            ("name", finding.name), ("addresses", finding.addresses.joined(separator: ", ")),
            ("macs", finding.macs.joined(separator: ", ")), ("about", finding.about), ("vendor", finding.vendor),
            ("model", finding.model), ("os", finding.os), ("kind", finding.kind), ("serial", finding.serial),
            ("object_id", finding.objectID), ("engine_id", finding.engineID), ("chassis_id", finding.chassisID),
            ("ways", finding.ways.map { texts.text("discovery_way." + $0.rawValue) }.joined(separator: ", ")),
            ("ports", finding.ports.map(String.init).joined(separator: ", ")), ("refusal", finding.refusalText),
            ("device", record.device),
        ]
        return all.compactMap { key, value in
            guard let value, !value.isEmpty else { return nil }
            return Fact(name: texts.text("discovery." + key), value: value.shownOnOneLine(limit: 1000))
        }
    }
}

enum DiscoveryView {
    static let view = View(
        "discovery",
        """
        <p class="above"><a href="/discoveries">{{t.frame.discoveries}}</a> · {{#line}}{{id}}{{/line}}</p>
        <div id="discovery" data-live="discoveries">
        <h1>{{name}}</h1>
        {{#line}}<p class="badges">{{#state}}{{> badge}}{{/state}}{{#.refusal}} {{> badge}}{{/.refusal}}{{#.ci}} {{> ci-link}}{{/.ci}} <span class="note">{{t.discovery.first_seen}} {{#firstSeen}}{{> moment}}{{/firstSeen}} · {{t.discoveries.seen}} {{#lastSeen}}{{> moment}}{{/lastSeen}}{{#.decision}} · {{decision}}{{/.decision}}</span></p>
        {{#can.operate}}<div class="acts">
        {{#canAccept}}<details class="act" name="act" id="accept"><summary class="button">{{t.discoveries.accept}}</summary>
        <form class="sheet" action="{{path}}/accept" method="post"><input type="hidden" name="form" value="{{form}}"><label>{{t.discovery.as_device}}<input name="name" maxlength="128" value="{{name}}" required></label><label>{{t.discovery.by_agent}}<select name="agent"><option value="">{{t.discovery.any_agent}}</option>{{#sights}}<option value="{{agent}}">{{host}}</option>{{/sights}}</select></label><button>{{t.discoveries.accept}}</button></form></details>{{/canAccept}}
        {{#canIgnore}}<details class="act" name="act" id="ignore"><summary class="button quiet">{{t.discoveries.ignore}}</summary>
        <form class="sheet" action="{{path}}/ignore" method="post"><input type="hidden" name="form" value="{{form}}"><label>{{t.discovery.why}}<input name="note" maxlength="500"></label><button>{{t.discoveries.ignore}}</button></form></details>{{/canIgnore}}
        <details class="act" name="act" id="link"><summary class="button quiet">{{t.discoveries.link}}</summary>
        <form class="sheet" action="{{path}}/link" method="post"><input type="hidden" name="form" value="{{form}}"><label>{{t.discovery.to_ci}}<input name="ci" maxlength="255" required></label><button>{{t.discoveries.link}}</button></form></details>
        </div>{{/can.operate}}{{/line}}
        <section class="sheet"><h2>{{t.discovery.known}}</h2>
        <dl class="facts">{{#facts}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>{{/facts}}</dl></section>
        <section class="sheet"><h2>{{t.discovery.seen_by}}</h2>
        <ul class="plain">{{#sights}}<li><a href="{{path}}">{{host}}</a> · {{address}} · {{#.credential}}{{t.discovery.credential}} {{credential}}{{/.credential}}{{^.credential}}{{t.discovery.no_credential}}{{/.credential}} · {{#seen}}{{> moment}}{{/seen}}{{#isHolder}} · <strong>{{t.discovery.probes}}</strong>{{/isHolder}}</li>{{/sights}}</ul>
        {{^empty(toldBy)}}<h3>{{t.discovery.told_by}}</h3><ul class="plain">{{#toldBy}}<li>{{.}}</li>{{/toldBy}}</ul>{{/empty(toldBy)}}</section>
        </div>
        """)
}
