import Glibc
import LinuxSystem
import Testing

@testable import AgentRuntime

@Suite("HelperServer") struct HelperServerTests {
    private let directory: TemporaryDirectory
    private let listener: Int32
    private var path: String { directory.path + "/h" }

    init() throws {
        directory = try TemporaryDirectory()
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        try #require(UnixAddress(directory.path + "/h")?.bind(listener) == 0)
        try #require(listen(listener, 16) == 0)
    }

    private func server(users: Set<UInt32> = [geteuid()]) -> HelperServer {
        HelperServer(
            listener: listener, users: users, idle: .milliseconds(400), requestTime: .milliseconds(200),
            answerTime: .seconds(5), answer: { verb in Array(verb.rawValue.utf8) })
    }

    /// Runs the server beside `work` and waits until it has gone idle and ended.
    private func served<Value: Sendable>(
        by server: HelperServer, _ work: @escaping @Sendable (String) -> Value
    ) async -> Value {
        let path = path
        let box = UncheckedServer(server: server)
        async let ended: Void = BlockingThread.run { try? box.server.run() }
        let value = await BlockingThread.run { work(path) }
        await ended
        return value
    }

    /// The closure of a test's server is called on one thread only.
    private struct UncheckedServer: @unchecked Sendable { let server: HelperServer }

    /// What comes back for `request`; the side is ended after it unless it is left open.
    private static func raw(_ path: String, _ request: String, ends: Bool = true) -> String {
        let peer = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(peer) }
        guard UnixAddress(path)?.connect(peer) == 0 else { return "not connected" }
        let bytes = Array(request.utf8)
        _ = send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        if ends { shutdown(peer, Int32(SHUT_WR)) }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(peer, &chunk, chunk.count, 0)
            guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
            answer += chunk[..<count]
        }
    }

    @Test("every verb is answered, one request for each connection, and the server ends when nobody asks")
    func verbs() async {
        let answers = await served(by: server()) { path in
            HelperVerb.allCases.map { try? HelperClient(socket: path).ask($0) }
        }
        #expect(answers == HelperVerb.allCases.map { Array($0.rawValue.utf8) })
    }

    @Test(
        "a word that is no verb, a verb with anything behind it, and two verbs get no answer",
        arguments: ["", "\n", "shell\n", "sockets", "sockets /etc\n", "sockets\nsmbios\n", "sockets\n\0", "SOCKETS\n"])
    func junk(request: String) async {
        #expect(await served(by: server()) { Self.raw($0, request) } == "error unknown request\n")
    }

    @Test("a flood is cut off after a few octets")
    func flood() async {
        let text = String(repeating: "sockets\n", count: 10_000)
        let answer = await served(by: server()) { Self.raw($0, text) }
        #expect(answer == "error unknown request\n" || answer.isEmpty)
    }

    @Test("a user who may not ask is told so and nothing else")
    func wrongUser() async {
        let answer = await served(by: server(users: [geteuid() + 1])) { Self.raw($0, "sockets\n") }
        #expect(answer == "error user \(geteuid()) is not allowed to ask\n")
    }

    @Test("a peer that says nothing holds the next one up for a moment only")
    func silentPeer() async {
        let answers = await served(by: server()) { path in
            (Self.raw(path, "sockets\n", ends: false), Self.raw(path, "sockets\n"))
        }
        #expect(answers.0 == "error unknown request\n")
        #expect(answers.1 == "ok 7\nsockets")
    }

    @Test("peers that come at once are all answered")
    func together() async {
        let path = path
        let box = UncheckedServer(server: server())
        async let ended: Void = BlockingThread.run { try? box.server.run() }
        let answers = await withTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { await BlockingThread.run { Self.raw(path, "smbios\n") } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        await ended
        #expect(answers == [String](repeating: "ok 6\nsmbios", count: 8))
    }

    @Test("a verb that fails says why in one line")
    func failing() async {
        var server = server()
        server.answer = { _ in throw CommandError.failed("not\nhere") }
        #expect(await served(by: server) { Self.raw($0, "smbios\n") } == "error smbios: not?here\n")
    }

    @Test("what it really reads names this process, its file and its socket")
    func real() throws {
        let list = try #require(HelperProcess.list(try HelperAnswers.read(.sockets)))
        let own = try #require(list.first { $0.pid == Int(getpid()) })
        #expect(own.executable == ProcessInfo.executable(Int(getpid()), SystemRoot()))
        var status = stat()
        try #require(fstat(listener, &status) == 0)
        #expect(own.inodes.contains(UInt64(status.st_ino)))
        let files = try #require(HelperProcess.list(try HelperAnswers.read(.executables)))
        #expect(files.contains { $0.pid == Int(getpid()) && $0.executable == own.executable })
    }
}
