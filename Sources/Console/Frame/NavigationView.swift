import CollectorServices

/// One entry of the navigation.
struct NavigationModel: Sendable {
    var path: String
    var label: String
    var isHere: Bool

    /// The entries for a person, marked where the page belongs.
    static func entries(for person: SignedInPerson, at place: Page.Place?, _ texts: PageTexts) -> [NavigationModel] {
        let everybody: [(Page.Place, String)] = [
            (.overview, Site.overview), (.alarms, Site.alarms), (.incidents, Site.incidents),
            (.services, Site.services), (.ci, Site.cis), (.map, Site.map),
            (.impact, Site.impact), (.discoveries, Site.discoveries), (.agents, Site.agents),
            (.rules, Site.rules),
        ]
        let admins: [(Page.Place, String)] = [(.users, Site.users), (.audit, Site.audit)]
        return (everybody + (person.scope >= .admin ? admins : [])).map { entry, path in
            NavigationModel(path: path, label: texts.text("frame." + entry.rawValue), isHere: entry == place)
        }
    }
}

enum NavigationView {
    static let view = View(
        "navigation",
        """
        <header class="top">
        <a class="brand" href="/">Muster</a>
        <form class="find" action="/ci" method="get" role="search">
        <input type="search" name="query" maxlength="255" placeholder="{{t.frame.search}}" aria-label="{{t.frame.search}}">
        </form>
        <details class="menu" open>
        <summary>{{t.frame.menu}}</summary>
        <nav aria-label="{{t.frame.menu}}">
        <ul>
        {{#navigation}}<li><a href="{{path}}"{{#isHere}} aria-current="page"{{/isHere}}>{{label}}</a></li>
        {{/navigation}}
        </ul>
        <div class="me">
        <a href="/account">{{user}}</a>
        <form action="/sign-out" method="post"><input type="hidden" name="form" value="{{form}}"><button class="quiet">{{t.frame.sign_out}}</button></form>
        </div>
        </nav>
        </details>
        </header>
        """)
}
