import Model
import Stores

/// Tells what a failure reaches; the graph is one, tests have their own.
public protocol ImpactSource: Sendable {
    /// What suffers when `ci` fails, business services first.
    func affected(by ci: CIID) async throws -> [AffectedCI]
}
