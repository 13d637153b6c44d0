/// Incidents on a board, or those that are over in a list.
struct IncidentsModel: Sendable {
    /// A tab.
    struct Tab: Sendable {
        var label: String
        var path: String
        var isHere: Bool
    }

    /// A column of the board.
    struct Column: Sendable {
        var label: String
        var count: Int
        var incidents: [IncidentLine]
    }

    var tabs: [Tab]
    /// Empty for a list.
    var columns: [Column]
    var incidents: [IncidentLine]
    /// Whether there is nothing at all.
    var isEmpty: Bool
    var next: String?
}

enum IncidentsView {
    static let view = View(
        "incidents",
        """
        <h1>{{t.frame.incidents}}</h1>
        <ul class="tabs">{{#tabs}}<li><a href="{{path}}"{{#isHere}} aria-current="page"{{/isHere}}>{{label}}</a></li>{{/tabs}}</ul>
        <div id="incidents" data-live="incidents">
        {{#isEmpty}}<p class="none">{{t.incidents.none}}</p>{{/isEmpty}}
        {{^isEmpty}}
        {{^empty(columns)}}<div class="board">{{#columns}}<section class="column"><h2>{{label}} <span class="count">{{count}}</span></h2>{{> incident-lines}}</section>
        {{/columns}}</div>{{/empty(columns)}}
        {{#empty(columns)}}{{> incident-lines}}{{/empty(columns)}}
        {{/isEmpty}}
        {{#next}}<p><a class="button quiet" href="{{next}}">{{t.frame.more}}</a></p>{{/next}}
        </div>
        """)
}
