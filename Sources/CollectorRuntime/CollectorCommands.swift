import CollectorServices
import FleetCA
import FoundationEssentials
import HTTPAPI
import LinuxSystem
import Logging
import Outbound
import SQLiteStores
import TOML
import Wire

/// What `muster-collector` does, without the parsing of its arguments.
public enum CollectorCommands {
    /// Reads the configuration and everything it names; returns a line for each thing that was read.
    public static func check(_ path: String) async throws -> [String] {
        try StateDirectory.checkConfig(path)
        let config = try CollectorConfig.load(path, outbound: OutboundClient())
        return try ConfiguredFiles.check(config)
    }

    /// Makes state directory, CA and database; refuses where a CA stands.
    public static func initialise(_ path: String) async throws -> [String] {
        try StateDirectory.checkConfig(path)
        let config = try CollectorConfig.load(path, outbound: OutboundClient())
        try ServiceAccount.become(ownerOf: config.stateDirectory)
        try StateDirectory.make(config.stateDirectory)
        try StateDirectory.check(config.stateDirectory)
        let now = SQLiteStore.wallTime()
        let authority = try FleetAuthority.create(in: config.stateDirectory, at: now)
        _ = try authority.serverCertificate(in: config.stateDirectory, names: config.names, at: now)
        _ = try SQLiteStore(path: config.stateDirectory + "/muster.db")
        return [
            "state in \(config.stateDirectory)", "fleet CA \(authority.digest) (ca.pem)",
            "next: muster-collector run, then muster-collector token",
        ]
    }

    /// Runs the collector until it is told to stop.
    public static func run(_ path: String) async throws {
        try StateDirectory.checkProgram()
        try StateDirectory.checkConfig(path)
        let outbound = OutboundClient()
        let config = try CollectorConfig.load(path, outbound: outbound)
        guard FleetAuthority.exists(in: config.stateDirectory) else {
            throw CollectorError.state(
                "\(config.stateDirectory) has no fleet CA; run muster-collector init --config \(path) first")
        }
        try StateDirectory.check(config.stateDirectory)
        try StateDirectory.makeParent(of: config.socket)
        let level = Logger.Level(rawValue: config.logLevel) ?? .info
        let logger = Logger(label: "muster-collector") { LineLogHandler(logLevel: level, label: $0) }
        try await Collector(config: config, outbound: outbound, logger: logger).run()
    }

    /// A join token: through the socket of the running collector, or straight from the store when none runs.
    public static func token(_ path: String, seconds: Int64, note: String) async throws -> String {
        let outbound = OutboundClient()
        let config = try CollectorConfig.load(path, outbound: outbound)
        if PrivateFile.exists(config.socket), let text = try await onlineToken(config, outbound, seconds, note) {
            return text
        }
        try ServiceAccount.become(ownerOf: config.stateDirectory)
        try StateDirectory.check(config.stateDirectory)
        let authority = try FleetAuthority.load(from: config.stateDirectory)
        let store = try SQLiteStore(path: config.stateDirectory + "/muster.db")
        let agents = AgentsService(store: store, now: SQLiteStore.wallTime)
        let (secret, _) = try await agents.makeJoinSecret(seconds: seconds, note: note, by: "root")
        return JoinToken(
            host: config.names.first ?? "", port: config.agents.port, authority: authority.digest, secret: secret.text
        ).text
    }

    private struct Order: Encodable {
        var life_seconds: Int64
        var note: String
    }

    private struct Answer: Decodable {
        var token: String?
        var detail: String?
    }

    /// nil when nobody listens on the socket.
    private static func onlineToken(
        _ config: CollectorConfig, _ outbound: OutboundClient, _ seconds: Int64, _ note: String
    ) async throws -> String? {
        var request = OutboundRequest(
            .post, url: "http://localhost/v1/tokens",
            body: Array(try JSONEncoder().encode(Order(life_seconds: seconds, note: note))))
        request.unixSocket = config.socket
        guard let response = try await answer(to: request, outbound) else { return nil }
        let answer = try? JSONDecoder().decode(Answer.self, from: Data(response.body))
        guard let token = answer?.token else {
            throw CollectorError.state(answer?.detail ?? "the collector answered with status \(response.status)")
        }
        return token
    }

    private static func answer(
        to request: OutboundRequest, _ outbound: OutboundClient
    ) async throws(OutboundError) -> OutboundResponse? {
        do {
            return try await outbound.send(request)
        } catch {
            guard error.kind == .connection else { throw error }
            return nil
        }
    }
}
