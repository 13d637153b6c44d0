import Glibc
import LinuxSystem
import Testing

@Suite("SystemRoot") struct SystemRootTests {
    @Test("files, first lines, numbers and names are read below the root")
    func reading() throws {
        let tree = RecordedTree(["/sys/a/size": " 4096\nmore\n", "/sys/a/name": "\tx y \r\n", "/sys/a/empty": ""])
        let root = tree.root
        #expect(try root.text("/sys/a/size") == " 4096\nmore\n")
        #expect(root.line("/sys/a/name") == "x y")
        #expect(root.line("/sys/a/empty") == nil)
        #expect(root.number("/sys/a/size") == 4096)
        #expect(root.number("/sys/a/name") == nil)
        #expect(try root.names("/sys/a") == ["empty", "name", "size"])
        #expect(root.exists("/sys/a/size"))
        #expect(!root.exists("/sys/b"))
    }

    @Test("what is absent, too large or a directory is told apart")
    func failures() throws {
        let tree = RecordedTree(["/a": String(repeating: "x", count: 100)])
        #expect(throws: SystemReadError.absent(path: "/b")) { try tree.root.bytes("/b") }
        #expect(throws: SystemReadError.absent(path: "/a/b")) { try tree.root.bytes("/a/b") }
        #expect(throws: SystemReadError.tooLarge(path: "/a", limit: 99)) { try tree.root.bytes("/a", limit: 99) }
        #expect(try tree.root.bytes("/a", limit: 100).count == 100)
        tree.directory("/d")
        #expect(throws: SystemReadError.unreadable(path: "/d", error: EISDIR)) { try tree.root.bytes("/d") }
    }

    @Test("absolute links stay inside the root, links that lead out are refused")
    func links() throws {
        let tree = RecordedTree(["/etc/passwd": "inside\n", "/data/x": "data\n"])
        tree.link("/absolute", to: "/etc/passwd")
        tree.link("/relative", to: "data/../etc/passwd")
        tree.link("/out", to: "../../../../../../etc/passwd")
        tree.link("/dir", to: "/data")
        tree.link("/loop", to: "/loop")
        tree.link("/longloop", to: "longloop/x")
        let root = tree.root
        #expect(root.line("/absolute") == "inside")
        #expect(root.line("/relative") == "inside")
        #expect(root.line("/dir/x") == "data")
        #expect(root.link("/absolute") == "/etc/passwd")
        #expect(throws: SystemReadError.outside(path: "/out")) { try root.bytes("/out") }
        #expect(throws: SystemReadError.outside(path: "/../etc/passwd")) { try root.bytes("/../etc/passwd") }
        #expect(throws: SystemReadError.unreadable(path: "/loop", error: ELOOP)) { try root.bytes("/loop") }
        #expect(root.line("/longloop") == nil)
    }

    @Test("a pipe in place of a file does not block")
    func pipe() throws {
        let tree = RecordedTree()
        try #require(mkfifo(tree.path + "/fifo", 0o600) == 0)
        #expect(try tree.root.bytes("/fifo").isEmpty)
    }

    @Test("the running machine is read at its own paths")
    func live() throws {
        let root = SystemRoot()
        #expect(root.isLive)
        #expect(!RecordedTree().root.isLive)
        #expect(try root.bytes("/proc/self/stat").count > 10)
    }
}
