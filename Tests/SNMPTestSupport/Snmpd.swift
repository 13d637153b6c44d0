import Foundation

/// net-snmp's own agent on loopback, with a configuration and a persistent directory of its own.
public final class Snmpd {
    /// Where the agent is; nil on a machine without it.
    public static let path: String? = ["/usr/sbin/snmpd", "/usr/local/sbin/snmpd"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Its port, UDP and TCP, IPv4 and IPv6.
    public let port: UInt16
    private let directory: URL
    private let file: URL
    private let arguments: [String]
    private var child: Child?

    /// Writes the configuration and starts the agent; nil where that fails.
    public init?(_ configuration: String) throws {
        guard let path = Self.path else { return nil }
        port = freePort()
        directory = try temporaryDirectory()
        let file = directory.appendingPathComponent("agent.conf")
        try configuration.write(to: file, atomically: true, encoding: .utf8)
        self.file = file
        let log = directory.appendingPathComponent("log")
        try Data().write(to: log)
        arguments = [
            path, "-f", "-Lo", "-C", "-c", file.path, "-I", "-smux",
            "udp:127.0.0.1:\(port),tcp:127.0.0.1:\(port),udp6:[::1]:\(port)",
        ]
        guard start() else { return nil }
    }

    /// Starts it (again).
    public func start() -> Bool {
        child = Child(
            arguments[0], Array(arguments.dropFirst()),
            environment: ["SNMP_PERSISTENT_DIR": directory.path, "MIBS": ""],
            log: directory.appendingPathComponent("log"))
        return child != nil
    }

    /// Ends it; at its next start it has another engine id unless the configuration names one.
    public func halt() { child?.stop() }

    /// What it has written.
    public var log: String { (try? String(contentsOf: directory.appendingPathComponent("log"), encoding: .utf8)) ?? "" }

    /// Changes what it reads at its next start.
    public func configure(_ configuration: String) throws {
        try configuration.write(to: file, atomically: true, encoding: .utf8)
    }

    /// Ends it and removes its directory.
    public func stop() {
        child?.stop()
        try? FileManager.default.removeItem(at: directory)
    }
}
