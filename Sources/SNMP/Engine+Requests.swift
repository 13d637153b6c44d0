import CNetSNMP
import Glibc
import Model

extension Engine {
    /// Sends what the operation wants next, or ends it.
    func advance(_ operation: Operation) {
        guard let session = operation.session else { return }
        switch operation.next() {
        case .end(let end): finish(operation, end)
        case .send(let request):
            transmit(
                Pending(session: session, purpose: .operation(operation), request: request), operation.order.target)
        }
    }

    /// Sends a request for the first time.
    func transmit(_ request: Pending, _ target: SNMPTarget) {
        lastToken += 1
        let token = lastToken
        request.purpose.operation?.token = token
        pending[token] = request
        send(token, request.request, target)
    }

    /// Sends; an answer to any try of a request is an answer, so that a slow device is not asked in vain.
    private func send(_ token: UInt64, _ request: SNMPRequest, _ target: SNMPTarget) {
        guard var entry = pending[token] else { return }
        entry.serial += 1
        pending[token] = entry
        count(entry)
        let level = entry.purpose.level
        var failure = entry.session.send(request, token: token, level: level)
        if failure == ECONNREFUSED {
            // The error belongs to an earlier datagram; this one was not sent.
            entry.session.portClosed = true
            failure = entry.session.send(request, token: token, level: level)
        }
        let moment = monotonicNow().addingSeconds(target.wait(afterTry: entry.tries))
        timers.add(.retry(token: token, serial: entry.serial), at: moment)
        // A send buffer that is full loses the datagram as the way might; the timer sends it again.
        if let failure, failure != ECONNREFUSED, failure != EAGAIN, failure != ENOBUFS {
            sendFailed(token, failure)
        }
    }

    private func count(_ entry: Pending) {
        for operation in entry.purpose.operation.map({ [$0] }) ?? entry.session.waiting {
            operation.receipt.requests += 1
            if entry.tries > 1 { operation.receipt.retries += 1 }
        }
    }

    private func sendFailed(_ token: UInt64, _ code: Int32) {
        guard let entry = pending.removeValue(forKey: token) else { return }
        let address = entry.session.endpoint.address
        let error: SNMPError =
            code == 0
            ? .library("a request to \(address) cannot be encoded") : .unreachable(address: address, code: code)
        giveUp(entry, error)
    }

    private func giveUp(_ entry: Pending, _ error: SNMPError) {
        if let operation = entry.purpose.operation {
            finish(operation, .failed(error))
        } else {
            fail(entry.session, error)
        }
    }

    /// Reads one message from a session's descriptor and acts on what it was.
    func readable(_ session: Session) {
        if case .connecting = session.phase { return connected(session) }
        guard let handle = session.handle else { return drain(session) }
        let result = cns_read(handle)
        let code = systemError()
        receive()
        if result == 1 {
            fail(session, .disconnected(address: session.endpoint.address))
        } else if result < 0, code == ECONNREFUSED {
            session.portClosed = true
        }
    }

    /// Nobody reads for a session that waits for an engine id: what arrives is late.
    private func drain(_ session: Session) {
        var byte: UInt8 = 0
        _ = recv(session.descriptor, &byte, 1, 0)
    }

    /// Acts on what the library put into the inbox.
    private func receive() {
        for (token, event) in inbox.takeAll() {
            switch event {
            case .answer(let answer): answered(token, answer)
            case .report(let kind, let engineID):
                // The library asks again by itself once it has learnt the engine's time; a second refusal follows
                // as a security error.
                if kind != CNS_REPORT_TIME_WINDOW { reported(token, kind, engineID) }
            case .securityError(let kind, let engineID): reported(token, kind, engineID)
            case .resent: resent(token)
            case .refused:
                if case .operation(let operation) = pending[token]?.purpose { operation.receipt.refusedAnswers += 1 }
            }
        }
    }

    private func answered(_ token: UInt64, _ answer: SNMPAnswer) {
        guard let entry = pending.removeValue(forKey: token) else { return }
        switch entry.purpose {
        case .operation(let operation):
            entry.session.hasAnswered = true
            entry.session.portClosed = false
            operation.token = nil
            operation.receive(answer)
            advance(operation)
        case .discovery: fail(entry.session, .badEngineID)
        case .signOfLife(let operation, let unanswered): finish(operation, .failed(unanswered))
        case .confirmation(let operation, _):
            finish(operation, .failed(.wrongPrivacyKey(user: entry.session.user?.name ?? "")))
        }
    }

    /// Called twice for one Report, in an order that differs between builds of the library: the first takes the entry.
    private func reported(_ token: UInt64, _ kind: cns_report, _ engineID: [UInt8]) {
        guard let entry = pending.removeValue(forKey: token) else { return }
        switch entry.purpose {
        case .discovery: discovered(entry.session, engineID)
        case .operation(let operation) where kind == CNS_REPORT_UNKNOWN_ENGINE: startAnew(operation, entry)
        case .signOfLife(let operation, let unanswered):
            if kind == CNS_REPORT_UNKNOWN_ENGINE || entry.session.hasAnswered {
                startAnew(operation, entry)
            } else {
                confirm(operation, entry, unanswered)
            }
        default: giveUp(entry, error(kind, entry))
        }
    }

