import Glibc
import Model

/// Why a file of the system could not be read.
public enum SystemReadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It does not exist: this machine has no such thing.
    case absent(path: String)
    /// It exists and may not be read, or reading failed.
    case unreadable(path: String, error: Int32)
    /// It is larger than the reader takes.
    case tooLarge(path: String, limit: Int)
    /// A link leads out of the root.
    case outside(path: String)

    /// One line: what and where.
    public var description: String {
        switch self {
        case .absent(let path): "\(path) does not exist"
        case .unreadable(let path, let error): "\(path): \(systemErrorText(error))"
        case .tooLarge(let path, let limit): "\(path) is larger than \(limit) bytes"
        case .outside(let path): "\(path) leads out of the root"
        }
    }
}

/// The file system as a reader sees it: the running machine at `/`, or a recorded one below a directory.
///
/// Paths are absolute inside the root. Under another root than `/` symbolic links are followed inside it and refused
/// when they lead out of it.
public struct SystemRoot: Hashable, Sendable {
    /// The directory that stands for `/`; `""` for the running machine.
    public let prefix: String

    /// The machine below `path`.
    public init(path: String = "/") {
        var path = path
        while path.hasSuffix("/") { path.removeLast() }
        prefix = path
    }

    /// Whether this is the running machine, so that system calls tell the truth about it.
    public var isLive: Bool { prefix.isEmpty }

    /// The content of a file, at most `limit` bytes.
    public func bytes(_ path: String, limit: Int = 1 << 20) throws(SystemReadError) -> [UInt8] {
        let descriptor = try descriptor(path)
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, errno) }
            if count == 0 { return content }
            content.append(contentsOf: chunk[..<count])
            guard content.count <= limit else { throw .tooLarge(path: path, limit: limit) }
        }
    }

    /// The content of a file as text, broken UTF-8 replaced.
    public func text(_ path: String, limit: Int = 1 << 20) throws(SystemReadError) -> String {
        String(decoding: try bytes(path, limit: limit), as: UTF8.self)
    }

    /// The first line of a small file without white space around it; nil where it is absent, unreadable or empty.
    public func line(_ path: String) -> String? {
        guard let content = try? bytes(path, limit: 65_536) else { return nil }
        let first = content.prefix { $0 != 10 && $0 != 0 }
        let spaces: Set<UInt8> = [9, 11, 12, 13, 32]
        let trimmed = first.drop { spaces.contains($0) }.reversed().drop { spaces.contains($0) }.reversed()
        return trimmed.isEmpty ? nil : String(decoding: trimmed, as: UTF8.self)
    }

    /// The whole number in the first line of a small file; nil where there is none.
    public func number(_ path: String) -> Int64? { line(path).flatMap { Int64($0) } }

    /// The names in a directory, sorted by their bytes, without `.` and `..`; at most `limit` of them.
    public func names(_ path: String, limit: Int = 100_000) throws(SystemReadError) -> [String] {
        guard let directory = opendir(try resolved(path)) else { throw failure(path, errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
            guard names.count <= limit else { throw .tooLarge(path: path, limit: limit) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Where a symbolic link points, as it is written; nil where there is none.
    public func link(_ path: String) -> String? {
        guard let place = try? resolvedParent(path) else { return nil }
        return linkText(place)
    }

    /// Whether there is anything at `path`.
    public func exists(_ path: String) -> Bool {
        guard let place = try? resolved(path) else { return false }
        return access(place, F_OK) == 0
    }

    /// When the content of a file was last changed; nil where there is none.
    public func modified(_ path: String) -> Timestamp? { (try? status(path))??.modified }

    /// The size of a file and when its content was last changed; nil where there is none.
    public func status(_ path: String) throws(SystemReadError) -> (bytes: Int, modified: Timestamp)? {
        var status = stat()
        guard stat(try resolved(path), &status) == 0 else {
            let error = failure(path, errno)
            if case .absent = error { return nil }
            throw error
        }
        return (Int(status.st_size), Timestamp(seconds: Int64(status.st_mtim.tv_sec)))
    }

    /// Opens a file to read; the caller closes the descriptor.
    func descriptor(_ path: String) throws(SystemReadError) -> Int32 {
        let descriptor = open(try resolved(path), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(path, errno) }
        return descriptor
    }

    private func failure(_ path: String, _ error: Int32) -> SystemReadError {
        error == ENOENT || error == ENOTDIR || error == ENODEV
            ? .absent(path: path) : .unreadable(path: path, error: error)
    }

    /// The place on this machine that stands for `path`, every link on the way followed inside the root.
    private func resolved(_ path: String) throws(SystemReadError) -> String {
        guard !isLive else { return path }
        return prefix + (try walked(path, followLast: true))
    }

    private func resolvedParent(_ path: String) throws(SystemReadError) -> String {
        guard !isLive else { return path }
        return prefix + (try walked(path, followLast: false))
    }

    private func walked(_ path: String, followLast: Bool) throws(SystemReadError) -> String {
        var left = path.split(separator: "/").map(String.init)[...]
        var done: [String] = []
        var links = 0
        while let part = left.popFirst() {
            if part == "." { continue }
            if part == ".." {
                guard !done.isEmpty else { throw .outside(path: path) }
                done.removeLast()
                continue
            }
            let place = prefix + "/" + (done + [part]).joined(separator: "/")
            if !left.isEmpty || followLast, let target = linkText(place) {
                links += 1
                guard links <= 40 else { throw .unreadable(path: path, error: ELOOP) }
                if target.hasPrefix("/") { done = [] }
                left = target.split(separator: "/").map(String.init) + left
            } else {
                done.append(part)
            }
        }
        return "/" + done.joined(separator: "/")
    }
}

private func linkText(_ place: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink(place, &buffer, buffer.count)
    guard count > 0, count < buffer.count else { return nil }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// The system's words for an error number.
public func systemErrorText(_ number: Int32) -> String {
    // The POSIX form, which fills the buffer and ends it with NUL.
    var buffer = [CChar](repeating: 0, count: 128)
    guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
