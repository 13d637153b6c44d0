import Testing

@testable import muster

@Suite("Watching")
struct WatchTests {
    @Test("Failures make the questions rarer, up to a minute; an answer makes them as often as before")
    func pace() {
        var pace = WatchPace(interval: 2)
        var delays: [Int] = []
        for _ in 0..<8 {
            pace.failed(retryAfter: nil)
            delays.append(pace.delay)
        }
        #expect(delays == [2, 4, 8, 16, 32, 60, 60, 60])
        pace.answered()
        #expect(pace.delay == 2)
    }

    @Test("Retry-After is honoured when it is longer, and the interval when that is longest")
    func retryAfter() {
        var pace = WatchPace(interval: 2)
        pace.failed(retryAfter: 300)
        #expect(pace.delay == 300)
        var slow = WatchPace(interval: 600)
        for _ in 0..<100 { slow.failed(retryAfter: 1) }
        #expect(slow.delay == 600)
    }

    @Test("A frame is never higher than the terminal and says how much it hides")
    func frames() {
        let text = (1...50).map { "line \($0)\n" }.joined()
        let lines = WatchFrames.lines("head", text, columns: 80, lines: 24)
        #expect(lines.count == 23)
        #expect(lines.first == "head" && lines.last == "… 29 more lines")
        #expect(WatchFrames.lines("head", "a\n\nb\n", columns: 80, lines: 24) == ["head", "a", "", "b"])
        #expect(WatchFrames.lines("head", text, columns: 3, lines: 1).first == "he…")
    }
}
