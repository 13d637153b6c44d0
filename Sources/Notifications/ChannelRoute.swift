import Model
import ServiceDesk
import TOML

/// What goes through a channel.
public struct ChannelRoute: Hashable, Sendable {
    /// The channel's name.
    public var channel: String
    /// The events that are told.
    public var events: Set<IncidentEvent>
    /// The least urgent priority that is told, 1 to 5.
    public var lowestPriority: Priority

    /// A route; without arguments it takes everything.
    public init(
        channel: String, events: Set<IncidentEvent> = Set(IncidentEvent.allCases),
        lowestPriority: Priority = Priority(rawValue: 5)
    ) {
        self.channel = channel
        self.events = events
        self.lowestPriority = lowestPriority
    }

    /// Whether the event of an incident of that priority goes through the channel.
    public func takes(_ event: IncidentEvent, _ priority: Priority) -> Bool {
        events.contains(event) && priority <= lowestPriority
    }

    init(from table: TOMLTable) throws(TOMLError) {
        let name = try table.requiredString("name", maxBytes: 64)
        guard name.utf8.allSatisfy({ isNameByte($0) }) else {
            throw table.refusal("name", found: "\"\(name)\"", accepted: "letters, digits, - and _")
        }
        let all = IncidentEvent.allCases.map(\.rawValue)
        let events = Set((try table.words("events", among: all) ?? all).compactMap(IncidentEvent.init(rawValue:)))
        let lowest = Priority(rawValue: try table.int("lowest_priority", in: 1...5) ?? 5)
        self.init(channel: name, events: events, lowestPriority: lowest)
    }
}

private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
    default: false
    }
}
