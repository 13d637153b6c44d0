/// Alarms that match.
struct AlarmsModel: Sendable {
    var text: String
    var states: [Choice]
    var severities: [Choice]
    var rules: [Choice]
    /// The CI the list is about; nil for all.
    var only: CILink?
    /// Its number, for the form.
    var ciNumber: String?
    var alarms: [AlarmLine]
    /// Whether several can be acknowledged at once.
    var bulk: Bool
    var next: String?
}

enum AlarmsView {
    static let view = View(
        "alarms",
        """
        <div class="title-row"><h1>{{t.frame.alarms}}</h1><a class="button quiet" href="/silences">{{t.alarms.silences}}</a></div>
        <form class="filters" action="/alarms" method="get">
        <label class="grow">{{t.alarms.text}}<input type="search" name="text" maxlength="200" value="{{text}}"></label>
        <label>{{t.alarms.state}}<select name="state">{{#states}}{{> choice}}{{/states}}</select></label>
        <label>{{t.alarms.severity}}<select name="severity">{{#severities}}{{> choice}}{{/severities}}</select></label>
        <label>{{t.alarms.rule}}<select name="rule">{{#rules}}{{> choice}}{{/rules}}</select></label>
        {{#ciNumber}}<input type="hidden" name="ci" value="{{ciNumber}}">{{/ciNumber}}
        <button>{{t.alarms.filter}}</button>
        </form>
        {{#only}}<p>{{t.alarms.only}} {{> ci-link}} · <a href="/alarms">{{t.alarms.all_cis}}</a></p>{{/only}}
        {{#can.operate}}{{#bulk}}<form id="bulk" class="acts" action="/alarms/ack" method="post"><input type="hidden" name="form" value="{{form}}"><button class="quiet">{{t.alarms.acknowledge_chosen}}</button><span class="hint">{{t.alarms.bulk_hint}}</span></form>{{/bulk}}{{/can.operate}}
        <div id="alarms" data-live="alarms incidents">
        {{> alarm-lines}}
        {{^alarms}}<p class="none">{{t.alarms.none}}</p>{{/alarms}}
        {{#next}}<p><a class="button quiet" href="{{next}}">{{t.frame.more}}</a></p>{{/next}}
        </div>
        """)
}
