import Alarms
import CMDB
import CollectorServices
import Foundation
import HTTPAPI
import Logging
import Model
import Notifications
import SQLiteStores
import ServiceDesk
import Stores
import TOML
import Testing
import Wire

@testable import Console

/// The console over a real store in a directory of its own, asked in process.
struct ConsoleBench {
    let directory: String
    let store: SQLiteStore
    let accounts: AccountsService
    let agents: AgentsService
    let table: RouteTable

    /// A bench; `policies` are texts of policies by the name of their file.
    init(rules: RuleSet = RuleSet([]), policies: [String: String] = [:]) throws {
        directory = NSTemporaryDirectory() + "muster-console-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: directory + "/samples", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try FileManager.default.createDirectory(
            atPath: directory + "/policies", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        for (name, text) in policies {
            try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/policies/" + name))
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644], ofItemAtPath: directory + "/policies/" + name)
        }
        store = try SQLiteStore(path: directory + "/muster.db")
        accounts = AccountsService(store: store, now: SQLiteStore.wallTime)
        agents = AgentsService(store: store, now: SQLiteStore.wallTime)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let clock = AlarmClock.steady(from: SQLiteStore.wallTime())
        let texts = try StringCatalogue.load(
            directory: CatalogueTests.root + "/collector-config/strings", language: "en")
        let graph = GraphService(store: store, logger: logger)
        let services = ConsoleServices(
            accounts: accounts, queries: QueryService(store: store), fleet: FleetOverview(store: store),
            graph: graph, networks: NetworkMaps(store: store, graph: graph), agents: agents,
            alarms: AlarmCommands(store: store, rules: rules, clock: clock),
            incidents: IncidentCommands(
                store: store, impact: NoImpact(),
                matrix: try PriorityMatrix.load(CatalogueTests.root + "/collector-config/priority.toml"),
                stages: NotificationStages(routes: [], texts: texts), clock: clock),
            discoveries: DiscoveryCommands(store: store, now: SQLiteStore.wallTime),
            sweeps: SweepOverview(store: store),
            rules: rules,
            policies: try PolicyService(
                store: store, directory: directory + "/policies", wants: WantsHub(run: "run"), logger: logger),
            feed: store, samples: try SQLiteSampleStore(directory: directory + "/samples"),
            origin: "https://collector.example.net:7600", health: ServiceHealth(store: store, graph: graph),
            changes: RecentChanges(store: store, graph: graph),
            rulesDirectory: CatalogueTests.root + "/collector-config/rules",
            join: ConsoleServices.Join(
                host: "collector.example.net", port: 7601, authority: SHA256Digest(of: Array("ca".utf8))))
        let console = try ConsoleRoutes(
            services, languages: try CatalogueTests.languages(), chartScript: nil, dot: "/usr/bin/dot",
            mapPatience: .seconds(20), logger: logger,
            now: SQLiteStore.wallTime)
        table = RouteTable(console.all, pages: console.problems)
    }

    func remove() { try? FileManager.default.removeItem(atPath: directory) }

    /// A user of a role, signed in.
    func person(_ name: String, _ role: UserRole) async throws -> SignedInPerson {
        _ = try await accounts.add(name, role: role, by: "root")
        let (link, _) = try await accounts.makeSignInLink(name, by: "root")
        let secret = try await accounts.signIn(link: link.text, from: "192.0.2.\(name.utf8.count)")
        return SignedInPerson(user: try await accounts.user(name), secret: secret.text)
    }

    /// What a browser gets for a path.
    func get(_ path: String, _ person: SignedInPerson?, language: String = "en") async -> APIResponse {
        await table.answer(
            method: "GET", target: path, caller: person.map(Caller.person) ?? .nobody(.absent), address: "192.0.2.1",
            fields: RequestFields([(name: "accept-language", value: language)]), body: { [] }
        ).0
    }

    /// What a browser gets for a form; the session's token is added.
    func post(
        _ path: String, _ person: SignedInPerson?, _ fields: [(String, String)] = [], from site: String = "same-origin",
        token: Bool = true
    ) async -> APIResponse {
        var pairs = fields
        if token, let person { pairs.append(("form", person.formToken)) }
        let body = pairs.map { Site.encoded($0.0) + "=" + Site.encoded($0.1) }.joined(separator: "&")
        return await table.answer(
            method: "POST", target: path, caller: person.map(Caller.person) ?? .nobody(.absent), address: "192.0.2.1",
            fields: RequestFields([(name: "sec-fetch-site", value: site)]), body: { Array(body.utf8) }
        ).0
    }
}

extension APIResponse {
    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
    /// The value of a further header field.
    func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
}

private struct NoImpact: ImpactSource {
    func affected(by ci: CIID) async throws -> [AffectedCI] { [] }
}
