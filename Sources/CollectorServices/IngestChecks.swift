import Model
import Stores
import Wire

extension IngestService {
    /// How many failing runs in a row the feed tells of.
    static let toldFailures = 10

    /// Newest results, and an event for each change of state, each first sight, and the first failing runs.
    func checkEffects(_ results: [CheckResult], _ origin: FrameOrigin) async throws -> IngestEffects {
        guard results.count <= 1000 else {
            return IngestEffects(refusal: "\(results.count) check results in one report, limit 1000")
        }
        var effects = IngestEffects()
        for result in results {
            guard (1...Limits.nameBytes).contains(result.check.utf8.count),
                result.message.utf8.count <= Limits.valueBytes
            else { return IngestEffects(refusal: "a check's name has 1 to 255 bytes and its message at most 4096") }
            let ci = try await resolve(result.subject, origin)
            let before = try await store.newestResult(agent: origin.agent, check: result.check)
            effects.set.checks.append(.setResult(agent: origin.agent, ci: ci, result: result))
            let isTold =
                before == nil || before?.result.state != result.state || before?.ci != ci
                || (result.state != .ok && (1...IngestService.toldFailures).contains(result.failuresInRow))
            if isTold { effects.set.events.append(.checkReported(ci: ci, agent: origin.agent, result: result)) }
        }
        return effects
    }
}
