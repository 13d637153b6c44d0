import FoundationEssentials
import GRDB
import Stores

extension SQLiteSampleStore {
    /// The database files, in the order in which they are to be copied: a day before the summaries that it goes into,
    /// so that a day which is removed meanwhile is in them.
    public func backupFiles() throws(StoreError) -> [String] {
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".db") }
            return names.sorted { (rank($0), $0) < (rank($1), $1) }
        } catch {
            throw .unwritable("\(directory): \(error)")
        }
    }

    /// Copies one of ``backupFiles()`` to the new file `path`; false when retention removed it meanwhile.
    ///
    /// Blocks for as long as the copy takes: call it on a thread of its own. It reads through a connection of its own, so
    /// samples of the day are stored meanwhile.
    public func copy(
        _ name: String, to path: String, progress: @escaping @Sendable (Double) throws -> Void
    ) throws -> Bool {
        let source = "\(directory)/\(name)"
        guard FileManager.default.fileExists(atPath: source) else { return false }
        do {
            let queue = try DatabaseQueue(path: source)
            defer { try? queue.close() }
            try SQLiteFileCopy.copy(queue, to: path, progress: progress)
            return true
        } catch let error as DatabaseError {
            throw StoreError(error, path: source)
        }
    }

    private func rank(_ name: String) -> Int {
        if name.hasPrefix("samples-") { return 0 }
        if name.hasPrefix("hours-") { return 1 }
        return name.hasPrefix("days-") ? 2 : 3
    }
}
