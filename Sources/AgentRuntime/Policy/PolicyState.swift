import FoundationEssentials
import Model

/// The file `policy-state.json`: what is in force of the collector's policy, for `muster-agent status`.
struct PolicyState: Hashable, Sendable, Codable {
    /// The tag of the policy in force; nil for none.
    var tag: String?
    /// The collector's policies it is made of, by name, the nearest last.
    var groups: [String] = []
    /// Since when it is in force here.
    var takenAt: Timestamp?
    /// What of it is not in force, or not as it was wanted.
    var refused: [PolicyRefusedPart] = []
    /// Why the newest policy is not in force at all; nil when it is.
    var failure: String?

    /// Reads the file; nil where there is none.
    static func load(_ path: String) -> PolicyState? {
        guard let bytes = try? DurableFile.read(path, limit: 1 << 20) else { return nil }
        return try? JSONDecoder().decode(PolicyState.self, from: Data(bytes))
    }

    /// Writes the file; its loss costs nothing but a line of `status`.
    func save(_ path: String) throws {
        try DurableFile.replace(path, with: Array(try JSONEncoder().encode(self)), isDurable: false)
    }

    /// The end of the work on the policy, as the collector is told: `count` parts are in force.
    func receipt(count: Int) -> Receipt {
        let outcome: ReceiptOutcome =
            failure != nil
            ? .failure : !refused.isEmpty ? .truncated : tag == nil || groups.isEmpty && count == 0 ? .noData : .success
        return Receipt(
            source: "policy", outcome: outcome, found: count, milliseconds: 0, message: failure ?? refusedText)
    }

    /// All refused parts in one line, with a count of those that have no room.
    private var refusedText: String {
        var text = ""
        for (index, part) in refused.enumerated() {
            let more = (index == 0 ? "" : "; ") + part.description
            guard text.utf8.count + more.utf8.count <= 960 else { return text + "; and \(refused.count - index) more" }
            text += more
        }
        return text
    }
}
