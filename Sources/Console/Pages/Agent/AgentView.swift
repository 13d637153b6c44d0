/// One agent: what it sent, what was stored, refused and lost.
struct AgentModel: Sendable {
    /// The end of a piece of its work.
    struct Work: Sendable {
        var source: ReceiptSource
        var outcome: Badge
        var found: Int
        var took: String
        var message: String
    }

    /// The account of an epoch.
    struct Epoch: Sendable {
        var epoch: String
        var enqueued: String
        var stored: String
        var refused: String
        var lost: String
        var waiting: String
    }

    /// A policy that is for it.
    struct Group: Sendable {
        var name: String
        /// What it is for, in the reader's language where the file has it.
        var about: String
    }

    /// What the collector wants of it, and what became of that.
    struct Policy: Sendable {
        var state: Badge
        /// Policies, the nearest last; empty for none.
        var groups: [Group]
        var tag: String
        /// The version that is wanted, with its ring.
        var wanted: String?
        /// What is not in force, and why.
        var refused: [String]
    }

    /// Something that was lost or refused.
    struct Loss: Sendable {
        var time: Moment
        var text: String
    }

    var path: String
    var host: String
    var id: String
    var standing: Badge
    var version: String
    var ci: CILink?
    var heard: Moment?
    var heartbeat: String
    var skew: String
    var certificateEnd: Moment?
    var revokedReason: String?
    var policy: Policy
    var works: [Work]
    var epochs: [Epoch]
    var losses: [Loss]
    var refusals: [Loss]
}

enum AgentView {
    static let view = View(
        "agent",
        """
        <p class="above"><a href="/agents">{{t.frame.agents}}</a></p>
        <div id="agent" data-live="agents">
        <h1>{{host}} {{#standing}}{{> badge}}{{/standing}}</h1>
        <div class="split">
        <section class="sheet"><h2>{{t.ci.facts}}</h2><dl class="facts">
        <div><dt>{{t.agent.id}}</dt><dd><code>{{id}}</code></dd></div>
        {{#ci}}<div><dt>{{t.service.facts}}</dt><dd>{{> ci-link}}</dd></div>{{/ci}}
        <div><dt>{{t.agents.version}}</dt><dd>{{version}}</dd></div>
        <div><dt>{{t.agents.heard}}</dt><dd>{{#heard}}{{> moment}}{{/heard}}{{^heard}}{{t.users.never}}{{/heard}}</dd></div>
        <div><dt>{{t.agent.heartbeat}}</dt><dd>{{heartbeat}}</dd></div>
        <div><dt>{{t.agents.skew}}</dt><dd>{{skew}}</dd></div>
        {{#certificateEnd}}<div><dt>{{t.agent.certificate}}</dt><dd>{{> moment}}</dd></div>{{/certificateEnd}}
        {{#revokedReason}}<div><dt>{{t.agent.revoked}}</dt><dd>{{revokedReason}}</dd></div>{{/revokedReason}}
        </dl></section>
        <section class="sheet"><h2>{{t.agent.account}}</h2><p class="hint">{{t.agent.account_hint}}</p>
        {{^empty(epochs)}}<div class="table-scroll"><table class="stacked"><thead><tr><th>{{t.agent.epoch}}</th><th>{{t.agent.enqueued}}</th><th>{{t.agent.stored}}</th><th>{{t.agent.refused}}</th><th>{{t.agents.lost}}</th><th>{{t.agents.queue}}</th></tr></thead>
        <tbody>{{#epochs}}<tr><td class="main" data-label="{{t.agent.epoch}}"><code>{{epoch}}</code></td><td class="number" data-label="{{t.agent.enqueued}}">{{enqueued}}</td><td class="number" data-label="{{t.agent.stored}}">{{stored}}</td><td class="number" data-label="{{t.agent.refused}}">{{refused}}</td><td class="number" data-label="{{t.agents.lost}}">{{lost}}</td><td class="number" data-label="{{t.agents.queue}}">{{waiting}}</td></tr>{{/epochs}}</tbody></table></div>{{/empty(epochs)}}
        {{^epochs}}<p class="none">{{t.agent.nothing_sent}}</p>{{/epochs}}
        {{^empty(losses)}}<h3>{{t.agent.losses}}</h3><ul class="plain">{{#losses}}<li>{{text}} <span class="note">{{#time}}{{> moment}}{{/time}}</span></li>{{/losses}}</ul>{{/empty(losses)}}
        {{^empty(refusals)}}<h3>{{t.agent.refusals}}</h3><ul class="plain">{{#refusals}}<li>{{text}} <span class="note">{{#time}}{{> moment}}{{/time}}</span></li>{{/refusals}}</ul>{{/empty(refusals)}}</section>
        </div>
        {{#policy}}<section class="sheet" id="policy"><h2>{{t.agent_policy.title}} {{#state}}{{> badge}}{{/state}}</h2>
        {{^empty(groups)}}<dl class="facts"><div><dt>{{t.agent_policy.groups}}</dt><dd>{{#groups}}<div><code>{{name}}</code> {{about}}</div>{{/groups}}</dd></div>
        {{#wanted}}<div><dt>{{t.agent_policy.wanted}}</dt><dd>{{wanted}}</dd></div>{{/wanted}}
        <div><dt>{{t.agent_policy.tag}}</dt><dd><code>{{tag}}</code></dd></div></dl>{{/empty(groups)}}
        {{^groups}}<p class="none">{{t.agent_policy.none}}</p>{{/groups}}
        {{^empty(refused)}}<h3>{{t.agent_policy.refused}}</h3><ul class="plain">{{#refused}}<li>{{.}}</li>{{/refused}}</ul>{{/empty(refused)}}</section>{{/policy}}
        <section><h2>{{t.agent.receipts}}</h2>
        {{^empty(works)}}<div class="table-scroll"><table class="stacked"><thead><tr><th>{{t.agent.source}}</th><th>{{t.agent.outcome}}</th><th>{{t.agent.found}}</th><th>{{t.agent.took}}</th><th>{{t.agent.message}}</th></tr></thead>
        <tbody>{{#works}}<tr><td class="main">{{#source}}{{> receipt-source}}{{/source}}</td><td data-label="{{t.agent.outcome}}">{{#outcome}}{{> badge}}{{/outcome}}</td><td data-label="{{t.agent.found}}">{{found}}</td><td data-label="{{t.agent.took}}">{{took}}</td><td data-label="{{t.agent.message}}">{{message}}</td></tr>
        {{/works}}</tbody></table></div>{{/empty(works)}}
        {{^works}}<p class="none">{{t.agent.no_receipts}}</p>{{/works}}</section>
        </div>
        {{#can.administer}}{{^revokedReason}}<div class="acts"><details class="act" name="act" id="revoke"><summary class="button quiet">{{t.agent.revoke}}</summary><form class="sheet" action="{{path}}/revoke" method="post"><input type="hidden" name="form" value="{{form}}"><p class="hint">{{t.agent.revoke_hint}}</p><label>{{t.alarm.reason}}<input name="reason" maxlength="300" required></label><button class="danger">{{t.agent.revoke}}</button></form></details></div>{{/revokedReason}}{{/can.administer}}
        """)
}
