/// People who may sign in, for admins.
struct UsersModel: Sendable {
    struct Line: Sendable {
        var name: String
        var path: String
        var role: String
        var state: Badge
        var isDisabled: Bool
        var signedIn: Moment?
        var roles: [AccountModel.Choice]
    }

    struct NewLink: Sendable {
        var name: String
        var address: String
        var expires: Moment
    }

    var users: [Line]
    var roles: [AccountModel.Choice]
    var next: String?
    /// A link just made; shown once.
    var link: NewLink?
}

enum UsersView {
    static let view = View(
        "users",
        """
        <h1>{{t.frame.users}}</h1>
        {{#link}}
        <div class="notice" role="status">
        <p>{{t.users.link_made}} <strong>{{name}}</strong> · {{t.users.until}} {{#expires}}{{> moment}}{{/expires}}</p>
        <p><input class="wide" readonly value="{{address}}" aria-label="{{t.users.link}}"></p>
        </div>
        {{/link}}
        <ul class="lines">
        {{#users}}
        <li class="line">
        <div class="line-state">{{#state}}{{> badge}}{{/state}}</div>
        <div class="line-main"><span class="line-title">{{name}}</span>
        <div class="line-note">{{role}} · {{t.users.signed_in}} {{#signedIn}}{{> moment}}{{/signedIn}}{{^signedIn}}{{t.users.never}}{{/signedIn}}</div></div>
        <div class="line-acts">
        <form action="{{path}}/role" method="post"><input type="hidden" name="form" value="{{form}}"><select name="role" aria-label="{{t.users.role}}">{{#roles}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{label}}</option>{{/roles}}</select><button class="quiet">{{t.users.set_role}}</button></form>
        <form action="{{path}}/link" method="post"><input type="hidden" name="form" value="{{form}}"><button class="quiet">{{t.users.make_link}}</button></form>
        {{#isDisabled}}<form action="{{path}}/enable" method="post"><input type="hidden" name="form" value="{{form}}"><button class="quiet">{{t.users.enable}}</button></form>{{/isDisabled}}
        {{^isDisabled}}<form action="{{path}}/disable" method="post"><input type="hidden" name="form" value="{{form}}"><button class="quiet">{{t.users.disable}}</button></form>{{/isDisabled}}
        </div>
        </li>
        {{/users}}
        </ul>
        {{#next}}<p><a class="button" href="{{next}}">{{t.frame.more}}</a></p>{{/next}}
        <form action="/users" method="post" class="stack narrow">
        <h2>{{t.users.add}}</h2>
        <input type="hidden" name="form" value="{{form}}">
        <label>{{t.users.name}}<input name="name" maxlength="64" pattern="[a-z0-9._\\-]+" autocapitalize="none" required></label>
        <label>{{t.users.role}}<select name="role">{{#roles}}<option value="{{value}}">{{label}}</option>{{/roles}}</select></label>
        <button>{{t.users.add}}</button>
        </form>
        """)
}
