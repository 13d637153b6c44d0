import Model
import Testing

@testable import SNMP

@Suite("A reading of instances decides")
struct GetStateTests {
    private let oids: [OID] = (1...5).map { [1, 3, 6, $0, 0] }

    @Test("to take what was asked for and nothing else")
    func takesWhatWasAsked() {
        var get = GetState(oids: oids, limits: SNMPLimits())
        #expect(get.next() == .send(SNMPRequest(kind: .get, oids: oids)))
        let rows =
            oids.map { SNMPRow($0, .integer(1)) } + [SNMPRow([1, 2], .integer(2)), SNMPRow(oids[0], .integer(3))]
        #expect(get.receive(SNMPAnswer(rows: rows)).count == 5)
        #expect(get.next() == .end(.complete))
    }

    @Test("to leave out what an SNMPv1 agent does not have and to ask for the rest again")
    func noSuchName() {
        var get = GetState(oids: oids, limits: SNMPLimits())
        _ = get.next()
        _ = get.receive(SNMPAnswer(errorStatus: 2, errorIndex: 2))
        #expect(get.next() == .send(SNMPRequest(kind: .get, oids: [oids[0], oids[2], oids[3], oids[4]])))
        #expect(get.rows == [SNMPRow(oids[1], .noSuchObject)])
    }

    @Test("to ask for less when the answer would be too big, and to say which object fails for good")
    func tooBig() {
        var get = GetState(oids: oids, limits: SNMPLimits())
        var steps = 0
        while case .send = get.next(), steps < 50 {
            steps += 1
            _ = get.receive(SNMPAnswer(errorStatus: 1))
        }
        #expect(get.next() == .end(.failed(.errorStatus(1, oids[0]))))
    }

    @Test("to end on empty answers and on errors that name no place", arguments: [-1, 0, 99])
    func ends(_ index: Int) {
        var get = GetState(oids: oids, limits: SNMPLimits())
        var steps = 0
        while case .send = get.next(), steps < 50 {
            steps += 1
            _ = get.receive(steps % 2 == 0 ? SNMPAnswer() : SNMPAnswer(errorStatus: 2, errorIndex: index))
        }
        #expect(steps < 50)
    }
}
