enum HistoryLinesView {
    /// A timeline under the name `lines`. A dot before a name keeps the page's own entry of that name out.
    static let view = View(
        "history-lines",
        """
        <ol class="timeline">
        {{#lines}}<li data-key="{{key}}"><div class="happened"><span>{{#.path}}<a class="line-title" href="{{path}}">{{sentence}}</a>{{/.path}}{{^.path}}<span class="line-title">{{sentence}}</span>{{/.path}}{{#.about}} · {{> ci-link}}{{/.about}}</span><span class="note">{{#.by}}{{> source-label}} · {{/.by}}{{#time}}{{> moment}}{{/time}}</span></div>
        {{^empty(changes)}}<ul class="changes">{{#changes}}<li><span class="changed">{{label}}</span> {{#.before}}<del>{{before}}</del>{{/.before}}{{^.before}}<span class="nothing">{{t.ci_history.nothing}}</span>{{/.before}} → {{#.after}}<ins>{{after}}</ins>{{/.after}}{{^.after}}<span class="nothing">{{t.ci_history.nothing}}</span>{{/.after}}</li>{{/changes}}</ul>{{/empty(changes)}}
        {{#.more}}<div class="hint">{{more}}</div>{{/.more}}</li>
        {{/lines}}
        </ol>
        """)
}
