import Model
import Stores
import Synchronization
import Wire

extension IngestService {
    /// Stores samples apart from the main commit and before it: a repeat finds them stored and changes nothing.
    func sampleEffects(_ report: SampleReport, _ origin: FrameOrigin) async throws -> IngestEffects {
        var dictionary = try await dictionary(origin)
        let introduced = report.introduced.filter { dictionary[$0.index] == nil }
        if !introduced.isEmpty {
            guard dictionary.count + introduced.count <= SeriesDictionaries.seriesPerEpoch else {
                return IngestEffects(
                    refusal: "more than \(SeriesDictionaries.seriesPerEpoch) series in one epoch of \(origin.agent)")
            }
            let fresh = Dictionary(introduced.map { ($0.index, $0.series) }) { first, _ in first }
            try await samples.introduce(fresh, agent: origin.agent, epoch: origin.epoch)
            dictionary.merge(fresh) { first, _ in first }
            dictionaries.keep(dictionary, agent: origin.agent, epoch: origin.epoch)
        }
        var values: [Sample] = []
        for value in report.values {
            guard let series = dictionary[value.index] else {
                return IngestEffects(
                    refusal: "series \(value.index) has no name in this epoch; send the dictionary", want: .dictionary)
            }
            values.append(Sample(series, value.value))
        }
        // The names of the series hold for later reports, whoever has this device.
        if let refusal = try await refusal(of: report.subject, origin) { return IngestEffects(agents: [refusal]) }
        var effects = IngestEffects()
        let ci = try await resolve(report.subject, origin)
        try await samples.store(
            StoredSamples(
                agent: origin.agent, epoch: origin.epoch, sequence: origin.frame.sequence, ci: ci,
                receivedAt: origin.now, values: values))
        effects.arrived = (ci, values)
        return effects
    }

    private func dictionary(_ origin: FrameOrigin) async throws -> [UInt32: SeriesName] {
        if let known = dictionaries.find(agent: origin.agent, epoch: origin.epoch) { return known }
        let stored = try await samples.dictionary(agent: origin.agent, epoch: origin.epoch)
        dictionaries.keep(stored, agent: origin.agent, epoch: origin.epoch)
        return stored
    }
}

/// The dictionaries of series that were used last, by agent and epoch; the store has them all.
final class SeriesDictionaries: Sendable {
    /// Bounds what one agent can make the collector keep.
    static let seriesPerEpoch = 100_000

    private static let agentsKept = 20_000
    private let state = Mutex<[String: (epoch: UInt64, series: [UInt32: SeriesName])]>([:])

    func find(agent: String, epoch: UInt64) -> [UInt32: SeriesName]? {
        state.withLock { $0[agent].flatMap { $0.epoch == epoch ? $0.series : nil } }
    }

    func keep(_ series: [UInt32: SeriesName], agent: String, epoch: UInt64) {
        state.withLock { state in
            if state.count >= SeriesDictionaries.agentsKept { state.removeAll(keepingCapacity: true) }
            state[agent] = (epoch, series)
        }
    }
}
