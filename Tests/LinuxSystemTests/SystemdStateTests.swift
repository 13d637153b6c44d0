import Glibc
import Testing

@testable import LinuxSystem

/// The address of the system bus is the process's environment, so that these run one after the other.
@Suite("SystemdState", .serialized) struct SystemdStateTests {
    private let path = "/tmp/muster-bus-\(getpid())-\(UInt64.random(in: 0 ... .max))"

    private func withBus(_ body: () -> Void) {
        let variable = "DBUS_SYSTEM_BUS_ADDRESS"
        let before = environment(variable)
        setenv(variable, "unix:path=" + path, 1)
        body()
        if let before { setenv(variable, before, 1) } else { unsetenv(variable) }
    }

    private var hasLibrary: Bool { dlopen("libsystemd.so.0", RTLD_NOW) != nil }

    @Test("without a bus or systemd's library that is said, not waited for")
    func absent() {
        let expected: SystemdError = hasLibrary ? .noBus : .noLibrary
        withBus {
            #expect(throws: expected) { try SystemdCounts.read(patience: .seconds(5)) }
            #expect(throws: expected) { try SystemdUnitState.read("web.service", patience: .seconds(5)) }
        }
    }

    @Test("a bus that accepts and says nothing holds nobody", .timeLimit(.minutes(1)))
    func silent() throws {
        guard hasLibrary else { return }
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer {
            close(listener)
            unlink(path)
        }
        let address = try #require(UnixAddress(path))
        try #require(address.bind(listener) == 0 && listen(listener, 8) == 0)
        let started = ContinuousClock.now
        withBus {
            #expect(throws: SystemdError.silent) {
                try SystemdUnitState.read("web.service", patience: .milliseconds(200))
            }
        }
        #expect(ContinuousClock.now - started < .seconds(20))
    }
}
