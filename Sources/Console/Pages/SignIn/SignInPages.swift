import CollectorServices
import FleetCA
import HTTPAPI
import Model
import Wire

/// Signing in and out.
struct SignInPages: Sendable {
    let maker: PageMaker
    let accounts: AccountsService

    var all: [Route] {
        [
            Route("GET", Site.signIn, .everybody, ask),
            Route("POST", Site.signIn, .everybody, withPassword),
            Route("POST", Site.signInLink, .everybody, withLink),
            maker.action(Site.signOut, .read) { _, _, person in
                try await accounts.signOut(person.secret, user: person.user.name)
                return Site.signIn
            },
        ]
    }

    @Sendable private func ask(_ request: APIRequest) async throws -> APIResponse {
        try request.only("next", "link")
        let next = Site.local(try request.query("next"))
        if case .person = request.caller { return .redirect(to: next) }
        // A link only opens a page with a button: programs that look at links in mails must not use it up.
        return page(next: next, link: try request.query("link"), complaint: nil, request)
    }

    @Sendable private func withPassword(_ request: APIRequest) async throws -> APIResponse {
        let form = try PageForm(request.body)
        try PageMaker.checkOrigin(request.fields)
        let next = Site.local(form["next"])
        do {
            let secret = try await accounts.signIn(
                form["name"] ?? "", password: form.raw("password") ?? "", from: request.address)
            return signedIn(secret, next)
        } catch let refusal as ServiceRefusal {
            return page(next: next, link: nil, complaint: refusal, request)
        }
    }

    @Sendable private func withLink(_ request: APIRequest) async throws -> APIResponse {
        let form = try PageForm(request.body)
        try PageMaker.checkOrigin(request.fields)
        let next = Site.local(form["next"])
        do {
            return signedIn(try await accounts.signIn(link: form.raw("link") ?? "", from: request.address), next)
        } catch let refusal as ServiceRefusal {
            return page(next: next, link: nil, complaint: refusal, request)
        }
    }

    private func signedIn(_ secret: Secret, _ next: String) -> APIResponse {
        var answer = APIResponse.redirect(to: next)
        answer.fields.append(
            (
                "set-cookie",
                "\(SignedInPerson.cookie)=\(secret.text); Path=/; Secure; HttpOnly; SameSite=Lax; "
                    + "Max-Age=\(AccountsService.lifeSeconds)"
            ))
        return answer
    }

    private func page(
        next: String, link: String?, complaint: ServiceRefusal?, _ request: APIRequest
    ) -> APIResponse {
        let asked = maker.asked(request)
        var page = Page(
            SignInView.view, title: asked.text("sign_in.sign_in"), place: nil,
            model: SignInModel(
                next: next, link: link, askPassword: link == nil,
                complaint: complaint.map { Self.complaint($0, asked) }))
        page.status = complaint.map { ProblemDetails.status(of: $0) } ?? 200
        return maker.answer(page, asked)
    }

    private static func complaint(_ refusal: ServiceRefusal, _ asked: PageRequest) -> String {
        switch refusal {
        case .forbidden(name: "sign-in", _): asked.text("sign_in.wrong")
        case .forbidden: asked.text("sign_in.link_ended")
        case .busy(let seconds, _): asked.text("sign_in.wait", ["seconds": String(seconds)])
        case .invalid(let text), .tooLarge(let text), .notFound(let text), .conflict(let text): text
        }
    }
}
