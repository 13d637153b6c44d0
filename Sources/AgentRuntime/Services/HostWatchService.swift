import LinuxSystem
import Logging
import Model
import ServiceLifecycle

/// Looks every two seconds whether the kernel tells of a change, and has the sources read that tell of it.
///
/// A package manager writes many times in one run: such a change is read when it was quiet for a short look, or has gone on for
/// five. A source that would be read again and again is read ever more seldom, down to once a minute.
struct HostWatchService: Service {
    let wants: SectionWants
    let log: Logger

    /// From one look to the next; and to the next one that tells whether a change has settled.
    static let (interval, short) = (Duration.seconds(2), Duration.milliseconds(700))

    /// The sources that an event is about.
    static func sources(of event: HostEvents.Event) -> [String] {
        switch event {
        case .packages: ["packages"]
        case .accounts: ["users", "groups"]
        case .units: ["units"]
        case .mounts: ["filesystems", "swaps"]
        case .blockDevices: ["disks", "partitions", "volumes", "raids"]
        case .buses: ["usb", "pci"]
        case .network: ["interfaces", "neighbours", "network", "routes"]
        case .listeners: ["services", "connections"]
        }
    }

    /// Whether one change of this kind is many writes.
    static func isWrittenInSteps(_ event: HostEvents.Event) -> Bool {
        switch event {
        case .packages, .accounts, .units: true
        case .mounts, .blockDevices, .buses, .network, .listeners: false
        }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { await loop() }
    }

    private func loop() async {
        let events = HostEvents()
        let missing = HostEvents.Event.allCases.filter { !events.watched.contains($0) }
        if !missing.isEmpty {
            log.info(
                "this host tells nothing of \(missing.map(\.rawValue).joined(separator: ", ")); they are read at their intervals"
            )
        }
        var gates: [HostEvents.Event: ChangeGate] = [:]
        let clock = ContinuousClock()
        while !Task.isCancelled {
            try? await clock.sleep(for: gates.values.contains(where: \.isSettling) ? Self.short : Self.interval)
            let seen = events.take()
            for event in HostEvents.Event.allCases {
                var gate = gates[event] ?? ChangeGate(settles: Self.isWrittenInSteps(event))
                if gate.isOpen(changed: seen.contains(event), at: clock.now) {
                    for source in Self.sources(of: event) { wants.add(SectionName(rawValue: source)) }
                }
                gates[event] = gate
            }
        }
    }
}

/// When a change that was seen is worth a reading.
struct ChangeGate {
    /// Wait until a look sees no more change, at most five looks.
    var settles: Bool
    /// A change waits for a look that sees no more of it.
    var isSettling: Bool { settles && isPending && looks < 5 }
    private var isPending = false
    private var looks = 0
    private var opened: ContinuousClock.Instant?
    private var pause = ChangeGate.shortest

    /// The shortest and the longest time from one reading to the next.
    static let (shortest, longest) = (Duration.seconds(2), Duration.seconds(60))

    init(settles: Bool) { self.settles = settles }

    /// Tells a look; true when what is pending is to be read now.
    mutating func isOpen(changed: Bool, at now: ContinuousClock.Instant) -> Bool {
        if changed { isPending = true }
        guard isPending else { return false }
        looks += 1
        if settles, changed, looks < 5 { return false }
        if let opened {
            let gap = now - opened
            guard gap >= pause else { return false }
            // As long again without a change, and it is worth looking soon again.
            pause = gap >= pause * 2 ? Self.shortest : min(pause * 2, Self.longest)
        }
        opened = now
        isPending = false
        looks = 0
        return true
    }
}
