import Model

/// What became of datagrams on the trap port; nothing is dropped without being counted here.
public struct SNMPTrapCounts: Hashable, Sendable {
    /// What one device sent.
    public struct Source: Hashable, Sendable {
        /// Traps taken.
        public var taken = 0
        /// Datagrams that were not, by the reason.
        public var refused: [SNMPTrapRefusal: Int] = [:]

        /// Nothing yet.
        public init() {}
    }

    /// By the name of the source.
    public var sources: [String: Source] = [:]
    /// Datagrams from addresses of no source; they are not looked into.
    public var strangers = 0
    /// The last of these addresses.
    public var lastStranger: IPAddress?
    /// Datagrams that the kernel threw away because they were not fetched fast enough.
    public var lostByKernel = 0

    /// Nothing yet.
    public init() {}

    /// Traps taken from all devices.
    public var taken: Int { sources.values.reduce(0) { $0 + $1.taken } }

    /// Datagrams of known devices that were refused for that reason.
    public func refused(_ reason: SNMPTrapRefusal) -> Int {
        sources.values.reduce(0) { $0 + ($1.refused[reason] ?? 0) }
    }
}
