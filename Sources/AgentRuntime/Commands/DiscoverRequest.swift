import Devices
import Glibc
import Model
import SNMP

/// `muster-agent discover`: what the command line asks for, and one sweep of some networks.
public struct DiscoverRequest: Sendable {
    /// Networks in CIDR notation, or addresses.
    public var networks: [String]
    /// Communities, in the order in which they are preferred.
    public var communities: [String] = []
    /// Files with communities, behind the others.
    public var communityFiles: [String] = []
    /// The user of version 3, and how messages are sent; its address is not asked for.
    public var user = ProbeRequest(address: "")
    /// UDP port.
    public var port = 161
    /// Packets a second.
    public var rate = 1000
    /// Seconds to wait for the first answer.
    public var timeout = 0.7
    /// How often a silent address is asked again.
    public var retries = 1
    /// How addresses are asked: `snmp`, `icmp`, `tcp`, `arp`.
    public var methods: [String] = []
    /// TCP ports that are tried.
    public var tcpPorts: [Int] = [22, 80, 443]
    /// Directory of device profiles.
    public var profileDirectory: String?

    /// How many addresses one sweep may ask: more is asked in parts, so that nobody sweeps the world by a slip.
    public static let addresses = 1 << 20

    /// A request for these networks.
    public init(networks: [String]) { self.networks = networks }

    /// Sweeps and returns the text to print. `told` hears how many addresses of how many are done.
    ///
    /// Throws ``CommandError`` or ``FileError``. That nobody answers is no error.
    public func run(
        json: Bool, told: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> String {
        let networks = try parsedNetworks()
        let count = networks.reduce(0) { $0 + ($1.hostCount ?? 0) }
        guard count <= Self.addresses else {
            throw CommandError.usage("\(count) addresses; one sweep takes \(Self.addresses) at most, ask for a part")
        }
        var options = NetworkSweep.Options(credentials: try credentials())
        guard let port = UInt16(exactly: port), port > 0 else {
            throw CommandError.usage("--port \(self.port): a port is 1 to 65535")
        }
        guard (1...10_000).contains(rate) else { throw CommandError.usage("--rate: 1 to 10000 packets a second") }
        guard (0.05...60).contains(timeout) else { throw CommandError.usage("--timeout: 0.05 to 60 seconds") }
        guard (0...5).contains(retries) else { throw CommandError.usage("--retries: 0 to 5") }
        options.port = port
        options.rate = rate
        options.timeout = timeout
        options.retries = retries
        var configuration = AgentConfiguration()
        configuration.profileDirectory = profileDirectory
        let profiles = try configuration.profiles()
        let client: SNMPClient
        do throws(SNMPError) { client = try SNMPClient() } catch { throw CommandError.failed(error.description) }
        let sweep = AddressSweep(
            profiles: profiles, client: client, methods: try parsedMethods(), snmp: options, ports: try parsedPorts(),
            timeout: .seconds(timeout), isAllowed: { _ in true })
        let outcome = await sweep.run(networks) { told($0, count) }
        var report = outcome.report
        for problem in outcome.problems { report.receipt.failures[problem, default: 0] += 1 }
        return json ? try report.json() + "\n" : report.table()
    }

    private func parsedMethods() throws -> Set<DiscoveryMethod> {
        guard !methods.isEmpty else { return [.snmp] }
        let names = methods.flatMap { $0.split(separator: ",").map(String.init) }
        return Set(
            try names.map { name in
                guard let method = DiscoveryMethod(rawValue: name) else {
                    let known = DiscoveryMethod.allCases.map(\.rawValue).joined(separator: ", ")
                    throw CommandError.usage("--methods \(printed(name)): some of \(known)")
                }
                return method
            })
    }

    private func parsedPorts() throws -> [UInt16] {
        guard tcpPorts.count <= DiscoveryFinding.listed else {
            throw CommandError.usage("--tcp-ports: at most \(DiscoveryFinding.listed) ports")
        }
        return try tcpPorts.map { number in
            guard let port = UInt16(exactly: number), port > 0 else {
                throw CommandError.usage("--tcp-ports \(number): a port is 1 to 65535")
            }
            return port
        }
    }

    private func parsedNetworks() throws -> [IPNetwork] {
        guard !networks.isEmpty else { throw CommandError.usage("a network, such as 192.0.2.0/24") }
        return try networks.map { text in
            guard let network = IPNetwork(text) else {
                throw CommandError.usage(
                    "\(printed(text)): no network such as 192.0.2.0/24 or 2001:db8::/120, and no address; behind the "
                        + "prefix all bits are 0")
            }
            guard network.hostCount != nil else {
                throw CommandError.usage("\(printed(text)): too large to ask every address; ask for a part")
            }
            return network
        }
    }

    /// Every credential, in the order given: communities, files, the user.
    private func credentials() throws -> [SNMPCredential] {
        let known = try communities + communityFiles.map { try SecretFile.read($0) }
        var credentials: [SNMPCredential] = known.map {
            user.version == "1" ? .v1(community: $0) : .v2c(community: $0)
        }
        if user.user != nil || user.version == "3" {
            var request = user
            request.version = "3"
            credentials.append(try request.credential())
        }
        if credentials.isEmpty {
            credentials = [user.version == "1" ? .v1(community: "public") : .v2c(community: "public")]
        }
        if let version = user.version, !["1", "2c", "3"].contains(version) {
            throw CommandError.usage("--snmp-version \(printed(version)): 1, 2c or 3")
        }
        guard credentials.count <= 16 else { throw CommandError.usage("\(credentials.count) credentials; at most 16") }
        if let flaw = credentials.lazy.compactMap(\.flaw).first { throw CommandError.usage(flaw) }
        return credentials
    }
}
