import Glibc
import Model
import SNMP

/// Reads a device through the standard MIBs, and through its family's profile where those are silent.
public struct DeviceProbe: Sendable {
    private let profiles: DeviceProfiles

    /// A probe that knows `profiles`.
    public init(profiles: DeviceProfiles) { self.profiles = profiles }

    /// Reads the given parts of a device. Never throws: the receipt says what was not answered and why. `told` hears
    /// after each operation how many requests were sent and how many rows were read.
    public func run(
        client: SNMPClient, target: SNMPTarget, parts: Set<DevicePart> = Set(DevicePart.allCases),
        told: @escaping @Sendable (_ requests: Int, _ rows: Int) -> Void = { _, _ in }
    ) async -> DeviceReport {
        await run(LiveSession(client: client, target: target), parts: parts, told: told)
    }

    /// The same, whatever answers for the device.
    public func run(
        _ session: any DeviceSession, parts: Set<DevicePart> = Set(DevicePart.allCases),
        told: @escaping @Sendable (_ requests: Int, _ rows: Int) -> Void = { _, _ in }
    ) async -> DeviceReport {
        var reading = Reading(session: session, told: told)
        let started = monotonicSeconds()
        guard await reading.system() else {
            reading.report.receipt.seconds = monotonicSeconds() - started
            return reading.report
        }
        let profile = await profile(&reading)
        if parts.contains(.interfaces) || parts.contains(.neighbours) { await reading.interfaces() }
        if parts.contains(.addresses) { await reading.addresses() }
        if parts.contains(.entities) { await reading.entities() }
        if parts.contains(.neighbours) { await reading.neighbours() }
        if parts.contains(.vlans) || parts.contains(.forwarding) {
            await reading.bridge(profile?.vlans, withForwarding: parts.contains(.forwarding))
        }
        if parts.contains(.arp) { await reading.arp() }
        if parts.contains(.sensors) { await reading.sensors((profile?.sensors ?? []) + profiles.standard.sensors) }
        if parts.contains(.supplies) { await reading.supplies() }
        if parts.contains(.volumes) { await reading.volumes(profile?.volumes ?? []) }
        if parts.contains(.peers) { await reading.peers() }
        if parts.contains(.routes) { await reading.routes() }
        if parts.contains(.guests) { await reading.guests(profile?.guests ?? []) }
        if parts.contains(.accessPoints) { await reading.accessPoints(profile?.accessPoints ?? []) }
        await identify(&reading, profile)
        reading.report.receipt.seconds = monotonicSeconds() - started
        return reading.report
    }

    /// Reads counters and links of the interfaces only.
    public func counters(
        client: SNMPClient, target: SNMPTarget
    ) async -> (interfaces: [DeviceInterface], receipt: SNMPReceipt) {
        let result = await client.rows(under: InterfaceReader.counterColumns, from: target)
        return (InterfaceReader.interfaces(result), result.receipt)
    }

    /// Reads the sensors that a whole reading found.
    public func sensors(
        _ plan: SensorPlan, client: SNMPClient, target: SNMPTarget
    ) async -> (sensors: [DeviceSensor], receipt: SNMPReceipt) {
        let result = await client.rows(under: plan.columns, from: target)
        return (plan.sensors(result), result.receipt)
    }

    /// Reads what cables follow from as `run` does, and nothing else: of `parts` the interfaces with their addresses, the
    /// neighbours, the forwarding tables. `told` hears of each section as soon as it is read to its end: that a link is down is
    /// known before a large table is. Gives the neighbours; nil where they were not read to their end.
    public func links(
        client: SNMPClient, target: SNMPTarget, parts: Set<DevicePart>,
        told: @Sendable (InventorySection) async -> Void
    ) async -> [DeviceNeighbour]? {
        guard parts.contains(.interfaces) else { return nil }
        var reading = Reading(session: LiveSession(client: client, target: target), told: { _, _ in })
        await reading.interfaces()
        if parts.contains(.addresses) { await reading.addresses() }
        await tell(.interfaces, of: reading, told)
        if parts.contains(.neighbours) { await reading.neighbours() }
        await tell(.neighbours, of: reading, told)
        if parts.contains(.forwarding) { await reading.bridge(nil, withForwarding: true) }
        await tell(.forwarding, of: reading, told)
        return reading.report.receipt.complete.contains(.neighbours) ? reading.report.neighbours : nil
    }

