import CMDB
import Model
import Stores
import Testing

@Suite("Precedence")
struct PrecedenceTests {
    private func word(_ kind: String, _ commit: Int64, _ value: AttributeValue) -> StatedValue {
        StatedValue(
            object: commit, sourceKind: kind, attribute: "a", value: value, since: CommitNumber(rawValue: commit))
    }

    @Test("person before agent before SNMP before import before file, whoever spoke last")
    func kinds() {
        var words = ["file", "import", "snmp", "agent", "person"].enumerated().map {
            word($1, Int64(10 - $0), .text($1))
        }
        for kind in ["person", "agent", "snmp", "import", "file"] {
            #expect(Precedence.winner(among: words)?.value == .text(kind))
            words.removeAll { $0.sourceKind == kind }
        }
        #expect(Precedence.winner(among: words) == nil)
    }

    @Test("of one kind the newest statement")
    func newest() {
        #expect(Precedence.winner(among: [word("agent", 1, "old"), word("agent", 2, "new")])?.value == "new")
    }
}
