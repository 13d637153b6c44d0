import CollectorServices
import HTTPAPI
import Stores
import Wire

/// A person's own language and password.
struct AccountPages: Sendable {
    let maker: PageMaker
    let accounts: AccountsService

    var all: [Route] {
        [
            maker.page(Site.account) { asked in
                try asked.request.only("done")
                return try Self.page(asked)
            },
            maker.action(Site.language, .read) { _, form, person in
                let tag = form["language"]
                guard tag == nil || PageLanguages.tags.contains(tag ?? "") else {
                    throw ServiceRefusal.invalid("language must be \(PageLanguages.tags.joined(separator: " or "))")
                }
                try await accounts.setLanguage(person.user.name, language: tag)
                return Site.path(Site.account, [("done", "language")])
            },
            maker.action(Site.password, .read) { _, form, person in
                try await accounts.setPassword(
                    person.user.name, form.raw("password") ?? "", by: person.user.name)
                // Every session ended with the old password, this one too.
                return Site.signIn
            },
        ]
    }

    private static func page(_ asked: PageRequest) throws -> Page {
        guard let user = asked.person?.user else { throw ProblemDetails.signInNeeded }
        let follow = AccountModel.Choice(
            value: "", label: asked.text("account.follow_browser"), isChosen: user.language == nil)
        let languages = PageLanguages.tags.map { tag in
            AccountModel.Choice(
                value: tag, label: asked.text("account.language_" + tag.replacing("-", with: "_").lowercased()),
                isChosen: user.language == tag)
        }
        return Page(
            AccountView.view, title: user.name, place: nil,
            model: AccountModel(
                name: user.name, role: asked.text("role." + user.role.rawValue), languages: [follow] + languages,
                hasPassword: user.passwordHash != nil,
                notice: try asked.request.query("done") == "language" ? asked.text("account.saved") : nil))
    }
}
