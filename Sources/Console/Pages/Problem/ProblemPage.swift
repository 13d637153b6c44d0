import HTTPAPI
import Wire

/// Answers to what goes wrong on the way to a page.
struct ProblemPage: Sendable {
    let maker: PageMaker

    /// Problems as pages; who is not signed in is sent to sign in.
    var pages: ProblemPages {
        ProblemPages { problem, retryAfter, caller, target, fields in
            if problem.type == ProblemDetails.signInNeeded.type {
                return .redirect(to: Site.path(Site.signIn, [("next", Site.local(target))]))
            }
            return answer(problem, retryAfter, caller, fields)
        }
    }

    private func answer(
        _ problem: ProblemDetails, _ retryAfter: Int?, _ caller: Caller, _ fields: RequestFields
    ) -> APIResponse {
        let asked = maker.asked(
            APIRequest(caller: caller, address: "", target: RequestTarget.root, fields: fields))
        let name = problem.type.split(separator: "/").last.map(String.init) ?? ""
        let title = asked.texts.word(
            "problem." + name.replacing("-", with: "_"), else: asked.text("problem.title"))
        // A person followed a link; what the API says speaks of routes and their document.
        let detail =
            name == "no-such-route" ? asked.text("problem.no_such_page") : asked.texts.said(problem.detail, limit: 2000)
        var page = Page(
            ProblemView.view, title: title, place: nil,
            model: ProblemModel(title: title, detail: detail, back: Site.overview))
        page.status = problem.status
        var answer = maker.answer(page, asked)
        answer.retryAfter = retryAfter
        return answer
    }
}