    private func tell(
        _ name: SectionName, of reading: Reading, _ told: (InventorySection) async -> Void
    ) async {
        guard let section = reading.report.sections().first(where: { $0.name == name }), section.isComplete else {
            return
        }
        await told(section)
    }

    /// The family that fits best.
    private func profile(_ reading: inout Reading) async -> DeviceProfile? {
        let description = reading.report.description ?? ""
        let objectID = reading.report.objectID
        let questions = profiles.questions(objectID: objectID, description: description)
        let present = await Set(reading.values(of: questions).keys)
        return profiles.best(objectID: objectID, description: description, present: present)
    }

    /// Vendor, family and the facts the profile knows where to find; what it does not know the standard MIBs may, and
    /// what they do not the words of sysDescr.
    private func identify(_ reading: inout Reading, _ profile: DeviceProfile?) async {
        let entities = reading.report.entities
        let chassis = EntityReader.chassis(entities)
        reading.report.vendor =
            profile?.vendor ?? vendor(reading.report.objectID, reading.report.description ?? "")
            ?? chassis?.manufacturer
        for place in reading.report.accessPoints.indices {
            reading.report.accessPoints[place].vendor = reading.report.vendor
        }
        reading.report.os = profile?.os ?? profiles.standard.os
        reading.report.kind = profile?.kind ?? KindGuess.kind(reading.report)
        let isUnknownPrinter = profile == nil && !reading.report.supplies.isEmpty
        let known = (isUnknownPrinter ? profiles.printer : profile)?.profile(on: reading.report.objectID)
        var identity = DeviceIdentity(entities)
        if let known { identity.take(known, await reading.facts(known.places), of: reading.report) }
        if isUnknownPrinter {
            identity.model = identity.model.map { IdentityGuess.withoutVendor($0, reading.report.vendor) }
        }
        if !identity.isWhole {
            identity.take(profiles.standard, await reading.facts(profiles.standard.places), of: reading.report)
        }
        let guess = IdentityGuess(
            reading.report, chassis: chassis,
            isHost: known?.kind == "server" || known == nil && isAgentNumber(reading.report.objectID))
        reading.report.model = identity.model ?? guess.model
        reading.report.version = identity.version ?? guess.version
        reading.report.serial = identity.serial ?? guess.serial
    }

    /// By the enterprise number and by the first words of sysDescr: the number counts less where it is of the SNMP agent's
    /// maker only.
    private func vendor(_ objectID: OID?, _ description: String) -> String? {
        let (registered, named) = (profiles.vendor(of: objectID), profiles.vendor(beginning: description))
        return isAgentNumber(objectID) ? named ?? registered : registered ?? named
    }

    /// Whether the object id names only the maker of the SNMP agent: Net-SNMP, UCD, SNMP Research; or nobody.
    private func isAgentNumber(_ objectID: OID?) -> Bool {
        let agents: [OID] = [[1, 3, 6, 1, 4, 1, 8072], [1, 3, 6, 1, 4, 1, 2021], [1, 3, 6, 1, 4, 1, 99]]
        return objectID.map { id in agents.contains { $0.isPrefix(of: id) } } ?? true
    }
}

/// One device being read.
private struct Reading {
    let session: any DeviceSession
    let told: @Sendable (Int, Int) -> Void
    var report = DeviceReport()
    /// dot1dBasePort to ifIndex, once the interfaces were read to their end.
    var ports: [UInt32: UInt32]?
    /// How many rows the device's tables of routes have, as it counts them.
    var routeCounts: [OID: Int64]?

    /// Whether the device answered at all.
    mutating func system() async -> Bool {
        let result = await session.read(SystemReader.oids)
        count(result.receipt)
        guard !result.rows.isEmpty else {
            report.receipt.failure = result.receipt.end.error?.description ?? "the device answers nothing"
            return false
        }
        note(.system, result.receipt)
        // Apart, because some agents fail on an object they do not know.
        let identities = await session.read(SystemReader.identities)
        count(identities.receipt)
        var rows = result.rows
        rows.append(contentsOf: identities.rows)
        SystemReader.fill(&report, from: rows)
        return true
    }