    /// The device's engine id or clock is no longer what the library knows: learn it again, once per operation, and
    /// then ask again whatever was on the way.
    private func startAnew(_ operation: Operation, _ entry: Pending) {
        guard !operation.hasRediscovered else { return giveUp(entry, .badEngineID) }
        let session = entry.session
        operation.hasRediscovered = true
        operation.token = nil
        session.waiting.append(operation)
        for (token, other) in pending where other.session === session {
            pending[token] = nil
            guard let operation = other.purpose.operation else { continue }
            operation.token = nil
            session.waiting.append(operation)
        }
        session.hasAnswered = false
        rediscover(session)
    }

    /// Asks at authNoPriv, nothing secret, and only after silence at authPriv.
    private func confirm(_ operation: Operation, _ entry: Pending, _ unanswered: SNMPError) {
        guard entry.session.user?.privacy != nil else { return finish(operation, .failed(unanswered)) }
        let request = SNMPRequest(kind: .get, oids: [[1, 3, 6, 1, 2, 1, 1, 3, 0]])
        let purpose = Pending.Purpose.confirmation(operation, unanswered: unanswered)
        transmit(Pending(session: entry.session, purpose: purpose, request: request), operation.order.target)
    }

    private func resent(_ token: UInt64) {
        guard var entry = pending[token], let target = entry.target else { return }
        entry.serial += 1
        pending[token] = entry
        count(entry)
        let moment = monotonicNow().addingSeconds(target.wait(afterTry: entry.tries))
        timers.add(.retry(token: token, serial: entry.serial), at: moment)
    }

    /// No answer in time: send again, smaller, or give up.
    func retryDue(_ token: UInt64, _ serial: UInt64) {
        guard var entry = pending[token], entry.serial == serial, let target = entry.target else { return }
        if let handle = entry.session.handle { cns_expire(handle) }
        let retries = if case .signOfLife = entry.purpose { 0 } else { target.retries }
        guard entry.tries <= retries else {
            pending[token] = nil
            return unanswered(entry, target)
        }
        entry.tries += 1
        pending[token] = entry
        if case .operation(let operation) = entry.purpose {
            send(token, operation.retry(), target)
        } else {
            send(token, entry.request, target)
        }
    }

    private func unanswered(_ entry: Pending, _ target: SNMPTarget) {
        let silence = SNMPError.noAnswer(
            address: target.address, port: target.port, tries: entry.tries, portClosed: entry.session.portClosed)
        switch entry.purpose {
        case .operation(let operation):
            operation.token = nil
            if entry.session.hasAnswered || entry.session.user == nil, operation.giveUpBulk() {
                return advance(operation)
            }
            guard entry.session.user != nil, !operation.hasRediscovered || !entry.session.hasAnswered else {
                return finish(operation, .failed(silence))
            }
            let request = SNMPRequest(kind: .get, oids: [])
            transmit(
                Pending(
                    session: entry.session, purpose: .signOfLife(operation, unanswered: silence), request: request),
                target)
        case .signOfLife(let operation, let error), .confirmation(let operation, let error):
            finish(operation, .failed(error))
        case .discovery: fail(entry.session, silence)
        }
    }

    private func error(_ kind: cns_report, _ entry: Pending) -> SNMPError {
        let user = entry.session.user?.name ?? ""
        return switch kind {
        case CNS_REPORT_UNKNOWN_USER: .unknownUser(user)
        case CNS_REPORT_WRONG_DIGEST: .wrongAuthenticationKey(user: user)
        case CNS_REPORT_DECRYPTION: .wrongPrivacyKey(user: user)
        case CNS_REPORT_UNSUPPORTED_LEVEL: .unsupportedSecurityLevel(user: user)
        case CNS_REPORT_TIME_WINDOW: .notInTimeWindow
        case CNS_REPORT_UNKNOWN_CONTEXT: .unknownContext(entry.session.context)
        case CNS_REPORT_UNKNOWN_ENGINE: .badEngineID
        default: .library("the device answers with a Report of unknown meaning")
        }
    }
}

extension Engine.Pending {
    /// Whose patience counts: the operation's, or that of the first who waits for the discovery.
    fileprivate var target: SNMPTarget? { (purpose.operation ?? session.waiting.first)?.order.target }
}

extension Engine.Pending.Purpose {
    fileprivate var level: cns_level? {
        switch self {
        case .operation, .discovery: nil
        case .signOfLife: CNS_ANONYMOUS
        case .confirmation: CNS_AUTH_NO_PRIV
        }
    }
}
