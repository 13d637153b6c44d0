import Model
import Synchronization
import Wire

/// Takes batches and counts what became of them.
public final class MeteredIngest: BatchAccepting {
    private struct State {
        var received: Int64 = 0
        var stored: Int64 = 0
        var repeated: Int64 = 0
        var refused: Int64 = 0
        var failedBatches: Int64 = 0
        var durations = DurationHistogram()
    }

    private let ingest: any BatchAccepting
    private let gate: IngestGate
    private let state = Mutex(State())

    /// Meters in front of what stores the batches, which come through `gate`.
    public init(_ ingest: any BatchAccepting, gate: IngestGate) {
        self.ingest = ingest
        self.gate = gate
    }

    /// Stores the batch when its turn comes.
    public func accept(agent: String, batch: Batch) async throws -> AgentAnswer {
        let start = ContinuousClock.now
        do {
            let answer = try await gate.pass { try await ingest.accept(agent: agent, batch: batch) }
            state.withLock { state in
                state.received += Int64(batch.frames.count)
                state.stored += Int64(answer.stored)
                state.repeated += Int64(answer.duplicates)
                state.refused += Int64(answer.refused.count)
                state.durations.note(start.duration(to: .now))
            }
            return answer
        } catch {
            state.withLock { $0.failedBatches += 1 }
            throw error
        }
    }

    func write(to text: inout OpenMetricsText) {
        let state = state.withLock { $0 }
        text.family("muster_ingest_reports_received", .counter, "Reports in batches that were answered.")
        text.sample("muster_ingest_reports_received_total", [], state.received)
        text.family("muster_ingest_reports", .counter, "Reports by what became of them.")
        for (outcome, count) in [
            ("refused", state.refused), ("repeated", state.repeated), ("stored", state.stored),
        ] {
            text.sample("muster_ingest_reports_total", [("outcome", outcome)], count)
        }
        text.family("muster_ingest_failed_batches", .counter, "Batches that the store could not take.")
        text.sample("muster_ingest_failed_batches_total", [], state.failedBatches)
        text.family(
            "muster_ingest_duration_seconds", .histogram, unit: "seconds", "Time to store a batch and flush it.")
        text.histogram("muster_ingest_duration_seconds", [], state.durations)
    }
}
