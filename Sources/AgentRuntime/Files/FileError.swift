import Glibc

/// Why a file of the agent cannot be used: one line with the path and what to do.
public enum FileError: Error, Hashable, CustomStringConvertible {
    /// A system call failed with `code` (errno(3)).
    case system(operation: String, path: String, code: Int32)
    /// There is nothing at the path.
    case missing(path: String)
    /// The file has no content.
    case empty(path: String)
    /// Something that is not a regular file, a directory or a link among them.
    case notAFile(path: String)
    /// Larger than the limit in bytes.
    case tooLarge(path: String, limit: Int)
    /// Owned by neither root nor the user that runs the agent.
    case wrongOwner(path: String, owner: UInt32)
    /// Others may write it.
    case writableByOthers(path: String, mode: UInt32)
    /// Others may read a secret.
    case readableByOthers(path: String, mode: UInt32)
    /// The content is not what it should be.
    case damaged(path: String, reason: String)

    /// One line: what, where, what to do.
    public var description: String {
        switch self {
        case .system(let operation, let path, let code): "\(path): \(operation): \(reason(code))"
        case .missing(let path): "\(path): does not exist; check the path or restore the file"
        case .empty(let path): "\(path): is empty; restore the file"
        case .notAFile(let path): "\(path): is not a regular file; remove what stands in its place"
        case .tooLarge(let path, let limit): "\(path): is larger than \(limit) bytes"
        case .wrongOwner(let path, let owner):
            "\(path): belongs to user \(owner); it must belong to root or user \(geteuid()) (chown)"
        case .writableByOthers(let path, let mode):
            "\(path): mode \(octal(mode)) lets others write it; run chmod go-w \(path)"
        case .readableByOthers(let path, let mode):
            "\(path): mode \(octal(mode)) lets others read a secret; run chmod 600 \(path)"
        case .damaged(let path, let reason): "\(path): \(reason)"
        }
    }

    /// The error of the system call that just failed.
    static func last(_ operation: String, _ path: String) -> FileError {
        let code = errno
        return code == ENOENT ? .missing(path: path) : .system(operation: operation, path: path, code: code)
    }
}

private func reason(_ code: Int32) -> String { String(cString: strerror(code)) }

private func octal(_ mode: UInt32) -> String { "0" + String(mode & 0o7777, radix: 8) }
