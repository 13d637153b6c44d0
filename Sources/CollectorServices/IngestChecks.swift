import Model
import Stores
import Wire

extension IngestEffects {
    /// A check is not made any more: its result goes, and who waited for a better one hears of it. One that was never heard of is
    /// nothing to tell.
    fileprivate mutating func withdraw(_ result: CheckResult, _ ci: CIID?, _ origin: FrameOrigin) {
        guard let ci else { return }
        var result = result
        result.state = .unknown
        result.failuresInRow = 0
        set.checks.append(.removeResult(agent: origin.agent, check: result.check))
        set.events.append(.checkReported(ci: ci, agent: origin.agent, result: result))
    }
}

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
            let before = try await store.newestResult(agent: origin.agent, check: result.check)
            if result.isWithdrawn == true {
                effects.withdraw(result, before?.ci, origin)
                continue
            }
            if let refusal = try await refusal(of: result.subject, origin) {
                effects.set.agents.append(refusal)
                continue
            }
            let ci = try await resolve(result.subject, origin)
            effects.set.checks.append(.setResult(agent: origin.agent, ci: ci, result: result))
            let isTold =
                before == nil || before?.result.state != result.state || before?.ci != ci
                || (result.state != .ok && (1...IngestService.toldFailures).contains(result.failuresInRow))
            if isTold { effects.set.events.append(.checkReported(ci: ci, agent: origin.agent, result: result)) }
        }
        return effects
    }
}
