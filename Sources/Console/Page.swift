import CollectorServices
import HTTPAPI
import Model

/// What a page's route gives: the view, its model, and how it stands in the frame.
struct Page: Sendable {
    /// Where a page belongs in the navigation.
    enum Place: String, CaseIterable, Sendable {
        case overview, alarms, incidents, services, ci, map, impact, discoveries, agents, rules, users, audit
    }

    /// The template.
    var view: View
    /// The title in the person's language.
    var title: String
    /// The entry of the navigation that is marked; nil for none.
    var place: Place?
    /// Plain data for the template.
    var model: any Sendable
    /// HTTP status.
    var status = 200

    /// A page.
    init(_ view: View, title: String, place: Place?, model: any Sendable) {
        self.view = view
        self.title = title
        self.place = place
        self.model = model
    }
}

/// A request for a page: who asks, in which language, for what.
struct PageRequest: Sendable {
    /// The request.
    var request: APIRequest
    /// Who is signed in; nil on pages for everybody.
    var person: SignedInPerson?
    /// Texts in the person's language.
    var texts: PageTexts
    /// The collector's wall clock.
    var now: Timestamp

    /// Whether the person may act on alarms and incidents.
    var mayOperate: Bool { (person?.scope).map { $0 >= .operate } ?? false }
    /// Whether the person may manage users and agents.
    var mayAdminister: Bool { person?.scope == .admin }

    /// A text in the person's language.
    func text(_ key: String, _ values: [String: String] = [:]) -> String { texts.text(key, values) }
}
