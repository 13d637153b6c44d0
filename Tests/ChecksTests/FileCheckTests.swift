import Glibc
import LinuxSystem
import Model
import Outbound
import TOML
import Testing
import Wire

@testable import Checks

@Suite("FileCheck") struct FileCheckTests {
    /// A directory that is gone after the test.
    private final class Directory {
        let path = "/tmp/muster-file-check-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        private var files: [String] = []

        init() { mkdir(path, 0o700) }

        deinit {
            for file in files { unlink(file) }
            rmdir(path)
        }

        func write(_ name: String, _ text: String, age: Int = 0) {
            let file = path + "/" + name
            files.append(file)
            let descriptor = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            _ = Glibc.write(descriptor, text, text.utf8.count)
            close(descriptor)
            let moment = timespec(tv_sec: time(nil) - age, tv_nsec: 0)
            _ = utimensat(AT_FDCWD, file, [moment, moment], 0)
        }
    }

    private func run(_ settings: String) async throws -> CheckFinding {
        let text = "name = \"f\"\ntype = \"file\"\n" + settings
        let check = try CheckDefinition(settings: TOMLDocument.parse(text, file: "agent.toml")).check
        return await check.run(CheckContext(timeout: .seconds(5), outbound: OutboundClient()))
    }

    @Test("a file must be there, unless it must not")
    func presence() async throws {
        let directory = Directory()
        directory.write("a", "x")
        #expect(try await run("path = \"\(directory.path)/a\"").state == .ok)
        #expect(try await run("path = \"\(directory.path)/a\"\nunwanted = true").state == .critical)
        let lost = try await run("path = \"\(directory.path)/b\"")
        #expect(lost == CheckFinding(.critical, "file \(directory.path)/b: does not exist"))
        #expect(try await run("path = \"\(directory.path)/b\"\nunwanted = true").state == .ok)
        #expect(try await run("path = \"\(directory.path)/a/b\"").state == .critical)
        #expect(try await run("path = \"/nowhere/*.x\"").state == .unknown)
    }

    @Test("age and size are held against their bounds, and every breach is named")
    func bounds() async throws {
        let directory = Directory()
        directory.write("a", "12345", age: 7200)
        let path = "path = \"\(directory.path)/a\"\n"
        #expect(try await run(path + "max_age = \"3h\"\nmin_age = \"1h\"\nmin_bytes = 5\nmax_bytes = 5").state == .ok)
        let found = try await run(path + "max_age = \"1h\"\nmin_bytes = 6")
        #expect(found.state == .critical)
        #expect(found.message.contains("older than 1 h, smaller than 6 bytes (5 bytes, 2 h"))
        #expect(try await run(path + "min_age = \"3h\"").message.contains("younger than 3 h"))
        #expect(try await run(path + "max_bytes = 4").message.contains("larger than 4 bytes"))
    }

    @Test("of the files that a pattern fits the newest counts")
    func newest() async throws {
        let directory = Directory()
        directory.write("a-1.dump", "old", age: 9000)
        directory.write("a-2.dump", "newest", age: 60)
        directory.write("a-3.dump", "new", age: 600)
        directory.write("a-4.log", "", age: 1)
        directory.write(".a-5.dump", "", age: 1)
        let found = try await run("path = \"\(directory.path)/*.dump\"\nmax_age = \"5m\"")
        #expect(found.state == .ok)
        #expect(found.message.hasPrefix("file \(directory.path)/a-2.dump: 6 bytes, "))
        #expect(
            try await run("path = \"\(directory.path)/*.bak\"").message
                == "file \(directory.path)/*.bak: does not exist")
    }

    @Test("another content is a failure; what is too large to compare is not called good")
    func content() async throws {
        let directory = Directory()
        directory.write("a", "abc")
        let digest = SHA256Digest(of: Array("abc".utf8)).description
        let path = "path = \"\(directory.path)/a\"\n"
        #expect(try await run(path + "sha256 = \"\(digest)\"").state == .ok)
        let other = try await run(path + "sha256 = \"\(String(repeating: "0", count: 64))\"")
        #expect(other.state == .critical && other.message.contains("changed content"))
        directory.write("b", "")
        #expect(truncate(directory.path + "/b", off_t(FileCheck.contentBytes + 1)) == 0)
        #expect(try await run("path = \"\(directory.path)/b\"\nsha256 = \"\(digest)\"").state == .unknown)
    }

    @Test("wrong settings are refused")
    func refused() async throws {
        for text in [
            "", "path = \"a\"", "path = \"/a/\"", "path = \"/*/a\"", "path = \"/****\"",
            "path = \"/a\"\nsha256 = \"00\"",
            "path = \"/a\"\nmax_age = \"0s\"", "path = \"/a\"\nmin_bytes = -1", "path = \"/a\"\nmode = 1",
        ] {
            await #expect(throws: TOMLError.self) { try await run(text) }
        }
    }

    @Test("work that does not end in time is not waited for")
    func hanging() async throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        // Nobody writes: the work ends when this test closes the other end.
        let answer = await BlockingThread.run(atMost: .milliseconds(50)) {
            var byte: UInt8 = 0
            let count = read(reading, &byte, 1)
            close(reading)
            return count
        }
        #expect(answer == nil)
        close(writing)
        #expect(await BlockingThread.run(atMost: .seconds(60)) { 2 } == 2)
    }
}
