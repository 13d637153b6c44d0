import CollectorServices
import FoundationEssentials
import LinuxSystem
import Model
import Stores

/// What the collector measures of itself, for `/metrics`. The number of series is bounded by routes, states, channels
/// and readers, never by hosts or names from outside.
public struct CollectorMetrics: Sendable {
    private let store: any StoreFigureReading
    private let requests: RequestMeters
    private let ingest: MeteredIngest
    private let graph: GraphService
    private let certificates: @Sendable () -> [Doctor.Certificate]
    private let samplesDirectory: String
    private let now: @Sendable () -> Timestamp

    /// Metrics over what counts and what is stored.
    public init(
        store: any StoreFigureReading, requests: RequestMeters, ingest: MeteredIngest, graph: GraphService,
        certificates: @escaping @Sendable () -> [Doctor.Certificate], samplesDirectory: String,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.requests = requests
        self.ingest = ingest
        self.graph = graph
        self.certificates = certificates
        self.samplesDirectory = samplesDirectory
        self.now = now
    }

    /// The exposition now.
    func text() async throws -> String {
        let figures = try await store.storeFigures()
        let graphLag = try await graph.lag()
        let samples = await BlockingThread.run { [samplesDirectory] in
            DirectoryBytes.sum(in: samplesDirectory, prefix: "")
        }
        var text = OpenMetricsText()
        text.family("muster_build", .info, "What runs.")
        text.sample("muster_build_info", [("version", ProductVersion.text)], 1)
        Self.writeProcess(to: &text)
        requests.write(to: &text)
        ingest.write(to: &text)
        Self.write(figures, to: &text)
        if let graphLag {
            text.gauge("muster_graph_lag", "Changes that are not in the graph yet.", graphLag)
        }
        text.gauge(
            "muster_samples_bytes", unit: "bytes", "Size of the files of samples.", Int64(clamping: samples))
        writeCertificates(to: &text)
        return text.finished
    }

    private static func writeProcess(to text: inout OpenMetricsText) {
        let process = ProcessFigures()
        text.family("process_cpu_seconds", .counter, unit: "seconds", "Processor time, user and system.")
        text.sample("process_cpu_seconds_total", [], real: process.cpuSeconds)
        text.gauge("process_resident_memory_bytes", unit: "bytes", "Resident memory.", process.residentBytes)
        text.gauge("process_open_fds", "Open file descriptors.", process.descriptors)
        text.gauge("process_max_fds", "Most file descriptors that may be open.", process.descriptorLimit)
    }

    private static func write(_ figures: StoreFigures, to text: inout OpenMetricsText) {
        text.family("muster_agents", .gauge, "Agents by how they stand.")
        for (state, count) in [
            ("live", figures.liveAgents), ("new", figures.newAgents), ("revoked", figures.revokedAgents),
            ("silent", figures.silentAgents),
        ] { text.sample("muster_agents", [("state", state)], count) }
        text.family("muster_alarms", .gauge, "Alarms by state.")
        for state in AlarmState.allCases {
            text.sample("muster_alarms", [("state", state.rawValue)], figures.alarms[state] ?? 0)
        }
        text.family("muster_incidents", .gauge, "Incidents by state.")
        for state in IncidentState.allCases {
            text.sample("muster_incidents", [("state", state.rawValue)], figures.incidents[state] ?? 0)
        }
        text.family("muster_notifications", .gauge, "Notifications by state.")
        for state in NotificationState.allCases {
            text.sample("muster_notifications", [("state", state.rawValue)], figures.notifications[state] ?? 0)
        }
        text.family("muster_feed_lag", .gauge, "Changes that a reader of the feed has not saved as seen.")
        for (reader, cursor) in figures.readers.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            text.sample(
                "muster_feed_lag", [("reader", reader.rawValue)], max(0, figures.newest.rawValue - cursor.rawValue))
        }
        text.gauge("muster_database_bytes", unit: "bytes", "Size of the database.", figures.databaseBytes)
        text.gauge("muster_database_log_bytes", unit: "bytes", "Size of its write-ahead log.", figures.logBytes)
        text.gauge("muster_commits_waiting", "Change sets that wait for the writer.", figures.waitingCommits)
    }

    private func writeCertificates(to text: inout OpenMetricsText) {
        text.family(
            "muster_certificate_remaining_seconds", .gauge, unit: "seconds", "Time until a certificate ends.")
        for certificate in certificates() {
            text.sample(
                "muster_certificate_remaining_seconds", [("certificate", certificate.name)],
                certificate.notAfter.milliseconds(since: now()) / 1000)
        }
    }
}
