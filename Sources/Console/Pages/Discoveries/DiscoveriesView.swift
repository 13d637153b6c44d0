/// What was found and stands in one state.
struct DiscoveriesModel: Sendable {
    /// A tab.
    struct Tab: Sendable {
        var label: String
        var count: Int
        var path: String
        var isHere: Bool
    }

    var tabs: [Tab]
    var found: [DiscoveryLine]
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
        </div>
        """)
}