    mutating func interfaces() async {
        let result = await walk(.interfaces, InterfaceReader.columns + PortReader.columns)
        if result.receipt.end == .complete { ports = BridgeReader.ports(result) }
        report.interfaces = InterfaceReader.interfaces(result)
        PortReader.fill(&report.interfaces, result)
    }

    mutating func addresses() async {
        // The counts of routes find room in the same message.
        let result = await walk(.addresses, AddressReader.columns + RouteReader.countObjects)
        report.addresses = AddressReader.addresses(result)
        if result.receipt.end == .complete { routeCounts = RouteReader.told(result.rows) }
    }

    mutating func entities() async {
        report.entities = EntityReader.entities(await walk(.entities, EntityReader.columns))
    }

    mutating func neighbours() async {
        let result = await walk(.neighbours, NeighbourReader.columns + CDPReader.columns)
        report.neighbours =
            NeighbourReader.neighbours(result, interfaces: report.interfaces)
            + CDPReader.neighbours(result, interfaces: report.interfaces)
    }

    /// VLANs, and the forwarding tables: one for all, or on Cisco one in each VLAN's context.
    mutating func bridge(_ table: VLANTable?, withForwarding: Bool) async {
        let own = table?.columns ?? []
        let asked = ports == nil ? BridgeReader.portColumns : []
        let result = await walk(.vlans, asked + BridgeReader.vlanColumns + own)
        let reader = BridgeReader(result, ports: ports)
        report.vlans = reader.vlans(table, own: result.rows)
        guard withForwarding else { return }
        report.forwarding = reader.forwarding(await walk(.forwarding, BridgeReader.forwardingColumns))
        let hasVLANs = report.forwarding.contains { $0.vlan != nil }
        let contexts =
            hasVLANs ? [] : reader.contexts.compactMap { number in session.vlan(number).map { (number, $0) } }
        for (number, context) in contexts.prefix(Self.contexts) {
            let result = await context.rows(under: BridgeReader.contextColumns)
            count(result.receipt)
            if result.rows.isEmpty, let error = result.receipt.end.error {
                // Where one VLAN's context is met with silence, the others would be, too.
                report.receipt.notAnswered[.forwarding] = "in the context of VLAN \(number): \(error.description)"
                report.receipt.complete.remove(.forwarding)
                break
            }
            let entries = BridgeReader.forwarding(result, vlan: number)
            let known = Set(entries.map(\.mac))
            report.forwarding.removeAll { $0.vlan == nil && known.contains($0.mac) }
            report.forwarding += entries
        }
        report.vlans = BridgeReader.vlans(report.vlans, with: report.forwarding)
        if contexts.count > Self.contexts {
            report.receipt.notAnswered[.forwarding] =
                "only the first \(Self.contexts) of \(contexts.count) VLANs were asked for theirs"
            report.receipt.complete.remove(.forwarding)
        }
    }

    /// VLANs whose own forwarding table is asked for; each costs two or three requests.
    private static let contexts = 64

    mutating func arp() async { report.arp = ARPReader.entries(await walk(.arp, ARPReader.columns)) }

    mutating func sensors(_ tables: [SensorTable]) async {
        var columns = SensorReader.columns(tables)
        if report.objectID.map({ ([1, 3, 6, 1, 4, 1, 9] as OID).isPrefix(of: $0) }) == true {
            columns += SensorReader.ciscoColumns
        }
        let result = await walk(.sensors, columns)
        let interfaces = Dictionary(
            report.interfaces.map { ($0.index, $0.name) }, uniquingKeysWith: { first, _ in first })
        report.sensors = SensorReader.sensors(
            result, tables: tables, entities: report.entities, interfaces: interfaces)
        report.sensorPlan = SensorPlan(tables, report.entities, interfaces, columns, result.rows)
    }

    mutating func supplies() async {
        report.supplies = SupplyReader.supplies(await walk(.supplies, SupplyReader.columns))
    }

    mutating func volumes(_ tables: [VolumeTable]) async {
        let result = await walk(.volumes, VolumeReader.columns + tables.flatMap(\.columns))
        report.volumes = VolumeReader.volumes(result, tables: tables)
    }

