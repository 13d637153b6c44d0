import Synchronization

/// Numbers that are recorded as given and not yet handed out; what is left at a crash is skipped, never given twice.
final class NumberBlock: Sendable {
    /// How many numbers one record covers.
    static let size: Int64 = 1024
    private let rest = Mutex(Int64(0)..<Int64(0))

    /// The next `count` numbers; nil when the block does not hold as many.
    func take(_ count: Int) -> Range<Int64>? {
        rest.withLock { rest in
            guard let wanted = Int64(exactly: max(count, 0)), Int64(rest.count) >= wanted else { return nil }
            defer { rest = (rest.lowerBound + wanted)..<rest.upperBound }
            return rest.lowerBound..<(rest.lowerBound + wanted)
        }
    }

    /// Takes `count` numbers of a fresh block and keeps the rest.
    func replace(with block: Range<Int64>, taking count: Int) -> Range<Int64> {
        let split = block.lowerBound + Int64(count)
        rest.withLock { $0 = split..<block.upperBound }
        return block.lowerBound..<split
    }
}
