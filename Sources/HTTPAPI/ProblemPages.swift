import Wire

/// Answers, as pages, to what goes wrong outside the API: a person reads them, so they are no problem documents.
public struct ProblemPages: Sendable {
    /// Makes the page.
    public typealias Maker =
        @Sendable (
            _ problem: ProblemDetails, _ retryAfter: Int?, _ caller: Caller, _ target: String, _ fields: RequestFields
        ) -> APIResponse

    private let programs: [String]
    private let make: Maker

    /// Pages made by `make`; paths that begin with one of `programs` stay problem documents.
    public init(exceptBelow programs: [String] = ["/v1/", "/healthz", "/readyz", "/metrics"], make: @escaping Maker) {
        self.programs = programs
        self.make = make
    }

    /// Whether a request target belongs to people.
    func covers(_ target: String) -> Bool {
        !programs.contains { target.utf8.starts(with: $0.utf8) }
    }

    func answer(
        _ problem: ProblemDetails, _ retryAfter: Int?, caller: Caller, target: String, fields: RequestFields
    ) -> APIResponse {
        make(problem, retryAfter, caller, target, fields)
    }
}