    mutating func peers() async { report.peers = PeerReader.peers(await walk(.peers, PeerReader.columns)) }

    /// The device's own count says which table there is and whether it is small enough to be walked.
    mutating func routes() async {
        if routeCounts == nil {
            let counts = await session.read(RouteReader.counts)
            count(counts.receipt)
            routeCounts = RouteReader.told(counts.rows)
        }
        let told = routeCounts ?? [:]
        // A table that is told to be empty may still be one that the agent does not count: the others are asked, too.
        let counted = RouteReader.Table.allCases.first { table in table.count.flatMap { told[$0] } ?? 0 > 0 }
        let number = counted?.count.flatMap { told[$0] }
        let isWhole = number ?? 0 <= Int64(RouteReader.limit)
        let tables = counted.map { [$0] } ?? RouteReader.Table.allCases
        let roots = tables.flatMap { $0.roots(isWhole: isWhole) }
        // Twice as many: default routes are read by several columns.
        let result = await session.rows(under: roots, limit: 2 * RouteReader.limit)
        count(result.receipt)
        if result.receipt.end == .rowLimit {
            report.receipt.complete.insert(.routes)
        } else {
            note(.routes, result.receipt)
        }
        report.routes = RouteReader.routes(result, of: tables, told: number, isWhole: isWhole) ?? DeviceRoutes()
        report.routes.count = report.routes.count ?? number ?? told.values.max()
    }

    /// Only controllers have any: of all others nothing is asked and nothing said.
    mutating func accessPoints(_ tables: [AccessPointTable]) async {
        guard !tables.isEmpty else { return }
        let result = await walk(.accessPoints, Array(Set(tables.flatMap(\.columns))).sorted())
        report.accessPoints = AccessPointReader.accessPoints(result.rows, tables: tables)
    }

    /// Likewise of hypervisors.
    mutating func guests(_ tables: [GuestTable]) async {
        guard !tables.isEmpty else { return }
        let result = await walk(.guests, Array(Set(tables.flatMap(\.columns))).sorted())
        report.guests = GuestReader.guests(result.rows, tables: tables)
    }

    /// The texts of single objects; what is absent or empty is left out.
    mutating func values(of oids: [OID]) async -> [OID: String] {
        guard !oids.isEmpty else { return [:] }
        let result = await session.read(oids)
        count(result.receipt)
        var values: [OID: String] = [:]
        for row in result.rows { values[row.oid] = Self.text(row.value) }
        return values
    }

    /// The texts behind places: of a column the first there is.
    mutating func facts(_ places: [FactPlace]) async -> [OID: String] {
        var values = await values(of: Array(Set(places.filter { !$0.isColumn }.map(\.oid))))
        let columns = Array(Set(places.filter(\.isColumn).map(\.oid))).sorted()
        guard !columns.isEmpty else { return values }
        let result = await session.rows(under: columns)
        count(result.receipt)
        for column in columns {
            values[column] = result.rows.under(column).lazy.compactMap { Self.text($0.value) }.first
        }
        return values
    }

    private static func text(_ value: SNMPValue) -> String? {
        switch value {
        case .octets(let octets):
            if octets.count == 6, !DeviceText.isPrintable(octets) { return MACAddress(octets: octets)?.description }
            return DeviceText.text(octets, limit: 255)
        case .oid(let oid): return oid.description
        case .ipAddress(let address): return address.description
        default: return value.number.map { String($0) }
        }
    }

    private mutating func walk(_ part: DevicePart, _ columns: [OID]) async -> SNMPResult {
        let result = await session.rows(under: columns)
        count(result.receipt)
        note(part, result.receipt)
        return result
    }

    private mutating func note(_ part: DevicePart, _ receipt: SNMPReceipt) {
        if let error = receipt.end.error {
            report.receipt.notAnswered[part] = error.description
        } else {
            report.receipt.complete.insert(part)
        }
    }

    private mutating func count(_ receipt: SNMPReceipt) {
        report.receipt.requests += receipt.requests
        report.receipt.retries += receipt.retries
        report.receipt.rows += receipt.rows
        told(report.receipt.requests, report.receipt.rows)
    }
}

private func monotonicSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
