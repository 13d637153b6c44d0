import Glibc
import LinuxSystem
import Testing

@Suite("HelperClient") struct HelperClientTests {
    /// Takes one connection on a socket of the test's own, writes `reply` and, unless it `hangs`, ends.
    private func ask(_ verb: HelperVerb, reply: [UInt8], hangs: Bool = false) async -> Result<[UInt8], HelperError> {
        let tree = RecordedTree()
        let path = tree.path + "/h"
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(listener) }
        guard UnixAddress(path)?.bind(listener) == 0, listen(listener, 4) == 0 else {
            return .failure(.broken("the test has no socket"))
        }
        async let served: Void = BlockingThread.run {
            let peer = accept(listener, nil, nil)
            defer { close(peer) }
            var rest = reply[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
            // Until the other side is gone.
            var waiting = pollfd(fd: peer, events: 0, revents: 0)
            if hangs { poll(&waiting, 1, 10_000) }
        }
        let client = HelperClient(socket: path, timeout: hangs ? .milliseconds(300) : .seconds(20))
        let result = await BlockingThread.run { () -> Result<[UInt8], HelperError> in
            do throws(HelperError) { return .success(try client.ask(verb)) } catch { return .failure(error) }
        }
        await served
        return result
    }

    @Test("an answer arrives whole")
    func whole() async {
        let body = [UInt8](repeating: 7, count: 300_000)
        #expect(await ask(.sockets, reply: HelperAnswer.ok(body).bytes) == .success(body))
        #expect(await ask(.smbios, reply: HelperAnswer.error("no table").bytes) == .failure(.refused("no table")))
    }

    @Test("a helper that is silent, also in the middle of its answer, is given up", arguments: ["", "ok 9\nab"])
    func silent(reply: String) async {
        #expect(await ask(.sockets, reply: Array(reply.utf8), hangs: true) == .failure(.silent))
    }

    @Test(
        "a helper that answers garbage or dies in the middle is refused",
        arguments: ["", "ok 9\nab", "garbage\n", "ok 1\nab", "\0\0\0"])
    func garbage(reply: String) async {
        #expect(
            await ask(.executables, reply: Array(reply.utf8)) == .failure(.broken("its answer is cut or not one")))
    }

    @Test("a helper that answers too much is cut off")
    func tooMuch() async {
        let flood = [UInt8](repeating: UInt8(ascii: "x"), count: HelperVerb.smbios.answerBytes + 1 << 20)
        guard case .failure(.broken(let reason)) = await ask(.smbios, reply: flood) else {
            Issue.record("the flood was taken")
            return
        }
        #expect(reason.hasPrefix("it answers more than"))
    }

    @Test("without a helper the error names the socket and the unit to start")
    func absent() {
        let error = #expect(throws: HelperError.self) { try HelperClient(socket: "/no/such/socket").ask(.smbios) }
        #expect(error == .absent("/no/such/socket"))
        #expect(error?.description.contains("muster-agent-helper.socket") == true)
    }
}
