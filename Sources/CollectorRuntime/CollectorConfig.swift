import CollectorServices
import FleetCA
import HTTPAPI
import Model
import Notifications
import Outbound
import Stores
import TOML

/// The collector's settings, as `collector.toml` and the `*.toml` files of `collector.toml.d` give them.
public struct CollectorConfig: Sendable {
    /// Where database, CA and samples live.
    public var stateDirectory: String
    /// Host names and addresses under which the collector is reached; the first goes into join tokens.
    public var names: [String]
    /// Where the API listens.
    public var api: Endpoint
    /// Where agents are heard.
    public var agents: Endpoint
    /// Path of the unix socket.
    public var socket: String
    /// The least level that is logged: trace, debug, info, notice, warning, error, critical.
    public var logLevel: String
    /// Enrolments per minute and address.
    public var enrolmentsPerMinute: Int
    /// Connections of each port.
    public var connections: ConnectionLimits
    /// Seconds that an agent's certificate lives; it asks for the next one at two thirds.
    public var certificateSeconds: Int64
    /// How long after its end an agent's certificate may be exchanged for the next one.
    public var recoverSeconds: Int64
    /// Directory of declared services; nil for none.
    public var servicesDirectory: String?
    /// Directory of alarm rules.
    public var rulesDirectory: String
    /// Directory of agents' policies.
    public var policiesDirectory: String
    /// Seconds after which what was found in a network, waits and is not seen any more is forgotten; 0 for never.
    public var forgetSeconds: Int64
    /// How incidents are graded and worded.
    public var incidents: Incidents
    /// The pages for people.
    public var console: Console
    /// How long samples are kept.
    public var samples: SampleRetention
    /// Scheduled backups.
    public var backup: BackupSettings
    /// Sites whose GLPI agents may send inventories.
    public var glpiSites: [GLPISite]
    /// Channels that notifications go through.
    public var channels: [ChannelCatalogue.Entry]

    /// An address and a port to listen on.
    public struct Endpoint: Hashable, Sendable {
        /// `0.0.0.0`, `::` or one address of this host.
        public var address: String
        /// 1 to 65535.
        public var port: Int
    }

    /// The pages for people.
    public struct Console: Hashable, Sendable {
        /// The file with Chart.js.
        public var chartScript: String
        /// Graphviz's program `dot`.
        public var dot: String
    }

    /// How incidents are graded and worded.
    public struct Incidents: Hashable, Sendable {
        /// The file with the priority matrix.
        public var priorities: String
        /// The directory with one string catalogue per language.
        public var strings: String
        /// The language of incidents and notifications.
        public var language: String
        /// Seconds after it was resolved in which an incident is reopened instead of a new one opened.
        public var reopenSeconds: Int64
    }

    /// Reads the file at `path`; unknown keys and wrong values are refused with file and line.
    public static func load(_ path: String, outbound: OutboundClient) throws(TOMLError) -> CollectorConfig {
        try decode(try TOMLDocument.load(path), outbound: outbound)
    }

    static func decode(_ root: TOMLTable, outbound: OutboundClient) throws(TOMLError) -> CollectorConfig {
        let main = try root.requiredTable("collector")
        let names = try main.strings("names", maxBytes: 253) ?? []
        guard !names.isEmpty else {
            throw main.refusal("names", found: "empty", accepted: "at least one host name or address")
        }
        let config = CollectorConfig(
            stateDirectory: try main.path("state_directory") ?? "/var/lib/muster-collector", names: names,
            api: try main.endpoint("api", port: 7600), agents: try main.endpoint("agents", port: 7601),
            socket: try main.path("socket") ?? "/run/muster-collector/muster.sock",
            logLevel: try main.logLevel(),
            enrolmentsPerMinute: try main.int("enrolments_per_minute", in: 1...100_000) ?? 20,
            connections: ConnectionLimits(
                most: try main.int("connections", in: 16...1_000_000) ?? ConnectionLimits().most,
                strangersPerAddress: try main.int("connections_per_address", in: 4...1_000_000)
                    ?? ConnectionLimits().strangersPerAddress),
            certificateSeconds: try main.duration(
                "agent_certificate_life", in: .seconds(86_400) ... .seconds(825 * 86_400))?.components.seconds
                ?? FleetAuthority.agentSeconds,
            recoverSeconds: try main.duration("recover_within", in: .zero ... .seconds(3652 * 86_400))?.components
                .seconds
                ?? EnrolmentService.recoverSeconds,
            servicesDirectory: try root.table("services")?.path("directory"),
            rulesDirectory: try root.table("rules")?.path("directory") ?? "/etc/muster/rules",
            policiesDirectory: try root.table("policies")?.path("directory") ?? "/etc/muster/policies",
            forgetSeconds: try root.table("discovery")?.duration(
                "forget_after", in: .zero ... .seconds(3652 * 86_400))?.components.seconds ?? 90 * 86_400,
            incidents: try Incidents(root.table("incidents")), console: try Console(root.table("console")),
            samples: try SampleRetention(root.table("samples")), backup: try BackupSettings(root.table("backup")),
            glpiSites: try GLPISettings.sites(try root.tables("glpi_site")),
            channels: try ChannelCatalogue.channels(from: try root.tables("channel"), outbound: outbound))
        try root.finish()
        return config
    }
}

