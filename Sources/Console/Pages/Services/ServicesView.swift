/// Business services as cards.
struct ServicesModel: Sendable {
    /// A service.
    struct Card: Sendable {
        var key: String
        var path: String
        var name: String
        var tone: String
        var state: Badge
        var health: Int
        var alarms: String
        var incidents: String
        /// The alarm that costs most; nil for none.
        var cause: Cause?
        /// How many below it are not heard; nil for none.
        var unheard: String?
    }

    /// What takes a service down.
    struct Cause: Sendable {
        var path: String
        var summary: String
        var ci: String
    }

    var cards: [Card]
    var next: String?
}

enum ServicesView {
    static let view = View(
        "services",
        """
        <h1>{{t.frame.services}}</h1>
        <div id="services" data-live="alarms incidents agents cis relations">
        {{^empty(cards)}}<ul class="cards">
        {{#cards}}<li class="card {{tone}}" data-key="service-{{key}}">
        <div class="card-top"><a class="line-title" href="{{path}}">{{name}}</a>{{#state}}{{> badge}}{{/state}}</div>
        <div class="health"><span class="health-value">{{health}}</span><meter min="0" max="100" low="30" high="70" optimum="100" value="{{health}}" aria-label="{{t.services.health}}">{{health}}</meter></div>
        <div class="note">{{alarms}} · {{incidents}}</div>
        {{#.cause}}<p class="cause"><a href="{{path}}">{{summary}}</a> <span class="note">{{ci}}</span></p>{{/.cause}}
        {{#.unheard}}<p class="note">{{unheard}}</p>{{/.unheard}}
        </li>
        {{/cards}}
        </ul>{{/empty(cards)}}
        {{^cards}}<p class="none">{{t.services.none}}</p>{{/cards}}
        {{#next}}<p><a class="button quiet" href="{{next}}">{{t.frame.more}}</a></p>{{/next}}
        </div>
        <p class="hint">{{t.services.rule}}</p>
        """)
}
