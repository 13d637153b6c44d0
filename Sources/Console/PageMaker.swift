import CollectorServices
import HTTPAPI
import Model
import Stores
import Wire

/// Makes answers of pages: the frame around them, and the routes that need a person.
struct PageMaker: Sendable {
    let views: Views
    let files: StaticFiles
    let languages: PageLanguages
    let feed: any FeedReading
    let now: @Sendable () -> Timestamp

    /// Nothing but our own files, no inline script or style, no frames: a name that carries markup has nothing to run.
    static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; report-uri /csp-report"

    // MARK: Routes

    /// A page for people of at least `scope`.
    func page(
        _ path: String, _ scope: AgentsService.Scope = .read,
        _ make: @escaping @Sendable (PageRequest) async throws -> Page
    ) -> Route {
        Route("GET", path, .people(scope)) { request in
            let asked = self.asked(request)
            let seen = try await feed.newestCursor()
            return self.answer(try await make(asked), asked, seen: seen)
        }
    }

    /// What a form posts; `act` gives the path to go on to. The form must come from a page of this session.
    func action(
        _ path: String, _ scope: AgentsService.Scope,
        _ act: @escaping @Sendable (PageRequest, PageForm, SignedInPerson) async throws -> String
    ) -> Route {
        Route("POST", path, .people(scope)) { request in
            let (form, person) = try Self.checked(request)
            return .redirect(to: try await act(self.asked(request), form, person))
        }
    }

    /// A form whose answer is a page of its own, because it shows something once.
    func form(
        _ path: String, _ scope: AgentsService.Scope,
        _ make: @escaping @Sendable (PageRequest, PageForm, SignedInPerson) async throws -> Page
    ) -> Route {
        Route("POST", path, .people(scope)) { request in
            let (form, person) = try Self.checked(request)
            let asked = self.asked(request)
            let seen = try await feed.newestCursor()
            return self.answer(try await make(asked, form, person), asked, seen: seen)
        }
    }

    private static func checked(_ request: APIRequest) throws -> (PageForm, SignedInPerson) {
        let form = try PageForm(request.body)
        try checkOrigin(request.fields)
        guard case .person(let person) = request.caller, form.raw("form") == person.formToken else {
            throw ProblemDetails(
                type: "/problems/form-token", title: "Form refused", status: 403,
                detail: "the form is not of this session; load the page again and send it once more")
        }
        return (form, person)
    }

    /// Refuses what another site posts: browsers say where a request comes from (Fetch Metadata; RFC 6454).
    static func checkOrigin(_ fields: RequestFields) throws(ProblemDetails) {
        if let site = fields["sec-fetch-site"] {
            if site == "same-origin" || site == "none" { return }
        } else {
            guard let origin = fields["origin"], let host = fields["host"] else { return }
            if origin == "https://" + host { return }
        }
        throw ProblemDetails(
            type: "/problems/foreign-form", title: "Form refused", status: 403,
            detail: "the form was sent by another site; open the console and send it there")
    }

    // MARK: Answers

    /// The request with its person and language.
    func asked(_ request: APIRequest) -> PageRequest {
        var person: SignedInPerson?
        if case .person(let found) = request.caller { person = found }
        return PageRequest(
            request: request, person: person,
            texts: languages.choose(user: person?.user.language, accept: request.fields["accept-language"]),
            now: now())
    }

    /// The page in its frame. It listens for what the feed tells behind `seen`: what changed while the page was made, and
    /// before it listened, is not missed.
    func answer(_ page: Page, _ asked: PageRequest, seen: FeedCursor? = nil) -> APIResponse {
        answer(page, texts: asked.texts, person: asked.person, seen: seen)
    }

    func answer(_ page: Page, texts: PageTexts, person: SignedInPerson?, seen: FeedCursor? = nil) -> APIResponse {
        var surroundings: [String: Any] = ["t": texts.tree]
        if let person {
            surroundings["form"] = person.formToken
            surroundings["can"] = [
                "operate": person.scope >= .operate, "administer": person.scope >= .admin,
            ]
        }
        let content = views.fill(page.view, page.model, surroundings)
        let frame = FrameModel(
            language: texts.language, title: page.title, content: content, style: files.path("console.css") ?? "",
            script: files.path("console.js") ?? "", chartScript: files.path("chart.js"), user: person?.user.name,
            live: Site.path(Site.live, [("after", seen.map { String($0.rawValue) })]),
            navigation: person.map { NavigationModel.entries(for: $0, at: page.place, texts) } ?? [])
        let html = views.fill(FrameView.view, frame, surroundings)
        var answer = APIResponse(status: page.status, mediaType: "text/html; charset=utf-8", body: Array(html.utf8))
        answer.fields = [
            ("content-security-policy", Self.policy), ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"), ("x-frame-options", "DENY"),
            ("vary", "accept-language, cookie"),
        ]
        return answer
    }
}

extension APIResponse {
    /// "Look there" after a form was taken (RFC 9110, 15.4.4): loading again does not post again.
    static func redirect(to path: String) -> APIResponse {
        var answer = APIResponse(status: 303, mediaType: "text/plain; charset=utf-8", body: [])
        answer.fields = [("location", path)]
        return answer
    }
}
