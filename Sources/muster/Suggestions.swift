import ArgumentParser
import FoundationEssentials
import Model
import Outbound

/// Names for the shell's completion, asked of the collector on this host; none when it does not answer at once.
enum Suggestions {
    /// CIs whose name begins with what is typed.
    static let cis = CompletionKind.custom { words, _, prefix in
        await names(["v1", "ci"], [("query", prefix)], member: "name", words)
    }

    /// Agents by their hosts' names.
    static let agents = CompletionKind.custom { words, _, _ in
        await names(["v1", "agents"], [], member: "hostname", words)
    }

    /// Sections that agents and devices report.
    static let sections = [
        SectionName.system, .os, .cpu, .memory, .disks, .filesystems, .interfaces, .packages, .units, .services,
        .connections, .entities, .neighbours,
    ].map(\.rawValue)

    private static func names(
        _ path: [String], _ query: [(String, String)], member: String, _ words: [String]
    ) async -> [String] {
        let client = OutboundClient()
        defer { client.close() }
        let parameters = (query + [("limit", "100")]).map { "\($0)=\(escaped($1))" }.joined(separator: "&")
        var request = OutboundRequest(
            url: "http://localhost/" + path.joined(separator: "/") + "?" + parameters)
        request.limits.total = .seconds(1)
        request.unixSocket = socket(words)
        guard let response = try? await client.send(request), response.status == 200,
            let answer = try? JSONDecoder().decode(JSONValue.self, from: Data(response.body))
        else { return [] }
        // A name that a shell would have to quote is not offered; its number is always there.
        return answer["items"].items.map { $0[member].display }.filter { name in
            !name.isEmpty
                && name.utf8.allSatisfy { (0x2b...0x7a).contains($0) && $0 != 0x5c && $0 != 0x60 && $0 != 0x3b }
        }
    }

    private static func socket(_ words: [String]) -> String {
        guard let place = words.firstIndex(of: "--socket"), words.indices.contains(place + 1) else {
            return Connection.standardSocket
        }
        return words[place + 1]
    }
}
