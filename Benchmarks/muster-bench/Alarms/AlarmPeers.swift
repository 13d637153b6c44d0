import FoundationEssentials
import Outbound

/// Alertmanager with as many alerts, told through a web hook; it gets them ready made, without values, rules or a store.
enum AlarmPeers {
    static func alertmanager(alerts count: Int, _ programs: Programs, in directory: String, patience: Double)
        async throws
    {
        let figure = "alarms_storm_last_notification_seconds"
        let package = "prometheus-alertmanager"
        guard let program = programs.peer(package, called: "alertmanager", package: package, figure: figure) else {
            return
        }
        let sink = try WebhookSink()
        let configuration = directory + "/alertmanager.yml"
        // One group for each host, told at once: what comes nearest to one incident for each host.
        try write(
            """
            route: {receiver: bench, group_by: [instance], group_wait: 0s, group_interval: 5m}
            receivers:
            - name: bench
              webhook_configs: [{url: "http://127.0.0.1:\(sink.port)/", send_resolved: false}]
            """, to: configuration)
        let port = try Loopback.freePort()
        let running = try RunningProgram(
            program,
            [
                "--config.file=\(configuration)", "--storage.path=\(directory)/alertmanager",
                "--cluster.listen-address=",
                "--web.listen-address=127.0.0.1:\(port)", "--log.level=error",
            ])
        defer { running.stop() }
        let client = OutboundClient()
        defer { client.close() }
        try await Peer.waitUntilReady("http://127.0.0.1:\(port)/-/ready", client, running)
        let hosts = max(count / 5, 1)
        let began = ContinuousClock.now
        for first in stride(from: 0, to: count, by: 100) {
            let alerts = (first..<min(first + 100, count)).map { number in
                #"{"labels":{"alertname":"down","instance":"host-\#(number % hosts)","check":"\#(number)"}}"#
            }
            let answer = try await client.send(
                OutboundRequest(
                    .post, url: "http://127.0.0.1:\(port)/api/v2/alerts",
                    headers: [("Content-Type", "application/json")],
                    body: Array("[\(alerts.joined(separator: ","))]".utf8)))
            guard answer.status == 200 else { throw BenchError("Alertmanager answered \(answer.status)") }
        }
        let accepted = began.secondsSince
        while sink.received.count < hosts, began.secondsSince < patience {
            try await Task.sleep(for: .milliseconds(20))
        }
        let name = "alertmanager " + Peer.version(of: package)
        let note = "\(sink.received.count) notifications for \(count) alerts in \(hosts) groups, in memory only"
        let last = sink.received.last.map { ($0 - began).inSeconds }
        Figure("alarms_storm_accepted_seconds", accepted, "s", program: name, note: "in hundreds, in memory only")
            .print()
        Figure(figure, last, "s", program: name, note: note).print()
        Figure("alarms_storm_memory_after", ProcessTree(root: running.pid).memory().resident, "MiB", program: name)
            .print()
    }
}
