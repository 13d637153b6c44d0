import CMDB
import LinuxSystem
import Logging
import Model
import ServiceLifecycle
import Stores

/// Derives the edges between machines from what each says: cables from LLDP and forwarding tables, guests from their
/// hosts' lists, connections from sockets, declared needs from files. A durable reader of the feed: an edge commits before
/// the cursor, so a crash repeats and loses nothing.
///
/// An edge needs both ends. What finds no other end yet is remembered by its clues (address, MAC, name), and looked at
/// again when a CI with such a clue appears.
public actor GraphRelationService: Service {
    /// The store's sides it uses.
    public typealias Store = ChangeCommitting & GraphReading & FeedReading & CMDBReading & ReconcileReading

    let store: any Store
    let declared: DeclaredServices
    private let logger: Logger
    private let pulse: Pulse
    var book = AddressBook()
    private var waiting: [String: Set<Int64>] = [:]
    private var clues: [Int64: Set<String>] = [:]
    /// Services of hosts, read once for one object's statements.
    var servicesRead: [CIID: [ListeningService]] = [:]
    var fabric = Fabric()
    private var isLoaded = false

    static let reader: FeedReader = "relations"
    private static let step = 500
    static let page = 2000

    /// A service that derives edges into `store`; `declared` are the services of the files.
    public init(store: any Store, declared: DeclaredServices, logger: Logger, pulse: Pulse = .unwatched) {
        self.store = store
        self.declared = declared
        self.logger = logger
        self.pulse = pulse
    }

    /// Derives what is derivable now, then follows the feed until shutdown.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.follow() }
    }

    private func follow() async {
        while !Task.isCancelled {
            do {
                // The first look reads every statement there is.
                pulse.expect(within: .seconds(1800))
                try await readFeed()
                if fabric.isDue(at: .now) { try await deriveFabric() }
                let cursor = try await store.cursor(of: Self.reader)
                pulse.rest()
                try await waitForEntries(after: cursor)
            } catch is CancellationError {
                return
            } catch {
                logger.error("edges cannot be derived", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Returns when the feed goes on, or when tables that changed are to be looked at.
    private func waitForEntries(after cursor: FeedCursor) async throws {
        guard let due = fabric.due else { return try await store.waitForEntries(after: cursor) }
        let store = store
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await store.waitForEntries(after: cursor) }
            group.addTask { try await Task.sleep(until: due, clock: .continuous) }
            try await group.next()
            group.cancelAll()
        }
    }

    /// Brings the edges up to the newest entry of the feed.
    public func catchUp() async throws {
        try await readFeed()
        if fabric.due != nil { try await deriveFabric() }
    }

    private func readFeed() async throws {
        if !isLoaded { try await load() }
        servicesRead = [:]
        while true {
            let cursor = try await store.cursor(of: Self.reader)
            let entries = try await store.entries(after: cursor, limit: Self.step)
            guard let last = entries.last else { return }
            var change = FeedReview()
            for entry in entries { try await review(entry.event, &change) }
            for clue in change.clues { change.objects.formUnion(waiting[clue] ?? []) }
            for object in change.objects.sorted() { try await derive(object) }
            for object in change.tables.sorted() { try await readTable(object) }
            if change.touchesDeclared { try await deriveDeclared() }
            var set = ChangeSet()
            set.cursors = [Self.reader: last.cursor]
            _ = try await store.commit(set)
        }
    }

    /// Reads all interfaces into the book and looks at every statement once: what waits is known only in memory.
    private func load() async throws {
        var after: CIID?
        while true {
            let page = try await store.facts(
                ofClass: .interface, attributes: AddressBook.attributes, after: after, limit: Self.page)
            for facts in page { book.put(facts) }
            guard let last = page.last else { break }
            after = last.record.id
        }
        let neighbours = try await store.objects(withSection: .neighbours)
        let connections = try await store.objects(withSection: .connections)
        let guests = try await store.objects(withSection: .guests)
        for object in Set(neighbours + connections + guests).sorted() { try await derive(object) }
        try await loadFabric()
        try await deriveDeclared()
        isLoaded = true
    }

    /// What an event means for edges.
    private func review(_ event: FeedEvent, _ change: inout FeedReview) async throws {
        switch event {
        case .itemsChanged(let ci, let section, _, _, _, _):
            switch section {
            case .neighbours, .connections, .guests: change.objects.formUnion(try await objects(of: ci))
            case .forwarding: change.tables.formUnion(try await objects(of: ci))
            default: return
            }
        case .ciCreated(let ci, let className, let name):
            change.touchesDeclared = true
            try await review(ci, className, name, &change)
        case .ciRenamed(let ci, _, let name):
            change.touchesDeclared = true
            try await review(ci, nil, name, &change)
        case .ciStateChanged(let ci, _, _):
            change.touchesDeclared = true
            try await reviewState(of: ci, &change)
        case .attributesChanged(let ci, let changes, _, _):
            let names = Set(changes.map(\.name))
            if let chassis = changes.first(where: { $0.name == "system.lldp_chassis_id" })?.after?.text {
                change.clues.insert("chassis:\(chassis.lowercased())")
            }
            for change in changes where change.name == "system.kind" { fabric.note(change.after?.text, of: ci) }
            for change in changes where change.name == Self.bridgeAttribute {
                fabric.note(bridge: change.after?.text, of: ci)
            }
            if let uuid = changes.first(where: { $0.name == "system.uuid" })?.after?.text {
                change.clues.insert(GuestStatement.clue(uuid: uuid))
            }
            if names.contains("listen") { change.touchesDeclared = true }
            if names.contains("listen") || !names.isDisjoint(with: AddressBook.attributes) {
                try await review(ci, nil, nil, &change)
            }
        default: return
        }
    }

    private func review(
        _ ci: CIID, _ className: CIClass?, _ name: String?, _ change: inout FeedReview
    ) async throws {
        guard let record = try await store.ci(ci, asOf: nil) else { return }
        switch record.className {
        case .interface:
            try await reviewInterface(record, &change)
            // Its device's table may have named it before it was there.
            if className != nil, let device = record.parent, fabric.hasTable(device) {
                change.tables.formUnion(try await objects(of: device))
            }
        case .service:
            // A program that now listens: connections to its host may be connections to it.
            guard let host = record.parent else { return }
            for interface in book.interfaces(of: host) {
                for address in interface.addresses { change.clues.insert("address:\(address)") }
            }
            change.clues.insert("local:\(host)")
        case .host, .device: if let name { change.clues.insert("name:\(name)") }
        default: return
        }
    }

    private func reviewInterface(_ record: CIRecord, _ change: inout FeedReview) async throws {
        var facts = CIFacts(record: record, values: [:])
        for fact in try await store.attributes(of: record.id, asOf: nil) { facts.values[fact.name] = fact.value }
        let before = book.entry(record.id)
        guard let entry = book.put(facts) else { return }
        fabric.noteChange()
        if before?.isUp != entry.isUp, before?.isUp == false || entry.isUp == false {
            // A cable at a port that is down carries nothing, whatever the other end last said.
            change.objects.formUnion(
                try await store.edges(touching: [record.id], asOf: nil).filter { $0.kind == .connectedTo }.map(\.object)
            )
            change.clues.insert("port:\(record.id)")
        }
        if let mac = entry.mac { change.clues.insert("mac:\(mac)") }
        for address in entry.addresses { change.clues.insert("address:\(address)") }
        if let owner = try await store.ci(entry.owner, asOf: nil) { change.clues.insert("name:\(owner.name)") }
        // The local end of a cable may be this very interface.
        change.clues.insert("local:\(entry.owner)")
    }

    /// A CI that vanished, returned or was retired.
    private func reviewState(of ci: CIID, _ change: inout FeedReview) async throws {
        guard let record = try await store.ci(ci, asOf: nil) else { return }
        switch record.className {
        case .interface: try await reviewInterface(record, &change)
        case .device: change.tables.formUnion(try await objects(of: ci))
        default: return
        }
    }

    /// The objects that speak of a CI as a whole.
    private func objects(of ci: CIID) async throws -> [Int64] {
        try await store.objects(of: ci, asOf: nil).filter { $0.key.isEmpty }.map(\.id)
    }

    /// Brings the edges of one object to what its neighbours, guests and connections say.
    private func derive(_ object: Int64) async throws {
        servicesRead = [:]
        forget(object)
        guard let subject = try await store.ci(ofObject: object) else { return }
        var wanted: [RelationEdge] = []
        var heard: [HeardNeighbour] = []
        for item in try await store.items(ofObject: object, section: .neighbours) {
            guard let statement = NeighbourStatement(item) else { continue }
            let ends = try await ends(of: statement, of: subject, object: object)
            if let local = ends.local { heard.append(HeardNeighbour(port: local, remote: ends.remote)) }
            if let edge = cable(ends, evidence: statement.evidence, object: object) {
                wanted.append(edge)
            } else {
                let ports = [ends.local, ends.remote].compactMap { $0.map { "port:\($0)" } }
                wait(object, for: statement.clues + ports + ["local:\(subject)"])
            }
        }
        fabric.put(heard, of: object)
        var listed: [CIID: CIID] = [:]
        for item in try await store.items(ofObject: object, section: .guests) {
            guard let statement = GuestStatement(item) else { continue }
            if let guest = try await guest(statement), guest != subject {
                listed[guest] = subject
                wanted.append(
                    RelationEdge(
                        source: guest, kind: .hostedOn, target: subject, object: object,
                        confidence: RelationEvidence.guestList.confidence, evidence: .guestList))
            } else {
                wait(object, for: statement.clues)
            }
        }
        fabric.put(listed, of: object)
        for item in try await store.items(ofObject: object, section: .connections) {
            guard let statement = ConnectionStatement(item) else { continue }
            let found = try await connection(statement, of: subject, object: object)
            if let edge = found.edge { wanted.append(edge) }
            if !found.isFinal { wait(object, for: ["address:\(statement.address)", "local:\(subject)"]) }
        }
        try await bring(object, to: wanted)
    }

    /// Commits the difference between the edges an object states and those it should.
    func bring(_ object: Int64, to wanted: [RelationEdge]) async throws {
        let difference = EdgeDifference(from: try await store.edges(statedBy: object), to: wanted)
        guard !difference.changes.isEmpty else { return }
        var set = ChangeSet()
        set.cmdb = difference.changes
        set.events = difference.events
        _ = try await store.commit(set)
    }

    private func wait(_ object: Int64, for clues: [String]) {
        for clue in clues { waiting[clue, default: []].insert(object) }
        self.clues[object, default: []].formUnion(clues)
    }

    private func forget(_ object: Int64) {
        for clue in clues.removeValue(forKey: object) ?? [] {
            waiting[clue]?.remove(object)
            if waiting[clue]?.isEmpty == true { waiting[clue] = nil }
        }
    }
}

/// A service of a host with where it listens.
struct ListeningService {
    let record: CIRecord
    let endpoints: [ListenEndpoint]
}

/// What a step of the feed asks to look at.
struct FeedReview {
    /// Objects whose statements changed.
    var objects: Set<Int64> = []
    /// Objects whose forwarding tables changed.
    var tables: Set<Int64> = []
    /// Clues of CIs that appeared or changed.
    var clues: Set<String> = []
    /// Whether a declared need may find another CI now.
    var touchesDeclared = false
}
