/// What a person sees first: is anything wrong, and is the watching itself in order.
struct OverviewModel: Sendable {
    /// One figure with where to look.
    struct Tile: Sendable {
        var label: String
        var value: String
        var note: String
        var path: String
        /// `ok`, `info`, `warning`, `major`, `critical`.
        var tone: String
    }

    /// An agent that is not heard.
    struct AgentLine: Sendable {
        var name: String
        var path: String
        var heard: Moment?
    }

    /// A piece of an agent's work that failed.
    struct ReceiptLine: Sendable {
        var agent: String
        var path: String
        var source: ReceiptSource
        var message: String
    }

    /// A CI that may be another one.
    struct DoubtLine: Sendable {
        var ci: CILink
        var reason: String
        var time: Moment
    }

    var headline: String
    var tone: String
    var tiles: [Tile]
    /// Business services that are not well, the worst first.
    var cards: [ServiceCards.Card]
    var incidents: [IncidentLine]
    var alarms: [AlarmLine]
    var silentAgents: [AgentLine]
    var failedReceipts: [ReceiptLine]
    var doubts: [DoubtLine]
}

enum OverviewView {
    static let view = View(
        "overview",
        """
        <div id="overview" data-live="alarms incidents agents cis">
        <h1 class="headline {{tone}}">{{headline}}</h1>
        <ul class="tiles">
        {{#tiles}}<li><a class="tile {{tone}}" href="{{path}}"><span class="tile-label">{{label}}</span><span class="tile-value">{{value}}</span><span class="tile-note">{{note}}</span></a></li>
        {{/tiles}}
        </ul>
        {{^empty(cards)}}<section>
        <h2>{{t.overview.ill_services}}</h2>
        {{> service-cards}}
        </section>{{/empty(cards)}}
        <section>
        <h2>{{t.overview.open_incidents}}</h2>
        {{> incident-lines}}
        {{^incidents}}<p class="none">{{t.overview.no_incidents}}</p>{{/incidents}}
        </section>
        <section>
        <h2>{{t.overview.open_alarms}}</h2>
        {{> alarm-lines}}
        {{^alarms}}<p class="none">{{t.overview.no_alarms}}</p>{{/alarms}}
        </section>
        <div class="columns">
        <section>
        <h2>{{t.overview.silent_agents}}</h2>
        <ul class="plain">{{#silentAgents}}<li><a href="{{path}}">{{name}}</a> <span class="note">{{#heard}}{{> moment}}{{/heard}}</span></li>{{/silentAgents}}</ul>
        {{^silentAgents}}<p class="none">{{t.overview.all_heard}}</p>{{/silentAgents}}
        </section>
        <section>
        <h2>{{t.overview.failed_receipts}}</h2>
        <ul class="plain">{{#failedReceipts}}<li><a href="{{path}}">{{agent}}</a> · {{#source}}{{> receipt-source}}{{/source}}<br><span class="note">{{message}}</span></li>{{/failedReceipts}}</ul>
        {{^failedReceipts}}<p class="none">{{t.overview.no_failed_receipts}}</p>{{/failedReceipts}}
        </section>
        {{^empty(doubts)}}<section>
        <h2>{{t.overview.doubts}}</h2>
        <ul class="plain">{{#doubts}}<li>{{#ci}}{{> ci-link}}{{/ci}} <span class="note">{{#time}}{{> moment}}{{/time}}</span><br><span class="note">{{reason}}</span></li>{{/doubts}}</ul>
        </section>{{/empty(doubts)}}
        </div>
        </div>
        """)
}
