/// Numbers reserved for one decision; a decision takes them in order, the rest are skipped for ever.
public struct NumberSupply: Sendable {
    private var rest: Range<Int64>

    /// Numbers to give out.
    public init(_ numbers: Range<Int64>) { rest = numbers }

    /// The next number; nil when the reservation was too small.
    public mutating func next() -> Int64? { rest.popFirst() }
}
