import Model
import Testing

@testable import SNMP

private let root: OID = [1, 3, 6, 1, 9]

private func row(_ parts: UInt32..., value: SNMPValue = .integer(1)) -> SNMPRow {
    SNMPRow(OID(root.parts + parts), value)
}

private func bulk(_ step: SNMPStep) -> Int? {
    if case .send(let request) = step, case .getBulk(let repetitions) = request.kind { repetitions } else { nil }
}

@Suite("A walk decides")
struct WalkStateTests {
    private func walk(_ roots: [OID] = [root], limits: SNMPLimits = SNMPLimits(), usesBulk: Bool = true) -> WalkState {
        WalkState(roots: roots, limits: limits, bulkValues: limits.bulkValues, usesBulk: usesBulk)
    }

    @Test("to go on from the last row and to end behind the subtree")
    func endsBehindSubtree() {
        var walk = walk()
        #expect(walk.next() == .send(SNMPRequest(kind: .getBulk(maxRepetitions: 40), oids: [root])))
        #expect(walk.receive(SNMPAnswer(rows: [row(1), row(2)])).count == 2)
        #expect(walk.next() == .send(SNMPRequest(kind: .getBulk(maxRepetitions: 60), oids: [OID(root.parts + [2])])))
        #expect(walk.receive(SNMPAnswer(rows: [row(3), SNMPRow([1, 3, 6, 1, 10], .null)])).count == 1)
        #expect(walk.next() == .end(.complete))
        #expect(walk.rows == 3)
    }

    @Test("to end at the end of the MIB view")
    func endsAtEndOfMib() {
        var walk = walk()
        _ = walk.next()
        #expect(walk.receive(SNMPAnswer(rows: [row(1), row(1, value: .endOfMib)])) == [row(1)])
        #expect(walk.next() == .end(.complete))
    }

    @Test("to end when an answer does not come after what was asked for", arguments: [1, 2] as [UInt32])
    func refusesFallingAnswers(_ again: UInt32) {
        var walk = walk()
        _ = walk.next()
        #expect(walk.receive(SNMPAnswer(rows: [row(2), row(again)])).count == 1)
        #expect(walk.next() == .end(.failed(.notIncreasing(OID(root.parts + [again])))))
    }

