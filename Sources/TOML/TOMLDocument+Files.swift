import Glibc

extension TOMLDocument {
    /// The root table of the file at `path`.
    ///
    /// A regular file only: opening a pipe or a device in its place neither blocks nor succeeds.
    /// - Throws: ``TOMLError``.
    public static func load(_ path: String) throws(TOMLError) -> TOMLTable {
        try parse(bytes: try read(path), file: path)
    }

    /// The paths of the `*.toml` files directly in `directory`, sorted by name; empty where there is no such directory.
    /// - Throws: ``TOMLError`` when it exists and cannot be read.
    public static func files(in directory: String) throws(TOMLError) -> [String] {
        guard let handle = opendir(directory) else {
            if errno == ENOENT { return [] }
            throw unreadable(directory)
        }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".toml"), !name.hasPrefix(".") { names.append(name) }
        }
        names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return names.map { directory.hasSuffix("/") ? directory + $0 : directory + "/" + $0 }
    }

    private static func read(_ path: String) throws(TOMLError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw unreadable(path, "not a regular file") }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= textBytes {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { break }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw unreadable(path)
            }
            bytes += chunk[..<count]
        }
        return bytes
    }

    private static func unreadable(_ path: String, _ reason: String? = nil) -> TOMLError {
        let text = reason ?? String(cString: strerror(errno))
        return TOMLError(file: path, position: TOMLPosition(line: 1, column: 1), problem: .unreadable(text))
    }
}
