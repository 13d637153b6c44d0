import Glibc
import LinuxSystem

/// A directory with a few files below /proc, made for one test and removed with it.
final class RecordedFiles {
    private let path: String
    private var written: [String] = []
    private var directories: [String] = []

    init(_ files: [String: String] = [:]) {
        path = "/tmp/muster-metrics-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        make(path)
        for (name, content) in files { write(name, Array(content.utf8)) }
    }

    deinit {
        for file in written { unlink(file) }
        for directory in directories.reversed() { rmdir(directory) }
    }

    func write(_ name: String, _ content: [UInt8]) {
        var place = path
        for part in name.split(separator: "/").dropLast() {
            place += "/" + part
            if !directories.contains(place) { make(place) }
        }
        let file = path + name
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        if !written.contains(file) { written.append(file) }
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Works on the files; they stay for as long as that takes.
    func with<Result>(_ work: (SystemRoot) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try work(SystemRoot(path: path)) }
    }

    private func make(_ directory: String) {
        _ = mkdir(directory, 0o700)
        directories.append(directory)
    }
}