    @Test("to keep the columns apart by position, and to go on with those that are not done")
    func walksColumns() {
        let first = OID(root.parts + [1])
        let second = OID(root.parts + [2])
        var walk = walk([first, second])
        #expect(walk.next() == .send(SNMPRequest(kind: .getBulk(maxRepetitions: 20), oids: [first, second])))
        let rows = walk.receive(SNMPAnswer(rows: [row(1, 1), row(2, 1), row(2, 1), row(2, 2)]))
        #expect(rows == [row(1, 1), row(2, 1), row(2, 2)])
        #expect(
            walk.next() == .send(SNMPRequest(kind: .getBulk(maxRepetitions: 60), oids: [OID(root.parts + [2, 2])])))
    }

    @Test("to stop at the rows and bytes allowed")
    func limits() {
        var few = walk(limits: SNMPLimits(rows: 2))
        _ = few.next()
        #expect(few.receive(SNMPAnswer(rows: [row(1), row(2), row(3)])).count == 2)
        #expect(few.next() == .end(.rowLimit))
        var small = walk(limits: SNMPLimits(bytes: 100))
        _ = small.next()
        _ = small.receive(SNMPAnswer(rows: [row(1, value: .octets([UInt8](repeating: 0, count: 100)))]))
        #expect(small.next() == .end(.byteLimit))
    }

    @Test("to halve on tooBig, down to single GETNEXTs, and to give up when those fail too")
    func halves() {
        var walk = walk([OID(root.parts + [1]), OID(root.parts + [2])])
        var sizes: [Int] = []
        var sent = 0
        while case .send(let request) = walk.next(), sent < 100 {
            sent += 1
            if case .getBulk(let repetitions) = request.kind { sizes.append(repetitions * request.oids.count) }
            _ = walk.receive(SNMPAnswer(errorStatus: 1))
        }
        #expect(sizes == sizes.sorted(by: >))
        #expect(sizes.last == 1)
        #expect(walk.next() == .end(.failed(.errorStatus(1, OID(root.parts + [1])))))
    }

    @Test("to fall back to GETNEXT on genErr")
    func fallsBack() {
        var walk = walk()
        _ = walk.next()
        _ = walk.receive(SNMPAnswer(errorStatus: 5, errorIndex: 1))
        #expect(walk.next() == .send(SNMPRequest(kind: .getNext, oids: [root])))
    }

    @Test("to take noSuchName as the end of a column, whatever index it names", arguments: [-1, 0, 1, 7, Int.max])
    func noSuchName(_ index: Int) {
        var walk = walk([OID(root.parts + [1]), OID(root.parts + [2])], usesBulk: false)
        var sent = 0
        while case .send = walk.next(), sent < 10 {
            sent += 1
            _ = walk.receive(SNMPAnswer(errorStatus: 2, errorIndex: index))
        }
        #expect(walk.next() == .end(.complete))
    }

    @Test("to end on an answer without rows")
    func emptyAnswer() {
        var walk = walk()
        _ = walk.next()
        _ = walk.receive(SNMPAnswer())
        #expect(walk.next() == .end(.failed(.emptyAnswer)))
    }

    @Test(
        "to ask first for what found no place in an answer, so that a long value is met once and not once for each short one"
    )
    func cut() {
        let (short, long) = (OID(root.parts + [1]), OID(root.parts + [2]))
        let value = SNMPValue.octets([UInt8](repeating: 1, count: 1300))
        var walk = walk([short, long])
        var answers: [[SNMPRow]] = [
            [row(1, 1)], [row(2, 1, value: value)], [row(1, 2)], [row(2, 2, value: value)],
        ]
        var asked: [OID?] = []
        while case .send(let request) = walk.next(), !answers.isEmpty {
            asked.append(request.oids.first)
            _ = walk.receive(SNMPAnswer(rows: answers.removeFirst()))
        }
        #expect(asked == [short, long, OID(short.parts + [1]), OID(long.parts + [1])])
        #expect(walk.rows == 4)
    }

    @Test("to ask for half as many values again while they are short, and for no more after silence")
    func shortValues() {
        var walk = walk()
        #expect(bulk(walk.next()) == 40)
        _ = walk.receive(SNMPAnswer(rows: [row(1)]))
        #expect(bulk(walk.next()) == 60)
        _ = walk.receive(SNMPAnswer(rows: [row(2, value: .octets([UInt8](repeating: 7, count: 12)))]))
        #expect(bulk(walk.next()) == 52)
        _ = walk.receive(SNMPAnswer(rows: [row(3, value: .octets([UInt8](repeating: 7, count: 200)))]))
        #expect(bulk(walk.next()) == 40)
        var silent = self.walk()
        _ = silent.next()
        _ = silent.receive(SNMPAnswer(rows: [row(1)]))
        #expect(bulk(.send(silent.retry())) == 20)
        for number in 2...9 as ClosedRange<UInt32> {
            _ = silent.next()
            _ = silent.receive(SNMPAnswer(rows: [row(number)]))
        }
        #expect(bulk(silent.next()) == 40)
    }

    @Test("to ask for less after silence, and for more after many good answers")
    func learns() {
        var walk = walk()
        #expect(bulk(walk.next()) == 40)
        #expect(bulk(.send(walk.retry())) == 20)
        for number in 1...8 as ClosedRange<UInt32> {
            _ = walk.next()
            _ = walk.receive(SNMPAnswer(rows: [row(number)]))
        }
        #expect(bulk(walk.next()) == 40)
    }

    @Test("within bounded steps whatever a device answers")
    func alwaysEnds() {
        var seed: UInt64 = 42
        func random(_ bound: UInt64) -> UInt64 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (seed >> 33) % bound
        }
        for _ in 0..<300 {
            var walk = walk([OID(root.parts + [1]), OID(root.parts + [2])], limits: SNMPLimits(rows: 200))
            var steps = 0
            while case .send = walk.next(), steps < 5000 {
                steps += 1
                var answer = SNMPAnswer()
                if random(4) == 0 {
                    answer = SNMPAnswer(errorStatus: Int(random(20)), errorIndex: Int(random(6)) - 1)
                } else {
                    for _ in 0..<random(6) {
                        let value: SNMPValue = random(8) == 0 ? .endOfMib : .integer(1)
                        answer.rows.append(row(UInt32(random(4)), UInt32(random(1000)), value: value))
                    }
                }
                _ = walk.receive(answer)
            }
            #expect(steps < 5000)
        }
    }
}
