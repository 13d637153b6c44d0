/// Everything about one CI, now or as of a moment.
struct CIModel: Sendable {
    /// Facts that belong together.
    struct FactGroup: Sendable {
        var title: String
        var facts: [Fact]
    }

    /// A fact with where it comes from.
    struct Fact: Sendable {
        var label: String
        /// The name as stored, for the tooltip.
        var stored: String
        var shown: FactText
        var by: SourceLabel
        var since: Moment
        /// What other sources say, where that differs.
        var others: [Word]
    }

    /// What a source says.
    struct Word: Sendable {
        var by: SourceLabel
        var shown: FactText
    }

    /// Another CI that hangs on something inside this one.
    struct Through: Sendable {
        var ci: CILink
        var via: CILink
    }

    /// Another CI of the same class and name.
    struct Namesake: Sendable {
        var path: String
        /// What tells it from this one.
        var telling: String
    }

    /// A source that speaks of the CI.
    struct Source: Sendable {
        var by: SourceLabel
        var scope: String
        var objectKey: String?
    }

    var heading: CIHeading
    var past: PastNotice?
    /// Other CIs of its class and name.
    var namesakes: [Namesake]
    /// How a business service is; none for other classes and in the past.
    var cards: [ServiceCards.Card]
    var asOf: AsOfForm
    /// What makes the page ask for itself again; nil for the past.
    var live: String?
    var alarms: [AlarmLine]
    var incidents: [IncidentLine]
    /// Newest results of the checks that speak for it or for what lies inside it.
    var checks: [CheckLine]
    /// When a file system will be full.
    var forecast: String?
    var impactPath: String
    var needsPath: String
    /// Where an incident is opened; nil in the past.
    var openPath: String?
    var factGroups: [FactGroup]
    var inside: [LinkGroup]
    var relations: [LinkGroup]
    /// What hangs on what lies inside it.
    var through: [Through]
    var map: MapModel
    var sources: [Source]
}
