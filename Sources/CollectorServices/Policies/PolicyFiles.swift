import Glibc
import Policies
import TOML

/// The directory of policies: whether it changed, and what it says now.
struct PolicyFiles: Sendable {
    /// The directory.
    let directory: String

    /// What tells one state of the directory from the next: name, inode, size and time of each file.
    struct Mark: Hashable, Sendable {
        private let files: [[Int64]]
        private let names: [String]
        private let isThere: Bool

        /// How the directory is now.
        init(_ directory: String) {
            isThere = access(directory, F_OK) == 0
            names = (try? TOMLDocument.files(in: directory)) ?? []
            files = names.map { name in
                var status = stat()
                guard stat(name, &status) == 0 else { return [] }
                return [
                    Int64(bitPattern: UInt64(status.st_ino)), Int64(status.st_size), Int64(status.st_mtim.tv_sec),
                    Int64(status.st_mtim.tv_nsec), Int64(status.st_mode), Int64(status.st_uid),
                ]
            }
        }
    }

    /// Reads every file; throws one line for the first that is wrong, or that others than root and the collector can write.
    ///
    /// With `isNeeded` the directory must be there: one that was moved away or is not mounted would take everything from every agent.
    func load(isNeeded: Bool = false) throws(TOMLError) -> PolicySet {
        if isNeeded, access(directory, F_OK) != 0 {
            throw TOMLError(
                file: directory, position: TOMLPosition(line: 1, column: 1),
                problem: .unreadable("\(String(cString: strerror(errno))); an empty directory takes all policies away"))
        }
        for path in try TOMLDocument.files(in: directory) { try guardFile(path) }
        return try PolicyFile.loadAll(in: directory)
    }

    private func guardFile(_ path: String) throws(TOMLError) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        guard status.st_uid == 0 || status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
            throw TOMLError(
                file: path, position: TOMLPosition(line: 1, column: 1),
                problem: .unreadable("others can write it; give it to root or the collector's user and run chmod go-w"))
        }
    }
}
