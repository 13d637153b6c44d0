enum HistoryLinesView {
    /// A timeline under the name `lines`. A dot before a name keeps the page's own entry of that name out.
    static let view = View(
        "history-lines",
        """
        <ol class="timeline">
        {{#lines}}<li data-key="{{key}}"><div class="happened"><span>{{#.path}}<a class="line-title" href="{{path}}">{{sentence}}</a>{{/.path}}{{^.path}}<span class="line-title">{{sentence}}</span>{{/.path}}{{#.about}} · {{> ci-link}}{{/.about}}</span><span class="note">{{#.by}}{{> source-label}} · {{/.by}}{{#.repeated}}{{repeated}} {{#first}}<time datetime="{{iso}}" data-clock>{{text}}</time>{{/first}}{{^isSince}}{{t.ci_history.repeated_last}}{{/isSince}}{{/.repeated}}{{^isSince}}{{#time}}{{> moment}}{{/time}}{{/isSince}}</span></div>
        {{^empty(changes)}}<ul class="changes">{{#changes}}<li><span class="changed" title="{{stored}}">{{label}}</span> {{^empty(before)}}<del>{{#before}}<span class="rest">{{> fact-text}}</span>{{/before}}</del>{{/empty(before)}}{{^before}}<span class="nothing">{{t.ci_history.nothing}}</span>{{/before}} → {{^empty(after)}}<ins>{{#after}}<span class="rest">{{> fact-text}}</span>{{/after}}</ins>{{/empty(after)}}{{^after}}<span class="nothing">{{t.ci_history.nothing}}</span>{{/after}}</li>{{/changes}}</ul>{{/empty(changes)}}
        {{#.more}}<div class="hint">{{more}}</div>{{/.more}}</li>
        {{/lines}}
        </ol>
        """)
}
