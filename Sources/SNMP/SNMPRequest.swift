import Model

/// One message to send, before it has a session.
struct SNMPRequest: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case get
        case getNext
        case getBulk(maxRepetitions: Int)
    }

    var kind: Kind
    var oids: [OID]
}

/// A Response, copied out of the library.
struct SNMPAnswer: Hashable, Sendable {
    var errorStatus = 0
    var errorIndex = 0
    var rows: [SNMPRow] = []
}

/// What a state machine wants next.
enum SNMPStep: Hashable, Sendable {
    case send(SNMPRequest)
    case end(SNMPEnd)
}

/// The error-status values that mean something to a reader (RFC 3416 §3).
enum SNMPStatus {
    static let tooBig = 1
    static let noSuchName = 2
}
