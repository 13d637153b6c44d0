import CNetSNMP
import Glibc
import Model

/// The thread that owns the library: waits for descriptors, commands and timers, and keeps the sessions.
///
/// Everything here runs on that one thread. `Engine+Sessions` makes devices ready to be asked,
/// `Engine+Requests` sends and matches answers,
/// `Engine+Traps` reads what devices send by themselves.
final class Engine {
    /// What a request on the way is for.
    struct Pending {
        enum Purpose {
            case operation(Operation)
            case discovery
            /// Asked without a user after silence: tells a device that lives, or has a new engine id, from a dead one.
            case signOfLife(Operation, unanswered: SNMPError)
            /// authNoPriv after silence at authPriv: tells a wrong privacy key.
            case confirmation(Operation, unanswered: SNMPError)

            var operation: Operation? {
                switch self {
                case .operation(let operation), .signOfLife(let operation, _), .confirmation(let operation, _):
                    operation
                case .discovery: nil
                }
            }
        }

        let session: Session
        let purpose: Purpose
        let request: SNMPRequest
        var tries = 1
        var serial: UInt64 = 0
    }

    let mailbox: Mailbox
    let inbox = Inbox()
    var keys = KeyCache()
    var registry = EngineRegistry()
    var timers = TimerHeap()
    var operations: [UInt64: Operation] = [:]
    var sessions: [Session.Key: Session] = [:]
    var sessionsByDescriptor: [Int32: Session] = [:]
    var waitingForEngine: [Session] = []
    var pending: [UInt64: Pending] = [:]
    var lastToken: UInt64 = 0
    var isSweeping = false
    var receptions: [UInt64: TrapReception] = [:]
    var listenersByDescriptor: [Int32: TrapListener] = [:]
    /// Sessions that nobody will use again; closed when the library is not inside a callback.
    private var spent: [Session] = []
    let poll: Int32

    /// Seconds an unused session stays open, so that the walks of one device share one discovery.
    static let idleSeconds = 5.0

    init?(mailbox: Mailbox) {
        self.mailbox = mailbox
        poll = cns_poll_create()
        guard poll >= 0, cns_poll_add(poll, mailbox.wakeDescriptor, 0) == 0 else { return nil }
    }

    /// Runs until told to stop; then everything is cancelled and closed.
    func run() {
        var ready = [Int32](repeating: 0, count: 64)
        while true {
            let count = cns_poll_wait(poll, &ready, Int32(ready.count), waitMilliseconds())
            for descriptor in ready.prefix(Int(max(count, 0))) {
                if descriptor == mailbox.wakeDescriptor {
                    if !obey(mailbox.takeAll()) { return shutDown() }
                } else if let session = sessionsByDescriptor[descriptor] {
                    readable(session)
                } else if let listener = listenersByDescriptor[descriptor] {
                    listener.readable()
                }
            }
            fireTimers()
            closeSpent()
        }
    }

    private func closeSpent() {
        guard !spent.isEmpty else { return }
        let sessions = spent
        spent = []
        for session in sessions where session.operations == 0 { close(session) }
    }

    private func waitMilliseconds() -> Int32 {
        guard let moment = timers.nextMoment else { return -1 }
        let nanoseconds = max(moment - monotonicNow(), 0)
        return Int32(clamping: (nanoseconds + 999_999) / 1_000_000)
    }

    private func obey(_ commands: [Command]) -> Bool {
        for command in commands {
            switch command {
            case .start(let order): start(order)
            case .cancel(let id): cancel(id)
            case .closeClient(let client):
                for operation in operations.values where operation.order.client == client {
                    cancel(operation.order.id)
                }
            case .listen(let order): listen(order)
            case .replaceSources(let id, let sources): replaceSources(id, sources)
            case .endListening(let id): endListening(id)
            case .stop: return false
            }
        }
        return true
    }

    private func start(_ order: OperationOrder) {
        let now = monotonicNow()
        let key = Session.Key(
            endpoint: .init(
                address: order.target.address, port: order.target.port, transport: order.target.transport),
            credential: order.target.credential)
        let bulkValues = sessions[key]?.bulkValues ?? order.target.limits.bulkValues
        let operation = Operation(order, now: now, bulkValues: bulkValues)
        operations[order.id] = operation
        if let flaw = order.target.credential.flaw {
            return finish(operation, .failed(.badCredential(flaw)))
        }
        timers.add(.deadline(operation: order.id), at: operation.deadline)
        attach(operation, key)
    }

    private func cancel(_ id: UInt64) {
        guard let operation = operations[id] else { return }
        let session = operation.session
        finish(operation, .cancelled)
        if let session, session.operations == 0 { close(session) }
    }

    private func fireTimers() {
        let now = monotonicNow()
        while let timer = timers.takeDue(now) {
            switch timer {
            case .retry(let token, let serial): retryDue(token, serial)
            case .deadline(let id):
                if let operation = operations[id] { finish(operation, deadlineEnd(operation)) }
            case .sweep: sweep(now)
            }
        }
    }

    private func deadlineEnd(_ operation: Operation) -> SNMPEnd {
        if case .waitingForEngine = operation.session?.phase { return .failed(.engineIDShared) }
        return .deadline
    }

    private func shutDown() {
        for operation in operations.values { finish(operation, .cancelled) }
        for id in Array(receptions.keys) { endListening(id) }
        for session in Array(sessions.values) { close(session) }
        closeDescriptor(poll)
    }

    /// Ends an operation: its caller hears of it, its request is forgotten, its session is free for others.
    func finish(_ operation: Operation, _ end: SNMPEnd) {
        operations[operation.order.id] = nil
        if let token = operation.token { pending[token] = nil }
        operation.token = nil
        if let session = operation.session {
            session.operations -= 1
            session.idleSince = monotonicNow()
            session.waiting.removeAll { $0 === operation }
            if let bulkValues = operation.bulkValues { session.bulkValues = bulkValues }
            operation.session = nil
            if operation.order.target.isAskedOnce, session.operations == 0 { spent.append(session) }
        }
        operation.finish(end, now: monotonicNow())
    }
}
