import Testing

@testable import SNMP

@Suite("How often something may happen")
struct TokenBucketTests {
    @Test("a burst after a rest, then the rate, and never more than the burst saved up")
    func rate() {
        var bucket = TokenBucket(rate: 10, burst: 5, now: 0)
        let moments: [Int64] = [Int64](repeating: 0, count: 10) + [99_000_000, 101_000_000, 102_000_000]
        let taken = moments.map { bucket.take(now: $0) }
        #expect(taken == [Bool](repeating: true, count: 5) + [Bool](repeating: false, count: 6) + [true, false])
        let later = (0..<100).map { _ in bucket.take(now: 3_600_000_000_000) }
        #expect(later.count { $0 } == 5)
    }

    @Test("a clock that stands still or turns back gives nothing", arguments: [Int64.min, -1, 0])
    func backwards(now: Int64) {
        var bucket = TokenBucket(rate: 10, burst: 1, now: 0)
        let taken = (0..<3).map { _ in bucket.take(now: now) }
        #expect(taken == [true, false, false])
    }
}
