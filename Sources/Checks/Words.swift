import Glibc
import LinuxSystem

/// How long, in words for people: `300 ms`, `5 s`, `2 min`, `1 h 30 min`, `3 d`; two units at most.
func spoken(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = Double(attoseconds) / 1e15
    if seconds == 0 { return "\(short(milliseconds)) ms" }
    if seconds < 60 { return "\(short(Double(seconds) + milliseconds / 1000)) s" }
    let units: [(size: Int64, name: String)] = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]
    for (unit, smaller) in zip(units, units.dropFirst()) where seconds >= unit.size {
        let rest = seconds % unit.size / smaller.size
        return "\(seconds / unit.size) \(unit.name)" + (rest > 0 ? " \(rest) \(smaller.name)" : "")
    }
    return "\(seconds) s"
}

/// How much, in words for people: `900 bytes`, `15 kB`, `2 MB`.
func spoken(bytes: Int) -> String {
    guard bytes >= 10_000 else { return bytes == 1 ? "1 byte" : "\(bytes) bytes" }
    var value = Double(bytes)
    for unit in ["", "kB", "MB", "GB", "TB", "PB"] {
        if value < 1000 { return "\(short(value)) \(unit)" }
        value /= 1000
    }
    return "\(short(value)) EB"
}

/// A number with three digits that count.
func short(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return String(value) }
    let places = abs(value) >= 100 ? 0.0 : abs(value) >= 10 ? 1 : abs(value) >= 0.1 ? 2 : 3
    let scale = Glibc.pow(10, places)
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() ? String(Int64(rounded)) : String(rounded)
}

/// What went wrong with a connection, as the end of a sentence.
func connectionProblem(_ error: Int32) -> String {
    switch error {
    case ECONNREFUSED: "connection refused"
    case ECONNRESET, EPIPE: "the connection was broken off"
    case EHOSTUNREACH, EHOSTDOWN: "the host cannot be reached"
    case ENETUNREACH, ENETDOWN: "there is no way to that network"
    case ETIMEDOUT: "no answer"
    case EACCES, EPERM: "this host does not allow the connection"
    default: systemErrorText(error)
    }
}

/// Why a name has no address, as the end of a sentence (getaddrinfo(3)).
func nameProblem(_ status: Int32) -> String {
    switch status {
    case EAI_NONAME, -5: "the name has no address"
    case EAI_AGAIN: "the name cannot be resolved at the moment"
    case EAI_FAIL: "the name servers fail"
    default: String(cString: gai_strerror(status))
    }
}
