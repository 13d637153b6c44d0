/// One incident with all that belongs to it.
struct IncidentModel: Sendable {
    /// A CI it reaches, with the way that says why.
    struct Reached: Sendable {
        var ci: CILink
        /// How a business service is now that is not well.
        var state: Badge?
        var way: String
    }

    /// A line of the timeline.
    struct Note: Sendable {
        var time: Moment
        var kind: String
        /// The kind in the reader's language.
        var step: String
        var who: String
        var text: String
    }

    /// The way to what is not listed.
    struct Rest: Sendable {
        var path: String
        var label: String
    }

    /// Relations or CIs of one kind that came or went.
    struct Movement: Sendable {
        /// The place on the page.
        var id: String
        var title: String
        var total: Int
        var lines: [CIHistoryModel.Line]
        /// How many are not listed; nil for none.
        var more: String?
    }

    /// A timeline of changes.
    struct Changes: Sendable {
        var lines: [CIHistoryModel.Line]
    }

    var number: Int64
    var path: String
    var title: String
    var priority: Badge
    var state: Badge
    var ci: CILink
    /// What the CI lies inside, such as its host; nil for none.
    var inside: CILink?
    var opened: Moment
    /// When it came back after it was resolved.
    var reopened: Moment?
    var resolved: Moment?
    var because: String
    var team: String?
    var assignee: String?
    /// Whether it can still be worked on.
    var isOpen: Bool
    var isMine: Bool
    /// Where its firing alarms are acknowledged; nil when none fires.
    var acknowledgePath: String?
    /// Who acknowledged one of its alarms.
    var acknowledgedBy: String?
    /// What was done just now.
    var notice: String?
    /// Said first when nobody knows of it.
    var untold: String?
    var services: [Reached]
    var others: [Reached]
    /// How many more are reached than listed; nil for none.
    var moreOthers: String?
    var impactPath: String
    /// Those that were seen just after it began, which may have caused it: a check is often quicker than an inventory.
    var lateChanges: Changes
    var changes: Changes
    /// Those beyond the first few.
    var moreChanges: Changes
    /// What matters most first.
    var movements: [Movement]
    /// What was looked at for changes.
    var looked: String
    /// The CI's whole history up to then, where more was there than is listed.
    var rest: Rest?
    var alarms: [AlarmLine]
    var notifications: [NotificationLine]
    var notes: [Note]
    var states: [Choice]
    var people: [Choice]
}

