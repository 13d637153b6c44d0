import Model

/// Decides which datagrams are read and which traps are taken: known addresses only, no more than a device may send, nothing
/// twice, and only what shows the device's own credential. No I/O; time is passed in.
struct TrapGate {
    /// What a trap shows of its sender.
    enum Proof: Hashable {
        case community([UInt8])
        case user(name: [UInt8], level: Int32, engineID: [UInt8], isInform: Bool)
    }

    private struct Device {
        var sources: [SNMPTrapSource]
        /// Before anything is known but the address: bounds what decoding may cost.
        var readable: TokenBucket
        var taken: TokenBucket
        var memory = RepeatMemory()
    }

    private var devices: [IPAddress: Device] = [:]

    /// Datagrams that are decoded for one that may be taken: a spoofed flood uses these up later than traps of the device's own.
    static let readablePerTaken = 10.0

    init(_ sources: [SNMPTrapSource], _ limits: SNMPTrapLimits, now: Int64) {
        replace(sources, limits, now: now)
    }

    /// Other devices: what an address that stays may still send, and what it sent last, is kept.
    mutating func replace(_ sources: [SNMPTrapSource], _ limits: SNMPTrapLimits, now: Int64) {
        let before = devices
        devices = [:]
        for source in sources {
            for address in source.addresses {
                var new =
                    before[address]
                    ?? Device(
                        sources: [],
                        readable: TokenBucket(
                            rate: limits.rate * Self.readablePerTaken, burst: limits.burst * Self.readablePerTaken,
                            now: now
                        ),
                        taken: TokenBucket(rate: limits.rate, burst: limits.burst, now: now))
                new.sources = []
                devices[address, default: new].sources.append(source)
            }
        }
    }

    /// The users whose traps need their device's engine id, by address.
    var users: [IPAddress: Set<SNMPUser>] {
        devices.mapValues { device in Set(device.sources.compactMap(\.user)) }.filter { !$0.value.isEmpty }
    }

    /// Who is meant when nothing else is known than the address; nil for a stranger.
    func name(of address: IPAddress) -> String? { devices[address]?.sources.first?.name }

    /// Why a datagram of a known address is not even decoded; nil when it is.
    mutating func refusalUnread(_ address: IPAddress, now: Int64) -> SNMPTrapRefusal? {
        devices[address]?.readable.take(now: now) == true ? nil : .flood
    }

    /// The source whose credential the proof is; nil where it is nobody's. `owner` is the address whose engine id it is.
    func source(at address: IPAddress, showing proof: Proof, owner: IPAddress?) -> SNMPTrapSource? {
        devices[address]?.sources.first { $0.isShown(by: proof, owner: owner) }
    }

    /// Whether what proved itself is new and within what the device may send; nil when it is.
    mutating func refusalProven(_ address: IPAddress, fingerprint: Int, lifetime: Double, now: Int64)
        -> SNMPTrapRefusal?
    {
        if devices[address]?.memory.knows(fingerprint, now: now) == true { return .repeated }
        guard devices[address]?.taken.take(now: now) == true else { return .flood }
        devices[address]?.memory.keep(fingerprint, until: now.addingSeconds(lifetime))
        return nil
    }
}

/// The last datagrams that were taken from one address, so that the same octets do not count twice.
private struct RepeatMemory {
    private var entries: [(fingerprint: Int, end: Int64)] = []
    private var next = 0
    private static let capacity = 256

    func knows(_ fingerprint: Int, now: Int64) -> Bool {
        entries.contains { $0.fingerprint == fingerprint && $0.end > now }
    }

    mutating func keep(_ fingerprint: Int, until end: Int64) {
        if entries.count < Self.capacity { return entries.append((fingerprint, end)) }
        entries[next] = (fingerprint, end)
        next = (next + 1) % Self.capacity
    }
}

extension SNMPTrapSource {
    var user: SNMPUser? {
        if case .v3(let user, _) = credential { user } else { nil }
    }

    /// A community is good for v1 and v2c, whichever the device is polled with: they prove the same. Nothing is good for v3 but v3.
    fileprivate func isShown(by proof: TrapGate.Proof, owner: IPAddress?) -> Bool {
        switch (credential, proof) {
        case (.v1(let own), .community(let shown)), (.v2c(let own), .community(let shown)):
            return own.utf8.elementsEqual(shown)
        case (.v3(let user, _), .user(let name, let level, _, let isInform)):
            // Of an inform the engine is ours, and the library has checked that.
            let isOwn = isInform || owner.map(addresses.contains) == true
            return isOwn && user.name.utf8.elementsEqual(name) && level >= user.level
        default: return false
        }
    }
}

extension SNMPUser {
    /// 1 for noAuthNoPriv, 2 for authNoPriv, 3 for authPriv.
    var level: Int32 { authentication == nil ? 1 : privacy == nil ? 2 : 3 }
}
