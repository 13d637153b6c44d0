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
        var reading = Reading(client: client, target: target, told: told)
        let started = monotonicSeconds()
        guard await reading.system() else {
            reading.report.receipt.seconds = monotonicSeconds() - started
            return reading.report
        }
        if parts.contains(.interfaces) || parts.contains(.neighbours) { await reading.interfaces() }
        if parts.contains(.addresses) { await reading.addresses() }
        if parts.contains(.entities) { await reading.entities() }
        if parts.contains(.neighbours) { await reading.neighbours() }
        await identify(&reading)
        reading.report.receipt.seconds = monotonicSeconds() - started
        return reading.report
    }

    /// Reads the counters of the interfaces only. An interface that did not tell one has no sample for it.
    public func counters(client: SNMPClient, target: SNMPTarget) async -> (samples: [Sample], receipt: SNMPReceipt) {
        let result = await client.rows(under: InterfaceReader.counterColumns, from: target)
        return (DeviceSamples.samples(InterfaceReader.interfaces(result)), result.receipt)
    }

    /// Vendor, family and the facts the profile knows where to find.
    private func identify(_ reading: inout Reading) async {
        let description = reading.report.description ?? ""
        let objectID = reading.report.objectID
        let questions = profiles.questions(objectID: objectID, description: description)
        let present = await Set(reading.values(of: questions).keys)
        let profile = profiles.best(objectID: objectID, description: description, present: present)
        let chassis = EntityReader.chassis(reading.report.entities)
        reading.report.vendor =
            profile?.vendor ?? profiles.vendor(of: reading.report.objectID) ?? chassis?.manufacturer
        reading.report.os = profile?.os
        reading.report.kind = profile?.kind
        let values = await reading.values(of: profile.map { $0.model.oids + $0.version.oids + $0.serial.oids } ?? [])
        func fact(_ name: String, _ source: FactSource?, _ entity: String?) -> String? {
            let known =
                source?.value ?? source?.oids.lazy.compactMap { values[$0] }.first
                ?? source?.patterns.lazy.compactMap { $0.capture(in: description) }.first
            return profile?.overridesEntity.contains(name) == true ? known ?? entity : entity ?? known
        }
        reading.report.model = fact("model", profile?.model, chassis?.model)
        reading.report.serial = fact("serial", profile?.serial, chassis?.serial)
        reading.report.version = fact("version", profile?.version, chassis?.softwareRevision)
    }
}

/// One device being read.
private struct Reading {
    let client: SNMPClient
    let target: SNMPTarget
    let told: @Sendable (Int, Int) -> Void
    var report = DeviceReport()

    /// Whether the device answered at all.
    mutating func system() async -> Bool {
        let result = await client.read(SystemReader.oids, from: target)
        count(result.receipt)
        guard !result.rows.isEmpty else {
            report.receipt.failure = result.receipt.end.error?.description ?? "the device answers nothing"
            return false
        }
        note(.system, result.receipt)
        // Apart, because some agents fail on an object they do not know.
        let identities = await client.read(SystemReader.identities, from: target)
        count(identities.receipt)
        SystemReader.fill(&report, from: result.rows + identities.rows)
        return true
    }

    mutating func interfaces() async {
        report.interfaces = InterfaceReader.interfaces(await walk(.interfaces, InterfaceReader.columns))
    }

    mutating func addresses() async {
        report.addresses = AddressReader.addresses(await walk(.addresses, AddressReader.columns))
    }

    mutating func entities() async {
        report.entities = EntityReader.entities(await walk(.entities, EntityReader.columns))
    }

    mutating func neighbours() async {
        let result = await walk(.neighbours, NeighbourReader.columns)
        report.neighbours = NeighbourReader.neighbours(result, interfaces: report.interfaces)
    }

    /// The texts of single objects; what is absent or empty is left out.
    mutating func values(of oids: [OID]) async -> [OID: String] {
        guard !oids.isEmpty else { return [:] }
        let result = await client.read(oids, from: target)
        count(result.receipt)
        var values: [OID: String] = [:]
        for row in result.rows {
            switch row.value {
            case .octets(let octets): values[row.oid] = DeviceText.text(octets, limit: 255)
            case .oid(let oid): values[row.oid] = oid.description
            default: values[row.oid] = row.value.number.map(String.init)
            }
        }
        return values
    }

    private mutating func walk(_ part: DevicePart, _ columns: [OID]) async -> SNMPResult {
        let result = await client.rows(under: columns, from: target)
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
