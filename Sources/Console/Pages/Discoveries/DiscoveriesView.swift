import CollectorServices
import Model

/// What was found and stands in one state.
struct DiscoveriesModel: Sendable {
    /// A tab.
    struct Tab: Sendable {
        var label: String
        var count: Int
        var path: String
        var isHere: Bool
    }

    /// Networks that one agent looks through.
    struct Sweep: Sendable {
        var networks: String
        var policy: String
        /// The agent's host; nil where nobody looks.
        var host: String?
        var path: String
        var isSilent: Bool
        var since: Moment?

        private static let listed = 16

        init(_ share: SweepShare, _ texts: PageTexts) {
            let shown = share.networks.prefix(Self.listed).map(\.description).joined(separator: ", ")
            let more = share.networks.count - Self.listed
            networks = shown + (more > 0 ? ", " + texts.text("discoveries.more", ["count": String(more)]) : "")
            policy = share.policy.shownOnOneLine(limit: 100)
            let name = share.agent.map { $0.hostname.isEmpty ? $0.id : $0.hostname }
            host = name?.shownOnOneLine(limit: 120)
            path = share.agent.map { Site.agent($0.id) } ?? ""
            isSilent = share.agent?.isSilent ?? false
            since = share.since.map { Moment($0) }
        }
    }

    var tabs: [Tab]
    var found: [DiscoveryLine]
    var sweeps: [Sweep]
    var next: String?
}

enum DiscoveriesView {
    static let view = View(
        "discoveries",
        """
        <h1>{{t.frame.discoveries}}</h1>
        <p class="hint">{{t.discoveries.lead}}</p>
        <div id="discoveries" data-live="discoveries">
        <ul class="tabs">{{#tabs}}<li><a href="{{path}}"{{#isHere}} aria-current="page"{{/isHere}}>{{label}} <span class="count">{{count}}</span></a></li>{{/tabs}}</ul>
        {{> discovery-lines}}
        {{^found}}<p class="none">{{t.discoveries.none}}</p>{{/found}}
        {{#next}}<p><a class="button quiet" href="{{next}}">{{t.frame.more}}</a></p>{{/next}}
        {{^empty(sweeps)}}<section class="sheet" id="sweeps"><h2>{{t.discoveries.networks}}</h2>
        <ul class="plain">{{#sweeps}}<li>{{networks}} · {{#.host}}<a href="{{path}}">{{host}}</a>{{#isSilent}} · {{t.discoveries.silent}}{{/isSilent}}{{/.host}}{{^.host}}<strong>{{t.discoveries.nobody}}</strong>{{/.host}}{{#.since}} · {{t.discoveries.since}} {{#since}}{{> moment}}{{/since}}{{/.since}} · <span class="note">{{t.discoveries.policy}} {{policy}}</span></li>{{/sweeps}}</ul></section>{{/empty(sweeps)}}
        </div>
        """)
}
