/// Who did what, for admins.
struct AuditModel: Sendable {
    /// Whom or what a line names.
    struct Name: Sendable {
        var shown: String
        /// As stored, for the tooltip.
        var stored: String
        /// Its page; nil for none.
        var path: String?
    }

    struct Line: Sendable {
        var time: Moment
        var who: Name
        var action: String
        /// The action as stored, for the tooltip.
        var stored: String
        var target: Name
        var detail: String
    }

    var lines: [Line]
    var next: String?
}

enum AuditView {
    static let view = View(
        "audit",
        """
        <h1>{{t.frame.audit}}</h1>
        <div class="table-scroll"><table class="stacked stamped">
        <thead><tr><th>{{t.audit.time}}</th><th>{{t.audit.who}}</th><th>{{t.audit.action}}</th><th>{{t.audit.target}}</th><th>{{t.audit.detail}}</th></tr></thead>
        <tbody>
        {{#lines}}<tr><td data-label="{{t.audit.time}}">{{#time}}{{> moment}}{{/time}}</td><td data-label="{{t.audit.who}}">{{#who}}{{> audit-name}}{{/who}}</td><td data-label="{{t.audit.action}}"><span title="{{stored}}">{{action}}</span></td><td data-label="{{t.audit.target}}">{{#target}}{{> audit-name}}{{/target}}</td><td data-label="{{t.audit.detail}}">{{detail}}</td></tr>
        {{/lines}}
        </tbody>
        </table></div>
        {{^lines}}<p class="none">{{t.audit.none}}</p>{{/lines}}
        {{#next}}<p><a class="button" href="{{next}}">{{t.frame.more}}</a></p>{{/next}}
        """)
}

enum AuditNameView {
    static let view = View(
        "audit-name",
        #"{{#.path}}<a href="{{path}}" title="{{stored}}">{{shown}}</a>{{/.path}}{{^.path}}<span title="{{stored}}">{{shown}}</span>{{/.path}}"#
    )
}
