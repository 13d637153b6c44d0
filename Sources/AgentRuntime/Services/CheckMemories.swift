import Checks
import Glibc
import Logging
import Wire

/// What checks keep over restarts: one small file for each that keeps anything, in a directory of the agent's state.
struct CheckMemories: Sendable {
    /// The directory; made when the first check keeps something.
    let directory: String
    let log: Logger

    /// The memory of the check of that name.
    func memory(of check: String) -> CheckMemory {
        let (path, directory) = (path(check), directory)
        return CheckMemory(
            load: {
                do throws(FileError) { return try DurableFile.read(path, limit: CheckMemory.limit) } catch {
                    if case .missing = error { return nil }
                    // Not what was written: the check says that its place was lost.
                    return []
                }
            },
            save: { bytes in
                do throws(FileError) {
                    try FileGuard.directory(directory)
                    try DurableFile.replace(path, with: bytes)
                    return nil
                } catch { return error.description }
            })
    }

    /// Forgets what checks kept that are not configured any more.
    func keepOnly(_ checks: [String]) {
        let wanted = Set(checks.map(path))
        guard let names = try? DurableFile.names(in: directory) else { return }
        for path in names.map({ directory + "/" + $0 }) where !wanted.contains(path) {
            if unlink(path) != 0 { log.warning("\(FileError.last("remove", path))") }
        }
    }

    private func path(_ check: String) -> String {
        directory + "/" + String(SHA256Digest(of: check.utf8).description.prefix(32))
    }
}
