import CMDB
import HTTPAPI
import Model
import Wire

/// What was asked, and its address.
struct ImpactQuestion: Sendable {
    /// Where it begins.
    var roots: [CIID]
    var direction: ImpactTravel
    /// Steps at most; nil for any number.
    var depth: Int?
    var asOf: Timestamp?
    /// What to look for; nil for nothing.
    var words: String?
    /// The class listed alone; nil for all.
    var only: CIClass?
    /// How many of that class stand before the page.
    var offset: Int

    private static let rootLimit = 20

    /// Reads a request.
    init(_ asked: PageRequest) throws {
        let request = asked.request
        var roots: [CIID] = []
        for text in request.queries("ci") where !text.isEmpty {
            guard let number = Int64(text), number > 0 else { throw Self.refusal(asked.text("impact.bad_number")) }
            if !roots.contains(CIID(number)) { roots.append(CIID(number)) }
        }
        guard roots.count <= Self.rootLimit else {
            throw Self.refusal(asked.text("impact.too_many", ["limit": String(Self.rootLimit)]))
        }
        self.roots = roots
        let written = try request.query("direction") ?? ""
        direction = ImpactTravel.allCases.first { $0.rawValue.utf8.elementsEqual(written.utf8) } ?? .dependents
        let steps =
            try request.query("depth").flatMap { $0.isEmpty ? nil : $0 } == nil
            ? 0 : try request.integer("depth", in: 0...100, standard: 0)
        depth = steps == 0 ? nil : steps
        asOf = try asked.asOf()
        words = try request.query("find").flatMap { $0.isEmpty ? nil : $0 }
        only = try request.query("only").flatMap { $0.isEmpty ? nil : CIClass(rawValue: $0) }
        offset = try request.integer("after", in: 0...100_000, standard: 0)
    }

    private static func refusal(_ detail: String) -> ProblemDetails {
        ProblemDetails(type: "/problems/invalid", title: "Invalid request", status: 400, detail: detail)
    }

    /// The parameters of its address.
    var parameters: [(String, String?)] {
        roots.map { ("ci", $0.description) } + [
            ("direction", direction == .dependents ? nil : direction.rawValue), ("depth", depth.map(String.init)),
            ("as_of", asOf?.rfc3339), ("find", words), ("only", only?.rawValue),
            ("after", offset == 0 ? nil : String(offset)),
        ]
    }

    /// Its address.
    var path: String { Site.path(Site.impact, parameters) }

    /// The question changed; it begins at the first page again unless the change says otherwise.
    func with(_ change: (inout ImpactQuestion) -> Void) -> ImpactQuestion {
        var other = self
        other.offset = 0
        change(&other)
        return other
    }
}
