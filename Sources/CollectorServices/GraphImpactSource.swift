import CMDB
import Model
import Stores

extension GraphService: ImpactSource {
    /// What suffers when `ci` fails now, business services first.
    public func affected(by ci: CIID) async throws -> [AffectedCI] {
        let answer = try await impact(of: [ci], direction: .dependents, depth: nil, asOf: nil)
        return answer.affected.map {
            AffectedCI(ci: $0.ci, className: $0.className, name: $0.name, path: $0.path)
        }
    }
}
