import Devices
import Model
import SNMP
import TOML

/// One `[[device]]`: a device probed over SNMP.
public struct DeviceSettings: Hashable, Sendable {
    /// The target's name: what the collector knows it by.
    public var name: String
    /// Whom to ask and how; its credential is the first of ``credentials``.
    public var target: SNMPTarget
    /// Which credentials it is asked with.
    public var choice: CredentialChoice
    /// The credentials it is asked with, in the order in which they are tried.
    public var credentials: [NamedCredential]
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
        (choice, credentials) = try DeviceSettings.choice(table)
        target = SNMPTarget(
            address: address, port: UInt16(clamping: port), transport: transport,
            credential: credentials.first?.credential ?? .v2c(community: "public"), timeout: timeout.inSeconds,
            retries: retries)
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

    /// Takes its credentials out of those of the file, each only for its networks (threats M23); with none for the device's network,
    /// the community `public`. Returns the name that none for its address has, nil where all is well.
    mutating func choose(from known: [NamedCredential]) -> String? {
        let address = target.address
        switch choice {
        case .own(let credential): credentials = [credential]
        case .network: credentials = known.filter { $0.covers(address) }
        case .named(let names):
            let found = names.map { name in known.first { $0.name == name && $0.covers(address) } }
            if let missing = zip(names, found).first(where: { $0.1 == nil }) { return missing.0 }
            credentials = found.compactMap { $0 }
        }
        if credentials.isEmpty { credentials = [.usual] }
        target.credential = credentials.first?.credential ?? target.credential
        return nil
    }

    private static func choice(_ table: TOMLTable) throws -> (CredentialChoice, [NamedCredential]) {
        let isOwn = CredentialSettings.keys.contains { table.holds($0) }
        let names = try table.strings("credentials", maxBytes: 64)
        let credential = try CredentialSettings.read(table)
        let own = NamedCredential(
            name: "", credential: credential, changed: CredentialSettings.changed(table, credential))
        guard let names else { return isOwn ? (.own(own), [own]) : (.network, []) }
        guard !isOwn else {
            throw table.refusal("credentials", found: "given beside a credential", accepted: "one of the two")
        }
        guard (1...16).contains(names.count) else {
            throw table.refusal(
                "credentials", found: "\(names.count) names", accepted: "1 to 16 names of [[credential]]")
        }
        return (.named(names), [])
    }
}

extension NamedCredential {
    /// What a device is asked with for which nothing was said.
    static let usual = NamedCredential(name: "", credential: .v2c(community: "public"))
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
