import GRDB
import Stores

extension StoreError {
    /// What an error of the engine means to a caller.
    init(_ error: any Error, path: String) {
        if let known = error as? StoreError {
            self = known
            return
        }
        guard let database = error as? DatabaseError else {
            self = .unusable("\(path): \(error)")
            return
        }
        let text = "\(path): \(database.message ?? "SQLite error \(database.extendedResultCode.rawValue)")"
        switch database.resultCode {
        case .SQLITE_FULL, .SQLITE_READONLY, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_PERM: self = .unwritable(text)
        case .SQLITE_CONSTRAINT: self = .conflict(text)
        case .SQLITE_TOOBIG, .SQLITE_MISMATCH: self = .refused(text)
        default: self = .unusable(text)
        }
    }

    /// Whether the error spoils the whole transaction, not just the change set it came from.
    var spoilsTransaction: Bool {
        switch self {
        case .unwritable, .unusable, .newer, .inUse: true
        case .conflict, .notFound, .refused: false
        }
    }
}
