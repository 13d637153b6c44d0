import FleetCA
import FoundationEssentials
import Glibc
import LinuxSystem
import Model
import Outbound

extension CollectorCommands {
    /// Told what goes on and how many bytes of how many are done.
    public typealias BackupProgress = @Sendable (_ step: String, _ done: Int64, _ total: Int64) -> Void

    private struct Order: Encodable { var target: String }

    private struct Standing: Decodable {
        var state: String?
        var target: String?
        var step: String?
        var done_bytes: Int64?
        var total_bytes: Int64?
        var files: Int?
        var commit: Int64?
        var failure: String?
        var started_at: String?
        var ended_at: String?

        var milliseconds: Int64 {
            guard let started = started_at.flatMap({ Timestamp(rfc3339: $0) }),
                let ended = ended_at.flatMap({ Timestamp(rfc3339: $0) })
            else { return 0 }
            return ended.milliseconds(since: started)
        }
        var detail: String?
    }

    /// Lets the running collector write a backup into the new directory `target`; waits until it stands.
    public static func backup(_ path: String, to target: String, progress: BackupProgress) async throws -> [String] {
        let outbound = OutboundClient()
        let config = try CollectorConfig.load(path, outbound: outbound)
        let body = Array(try JSONEncoder().encode(Order(target: absolute(target))))
        var standing = try await ask(.post, body, config, outbound)
        while standing.state == "running" {
            progress(standing.step ?? "", standing.done_bytes ?? 0, standing.total_bytes ?? 0)
            try await Task.sleep(for: .milliseconds(100))
            standing = try await ask(.get, nil, config, outbound)
        }
        guard standing.state == "done" else {
            throw CollectorFailure(standing.failure ?? standing.detail ?? "the collector does not say why")
        }
        return [
            "\(standing.target ?? target): \(standing.files ?? 0) files, \(standing.done_bytes ?? 0) bytes, commit "
                + "\(standing.commit ?? 0), \(standing.milliseconds) ms",
            "it holds the fleet CA's key and the server's key: whoever has it is every agent; keep it as safe as "
                + "\(config.stateDirectory)",
        ]
    }

    /// Puts the backup in `source` in place of an empty state directory.
    public static func restore(
        _ path: String, from source: String, progress: @escaping BackupProgress
    ) async throws -> [String] {
        try StateDirectory.checkConfig(path)
        let outbound = OutboundClient()
        let config = try CollectorConfig.load(path, outbound: outbound)
        guard try await !isAnswering(config, outbound) else {
            throw CollectorError.state("the collector runs; stop it before restoring (systemctl stop muster-collector)")
        }
        let restore = BackupRestore(
            source: absolute(source), stateDirectory: config.stateDirectory, progress: progress)
        let manifest = try await BlockingThread.run { Result { try restore.restore() } }.get()
        return [
            "\(config.stateDirectory): backup of \(manifest.madeAt), commit \(manifest.commit), "
                + "\(manifest.files.count) files, \(manifest.totalBytes) bytes, every sum right",
            "next: start the collector; agents go on by themselves, what they had delivered since the backup is declared "
                + "lost in their ledgers",
        ]
    }

    private static func ask(
        _ method: OutboundRequest.Method, _ body: [UInt8]?, _ config: CollectorConfig, _ outbound: OutboundClient
    ) async throws -> Standing {
        var request = OutboundRequest(method, url: "http://localhost/v1/backup", body: body)
        request.unixSocket = config.socket
        let response: OutboundResponse
        do throws(OutboundError) { response = try await outbound.send(request) } catch {
            throw CollectorFailure(
                error.kind == .connection
                    ? "no collector answers on \(config.socket); a backup is made by the running collector (a stopped "
                        + "one's state directory can be copied as it is)" : error.description)
        }
        let standing = try? JSONDecoder().decode(Standing.self, from: Data(response.body))
        guard (200...299).contains(response.status), let standing, standing.state != nil else {
            throw CollectorFailure(standing?.detail ?? "the collector answered with status \(response.status)")
        }
        return standing
    }

    private static func isAnswering(_ config: CollectorConfig, _ outbound: OutboundClient) async throws -> Bool {
        guard PrivateFile.exists(config.socket) else { return false }
        var request = OutboundRequest(url: "http://localhost/healthz")
        request.unixSocket = config.socket
        do throws(OutboundError) {
            _ = try await outbound.send(request)
            return true
        } catch {
            return error.kind != .connection
        }
    }

    /// The collector works in another directory than whoever calls.
    private static func absolute(_ path: String) -> String {
        let base = path.utf8.first == UInt8(ascii: "/") ? "" : FileManager.default.currentDirectoryPath
        var parts: [Substring] = []
        for part in "\(base)/\(path)".split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}

/// Why something that was asked for well did not come about: exit status 1.
struct CollectorFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
