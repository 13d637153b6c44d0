import Glibc

/// Waits until a descriptor is ready for `events` (poll(2)); false when the deadline comes first.
public func waitFor(_ descriptor: Int32, _ events: Int16, until deadline: ContinuousClock.Instant) -> Bool {
    while true {
        let (seconds, attoseconds) = (deadline - ContinuousClock.now).components
        guard seconds > 0 || (seconds == 0 && attoseconds > 0) else { return false }
        let milliseconds = Int32(clamping: min(seconds, 1_000_000) * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
        var waiting = pollfd(fd: descriptor, events: events, revents: 0)
        let ready = poll(&waiting, 1, milliseconds)
        if ready > 0 { return true }
        if ready < 0, errno != EINTR { return false }
    }
}

/// Sends bytes on a socket until all are taken, the peer is gone or the deadline comes; who reads them knows what is missing.
public func sendAll(_ bytes: [UInt8], on descriptor: Int32, until deadline: ContinuousClock.Instant) {
    var rest = bytes[...]
    while !rest.isEmpty, waitFor(descriptor, Int16(POLLOUT), until: deadline) {
        let count = rest.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
        }
        if count < 0 {
            if errno == EINTR || errno == EAGAIN { continue }
            return
        }
        rest = rest.dropFirst(count)
    }
}
