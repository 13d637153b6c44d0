/// The whole network.
struct NetworkModel: Sendable {
    /// A place with the way to open or close it.
    struct Place: Sendable {
        var key: String
        var name: String
        var isOpen: Bool
        /// nil for the only place, which is open.
        var path: String?
        /// Where its devices are listed; nil while it is closed.
        var jump: String?
        var note: String
        var worst: Badge?
    }

    /// A place's devices.
    struct Opened: Sendable {
        var id: String
        var name: String
        var tiers: [Tier]
    }

    /// Devices equally far from the middle.
    struct Tier: Sendable {
        var title: String
        var lines: [Line]
    }

    /// A device, or several that hang on the same ones.
    struct Line: Sendable {
        var key: String
        var path: String
        var name: String
        var worst: Badge?
        var gone: Badge?
        var note: String?
        var cables: [Way]
    }

    /// A link to another box, with the ports of its cables.
    struct Way: Sendable {
        var to: String
        var ports: String
    }

    var summary: String
    var places: [Place]
    var allPath: String?
    var nonePath: String?
    var opened: [Opened]
    var isEmpty: Bool
    var map: MapModel
}

enum NetworkView {
    static let view = View(
        "network",
        """
        <h1>{{t.frame.map}}</h1>
        <div id="network" data-live="alarms cis relations"{{#map}}{{#isComing}} data-again="2"{{/isComing}}{{/map}}>
        {{#isEmpty}}<p class="none">{{t.network.none}}</p>{{/isEmpty}}
        {{^isEmpty}}
        <p class="summary"><strong>{{summary}}</strong>{{#map}}{{#svg}} <a class="to-map" href="#map">{{t.impact.to_map}}</a>{{/svg}}{{/map}}</p>
        <ul class="links places">
        {{#places}}<li data-key="{{key}}"><span class="link-main">{{#.path}}<a class="line-title" href="{{path}}" aria-expanded="{{#isOpen}}true{{/isOpen}}{{^isOpen}}false{{/isOpen}}">{{name}}</a>{{/.path}}{{^.path}}<span class="line-title">{{name}}</span>{{/.path}}{{#worst}} {{> badge}}{{/worst}}</span><span class="note">{{note}}{{#.jump}} · <a href="{{jump}}">{{t.network.listed}}</a>{{/.jump}}</span></li>
        {{/places}}
        </ul>
        <p class="jumps">{{#.allPath}}<a href="{{allPath}}">{{t.network.open_all}}</a>{{/.allPath}}{{#.nonePath}}<a href="{{nonePath}}">{{t.network.close_all}}</a>{{/.nonePath}}</p>
        <section><h2 id="map">{{t.network.title}}</h2>{{> map}}</section>
        {{#opened}}<section class="reach"><h2 id="{{id}}">{{name}}</h2>
        {{#tiers}}<h3>{{title}}</h3>
        <ul class="reached">
        {{#lines}}<li data-key="{{key}}"><span class="link-main"><a class="line-title" href="{{path}}">{{name}}</a>{{#gone}} {{> badge}}{{/gone}}{{#worst}} {{> badge}}{{/worst}}{{#.note}} <span class="note">{{note}}</span>{{/.note}}</span><span class="way">{{#cables}}<span class="cable-line">{{to}} <span class="ports">{{ports}}</span></span>{{/cables}}</span></li>
        {{/lines}}
        </ul>
        {{/tiers}}</section>{{/opened}}
        {{/isEmpty}}
        </div>
        """)
}
