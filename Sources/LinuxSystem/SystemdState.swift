import CLinux
import Glibc

/// How a unit of systemd is now, as systemd itself says over D-Bus (org.freedesktop.systemd1(5)).
public struct SystemdUnitState: Hashable, Sendable {
    /// `loaded`, `not-found`, `masked`, `error` or `bad-setting`.
    public var load: String
    /// `active`, `reloading`, `inactive`, `failed`, `activating`, `deactivating` or `maintenance`.
    public var active: String
    /// The state in the words of the unit's kind: `running`, `exited`, `auto-restart`.
    public var sub: String
    /// Of a service why it failed: `exit-code`, `signal`, `timeout`; empty for other kinds.
    public var result: String

    /// A state.
    public init(load: String, active: String, sub: String, result: String) {
        self.load = load
        self.active = active
        self.sub = sub
        self.result = result
    }

    /// Asks the system bus. Blocks for a few times `patience` at most.
    public static func read(_ unit: String, patience: Duration) throws(SystemdError) -> SystemdUnitState {
        var found = muster_unit()
        try SystemdError.check(muster_read_unit(unit, patience.microseconds, &found))
        return SystemdUnitState(
            load: text(&found.load), active: text(&found.active), sub: text(&found.sub), result: text(&found.result))
    }

    private static func text<Room>(_ room: inout Room) -> String {
        withUnsafeBytes(of: &room) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

/// What systemd counts.
public struct SystemdCounts: Hashable, Sendable {
    /// Units that are loaded.
    public var loaded: Int
    /// Units that failed.
    public var failed: Int
    /// Jobs that wait or run.
    public var jobs: Int

    /// Counts.
    public init(loaded: Int, failed: Int, jobs: Int) {
        self.loaded = loaded
        self.failed = failed
        self.jobs = jobs
    }

    /// Asks the system bus. Blocks for a few times `patience` at most.
    public static func read(patience: Duration) throws(SystemdError) -> SystemdCounts {
        var found = muster_units()
        try SystemdError.check(muster_count_units(patience.microseconds, &found))
        return SystemdCounts(loaded: Int(found.loaded), failed: Int(found.failed), jobs: Int(found.jobs))
    }
}

/// Why systemd could not be asked.
public enum SystemdError: Error, Hashable, Sendable, CustomStringConvertible {
    /// systemd's own library is not there.
    case noLibrary
    /// Nothing listens where the system bus should.
    case noBus
    /// The bus is there and systemd is not on it.
    case notOnBus
    /// It did not answer in time.
    case silent
    /// Anything else, by its error number.
    case failed(Int32)

    /// The end of a sentence.
    public var description: String {
        switch self {
        case .noLibrary: "this host lacks libsystemd.so.0"
        case .noBus: "this host has no D-Bus system bus to ask systemd on"
        case .notOnBus: "systemd is not on this host's system bus"
        case .silent: "systemd does not answer"
        case .failed(let error): "systemd cannot be asked (\(systemErrorText(error)))"
        }
    }

    fileprivate static func check(_ error: Int32) throws(SystemdError) {
        switch error {
        case 0: return
        case ELIBACC: throw .noLibrary
        case ENOENT, ECONNREFUSED: throw .noBus
        case EHOSTUNREACH: throw .notOnBus
        case ETIMEDOUT: throw .silent
        default: throw .failed(error)
        }
    }
}

extension Duration {
    fileprivate var microseconds: UInt64 {
        UInt64(clamping: components.seconds) * 1_000_000 + UInt64(clamping: components.attoseconds / 1_000_000_000_000)
    }
}
