import Model
import Stores

/// Whose word counts when sources differ: person, then our agent, a GLPI agent about its own machine, our probe, a GLPI agent about a
/// device, import, file; of one kind the newest statement.
public enum Precedence {
    private static let order = ["person", "agent", "glpi", "snmp", "glpi-snmp", "import", "file"]

    /// The rank of a source's kind; lower counts more, unknown kinds count least.
    public static func rank(of kind: String) -> Int { order.firstIndex(of: kind) ?? order.count }

    /// The statement that counts among those about one attribute; nil for none.
    public static func winner(among statements: [StatedValue]) -> StatedValue? {
        statements.min { left, right in
            let ranks = (rank(of: left.sourceKind), rank(of: right.sourceKind))
            if ranks.0 != ranks.1 { return ranks.0 < ranks.1 }
            if left.since != right.since { return left.since > right.since }
            return left.object < right.object
        }
    }
}
