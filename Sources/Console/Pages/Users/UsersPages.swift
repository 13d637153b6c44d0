import CollectorServices
import HTTPAPI
import Model
import Stores

/// Managing people, for admins.
struct UsersPages: Sendable {
    let maker: PageMaker
    let accounts: AccountsService
    /// The console's own address, for links: `https://collector.example.net:7600`.
    let origin: String

    private static let listed = 100

    var all: [Route] {
        [
            maker.page(Site.users, .admin) { asked in
                try asked.request.only("after")
                return try await page(asked, link: nil)
            },
            maker.action(Site.users, .admin) { _, form, person in
                _ = try await accounts.add(
                    form["name"] ?? "", role: try Self.role(form), by: person.user.name)
                return Site.users
            },
            maker.action("/users/{user}/role", .admin) { asked, form, person in
                let name = asked.request.parameter("user")
                try Self.refuseSelf(name, person)
                _ = try await accounts.setRole(name, role: try Self.role(form), by: person.user.name)
                return Site.users
            },
            maker.action("/users/{user}/disable", .admin) { asked, _, person in
                let name = asked.request.parameter("user")
                try Self.refuseSelf(name, person)
                _ = try await accounts.setDisabled(name, isDisabled: true, by: person.user.name)
                return Site.users
            },
            maker.action("/users/{user}/enable", .admin) { asked, _, person in
                _ = try await accounts.setDisabled(
                    asked.request.parameter("user"), isDisabled: false, by: person.user.name)
                return Site.users
            },
            maker.form("/users/{user}/link", .admin) { asked, _, person in
                let name = asked.request.parameter("user")
                let (secret, expires) = try await accounts.makeSignInLink(name, by: person.user.name)
                let link = UsersModel.NewLink(
                    name: name, address: origin + Site.path(Site.signIn, [("link", secret.text)]),
                    expires: Moment(expires))
                return try await page(asked, link: link)
            },
        ]
    }

    /// The last admin would lock everybody out by one wrong click.
    private static func refuseSelf(_ name: String, _ person: SignedInPerson) throws {
        guard !name.utf8.elementsEqual(person.user.name.utf8) else {
            throw ServiceRefusal.conflict("you cannot change your own role or disable yourself; ask another admin")
        }
    }

    private static func role(_ form: PageForm) throws -> UserRole {
        guard let role = form["role"].flatMap(UserRole.init(rawValue:)) else {
            throw ServiceRefusal.invalid("role must be \(UserRole.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return role
    }

    private func page(_ asked: PageRequest, link: UsersModel.NewLink?) async throws -> Page {
        let found = try await accounts.list(after: try asked.request.query("after"), limit: Self.listed)
        let next = found.count == Self.listed ? found.last.map { Site.path(Site.users, [("after", $0.name)]) } : nil
        let model = UsersModel(
            users: found.map { Self.line($0, asked) }, roles: Self.roles(chosen: nil, asked), next: next, link: link)
        return Page(UsersView.view, title: asked.text("frame.users"), place: .users, model: model)
    }

    private static func line(_ user: UserRecord, _ asked: PageRequest) -> UsersModel.Line {
        UsersModel.Line(
            name: user.name, path: Site.user(user.name), role: asked.text("role." + user.role.rawValue),
            state: Badge(
                tone: user.isDisabled ? "quiet" : "ok",
                label: asked.text(user.isDisabled ? "users.disabled" : "users.active")),
            isDisabled: user.isDisabled, signedIn: Moment(user.signedInAt), roles: roles(chosen: user.role, asked))
    }

    private static func roles(chosen: UserRole?, _ asked: PageRequest) -> [AccountModel.Choice] {
        UserRole.allCases.map {
            .init(value: $0.rawValue, label: asked.text("role." + $0.rawValue), isChosen: $0 == chosen)
        }
    }
}
