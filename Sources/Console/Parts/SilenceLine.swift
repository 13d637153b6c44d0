import Model
import Stores

/// A silence in a list.
struct SilenceLine: Sendable {
    var id: Int64
    var ci: CILink?
    var rule: String?
    var until: Moment
    var reason: String
    var by: String

    /// A silence, with the names of CIs.
    init(_ silence: SilenceRecord, names: [CIID: CIRecord], _ texts: PageTexts) {
        id = silence.id
        ci = silence.ci.map { CILink($0, in: names, texts) }
        rule = silence.rule?.shownOnOneLine(limit: 80)
        until = Moment(silence.until)
        reason = silence.reason.shownOnOneLine(limit: 500)
        by = silence.by.shownOnOneLine(limit: 100)
    }
}

enum SilenceLinesView {
    /// A list under the name `silences`.
    static let view = View(
        "silence-lines",
        """
        {{^empty(silences)}}<ul class="lines">
        {{#silences}}<li class="line" data-key="silence-{{id}}">
        <div class="line-state"><span class="badge quiet">{{t.silences.silenced}}</span></div>
        <div class="line-main"><span class="line-title">{{#.ci}}{{> ci-link}}{{/.ci}}{{^.ci}}{{t.silences.every_ci}}{{/.ci}} · {{#.rule}}{{rule}}{{/.rule}}{{^.rule}}{{t.silences.every_rule}}{{/.rule}}</span>
        <div class="line-note">{{t.silences.until}} {{#until}}{{> moment}}{{/until}} · {{by}}: {{reason}}</div></div>
        <div class="line-acts">{{#can.operate}}<form action="/silences/{{id}}/end" method="post"><input type="hidden" name="form" value="{{form}}"><button class="quiet">{{t.silences.end}}</button></form>{{/can.operate}}</div>
        </li>
        {{/silences}}
        </ul>{{/empty(silences)}}
        """)
}
