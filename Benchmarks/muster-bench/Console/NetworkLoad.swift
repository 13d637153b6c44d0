import Model
import SQLiteStores
import Stores

/// Writes a network for the map: a head office with two cores, distribution and access switches with two uplinks each, and
/// branches of ten devices.
struct NetworkLoad {
    private var set = ChangeSet()
    private var next: Int64

    /// A network of at least `devices` devices; its numbers begin at `first`.
    private init(devices: Int, first: Int64) {
        next = first
        let object = number()
        set.cmdb.append(.addSource(id: object, kind: "snmp", name: "bench-network"))
        let cores = (0..<2).map { device("core-\($0)", "Head office", object) }
        let middle = (0..<8).map { device("distribution-\($0)", "Head office", object) }
        for core in cores { for switchOf in middle { join(core, switchOf, object) } }
        for edge in 0..<max(0, devices * 2 / 5) {
            let device = device("access-\(edge)", "Head office", object)
            join(middle[edge % 4 * 2], device, object)
            join(middle[edge % 4 * 2 + 1], device, object)
        }
        for branch in 0..<max(0, devices * 3 / 5 - 10) / 10 {
            let router = device("branch-\(branch)", "Branch \(branch)", object)
            join(cores[branch % 2], router, object)
            for edge in 0..<9 { join(router, device("branch-\(branch)-\(edge)", "Branch \(branch)", object), object) }
        }
    }

    /// Commits a network, with numbers that the store gives.
    static func run(devices: Int, in store: SQLiteStore) async throws {
        let numbers = try await store.reserveNumbers(devices * 12 + 200)
        let load = NetworkLoad(devices: devices, first: numbers.lowerBound)
        _ = try await store.commit(load.set)
    }

    private mutating func number() -> Int64 {
        defer { next += 1 }
        return next
    }

    private mutating func device(_ name: String, _ place: String, _ source: Int64) -> CIID {
        let (object, ci) = (number(), CIID(number()))
        set.cmdb += [
            .addObject(id: object, source: source, scope: "device", key: name, className: .device, parent: nil),
            .addCI(id: ci, className: .device, name: name, parent: nil), .bind(object: object, ci: ci),
            .setAttribute(ci: ci, attribute: "system.kind", value: "network", object: object),
            .setAttribute(ci: ci, attribute: "system.location", value: .text(place), object: object),
        ]
        objects[ci] = object
        return ci
    }

    private var objects: [CIID: Int64] = [:]

    private mutating func join(_ first: CIID, _ second: CIID, _ source: Int64) {
        let (here, there) = (CIID(number()), CIID(number()))
        guard let object = objects[first] else { return }
        set.cmdb += [
            .addCI(id: here, className: .interface, name: "Gi1/0/\(here.rawValue % 48)", parent: first),
            .addCI(id: there, className: .interface, name: "Te1/1/\(there.rawValue % 4)", parent: second),
            .addRelation(
                .init(source: here, kind: .connectedTo, target: there, object: object, confidence: 100, evidence: .lldp)
            ),
        ]
    }
}
