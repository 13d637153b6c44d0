import Outbound

/// Every kind of page that links lead to, each with one address that stands for it.
struct ConsolePages {
    let session: ConsoleSession
    /// The addresses by kind: numbers in the path and values in the query left out.
    private(set) var examples: [String: String] = [:]

    /// Kinds followed at most; there are some dozens.
    private static let most = 300

    /// Follows links from the overview, one page of each kind.
    static func find(_ session: ConsoleSession) async throws -> ConsolePages {
        var pages = ConsolePages(session: session)
        var waiting = ["/"]
        var seen: Set<String> = ["/"]
        while let path = waiting.popLast(), pages.examples.count < most {
            guard let answer = try? await session.get(path), answer.status == 200,
                answer.header("content-type")?.hasPrefix("text/html") == true
            else { continue }
            pages.examples[kind(of: path)] = path
            for link in links(in: String(decoding: answer.body, as: UTF8.self))
            where seen.insert(kind(of: link)).inserted { waiting.append(link) }
        }
        return pages
    }

    /// Pages that are asked for besides, each under a name of its own.
    mutating func add(_ paths: [String: String]) { examples.merge(paths) { _, added in added } }

    /// Asks for each kind `rounds` times, and prints its median, 99th percentile and longest.
    func measure(rounds: Int, cis: Int) async throws {
        var all: [Double] = []
        for (kind, path) in examples.sorted(by: { $0.key < $1.key }) {
            var milliseconds: [Double] = []
            var bytes = 0
            for _ in 0..<rounds {
                let began = ContinuousClock.now
                let answer = try await session.get(path)
                guard answer.status == 200 else { throw BenchError("\(path) answered \(answer.status)") }
                milliseconds.append(began.secondsSince * 1000)
                bytes = answer.body.count
            }
            all += milliseconds
            let found = Statistics(milliseconds)
            let note = "\(path), \(bytes) bytes, \(cis) CIs, \(rounds) times"
            Figure("console_page_p50 \(kind)", found.median, "ms", note: note).print()
            Figure("console_page_p99 \(kind)", found.p99, "ms").print()
            Figure("console_page_max \(kind)", found.most, "ms").print()
        }
        let found = Statistics(all)
        let note = "all \(examples.count) kinds of pages together"
        Figure("console_pages_p50", found.median, "ms", note: note).print()
        Figure("console_pages_p99", found.p99, "ms", note: note).print()
        Figure("console_pages_max", found.most, "ms", note: note).print()
    }

    /// `/ci/{}?tab` for `/ci/17?tab=facts`.
    static func kind(of path: String) -> String {
        let parts = path.split(separator: "?", maxSplits: 1)
        let segments = (parts.first ?? "").split(separator: "/").map { segment in
            segment.utf8.contains(where: { (48...57).contains($0) }) ? "{}" : String(segment)
        }
        let names = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { $0.prefix { $0 != "=" } }
        return "/" + segments.joined(separator: "/")
            + (names.isEmpty ? "" : "?" + names.sorted().joined(separator: "&"))
    }

    /// The local addresses in `href="…"`, without fragments.
    static func links(in html: String) -> [String] {
        html.split(separator: "href=\"").dropFirst().compactMap { rest in
            let link = rest.prefix { $0 != "\"" && $0 != "#" }
            guard link.hasPrefix("/"), !link.hasPrefix("//") else { return nil }
            return link.split(separator: "&amp;", omittingEmptySubsequences: false).joined(separator: "&")
        }
    }
}
