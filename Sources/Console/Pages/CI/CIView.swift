enum CIView {
    static let view = View(
        "ci",
        """
        {{> past-notice}}
        <div id="ci"{{#live}} data-live="{{live}}"{{/live}}>
        {{> ci-heading}}
        {{^empty(namesakes)}}<p class="hint" id="namesakes">{{t.ci.namesakes}} {{#namesakes}}<a class="rest" href="{{path}}">{{telling}}</a>{{/namesakes}}</p>{{/empty(namesakes)}}
        {{^empty(cards)}}{{> service-cards}}{{/empty(cards)}}
        {{#forecast}}<p class="sheet" id="forecast">{{forecast}}</p>{{/forecast}}
        <div class="acts">
        <a class="button" href="{{impactPath}}">{{t.ci.impact}}</a>
        <a class="button quiet" href="{{needsPath}}">{{t.ci.needs}}</a>
        {{#can.operate}}{{#openPath}}<details class="act" name="act" id="open-incident"><summary class="button quiet">{{t.ci.open_incident}}</summary>
        <form class="sheet stack" action="{{openPath}}" method="post"><input type="hidden" name="form" value="{{form}}">
        <label>{{t.ci.incident_title}}<input name="title" maxlength="300" required></label>
        <label>{{t.ci.urgency}}<select name="urgency"><option value="high">{{t.word.high}}</option><option value="medium" selected>{{t.word.medium}}</option><option value="low">{{t.word.low}}</option></select></label>
        <button>{{t.ci.open_incident}}</button></form></details>{{/openPath}}{{/can.operate}}
        </div>
        {{^empty(incidents)}}<section><h2>{{t.ci.incidents}}</h2>{{> incident-lines}}</section>{{/empty(incidents)}}
        {{^empty(alarms)}}<section><h2>{{t.ci.alarms}}</h2>{{> alarm-lines}}</section>{{/empty(alarms)}}
        {{^empty(checks)}}<section><h2>{{t.ci.checks}}</h2>{{> check-lines}}</section>{{/empty(checks)}}
        <div class="split">
        <div>
        {{#factGroups}}<section class="sheet"><h2>{{title}}</h2><dl class="facts sourced">
        {{#facts}}<div><dt title="{{stored}}">{{label}}</dt><dd>{{#shown}}{{> fact-text}}{{/shown}}{{#others}}<div class="other">{{t.ci.says}} {{#by}}{{> source-label}}{{/by}}: {{#shown}}{{> fact-text}}{{/shown}}</div>{{/others}}</dd><dd class="from">{{#by}}{{> source-label}}{{/by}} · {{#since}}{{> moment}}{{/since}}</dd></div>
        {{/facts}}</dl></section>
        {{/factGroups}}
        {{^factGroups}}<p class="none">{{t.ci.no_facts}}</p>{{/factGroups}}
        </div>
        <div>
        {{^empty(inside)}}<section class="sheet"><h2>{{t.ci.inside}}</h2>{{#inside}}{{> link-group}}{{/inside}}</section>{{/empty(inside)}}
        <section class="sheet"><h2>{{t.ci.relations}}</h2>{{#relations}}{{> link-group}}{{/relations}}{{^relations}}{{^through}}<p class="none">{{t.ci.no_relations}}</p>{{/through}}{{/relations}}{{^empty(through)}}<details class="group" id="through" open><summary>{{t.ci.through}}</summary><ul class="links">{{#through}}<li><span class="link-main">{{#ci}}{{> ci-link}}{{/ci}}</span><span class="note">{{t.ci.via}} {{#via}}<a href="{{path}}">{{name}}</a>{{/via}}</span></li>
        {{/through}}</ul></details>{{/empty(through)}}</section>
        <section class="sheet"><h2>{{t.ci.sources}}</h2><ul class="plain">{{#sources}}<li>{{#by}}{{> source-label}}{{/by}} <span class="note">{{scope}}{{#objectKey}} · {{objectKey}}{{/objectKey}}</span></li>{{/sources}}</ul>{{^sources}}<p class="none">{{t.ci.no_sources}}</p>{{/sources}}</section>
        </div>
        </div>
        <section><h2>{{t.ci.map}}</h2>{{> map}}</section>
        </div>
        <section class="time-travel"><h2>{{t.as_of.title}}</h2>{{#asOf}}{{> as-of}}{{/asOf}}</section>
        """)
}
