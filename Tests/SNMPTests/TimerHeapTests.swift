import Testing

@testable import SNMP

@Suite("Timers")
struct TimerHeapTests {
    @Test("come in the order of their moments, and none before its time")
    func order() {
        var heap = TimerHeap()
        let moments: [Int64] = [50, 10, 40, 10, 30, 20, 60, 5]
        for (number, moment) in moments.enumerated() { heap.add(.deadline(operation: UInt64(number)), at: moment) }
        var taken: [Int64] = []
        while case .deadline(let number) = heap.takeDue(45) { taken.append(moments[Int(number)]) }
        #expect(taken == [5, 10, 10, 20, 30, 40])
        #expect(heap.nextMoment == 50)
    }
}
