import GRDB
import Model
import Stores

extension SQLiteStore {
    /// Applies one change of this domain.
    func applyAlarm(_ change: AlarmChange, _ context: CommitContext) throws {
        throw StoreError.refused("this build has no tables for \(change)")
    }

    func expectAlarm(_ key: AlarmKey, version: Int64, _ context: CommitContext) throws {
        guard version == 0 else { throw StoreError.conflict("alarm \(key.rule) of CI \(key.ci)") }
    }
}
