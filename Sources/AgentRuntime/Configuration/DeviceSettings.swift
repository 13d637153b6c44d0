import Devices
import Model
import SNMP
import TOML

/// One `[[device]]`: a device probed over SNMP.
public struct DeviceSettings: Hashable, Sendable {
    /// The target's name: what the collector knows it by.
    public var name: String
    /// Whom to ask and how.
    public var target: SNMPTarget
    /// Time from one full probe to the next.
    public var interval: Duration
    /// Time from one look whether it answers to the next; also the interval of its counters.
    public var pollInterval: Duration
    /// How many looks in a row must fail before it counts as critical.
    public var failures: Int
    /// Whether it is asked over ICMP, too.
    public var isPinged: Bool
    /// The parts to read.
    public var parts: Set<DevicePart>
    /// Other addresses that its traps come from.
    public var trapAddresses: [IPAddress] = []

    /// The words of `sections`.
    static let partNames = DevicePart.allCases.map(\.rawValue)

    /// Reads the table and the secret files it names.
    init(_ table: TOMLTable) throws {
        name = try table.requiredString("name", maxBytes: 128)
        let text = try table.requiredString("address", maxBytes: 64)
        guard let address = IPAddress(text) else {
            throw table.refusal("address", found: "\"\(text)\"", accepted: "an IPv4 or IPv6 address")
        }
        let port = try table.int("port", in: 1...65_535) ?? 161
        let transport = try table.choice("transport", among: SNMPTransport.self) ?? .udp
        let timeout = try table.duration("timeout", in: .milliseconds(100) ... .seconds(60)) ?? .seconds(2)
        let retries = try table.int("retries", in: 0...10) ?? 2
        target = SNMPTarget(
            address: address, port: UInt16(clamping: port), transport: transport,
            credential: try CredentialSettings.read(table), timeout: timeout.inSeconds, retries: retries)
        interval = try table.duration("interval", in: .seconds(5) ... .seconds(86_400)) ?? .seconds(600)
        pollInterval = try table.duration("poll_interval", in: .seconds(1) ... .seconds(3600)) ?? .seconds(60)
        failures = try table.int("failures", in: 1...100) ?? 3
        isPinged = try table.bool("ping") ?? true
        parts = Set(DevicePart.allCases)
        if let names = try table.words("sections", among: DeviceSettings.partNames) {
            parts = Set(names.compactMap(DevicePart.init(rawValue:)) + [.system])
        }
        for text in try table.strings("trap_addresses", maxBytes: 64) ?? [] {
            guard let address = IPAddress(text) else {
                throw table.refusal("trap_addresses", found: "\"\(text)\"", accepted: "IPv4 and IPv6 addresses")
            }
            trapAddresses.append(address)
        }
        if let flaw = target.credential.flaw {
            throw table.refusal("version", found: "a credential no device accepts: \(flaw)", accepted: "another one")
        }
    }
}

extension Duration {
    /// The span in seconds.
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }

    /// The span in whole milliseconds.
    var inMilliseconds: Int64 {
        let (product, overflow) = components.seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? .max : product + components.attoseconds / 1_000_000_000_000_000
    }
}
