import GRDB
import Model
import Stores

extension SQLiteStore {
    /// Applies one change of this domain.
    func applyIncident(_ change: IncidentChange, _ context: CommitContext) throws {
        throw StoreError.refused("this build has no tables for \(change)")
    }

    func expectIncident(_ number: Int64, version: Int64, _ context: CommitContext) throws {
        guard version == 0 else { throw StoreError.conflict("incident \(number)") }
    }
}