enum IncidentView {
    static let view = View(
        "incident",
        """
        <p class="above"><a href="/incidents">{{t.frame.incidents}}</a> · {{number}}</p>
        <div id="incident" data-live="incidents alarms cis relations">
        <h1>{{title}}</h1>
        {{#notice}}<p class="notice" role="status">{{notice}}</p>{{/notice}}
        {{#untold}}<p class="complaint" role="alert">{{untold}} <a href="#notifications">{{t.incident.notifications}}</a></p>{{/untold}}
        <p class="badges">{{#priority}}{{> badge}}{{/priority}} {{#state}}{{> badge}}{{/state}} {{#ci}}{{> ci-link}}{{/ci}}{{#inside}} {{t.incident.inside}} {{> ci-link}}{{/inside}} <span class="note">{{t.incident.opened}} {{#opened}}{{> moment}}{{/opened}}{{#reopened}} · <strong>{{t.incident.reopened}}</strong> {{> moment}}{{/reopened}}{{#resolved}} · {{t.incident.resolved}} {{> moment}}{{/resolved}} · {{#assignee}}{{assignee}}{{/assignee}}{{^assignee}}{{t.incident.nobody}}{{/assignee}}{{#team}} · {{team}}{{/team}}{{#acknowledgedBy}} · {{t.alarm_lines.acknowledged_by}} {{acknowledgedBy}}{{/acknowledgedBy}}</span></p>
        <p class="hint">{{because}}</p>
        {{#can.operate}}<div class="acts">
        {{#acknowledgePath}}<form action="{{acknowledgePath}}" method="post"><input type="hidden" name="form" value="{{form}}"><button>{{t.alarm_lines.acknowledge}}</button></form>{{/acknowledgePath}}
        {{#isOpen}}{{^isMine}}<form action="{{path}}/take" method="post"><input type="hidden" name="form" value="{{form}}"><button>{{t.incident.take}}</button></form>{{/isMine}}
        <details class="act" name="act" id="resolve"><summary class="button quiet">{{t.incident.resolve}}</summary>
        <form class="sheet" action="{{path}}/resolve" method="post"><input type="hidden" name="form" value="{{form}}"><label>{{t.incident.what_helped}}<textarea name="note" maxlength="4000" required></textarea></label><button>{{t.incident.resolve}}</button></form></details>
        <details class="act" name="act" id="assign"><summary class="button quiet">{{t.incident.assign}}</summary>
        <form class="sheet" action="{{path}}/assign" method="post"><input type="hidden" name="form" value="{{form}}"><label>{{t.incident.to}}<select name="assignee">{{#people}}{{> choice}}{{/people}}</select></label><button>{{t.incident.assign}}</button></form></details>{{/isOpen}}
        <details class="act" name="act" id="state"><summary class="button quiet">{{t.incident.set_state}}</summary>
        <form class="sheet" action="{{path}}/state" method="post"><input type="hidden" name="form" value="{{form}}"><label>{{t.alarms.state}}<select name="state">{{#states}}{{> choice}}{{/states}}</select></label><label>{{t.incident.note}}<textarea name="note" maxlength="4000"></textarea></label><button>{{t.incident.set_state}}</button></form></details>
        </div>{{/can.operate}}
        <div class="split">
        <div>
        <section class="sheet"><h2>{{t.incident.affected}}</h2>
        {{^empty(services)}}<ul class="plain">{{#services}}<li>{{#ci}}{{> ci-link}}{{/ci}} {{#state}}{{> badge}}{{/state}}<br><span class="way">{{way}}</span></li>{{/services}}</ul>{{/empty(services)}}
        {{^services}}<p class="none">{{t.incident.no_services}}</p>{{/services}}
        {{^empty(others)}}<details id="others"><summary>{{t.incident.others}}</summary><ul class="plain">{{#others}}<li>{{#ci}}{{> ci-link}}{{/ci}}<br><span class="way">{{way}}</span></li>{{/others}}</ul>{{#moreOthers}}<p class="hint">{{moreOthers}}</p>{{/moreOthers}}</details>{{/empty(others)}}
        <p><a href="{{impactPath}}">{{t.incident.see_impact}}</a></p></section>
        <section class="sheet"><h2>{{t.incident.changed}}</h2>
        {{#lateChanges}}{{^empty(lines)}}<h3>{{#reopened}}{{t.incident.changed_after_again}}{{/reopened}}{{^reopened}}{{t.incident.changed_after}}{{/reopened}}</h3>{{> history-lines}}<h3>{{#reopened}}{{t.incident.changed_before_again}}{{/reopened}}{{^reopened}}{{t.incident.changed_before}}{{/reopened}}</h3>{{/empty(lines)}}{{/lateChanges}}
        {{#changes}}{{^empty(lines)}}{{> history-lines}}{{/empty(lines)}}{{^lines}}<p class="none">{{t.incident.no_changes}}</p>{{/lines}}{{/changes}}
        {{#moreChanges}}{{^empty(lines)}}<details id="more-changes"><summary>{{t.incident.more_changes}}</summary>{{> history-lines}}</details>{{/empty(lines)}}{{/moreChanges}}
        {{^empty(movements)}}<h3>{{t.incident.relations}}</h3>{{#movements}}<details class="group" id="{{id}}"><summary>{{title}} <span class="count">{{total}}</span></summary>{{> history-lines}}{{#.more}}<p class="hint">{{more}}</p>{{/.more}}</details>{{/movements}}{{/empty(movements)}}
        <p class="hint">{{looked}}{{#rest}} <a href="{{path}}">{{label}}</a>{{/rest}}</p></section>
        </div>
        <div>
        <section><h2>{{t.frame.alarms}}</h2>{{> alarm-lines}}{{^alarms}}<p class="none">{{t.incident.no_alarms}}</p>{{/alarms}}</section>
        <section class="sheet" id="timeline"><h2>{{t.incident.timeline}}</h2>
        <ol class="timeline">{{#notes}}<li class="{{kind}}"><strong>{{step}}</strong> · {{text}}<div class="note">{{#time}}{{> moment}}{{/time}} · {{who}}</div></li>
        {{/notes}}</ol>
        {{#can.operate}}<form action="{{path}}/note" method="post" class="stack"><input type="hidden" name="form" value="{{form}}"><label>{{t.incident.note}}<textarea name="note" maxlength="4000" required></textarea></label><button class="quiet">{{t.incident.add_note}}</button></form>{{/can.operate}}</section>
        <section class="sheet" id="notifications"><h2>{{t.incident.notifications}}</h2>{{^empty(notifications)}}{{> notification-lines}}{{/empty(notifications)}}{{^notifications}}<p class="none">{{t.incident.no_notifications}}</p>{{/notifications}}</section>
        </div>
        </div>
        </div>
        """)
}
