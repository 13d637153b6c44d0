import Model

/// Something that devices tell by themselves, or that was seen of them: a link that went down, a UPS on battery.
public struct EventCondition: Hashable, Sendable {
    /// The kinds that raise the alarm.
    public var kinds: Set<DeviceEventKind>
    /// The kinds that end it, when they are about the same thing.
    public var clearKinds: Set<DeviceEventKind>
    /// Whether only events of interfaces count at whose other end a device is known.
    public var needsNeighbour: Bool
    /// After how many seconds the alarm clears itself; nil when it does not.
    public var clearAfter: Int64?
    /// A measured value that ends the alarm, for when the event that would was lost.
    public var clearing: ClearingValue?

    /// A metric of the device that tells of the interface the alarm is on.
    public struct ClearingValue: Hashable, Sendable {
        /// The metric's name; its series name the interface in `network.interface.name`.
        public var metric: String
        /// The alarm ends when the value is at least this.
        public var atLeast: Double

        /// A value.
        public init(metric: String, atLeast: Double) {
            self.metric = metric
            self.atLeast = atLeast
        }
    }

    /// A condition.
    public init(
        kinds: Set<DeviceEventKind>, clearKinds: Set<DeviceEventKind> = [], needsNeighbour: Bool = false,
        clearAfter: Int64? = nil, clearing: ClearingValue? = nil
    ) {
        self.kinds = kinds
        self.clearKinds = clearKinds
        self.needsNeighbour = needsNeighbour
        self.clearAfter = clearAfter
        self.clearing = clearing
    }
}
