import Model
import Wire

/// What one frame led to.
enum FrameOutcome {
    /// Its effects are committed.
    case stored
    /// It was in the ledger already.
    case duplicate
    /// It was recorded as refused.
    case refused(String)
}

/// The answer to a batch while it is put together.
struct IngestAnswer {
    private var answer: AgentAnswer

    init(_ batch: Batch) {
        answer = AgentAnswer(
            epoch: batch.epoch, acknowledged: batch.frames.last?.sequence ?? 0, stored: 0, duplicates: 0, refused: [],
            wants: [])
    }

    mutating func note(_ outcome: FrameOutcome, of frame: Frame) {
        switch outcome {
        case .stored: answer.stored += 1
        case .duplicate: answer.duplicates += 1
        case .refused(let reason): answer.refused.append(Refusal(sequence: frame.sequence, reason: reason))
        }
    }

    mutating func want(_ want: Want?) {
        if let want, !answer.wants.contains(want) { answer.wants.append(want) }
    }

    /// The answer, refusals in order of sequence.
    var finished: AgentAnswer {
        var finished = answer
        finished.refused.sort { $0.sequence < $1.sequence }
        return finished
    }
}
