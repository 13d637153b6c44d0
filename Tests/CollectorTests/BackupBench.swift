import CollectorServices
import FleetCA
import Foundation
import Logging
import Model
import SQLiteStores
import Stores

@testable import CollectorRuntime

/// A state directory with CA, server certificate, database and samples, and a place for backups beside it.
struct BackupBench {
    let root: String
    let authority: FleetAuthority
    let store: SQLiteStore
    let samples: SQLiteSampleStore

    var state: String { root + "/state" }
    var backups: String { root + "/backups" }
    var writer: BackupWriter {
        BackupWriter(
            store: store, samples: samples, stateDirectory: state, authority: authority.digest,
            now: SQLiteStore.wallTime)
    }

    init() throws {
        root = NSTemporaryDirectory() + "muster-backup-" + UUID().uuidString
        for path in [root, root + "/state", root + "/state/samples", root + "/backups"] {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        authority = try FleetAuthority.create(in: root + "/state", at: SQLiteStore.wallTime())
        _ = try authority.serverCertificate(
            in: root + "/state", names: ["127.0.0.1"], at: SQLiteStore.wallTime())
        store = try SQLiteStore(path: root + "/state/muster.db")
        samples = try SQLiteSampleStore(directory: root + "/state/samples")
    }

    func remove() {
        try? store.close()
        try? FileManager.default.removeItem(atPath: root)
    }

    func addAgent() async throws {
        var set = ChangeSet()
        set.agents = [.addAgent(id: "a", hostname: "web-01", machineID: "m", version: "1")]
        _ = try await store.commit(set)
    }

    /// One report as ingest stores it: values first, then the ledger's key, with a CI of its own.
    func report(_ sequence: UInt64) async throws {
        try await samples.store(
            StoredSamples(
                agent: "a", epoch: 7, sequence: sequence, ci: CIID(1), receivedAt: SQLiteStore.wallTime(),
                values: [Sample(SeriesName("load"), Double(sequence))]))
        let number = Int64(sequence) + 1000
        var set = ChangeSet()
        set.cmdb = [.addCI(id: CIID(number), className: .host, name: "host-\(number)", parent: nil)]
        set.events = [.ciCreated(ci: CIID(number), className: .host, name: "host-\(number)")]
        set.agents = [.ledger(agent: "a", epoch: 7, sequence: sequence)]
        _ = try await store.commit(set)
    }

    func make(_ name: String) throws -> BackupManifest {
        try writer.write(to: "\(backups)/\(name)") { _, _, _ in }
    }

    func restore(_ name: String, to target: String) throws -> BackupManifest {
        try BackupRestore(
            source: "\(backups)/\(name)", stateDirectory: "\(root)/\(target)", progress: { _, _, _ in }
        ).restore()
    }
}
