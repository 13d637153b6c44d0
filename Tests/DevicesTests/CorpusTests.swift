import Foundation
import Model
import SNMP
import SNMPTestSupport
import TOML
import Testing

@testable import Devices

/// What is known about a recorded device.
private struct Expected: Decodable {
    struct Identity: Decodable {
        var vendor: String?
        var vendorAliases: [String]?
        var kind: String?
        var model: String?
        var modelAliases: [String]?
        var version: String?
        var versionAliases: [String]?
        var serial: String?
        var serialAliases: [String]?
        var name: String?
        var objectID: String?
    }
    var id: String
    var identity: Identity
    var recordedRows: [String: Int]
}

extension DeviceProfiles {
    /// Without the families of a device's maker: those that name it, and those of its enterprise number.
    fileprivate func without(_ identity: Expected.Identity) -> DeviceProfiles {
        let makers = Set(([identity.vendor] + (identity.vendorAliases ?? [])).compactMap { $0?.lowercased() })
        let enterprise = identity.objectID.flatMap { OID($0) }.map { Array($0.parts.prefix(7)) }
        var rest = self
        rest.profiles.removeAll { profile in
            profile.vendor.map { makers.contains($0.lowercased()) } ?? false
                || profile.objectIDs.contains { Array($0.parts.prefix(7)) == enterprise }
        }
        return rest
    }
}

/// Hits and misses of one fact.
private struct Rate {
    var hits = 0
    var misses: [String] = []
    var total: Int { hits + misses.count }

    mutating func judge(_ isRight: Bool, _ miss: @autoclosure () -> String) {
        if isRight { hits += 1 } else { misses.append(miss()) }
    }
}

let profileDirectory = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("agent-config/profiles").path

@Suite("Recorded devices", .enabled(if: Fleet.corpus != nil && Fleet.shared != nil, "no recorded devices here"))
struct CorpusTests {
    @Test("are recognised: vendor, name, object id, interfaces, entities")
    func recognised() async throws {
        let corpus = try #require(Fleet.corpus)
        let fleet = try #require(
            await Fleet(["--fleet", "127.61.0.1:\(freePort())", corpus.appendingPathComponent("recordings").path]))
        defer { fleet.stop() }
        let client = try SNMPClient()
        defer { client.close() }
        let probe = DeviceProbe(profiles: try DeviceProfiles(directory: profileDirectory))
        var reports: [String: DeviceReport] = [:]
        await withTaskGroup(of: (String, DeviceReport).self) { group in
            for line in fleet.devices {
                let fields = line.split(separator: "\t").map(String.init)
                guard fields.count >= 4, let address = IPAddress(fields[0]), let port = UInt16(fields[1]) else {
                    continue
                }
                let target = SNMPTarget(address: address, port: port, credential: .v2c(community: fields[2]))
                group.addTask { (fields[3], await probe.run(client: client, target: target)) }
            }
            for await (name, report) in group { reports[name] = report }
        }
        #expect(reports.count >= 69)
        try judge(
            reports, corpus,
            atLeast: [
                "vendor": 0.98, "name": 1, "object id": 1, "interfaces": 1, "entities": 1, "neighbours": 1,
                "kind": 0.98, "model": 0.85, "version": 0.8, "serial": 0.9,
            ])
    }

    @Test("of vendors whose families nobody described are recognised by what every device tells")
    func strangers() async throws {
        let corpus = try #require(Fleet.corpus)
        let all = try DeviceProfiles(directory: profileDirectory)
        var reports: [String: DeviceReport] = [:]
        let files = try FileManager.default.contentsOfDirectory(
            at: corpus.appendingPathComponent("expected"), includingPropertiesForKeys: nil)
        for file in files where file.pathExtension == "json" {
            let expected = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: file))
            let recording = corpus.appendingPathComponent("recordings/\(expected.id).snmprec")
            let session = RecordedSession(RecordedWalk([UInt8](try Data(contentsOf: recording))))
            reports[expected.id] = await DeviceProbe(profiles: all.without(expected.identity)).run(session)
        }
        #expect(reports.count >= 69)
        try judge(reports, corpus, atLeast: ["vendor": 0.9, "model": 0.6, "version": 0.6, "serial": 0.6, "name": 1])
    }

    private func judge(_ reports: [String: DeviceReport], _ corpus: URL, atLeast: [String: Double]) throws {
        var rates: [String: Rate] = [:]
        for (id, report) in reports.sorted(by: { $0.key < $1.key }) {
            let file = corpus.appendingPathComponent("expected/\(id).json")
            let expected = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: file))
            let identity = expected.identity
            #expect(report.receipt.failure == nil, "\(id)")
            func compare(_ fact: String, _ found: String?, _ accepted: [String?]) {
                let known = accepted.compactMap { $0 }.filter { !$0.isEmpty && $0 != "<private>" }
                if known.isEmpty { return }
                let isRight = known.contains { $0.lowercased() == (found ?? "").lowercased() }
                rates[fact, default: Rate()].judge(isRight, "\(id): \(found ?? "-") not \(known)")
            }
            compare("vendor", report.vendor, [identity.vendor] + (identity.vendorAliases ?? []))
            compare("kind", report.kind, [identity.kind])
            compare("model", report.model, [identity.model] + (identity.modelAliases ?? []))
            compare("version", report.version, [identity.version] + (identity.versionAliases ?? []))
            compare("serial", report.serial, [identity.serial] + (identity.serialAliases ?? []))
            if let name = identity.name, !name.isEmpty {
                rates["name", default: Rate()].judge(
                    report.name == DeviceText.clean(Array(name.utf8)), "\(id): \(report.name ?? "-") not \(name)")
            }
            let objectID = identity.objectID.flatMap { OID($0) }
            compare("object id", report.objectID?.description, [objectID?.description])
            // A recording may hold more rows of one column than of another; the table's rows are those of any.
            let counts = ["ifTable", "ifTableIndex", "ifPhysAddress"].compactMap { expected.recordedRows[$0] }
            if expected.recordedRows["ifTable"] != nil {
                rates["interfaces", default: Rate()].judge(
                    counts.contains(report.interfaces.count), "\(id): \(report.interfaces.count) not in \(counts)")
            }
            if let count = expected.recordedRows["entPhysical"] {
                rates["entities", default: Rate()].judge(
                    report.entities.count == count, "\(id): \(report.entities.count) not \(count)")
            }
            if let count = expected.recordedRows["lldpRemChassis"] {
                rates["neighbours", default: Rate()].judge(
                    report.neighbours.count { $0.proto == "lldp" } == count,
                    "\(id): \(report.neighbours.count) not \(count)")
            }
            for (part, reason) in report.receipt.notAnswered { print("\(id): \(part.rawValue): \(reason)") }
        }
        for (fact, rate) in rates.sorted(by: { $0.key < $1.key }) {
            print("\(fact): \(rate.hits) of \(rate.total) right")
            for miss in rate.misses { print("    \(miss)") }
        }
        for (fact, least) in atLeast {
            let rate = rates[fact] ?? Rate()
            #expect(Double(rate.hits) >= least * Double(max(rate.total, 1)), "\(fact): \(rate.hits) of \(rate.total)")
        }
    }
}
