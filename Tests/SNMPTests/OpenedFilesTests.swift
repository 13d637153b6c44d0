import Foundation
import Model
import SNMP
import SNMPTestSupport
import Testing

private let childPort = ProcessInfo.processInfo.environment["MUSTER_SNMP_CHILD_PORT"].flatMap(UInt16.init)
private let strace: String? = ["/usr/bin/strace", "/usr/local/bin/strace"].first {
    FileManager.default.isExecutableFile(atPath: $0)
}

@Suite("The library's own files")
struct OpenedFilesTests {
    /// The traced half of the test below: reads over v2c and v3 in a process of its own.
    @Test("child: reads a device", .enabled(if: childPort != nil, "runs under strace only"))
    func child() async throws {
        let port = try #require(childPort)
        let client = try SNMPClient()
        defer { client.close() }
        let user = SNMPUser(
            name: "u", authentication: .sha1, passphrase: "authpass1", privacy: .aes128, privacyPassphrase: "privpass1")
        for credential in [SNMPCredential.v2c(community: "public"), .v3(user)] {
            let target = SNMPTarget(address: localhost, port: port, credential: credential)
            #expect(await client.rows(under: [[1, 3, 6, 1, 2, 1, 1]], from: target).receipt.isComplete)
        }
    }

    @Test(
        "are neither read nor written: configuration, persistent state, MIBs (6)",
        .enabled(if: Snmpd.path != nil && strace != nil && childPort == nil, "needs snmpd and strace"))
    func untouched() async throws {
        let agent = try #require(
            try Snmpd("rocommunity public\ncreateUser u SHA authpass1 AES privpass1\nrouser u priv\n"))
        defer { agent.stop() }
        let directory = try temporaryDirectory()
        defer { try? FileManager.default.removeItem(at: directory) }
        let trace = directory.appendingPathComponent("trace")
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        var arguments = CommandLine.arguments.dropFirst().filter { !$0.hasPrefix("--event-stream") }
        if let filter = arguments.firstIndex(of: "--filter") { arguments.removeSubrange(filter...(filter + 1)) }
        var environment = ProcessInfo.processInfo.environment
        environment["MUSTER_SNMP_CHILD_PORT"] = String(agent.port)
        let tracing = try #require(strace)
        let tracer = try #require(
            Child(
                tracing,
                ["-f", "-o", trace.path, "-e", "trace=file", program] + arguments
                    + ["--filter", "OpenedFilesTests/child"],
                environment: environment))
        try #require(await eventually(within: 60) { !tracer.isRunning })
        #expect(tracer.wait() == 0)
        let lines = try String(contentsOf: trace, encoding: .utf8).split(separator: "\n")
        #expect(lines.count > 20)
        #expect(lines.contains { $0.contains("libnetsnmp") })
        let places = [
            "/etc/snmp", "/.snmp", "/var/lib/snmp", "/var/net-snmp", "/share/snmp", "/mibs", "cert_indexes",
            "snmp.conf",
        ]
        let own = lines.filter { line in places.contains { line.contains($0) } && !line.contains("execve") }
        #expect(own.isEmpty, "\(own.prefix(5).joined(separator: "\n"))")
    }
}
