/// A person's own settings.
struct AccountModel: Sendable {
    struct Choice: Sendable {
        var value: String
        var label: String
        var isChosen: Bool
    }

    var name: String
    var role: String
    var languages: [Choice]
    var hasPassword: Bool
    var notice: String?
}

enum AccountView {
    static let view = View(
        "account",
        """
        <section class="narrow">
        <h1>{{name}}</h1>
        <p class="note">{{role}}</p>
        {{#notice}}<p class="notice" role="status">{{notice}}</p>{{/notice}}
        <form action="/account/language" method="post" class="stack">
        <input type="hidden" name="form" value="{{form}}">
        <label>{{t.account.language}}<select name="language">
        {{#languages}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{label}}</option>{{/languages}}
        </select></label>
        <button>{{t.account.save}}</button>
        </form>
        <form action="/account/password" method="post" class="stack">
        <h2>{{t.account.password}}</h2>
        <input type="hidden" name="form" value="{{form}}">
        <input type="hidden" name="username" value="{{name}}" autocomplete="username">
        <label>{{t.account.new_password}}<input type="password" name="password" autocomplete="new-password" minlength="10" maxlength="256" required></label>
        <p class="hint">{{t.account.password_hint}}</p>
        <button>{{t.account.set_password}}</button>
        </form>
        </section>
        """)
}
