import Mustache

/// Every template, parsed once at start, and the one list of them.
struct Views: Sendable {
    /// One more page is one more line here.
    static let all: [View] = [
        MomentView.view, FactTextView.view, ReceiptSourceView.view,
        BadgeView.view, CILinkView.view, AlarmLinesView.view, CheckLinesView.view,
        IncidentLinesView.view,
        ServiceCards.view,
        FrameView.view, NavigationView.view, ProblemView.view, SignInView.view, OverviewView.view, AccountView.view,
        UsersView.view, AuditView.view, AuditNameView.view,
        SourceLabelView.view, AsOfView.view, PastNoticeView.view, MapView.view, CIHeadingView.view,
        LinkGroupView.view, LinkLinesView.view,
        CIListView.view, CIView.view, CIUnknownView.view,
        ChoicesView.view, HistoryLinesView.view, SilenceLinesView.view, NotificationLinesView.view,
        AlarmsView.view, AlarmView.view, SilencesView.view, DiscoveryLinesView.view,
        DiscoveriesView.view, DiscoveryView.view, IncidentsView.view, IncidentView.view,
        ServicesView.view, ServiceView.view, AgentsView.view, AgentView.view, RulesView.view, RuleView.view,
        CIItemsView.view, CILinksView.view, CIHistoryView.view, CIMetricsView.view, ImpactView.view,
        NetworkView.view,
    ]

    private let library: MustacheLibrary

    /// Parses the templates.
    init() throws {
        ScalarHTML.register()
        var library = MustacheLibrary()
        for view in Self.all {
            try library.register(ScalarHTML.pragma + view.template, named: view.name)
            // The model lies on top of the surroundings: its names are found first.
            try library.register(
                ScalarHTML.pragma + "{{#page}}" + view.template + "{{/page}}", named: view.name + Self.onModel)
        }
        self.library = library
    }

    private static let onModel = " on model"

    /// The view filled with its surroundings and, above them, its model.
    func fill(_ view: View, _ model: Any, _ surroundings: [String: Any]) -> String {
        var context = surroundings
        context["page"] = ViewNode.make(model)
        return library.render(context, withTemplate: view.name + Self.onModel) ?? ""
    }
}
