import FoundationEssentials
import Glibc
import Outbound
import Wire

/// A collector of its own in a scratch directory: the real program, on free ports of loopback.
struct BenchCollector {
    /// How it is configured beyond addresses and shipped files.
    struct Settings {
        /// `[[channel]]` tables.
        var channels = ""
        /// A directory of rules instead of the shipped ones.
        var rules: String?
    }

    let directory: String
    let agentsPort: Int
    let apiPort: Int
    let client = OutboundClient()
    private let program: String
    private var socket: String { directory + "/run/muster.sock" }
    private var configuration: String { directory + "/collector.toml" }

    /// The database's file.
    var database: String { directory + "/state/muster.db" }
    /// What it logs.
    var log: String { directory + "/collector.log" }

    /// Writes the configuration and makes CA and database; nothing runs yet.
    init(in directory: String, _ programs: Programs, _ settings: Settings = Settings()) throws {
        self.directory = directory
        program = try programs.path("muster-collector")
        agentsPort = try Loopback.freePort()
        apiPort = try Loopback.freePort()
        let shipped = try programs.shipped("collector-config")
        try FileManager.default.createDirectory(atPath: directory + "/run", withIntermediateDirectories: true)
        try write(
            """
            [collector]
            state_directory = "\(directory)/state"
            names = ["127.0.0.1"]
            api_address = "127.0.0.1"
            api_port = \(apiPort)
            agents_address = "127.0.0.1"
            agents_port = \(agentsPort)
            socket = "\(socket)"
            enrolments_per_minute = 100000
            log_level = "warning"

            [rules]
            directory = "\(settings.rules ?? shipped + "/rules")"

            [incidents]
            priorities = "\(shipped)/priority.toml"
            strings = "\(shipped)/strings"

            \(settings.channels)
            """, to: configuration)
        let made = try RunningProgram(program, ["init", "--config", configuration], output: log, errors: log)
        guard try made.wait(atMost: 60).status == 0 else { throw complaint("muster-collector init failed") }
    }

    /// Starts it and waits until it is ready; returns the program and the seconds that took.
    func start() async throws -> (program: RunningProgram, seconds: Double) {
        let began = ContinuousClock.now
        let running = try RunningProgram(program, ["run", "--config", configuration], output: log, errors: log)
        while true {
            if let answer = try? await send(.get, "/readyz"), answer.status == 200 {
                return (running, began.secondsSince)
            }
            guard running.isRunning, began.secondsSince < 300 else {
                throw complaint("the collector does not get ready")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// A request over its unix socket, which needs no token.
    func send(_ method: OutboundRequest.Method, _ path: String, body: [UInt8]? = nil) async throws -> OutboundResponse {
        var request = OutboundRequest(method, url: "http://localhost" + path, body: body)
        request.unixSocket = socket
        request.limits.total = .seconds(300)
        request.limits.responseBytes = 256 << 20
        if body != nil { request.headers.append(("Content-Type", "application/json")) }
        return try await client.send(request)
    }

    /// The JSON a request is answered with.
    func json<Value: Decodable>(
        _ type: Value.Type, _ method: OutboundRequest.Method, _ path: String, body: String? = nil
    )
        async throws -> Value
    {
        let answer = try await send(method, path, body: body.map { Array($0.utf8) })
        guard (200...299).contains(answer.status) else {
            throw BenchError(
                "\(path) answered \(answer.status): \(String(decoding: answer.body.prefix(300), as: UTF8.self))")
        }
        return try JSONDecoder().decode(type, from: Data(answer.body))
    }

    /// `count` join tokens.
    func joinTokens(_ count: Int) async throws -> [JoinToken] {
        struct Answer: Decodable { var token: String }
        var tokens: [JoinToken] = []
        for _ in 0..<count {
            let answer = try await json(
                Answer.self, .post, "/v1/tokens", body: #"{"life_seconds": 3600, "note": "muster-bench"}"#)
            guard let token = JoinToken(answer.token) else { throw BenchError("the collector made no join token") }
            tokens.append(token)
        }
        return tokens
    }

    /// What the API's TLS listener is trusted by.
    var trust: TLSSettings { TLSSettings(trust: .file(directory + "/state/ca.pem")) }

    /// Where the API listens.
    var url: String { "https://127.0.0.1:\(apiPort)" }

    private func complaint(_ what: String) -> BenchError {
        let said = (readFile(log) ?? "").split(separator: "\n").suffix(3).joined(separator: " | ")
        return BenchError("\(what): \(said)")
    }
}
