import Model
import Stores

/// A check's newest result in a list.
struct CheckLine: Sendable {
    var key: String
    var name: String
    var state: Badge
    var message: String
    /// `7 times not well in a row`; nil while it is well.
    var failures: String?
    /// How long it took.
    var took: String
    /// When it was made last.
    var at: Moment
    /// What it speaks for, where that is not the page's own CI.
    var about: CILink?

    /// A result on the page of `ci`.
    init(_ check: CheckRecord, of ci: CIID, names: [CIID: CIRecord], _ texts: PageTexts) {
        let result = check.result
        key = "check-\(check.agent)-\(result.check)".shownOnOneLine(limit: 300)
        name = result.check.shownOnOneLine(limit: 120)
        state = Badge(result.state, texts)
        message = texts.said(result.message)
        failures =
            result.state == .ok || result.failuresInRow < 2
            ? nil : texts.text("check_lines.failures", ["count": String(result.failuresInRow)])
        took = Quantity.decimal(Double(result.milliseconds)) + " ms"
        at = Moment(check.takenAt)
        about = check.ci == ci ? nil : names[check.ci].map { CILink($0, texts) }
    }

    /// What is wrong stands first, then by name.
    static func place(_ check: CheckRecord) -> Int {
        switch check.result.state {
        case .critical: 0
        case .warning: 1
        case .unknown: 2
        case .ok: 3
        }
    }
}

enum CheckLinesView {
    /// A list of checks under the name `checks`. A dot before a name keeps the page's own entry of that name out.
    static let view = View(
        "check-lines",
        """
        <ul class="lines">
        {{#checks}}<li class="line {{#state}}{{tone}}{{/state}}" data-key="{{key}}">
        <div class="line-state">{{#state}}{{> badge}}{{/state}}</div>
        <div class="line-main"><span class="line-title">{{name}}</span> {{message}}
        <div class="line-note">{{#.about}}{{> ci-link}} · {{/.about}}{{t.check_lines.last}} {{#at}}{{> moment}}{{/at}}{{#.failures}} · {{failures}}{{/.failures}} · {{took}}</div></div>
        </li>
        {{/checks}}
        </ul>
        """)
}
