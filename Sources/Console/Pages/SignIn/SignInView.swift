/// The page to sign in, by password or with a link.
struct SignInModel: Sendable {
    var next: String
    /// A link's secret; nil for the form with name and password.
    var link: String?
    var askPassword: Bool
    /// What went wrong with the try before; nil for nothing.
    var complaint: String?
}

enum SignInView {
    static let view = View(
        "sign-in",
        """
        <section class="narrow sign-in">
        <h1>Muster</h1>
        <p class="lead">{{t.sign_in.lead}}</p>
        {{#complaint}}<p class="complaint" role="alert">{{complaint}}</p>{{/complaint}}
        {{#link}}
        <form action="/sign-in/link" method="post">
        <input type="hidden" name="link" value="{{link}}">
        <input type="hidden" name="next" value="{{next}}">
        <button>{{t.sign_in.by_link}}</button>
        </form>
        {{/link}}
        {{#askPassword}}
        <form action="/sign-in" method="post">
        <input type="hidden" name="next" value="{{next}}">
        <label>{{t.sign_in.name}}<input name="name" autocomplete="username" autocapitalize="none" maxlength="64" required autofocus></label>
        <label>{{t.sign_in.password}}<input name="password" type="password" autocomplete="current-password" maxlength="256" required></label>
        <button>{{t.sign_in.sign_in}}</button>
        </form>
        <p class="hint">{{t.sign_in.link_hint}} <code>muster user sign-in-link NAME</code></p>
        {{/askPassword}}
        </section>
        """)
}
