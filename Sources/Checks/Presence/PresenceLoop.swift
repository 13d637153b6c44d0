import Glibc
import LinuxSystem
import Model

/// The work of one ``PresenceSweep`` on its thread: sends at its pace, and takes answers as they come.
struct PresenceLoop {
    private struct Attempt {
        var address: IPAddress
        var port: UInt16
        var deadline: ContinuousClock.Instant
    }

    private enum Question {
        case echo(IPAddress)
        case nudge(IPAddress)
        case connect(IPAddress, UInt16)
    }

    /// TCP handshakes that may be under way at once: each has a descriptor.
    private static let inFlight = 128
    /// From one reading of the kernel's table to the next: it forgets when it is full.
    private static let tablePause = Duration.seconds(2)

    private let options: PresenceOptions
    private let nextAddress: () -> IPAddress?
    private let isStopped: () -> Bool
    private let gap: Duration
    private let links: [IPNetwork]
    private var echoes: [Bool: SweepEchoSocket] = [:]
    private var nudges: [Bool: Int32] = [:]
    private var attempts: [Int32: Attempt] = [:]
    private var questions: [Question] = []
    private var isAtEnd = false
    private var nudged: Set<IPAddress> = []
    private var nextSend = ContinuousClock.now
    private var nextTable = ContinuousClock.now + PresenceLoop.tablePause
    private var lastSent = ContinuousClock.now

    private(set) var found: [IPAddress: Presence] = [:]
    private(set) var receipt = PresenceReceipt()

    init(_ options: PresenceOptions, next: @escaping () -> IPAddress?, isStopped: @escaping () -> Bool) {
        self.options = options
        nextAddress = next
        self.isStopped = isStopped
        gap = .seconds(1) / max(options.rate, 1)
        links =
            options.links
            ? InterfaceAddress.all(SystemRoot()).filter { !$0.address.isLoopback }
                .compactMap { IPNetwork(of: $0.address, prefixLength: $0.prefixLength) }
            : []
    }

    mutating func run() {
        defer {
            for descriptor in attempts.keys { close(descriptor) }
            for descriptor in nudges.values { close(descriptor) }
        }
        while !isStopped() {
            let now = ContinuousClock.now
            sendDue(now)
            expire(now)
            if options.links, now >= nextTable { readTable(now) }
            let isOver = isAtEnd && questions.isEmpty && attempts.isEmpty && now >= lastSent + options.timeout
            if isOver { break }
            wait(now)
        }
        if options.links { readTable(ContinuousClock.now) }
    }

    // MARK: - Sending

    private mutating func sendDue(_ now: ContinuousClock.Instant) {
        // Moments that nobody used are not made up for in a burst.
        nextSend = max(nextSend, now - .milliseconds(20))
        while nextSend <= now, attempts.count < Self.inFlight, let question = nextQuestion() {
            nextSend += gap
            lastSent = now
            receipt.packets += 1
            switch question {
            case .echo(let address): echo(address)
            case .nudge(let address): nudge(address)
            case .connect(let address, let port): connect(address, port, now)
            }
        }
    }

    private mutating func nextQuestion() -> Question? {
        while questions.isEmpty, !isAtEnd {
            guard let address = nextAddress() else {
                isAtEnd = true
                break
            }
            if options.echoes { questions.append(.echo(address)) }
            if links.contains(where: { $0.contains(address) }) { questions.append(.nudge(address)) }
            questions += options.ports.map { .connect(address, $0) }
        }
        return questions.isEmpty ? nil : questions.removeFirst()
    }

    private mutating func echo(_ address: IPAddress) {
        if echoes[address.isIPv6] == nil {
            do throws(SweepEchoSocket.Failure) {
                echoes[address.isIPv6] = try SweepEchoSocket(isIPv6: address.isIPv6)
            } catch {
                receipt.problems.insert(error.description)
                return
            }
        }
        echoes[address.isIPv6]?.ask(address)
    }

    /// One empty datagram to the discard port (RFC 863): before it goes, the kernel asks the link who has the address.
    private mutating func nudge(_ address: IPAddress) {
        let descriptor: Int32
        if let known = nudges[address.isIPv6] {
            descriptor = known
        } else {
            let family = address.isIPv6 ? AF_INET6 : AF_INET
            let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            descriptor = socket(family, type, 0)
            guard descriptor >= 0 else {
                receipt.problems.insert("no datagram socket: \(systemErrorText(errno))")
                return
            }
            nudges[address.isIPv6] = descriptor
        }
        if nudged.count < PresenceSweep.listed { nudged.insert(address) }
        SweepAddress.with(address, port: 9) { _ = sendto(descriptor, nil, 0, Int32(MSG_NOSIGNAL), $0, $1) }
    }

    private mutating func connect(_ address: IPAddress, _ port: UInt16, _ now: ContinuousClock.Instant) {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.isIPv6 ? AF_INET6 : AF_INET, type, 0)
        guard descriptor >= 0 else {
            receipt.problems.insert("no stream socket: \(systemErrorText(errno))")
            return
        }
        var status: Int32 = -1
        SweepAddress.with(address, port: port) { status = Glibc.connect(descriptor, $0, $1) }
        let error = status == 0 ? 0 : errno
        if error == EINPROGRESS {
            attempts[descriptor] = Attempt(address: address, port: port, deadline: now + options.timeout)
        } else {
            close(descriptor)
            ended(address, port, error)
        }
    }

    // MARK: - Answers

    private mutating func wait(_ now: ContinuousClock.Instant) {
        var set = attempts.keys.map { pollfd(fd: $0, events: Int16(POLLOUT), revents: 0) }
        let connects = set.count
        let sockets = Array(echoes.values)
        set += sockets.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        var until = now + .milliseconds(50)
        if !isAtEnd || !questions.isEmpty { until = min(until, nextSend) }
        let milliseconds = max(1, min(50, Int32((until - now) / .milliseconds(1))))
        guard poll(&set, nfds_t(set.count), milliseconds) > 0 else { return }
        for entry in set[..<connects] where entry.revents != 0 { finish(entry.fd) }
        for (entry, socket) in zip(set[connects...], sockets) where entry.revents != 0 {
            for address in socket.answers() { note(address) { $0.echoes = true } }
        }
    }

    private mutating func finish(_ descriptor: Int32) {
        guard let attempt = attempts.removeValue(forKey: descriptor) else { return }
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        if getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0 { error = errno }
        close(descriptor)
        ended(attempt.address, attempt.port, error)
    }

    private mutating func ended(_ address: IPAddress, _ port: UInt16, _ error: Int32) {
        switch error {
        case 0: note(address) { $0.open.append(port) }
        case ECONNREFUSED: note(address) { $0.refuses = true }
        default: break
        }
    }

    private mutating func expire(_ now: ContinuousClock.Instant) {
        for (descriptor, attempt) in attempts where attempt.deadline <= now {
            close(descriptor)
            attempts[descriptor] = nil
        }
    }

    private mutating func readTable(_ now: ContinuousClock.Instant) {
        nextTable = now + Self.tablePause
        let entries: [NeighbourEntry]
        do throws(NetlinkError) { entries = try NeighbourEntry.ipv4() + NeighbourEntry.ipv6() } catch {
            receipt.problems.insert("neighbours: \(error)")
            return
        }
        for entry in entries where nudged.contains(entry.address) { note(entry.address) { $0.mac = entry.mac } }
    }

    private mutating func note(_ address: IPAddress, _ change: (inout Presence) -> Void) {
        guard found[address] != nil || found.count < PresenceSweep.listed else {
            receipt.isCut = true
            return
        }
        change(&found[address, default: Presence()])
    }
}
