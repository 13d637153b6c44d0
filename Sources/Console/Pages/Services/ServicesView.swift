/// Business services as cards.
struct ServicesModel: Sendable {
    var cards: [ServiceCards.Card]
    var next: String?
    /// How health follows from alarms.
    var rule: String
}

enum ServicesView {
    static let view = View(
        "services",
        """
        <h1>{{t.frame.services}}</h1>
        <div id="services" data-live="alarms incidents agents cis relations">
        {{^empty(cards)}}{{> service-cards}}{{/empty(cards)}}
        {{^cards}}<p class="none">{{t.services.none}}</p>{{/cards}}
        {{#next}}<p><a class="button quiet" href="{{next}}">{{t.frame.more}}</a></p>{{/next}}
        </div>
        <p class="hint">{{rule}}</p>
        """)
}
