import GRDB
import Model
import Stores

extension SQLiteStore {
    /// Applies one change of this domain.
    func applyNotification(_ change: NotificationChange, _ context: CommitContext) throws {
        throw StoreError.refused("this build has no tables for \(change)")
    }
}