extension CollectorConfig.Incidents {
    init(_ table: TOMLTable?) throws(TOMLError) {
        priorities = try table?.path("priorities") ?? "/etc/muster/priority.toml"
        strings = try table?.path("strings") ?? "/etc/muster/strings"
        language = try table?.string("language", maxBytes: 64) ?? "en"
        let reopen = try table?.duration("reopen_within", in: .zero ... .seconds(604_800))
        reopenSeconds = reopen?.components.seconds ?? 900
    }
}

extension SampleRetention {
    init(_ table: TOMLTable?) throws(TOMLError) {
        let standard = SampleRetention()
        self.init(
            rawDays: try table?.int("raw_days", in: 1...3650) ?? standard.rawDays,
            hourlyMonths: try table?.int("hourly_months", in: 1...1200) ?? standard.hourlyMonths)
    }
}

extension BackupSettings {
    init(_ table: TOMLTable?) throws(TOMLError) {
        isEnabled = try table?.bool("enabled") ?? false
        directory = try table?.path("directory") ?? "/var/backups/muster-collector"
        interval = try table?.duration("interval", in: .seconds(3600) ... .seconds(2_678_400)) ?? .seconds(86_400)
        keep = try table?.int("keep", in: 1...1000) ?? 7
    }
}

extension CollectorConfig.Console {
    init(_ table: TOMLTable?) throws(TOMLError) {
        chartScript = try table?.path("chart_script") ?? "/usr/share/javascript/chart.js/chart.min.js"
        dot = try table?.path("dot") ?? "/usr/bin/dot"
    }
}

extension CollectorConfig {
    /// The first of the collector's names as it stands in an address: IPv6 in brackets.
    public var urlName: String {
        let name = names.first ?? "localhost"
        return name.utf8.contains(UInt8(ascii: ":")) ? "[" + name + "]" : name
    }
}

extension TOMLTable {
    /// A path that begins with a slash; relative ones would depend on where the program is started.
    func path(_ key: String) throws(TOMLError) -> String? {
        guard let text = try string(key) else { return nil }
        guard text.utf8.first == UInt8(ascii: "/") else {
            throw refusal(key, found: "\"\(text)\"", accepted: "a path that begins with /")
        }
        return text.utf8.count > 1 && text.utf8.last == UInt8(ascii: "/") ? String(text.dropLast()) : text
    }

    fileprivate func endpoint(_ name: String, port: Int) throws(TOMLError) -> CollectorConfig.Endpoint {
        let address = try string(name + "_address") ?? "0.0.0.0"
        guard IPAddress(address) != nil else {
            throw refusal(name + "_address", found: "\"\(address)\"", accepted: "an IPv4 or IPv6 address")
        }
        return CollectorConfig.Endpoint(address: address, port: try int(name + "_port", in: 1...65535) ?? port)
    }

    fileprivate func logLevel() throws(TOMLError) -> String {
        try word("log_level", among: ["trace", "debug", "info", "notice", "warning", "error", "critical"]) ?? "info"
    }
}
