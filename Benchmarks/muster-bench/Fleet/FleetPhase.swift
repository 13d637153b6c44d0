/// Lets every agent send `rounds` reports, all agents at once, and prints reports a second and the answers' times.
func phase(
    _ name: String, _ agents: [SimulatedAgent], rounds: Int,
    _ send: @escaping @Sendable (inout SimulatedAgent, Int) async throws -> Duration
) async throws -> [SimulatedAgent] {
    let started = ContinuousClock.now
    let (after, times) = try await everyAgent(agents) { agent in
        var times: [Double] = []
        for round in 0..<rounds { times.append(try await send(&agent, round).inSeconds) }
        return times
    }
    let seconds = started.secondsSince
    let answers = Statistics(times.flatMap { $0 })
    Figure("fleet_\(name)_reports_per_second", Double(answers.sorted.count) / seconds, "1/s").print()
    Figure("fleet_\(name)_answer_p50_seconds", answers.median, "s").print()
    Figure("fleet_\(name)_answer_p99_seconds", answers.p99, "s").print()
    return after
}

/// Lets every agent do something, all at once; returns them as they are afterwards, with what came of it, in order.
func everyAgent<Outcome: Sendable>(
    _ agents: [SimulatedAgent], _ body: @escaping @Sendable (inout SimulatedAgent) async throws -> Outcome
) async throws -> ([SimulatedAgent], [Outcome]) {
    let results = try await withThrowingTaskGroup(of: (SimulatedAgent, Outcome).self) { group in
        for agent in agents {
            group.addTask {
                var agent = agent
                let outcome = try await body(&agent)
                return (agent, outcome)
            }
        }
        return try await group.reduce(into: []) { $0.append($1) }
    }
    let inOrder = results.sorted { $0.0.host.number < $1.0.host.number }
    return (inOrder.map(\.0), inOrder.map(\.1))
}
