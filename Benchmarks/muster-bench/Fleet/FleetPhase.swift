/// Lets every agent send `rounds` reports, all agents at once, and prints reports a second and the answers' times.
func phase(
    _ name: String, _ agents: [SimulatedAgent], rounds: Int,
    _ send: @escaping @Sendable (inout SimulatedAgent, Int) async throws -> Duration
) async throws -> [SimulatedAgent] {
    let started = ContinuousClock.now
    let results = try await withThrowingTaskGroup(of: (SimulatedAgent, [Duration]).self) { group in
        for agent in agents {
            group.addTask {
                var agent = agent
                var times: [Duration] = []
                for round in 0..<rounds { times.append(try await send(&agent, round)) }
                return (agent, times)
            }
        }
        return try await group.reduce(into: []) { $0.append($1) }
    }
    let times = results.flatMap(\.1).sorted()
    Figure("fleet_\(name)_reports_per_second", rate(times.count, since: started), "1/s").print()
    Figure("fleet_\(name)_answer_p50_seconds", seconds(percentile(times, 0.5)), "s").print()
    Figure("fleet_\(name)_answer_p99_seconds", seconds(percentile(times, 0.99)), "s").print()
    return results.map(\.0).sorted { $0.host.number < $1.host.number }
}

/// How many a second since `started`.
func rate(_ count: Int, since started: ContinuousClock.Instant) -> Double {
    Double(count) / max(seconds(ContinuousClock.now - started), 1e-9)
}

private func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }

private func percentile(_ sorted: [Duration], _ share: Double) -> Duration {
    sorted.isEmpty ? .zero : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
}
