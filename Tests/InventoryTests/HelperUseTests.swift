import Glibc
import LinuxSystem
import Model
import Testing

@testable import Inventory

/// What the sources make of a helper. A link onto itself stands for a directory that only root may open.
@Suite("Inventory with a helper") struct HelperUseTests {
    /// A machine on which process 42 of another user listens on port 8080.
    private func machine() -> RecordedMachine {
        let machine = RecordedMachine(text: [
            "/etc/passwd": "www:x:33:33::/:/bin/false\n",
            "/proc/net/tcp": "  sl  local_address\n"
                + "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 77 1 0\n",
            "/proc/42/cgroup": "0::/system.slice/web.service\n", "/proc/42/status": "Name:\tx\nUid:\t0\t33\t0\t0\n",
            "/proc/42/cmdline": "web\0",
        ])
        machine.link("/proc/42/fd", to: "fd")
        machine.link("/proc/42/exe", to: "/hidden/by/the/test")
        return machine
    }

    /// Answers one request with `reply` on a socket inside the machine.
    private func read(
        _ source: some InventorySource, _ machine: RecordedMachine, reply: [UInt8]
    ) async throws -> InventoryOutcome {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(listener) }
        let path = machine.path + "/h"
        try #require(UnixAddress(path)?.bind(listener) == 0 && listen(listener, 4) == 0)
        async let served: Void = BlockingThread.run {
            let peer = accept(listener, nil, nil)
            _ = send(peer, reply, reply.count, Int32(MSG_NOSIGNAL))
            close(peer)
        }
        let context = InventoryContext(root: machine.root, helper: HelperClient(socket: path))
        let outcome = try source.read(context)
        await served
        return outcome
    }

    @Test("the helper names the process of another user's socket, and the section is complete")
    func answered() async throws {
        let reply = HelperAnswer.ok(HelperProcess(pid: 42, executable: "/usr/sbin/web", inodes: [77]).record).bytes
        guard case .success(let sections) = try await read(ServicesSource(), machine(), reply: reply) else {
            Issue.record("something was left out")
            return
        }
        let item = try #require(sections.first?.items.first)
        #expect(sections.first?.isComplete == true)
        #expect(item.key == "unit:web.service")
        #expect(item.attributes["executable"] == "/usr/sbin/web")
        #expect(item.attributes["user"] == "www")
    }

    @Test("garbage from the helper costs the names only, and the outcome says so")
    func garbage() async throws {
        let outcome = try await read(ServicesSource(), machine(), reply: Array("rubbish".utf8))
        guard case .partial(let sections, let missing) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(sections.first?.isComplete == false)
        #expect(sections.first?.items.map(\.key) == ["exe:?|tcp|127.0.0.1|8080"])
        #expect(missing.contains("1 sockets of other users") && missing.contains("cut or not one"))
    }

    @Test("without a helper the outcome says what is missing and what to start")
    func absent() throws {
        let machine = machine()
        let helper = HelperClient(socket: machine.path + "/nobody")
        let context = InventoryContext(root: machine.root, helper: helper)
        guard case .partial(_, let missing) = try ServicesSource().read(context) else {
            Issue.record("nothing was missing")
            return
        }
        #expect(missing.contains("start muster-agent-helper.socket"))
    }

    @Test(
        "hidden firmware tables come from the helper; without it the serial number is missing and the section partial")
    func firmware() async throws {
        let machine = RecordedMachine()
        machine.link("/sys/firmware/dmi/tables/DMI", to: "DMI")
        // Type 1: maker, model, version, serial as strings 1 to 4.
        let table: [UInt8] =
            [1, 8, 0, 0, 1, 2, 3, 4] + Array("Maker\0Model\0V1\0S-77\0\0".utf8) + [127, 4, 0, 0, 0, 0]
        guard
            case .success(let sections) = try await read(
                SystemSource(), machine, reply: HelperAnswer.ok(table).bytes)
        else {
            Issue.record("something was left out")
            return
        }
        #expect(sections.first?.items.first?.attributes["serial"] == "S-77")
        let context = InventoryContext(root: machine.root, helper: HelperClient(socket: machine.path + "/nobody"))
        guard case .partial(let poor, let missing) = try SystemSource().read(context) else {
            Issue.record("nothing was missing")
            return
        }
        #expect(poor.first?.isComplete == false)
        #expect(poor.first?.items.first?.attributes["serial"] == nil)
        #expect(missing.hasPrefix("serial numbers and UUID: no helper listens"))
    }
}
