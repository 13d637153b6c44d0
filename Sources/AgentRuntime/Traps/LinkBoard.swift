import Devices
import Model

/// What is believed of the links of devices, from traps and from asking, and what is news about them.
///
/// Only what changes while the agent runs is an event: at its start nobody knows how long a link has been down.
actor LinkBoard {
    private var devices: [String: DeviceLinks] = [:]

    /// A trap told of a link; the event with what else is known of the interface.
    func heard(_ event: DeviceEvent) -> DeviceEvent {
        devices[event.device, default: DeviceLinks()].heard(event)
    }

    /// The interfaces of a device as they are now; what changed that no trap told of.
    func polled(_ interfaces: [DeviceInterface], device: String) -> [DeviceEvent] {
        devices[device, default: DeviceLinks()].polled(interfaces, device: device)
    }

    /// Whether what hangs on a device's links is to be read at a look that begins at `now`: one of them moved lately.
    func takeReading(device: String, at now: ContinuousClock.Instant) -> Bool {
        devices[device]?.takeReading(at: now) ?? false
    }

    /// A device is not probed any more.
    func forget(device: String) { devices[device] = nil }

    /// Who is at the other ends of a device's interfaces.
    func connected(_ neighbours: [DeviceNeighbour], device: String) {
        devices[device, default: DeviceLinks()].connected(neighbours)
    }
}

/// The links of one device. A value, so that every order of traps and looks can be tested.
struct DeviceLinks {
    private struct Link {
        var name: String
        var state: DeviceLink?
    }

    private var links: [UInt32: Link] = [:]
    private var neighbours: [UInt32: String] = [:]
    private var hasMoved = false
    private var readings = 0
    private var settled: ContinuousClock.Instant?

    /// Neighbours and addresses show at a link that is up again only later: a neighbour tells of itself each 30 s
    /// (IEEE 802.1AB, msgTxInterval), and one such telling may be lost.
    private static let settling = Duration.seconds(65)

    /// Looks may be further apart than that.
    private static let readingsAfterMove = 2

    /// Interfaces of one device that are kept.
    private static let capacity = 10_000

    mutating func heard(_ event: DeviceEvent) -> DeviceEvent {
        var event = event
        guard let index = event.interface else { return event }
        if event.object.isEmpty, let name = links[index]?.name { event.object = name }
        event.neighbour = neighbours[index]
        guard let state = event.kind.link, links[index] != nil || links.count < Self.capacity else { return event }
        links[index, default: Link(name: event.object, state: nil)].state = state
        hasMoved = true
        return event
    }

    mutating func polled(_ interfaces: [DeviceInterface], device: String) -> [DeviceEvent] {
        var events: [DeviceEvent] = []
        var now: [UInt32: Link] = [:]
        for interface in interfaces.prefix(Self.capacity) {
            let before = links[interface.index]
            // What says nothing of its link keeps what was known of it.
            let state = interface.link ?? before?.state
            now[interface.index] = Link(name: interface.name, state: state)
            guard let state, let old = before?.state, old != state else { continue }
            hasMoved = true
            guard interface.tellsLink != false else { continue }
            events.append(
                DeviceEvent(
                    kind: state.event, subject: .device(target: device), interface: interface.index,
                    object: interface.name, neighbour: neighbours[interface.index], origin: .poll))
        }
        links = now
        return events
    }

    /// Links of interfaces that are to send no traps count, too.
    mutating func takeReading(at now: ContinuousClock.Instant) -> Bool {
        if hasMoved {
            (hasMoved, readings, settled) = (false, Self.readingsAfterMove, now + Self.settling)
        }
        guard let end = settled else { return false }
        readings -= 1
        if readings <= 0, now >= end { settled = nil }
        return readings >= 0 || now < end
    }

    mutating func connected(_ neighbours: [DeviceNeighbour]) {
        var found: [UInt32: String] = [:]
        for neighbour in neighbours.prefix(Self.capacity) {
            guard let index = neighbour.localInterface else { continue }
            found[index] = found[index] ?? neighbour.chassisName ?? neighbour.chassisID
        }
        self.neighbours = found
    }
}

extension DeviceLink {
    /// The event that a link came to this state.
    fileprivate var event: DeviceEventKind {
        switch self {
        case .up: .linkUp
        case .down: .linkDown
        case .disabled: .linkDisabled
        }
    }
}

extension DeviceEventKind {
    /// The state a link is in after it; nil for an event about something else.
    fileprivate var link: DeviceLink? {
        switch self {
        case .linkUp: .up
        case .linkDown: .down
        case .linkDisabled: .disabled
        default: nil
        }
    }
}
