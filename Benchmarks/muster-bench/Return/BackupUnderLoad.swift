import Model
import Synchronization
import Wire

/// How long agents wait for answers while the collector writes a backup, and without one.
struct BackupUnderLoad {
    let collector: BenchCollector
    let values: Int

    private struct Standing: Decodable {
        var state: String
        var total_bytes: Int64
        var failure: String
    }

    func run(_ agents: [SimulatedAgent]) async throws {
        let calm = ContinuousClock.now
        let (after, quiet) = try await answers(agents) { calm.secondsSince < 5 }
        let target = collector.directory + "/backup"
        let began = ContinuousClock.now
        _ = try await collector.json(Standing.self, .post, "/v1/backup", body: #"{"target": "\#(target)"}"#)
        let running = Mutex(true)
        async let loaded = answers(after) { running.withLock { $0 } }
        var standing = try await collector.json(Standing.self, .get, "/v1/backup")
        while standing.state == "running" {
            try await Task.sleep(for: .milliseconds(20))
            standing = try await collector.json(Standing.self, .get, "/v1/backup")
        }
        let seconds = began.secondsSince
        running.withLock { $0 = false }
        let busy = try await loaded.1
        guard standing.state == "done" else { throw BenchError("the backup failed: \(standing.failure)") }
        Figure("return_backup_bytes", Double(standing.total_bytes), "B").print()
        Figure("return_backup_seconds", seconds, "s", note: "\(busy.sorted.count) reports taken meanwhile").print()
        Figure("return_answer_p99_without_backup", quiet.p99, "s", note: "\(quiet.sorted.count) reports").print()
        Figure("return_answer_max_without_backup", quiet.most, "s").print()
        Figure("return_answer_p99_during_backup", busy.p99, "s").print()
        Figure("return_answer_max_during_backup", busy.most, "s").print()
    }

    /// Every agent reports, one report after the other, while `goesOn`; at least one each.
    private func answers(
        _ agents: [SimulatedAgent], while goesOn: @escaping @Sendable () -> Bool
    ) async throws -> ([SimulatedAgent], Statistics) {
        let values = values
        let (after, times) = try await everyAgent(agents) { agent in
            var times: [Double] = []
            repeat {
                times.append(try await agent.send([.samples(agent.host.samples(count: values, round: 1))]).inSeconds)
            } while goesOn()
            return times
        }
        return (after, Statistics(times.flatMap { $0 }))
    }
}
