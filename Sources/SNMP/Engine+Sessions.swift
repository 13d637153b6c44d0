import CNetSNMP
import Glibc
import Model

extension Engine {
    /// Finds or makes the session an operation needs; sends at once where it is ready.
    func attach(_ operation: Operation, _ key: Session.Key) {
        let known = sessions[key]
        guard let session = known ?? makeSession(key, operation) else { return }
        operation.session = session
        session.operations += 1
        if case .ready = session.phase { return advance(operation) }
        session.waiting.append(operation)
        guard known == nil, key.endpoint.transport == .udp else { return }
        if let error = prepare(session, operation.order.target) { return fail(session, error) }
        if case .ready = session.phase { sendWaiting(session) }
    }

    private func makeSession(_ key: Session.Key, _ operation: Operation) -> Session? {
        let octets = key.endpoint.address.octets
        let stream: Int32 = key.endpoint.transport == .tcp ? 1 : 0
        let descriptor = cns_connect(octets, octets.count, key.endpoint.port, stream)
        guard descriptor >= 0 else {
            finish(operation, .failed(.unreachable(address: key.endpoint.address, code: systemError())))
            return nil
        }
        let session = Session(key: key, descriptor: descriptor, now: monotonicNow())
        guard cns_poll_add(poll, descriptor, stream) == 0 else {
            closeDescriptor(descriptor)
            finish(operation, .failed(.library("epoll refuses the descriptor (errno \(systemError()))")))
            return nil
        }
        sessions[key] = session
        sessionsByDescriptor[descriptor] = session
        startSweeping()
        return session
    }

    /// Opens the library's session on a connected descriptor; v3 asks for the engine id first.
    private func prepare(_ session: Session, _ target: SNMPTarget) -> SNMPError? {
        if let error = session.open(keys: &keys, inbox: inbox, lifetime: target.longestWait) { return error }
        if session.user == nil {
            session.phase = .ready
        } else {
            session.phase = .discovering
            let request = SNMPRequest(kind: .get, oids: [])
            transmit(Pending(session: session, purpose: .discovery, request: request), target)
        }
        return nil
    }

    /// A TCP connection has come about, or not.
    func connected(_ session: Session) {
        let code = cns_connect_result(session.descriptor)
        guard code == 0, cns_poll_readable(poll, session.descriptor) == 0 else {
            session.portClosed = code == ECONNREFUSED
            let address = session.endpoint.address
            return fail(
                session,
                session.portClosed
                    ? .noAnswer(address: address, port: session.endpoint.port, tries: 1, portClosed: true)
                    : .unreachable(address: address, code: code))
        }
        guard let target = session.waiting.first?.order.target else { return close(session) }
        if let error = prepare(session, target) { return fail(session, error) }
        if case .ready = session.phase { sendWaiting(session) }
    }

    /// The device told its engine id: take it, unless another device or credential uses it right now.
    func discovered(_ session: Session, _ engineID: [UInt8]) {
        guard (5...32).contains(engineID.count), let user = session.user else {
            return fail(session, .badEngineID)
        }
        let blockers = registry.acquire(engineID, user, for: session)
        if !blockers.isEmpty {
            let idle = sessions.values.filter { $0.operations == 0 && blockers.contains(ObjectIdentifier($0)) }
            session.phase = .waitingForEngine
            waitingForEngine.append(session)
            for blocker in idle { close(blocker) }
            return
        }
        session.engineID = engineID
        guard let target = session.waiting.first?.order.target else { return close(session) }
        if let error = session.open(keys: &keys, inbox: inbox, lifetime: target.longestWait) {
            return fail(session, error)
        }
        session.phase = .ready
        sendWaiting(session)
    }

    /// Asks for the engine id anew, for the operations that wait: the device changed it, or it has become free.
    func rediscover(_ session: Session) {
        releaseEngine(session, isRight: false)
        guard let target = session.waiting.first?.order.target else { return close(session) }
        if let error = prepare(session, target) { fail(session, error) }
    }

    private func sendWaiting(_ session: Session) {
        let waiting = session.waiting
        session.waiting = []
        for operation in waiting where !operation.isFinished { advance(operation) }
    }

    /// `isRight` when the device took the user, and its clock is what the library knows.
    private func releaseEngine(_ session: Session, isRight: Bool) {
        session.closeHandle()
        if !session.engineID.isEmpty, let user = session.user {
            registry.release(session.engineID, user, for: session, isRight: isRight)
            session.engineID = []
        }
    }

    /// Ends every operation of a session with the same error, and the session.
    func fail(_ session: Session, _ error: SNMPError) {
        for operation in operations.values where operation.session === session { finish(operation, .failed(error)) }
        close(session)
    }

    /// Closes a session that no operation uses. Never called while the library is inside a callback.
    func close(_ session: Session) {
        if case .closed = session.phase { return }
        session.phase = .closed
        let hadEngine = !session.engineID.isEmpty
        releaseEngine(session, isRight: session.hasAnswered)
        _ = cns_poll_remove(poll, session.descriptor)
        closeDescriptor(session.descriptor)
        sessionsByDescriptor[session.descriptor] = nil
        if sessions[session.key] === session { sessions[session.key] = nil }
        waitingForEngine.removeAll { $0 === session }
        for (token, request) in pending where request.session === session { pending[token] = nil }
        if hadEngine { wakeEngineWaiters() }
    }

    private func wakeEngineWaiters() {
        let waiters = waitingForEngine
        waitingForEngine = []
        for session in waiters { rediscover(session) }
    }

    private func startSweeping() {
        guard !isSweeping else { return }
        isSweeping = true
        timers.add(.sweep, at: monotonicNow().addingSeconds(1))
    }

    /// Closes what has been idle for long, or what others wait for.
    func sweep(_ now: Int64) {
        for session in Array(sessions.values) where session.operations == 0 {
            let isWanted = !waitingForEngine.isEmpty && !session.engineID.isEmpty
            if isWanted || session.idleSince.addingSeconds(Self.idleSeconds) <= now { close(session) }
        }
        isSweeping = false
        if !sessions.isEmpty { startSweeping() }
    }
}

extension SNMPTarget {
    /// Seconds until the last try of a request is given up.
    var longestWait: Double {
        (0...max(retries, 0)).reduce(0) { $0 + wait(afterTry: $1 + 1) }
    }

    /// Seconds to wait after the `number`-th try.
    func wait(afterTry number: Int) -> Double {
        let base = timeout.isFinite ? min(max(timeout, 0.01), 300) : 2
        return base * (1 + 0.5 * Double(min(number, 20) - 1))
    }
}
