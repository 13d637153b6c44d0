import Foundation
import Testing

@testable import CollectorRuntime

@Suite("Files and directories before the start")
struct StateDirectoryTests {
    @Test("A state directory that others can enter is refused by mode", arguments: [0o701, 0o710, 0o750, 0o755, 0o777])
    func looseDirectory(mode: Int) throws {
        try inDirectory { directory in
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: directory)
            let error = #expect(throws: CollectorError.self) { try StateDirectory.check(directory) }
            #expect(error?.description.contains("chmod 0700") == true)
        }
    }

    @Test("A missing directory, a file in its place and a good one")
    func kinds() throws {
        try inDirectory { directory in
            #expect(throws: CollectorError.self) { try StateDirectory.check(directory + "/none") }
            try "x".write(toFile: directory + "/file", atomically: false, encoding: .utf8)
            #expect(throws: CollectorError.self) { try StateDirectory.check(directory + "/file") }
            try StateDirectory.make(directory + "/a/b/c")
            try StateDirectory.check(directory + "/a/b/c")
            try StateDirectory.make(directory + "/a/b/c")
        }
    }

    @Test("A configuration that others can write is refused", arguments: [0o664, 0o646, 0o666])
    func looseConfig(mode: Int) throws {
        try inDirectory { directory in
            let path = directory + "/collector.toml"
            try "".write(toFile: path, atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            #expect(throws: CollectorError.self) { try StateDirectory.checkConfig(path) }
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            try StateDirectory.checkConfig(path)
        }
    }

    private func inDirectory(_ body: (String) throws -> Void) throws {
        let directory = NSTemporaryDirectory() + "muster-state-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }
}
