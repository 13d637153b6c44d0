import FoundationEssentials
import Outbound

/// What all peers have in common.
enum Peer {
    /// The version of a Debian package, without epoch and revision; empty where it is not known.
    static func version(of package: String) -> String {
        let status = readFile("/var/lib/dpkg/status") ?? ""
        guard let start = status.firstRange(of: "Package: \(package)\n") else { return "" }
        let entry = status[start.upperBound...].prefix(4000)
        let line = entry.split(separator: "\n").first { $0.hasPrefix("Version: ") } ?? ""
        let version = line.dropFirst("Version: ".count)
        return String((version.split(separator: ":").last ?? "").prefix { $0 != "-" && $0 != "+" })
    }

    /// Waits until a server answers a path with 200, for at most 20 seconds.
    static func waitUntilReady(_ url: String, _ client: OutboundClient, _ running: RunningProgram) async throws {
        let began = ContinuousClock.now
        while running.isRunning, began.secondsSince < 20 {
            if let answer = try? await client.send(OutboundRequest(.get, url: url)), answer.status == 200 { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw BenchError("\(url) is not ready")
    }
}
