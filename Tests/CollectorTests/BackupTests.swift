import CollectorServices
import FleetCA
import Foundation
import GRDB
import Logging
import Model
import SQLiteStores
import Stores
import Testing

@testable import CollectorRuntime

@Suite("Backup and restore", .serialized)
struct BackupTests {
    @Test("C11: A backup made while reports are stored is one moment of them: every stored report has its values")
    func underLoad() async throws {
        let bench = try BackupBench()
        defer { bench.remove() }
        try await bench.addAgent()
        for sequence in UInt64(1)...50 { try await bench.report(sequence) }
        let made = try await withThrowingTaskGroup(of: BackupManifest?.self) { tasks in
            tasks.addTask {
                for sequence in UInt64(51)...400 { try await bench.report(sequence) }
                return nil
            }
            tasks.addTask {
                while try await bench.store.ledger(of: "a").first?.highest ?? 0 < 100 { await Task.yield() }
                return try bench.make("one")
            }
            return try await tasks.compactMap { $0 }.reduce(into: nil) { $0 = $1 }
        }
        let manifest = try #require(made)
        let restored = try bench.restore("one", to: "restored")
        #expect(restored == manifest)
        let store = try SQLiteStore(path: bench.root + "/restored/muster.db")
        defer { try? store.close() }
        let ledger = try #require(try await store.ledger(of: "a").first)
        #expect(ledger.stored >= 100 && ledger.stored <= 400)
        #expect(ledger.stored == ledger.highest)
        let samples = try SQLiteSampleStore(directory: bench.root + "/restored/samples")
        let now = SQLiteStore.wallTime()
        let values = try await samples.values(
            of: CIID(1), series: SeriesName("load"), from: now.adding(seconds: -3600), to: now, limit: 10_000)
        #expect(Set(values.map(\.value)).isSuperset(of: (1...ledger.highest).map { Double($0) }))
        #expect(try FleetAuthority.load(from: bench.root + "/restored").digest == bench.authority.digest)
        try StateDirectory.check(bench.root + "/restored")
    }

    @Test("C11: A backup holds every file once, for its owner alone, with size and sum; nothing is written over")
    func form() async throws {
        let bench = try BackupBench()
        defer { bench.remove() }
        try await bench.addAgent()
        try await bench.report(1)
        let manifest = try bench.make("one")
        let all = try #require(FileManager.default.enumerator(atPath: bench.backups + "/one")?.allObjects as? [String])
        #expect(Set(all) == Set(manifest.files.map(\.path) + ["samples", "manifest.json"]))
        #expect(
            Set(manifest.files.map(\.path)).isSuperset(of: [
                "muster.db", "ca.key", "server.key", "samples/dictionaries.db",
            ]))
        for path in all {
            let mode = try FileManager.default.attributesOfItem(atPath: "\(bench.backups)/one/\(path)")[
                .posixPermissions]
            #expect((mode as? Int).map { $0 & 0o077 } == 0, "\(path)")
        }
        #expect(try BackupManifest.read(in: bench.backups + "/one") == manifest)
        #expect(throws: CollectorError.self) { try bench.make("one") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.backups) == ["one"])
    }

    @Test(
        "C11: One backup at a time; a target that stands, is relative or lies nowhere is refused, and the audit log knows"
    )
    func service() async throws {
        let bench = try BackupBench()
        defer { bench.remove() }
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let service = BackupService(writer: bench.writer, store: bench.store, logger: quiet)
        for target in [
            "relative", "/", bench.backups, bench.backups + "/../x", "/nowhere/at/all", bench.backups + "/a\nb",
        ] {
            await #expect(throws: ServiceRefusal.self, "\(target)") {
                try await service.begin(target: target, by: "root")
            }
        }
        #expect(await service.standing() == nil)
        try await service.make(now: bench.backups + "/one", by: "root")
        let standing = try #require(await service.standing())
        #expect(standing.state == .done && standing.files >= 6 && standing.failure.isEmpty)
        #expect(
            try await bench.store.auditEntries(before: nil, limit: 10).contains {
                $0.action == "backup" && $0.who == "root"
            })
    }

    @Test("C11: A restore replaces nothing: a state directory with anything in it is refused")
    func notEmpty() throws {
        let bench = try BackupBench()
        defer { bench.remove() }
        _ = try bench.make("one")
        let error = #expect(throws: CollectorError.self) { try bench.restore("one", to: "state") }
        #expect(error?.description.contains("is not empty") == true)
    }

    @Test("C11: A byte flipped, cut off or missing in any file is refused, and nothing gets its place")
    func damaged() async throws {
        let bench = try BackupBench()
        defer { bench.remove() }
        try await bench.addAgent()
        try await bench.report(1)
        let manifest = try bench.make("one")
        for file in manifest.files {
            let url = URL(fileURLWithPath: "\(bench.backups)/one/\(file.path)")
            let good = try Data(contentsOf: url)
            var flipped = good
            flipped[good.count / 2] ^= 1
            for bad in [flipped, good.dropLast()] {
                try bad.write(to: url)
                #expect(throws: (any Error).self, "\(file.path)") { try bench.restore("one", to: "restored") }
            }
            try FileManager.default.removeItem(at: url)
            #expect(throws: CollectorError.self, "\(file.path)") { try bench.restore("one", to: "restored") }
            try good.write(to: url)
            #expect(!FileManager.default.fileExists(atPath: bench.root + "/restored/ca.key"))
        }
        #expect(try bench.restore("one", to: "restored") == manifest)
    }

    @Test("C11, C12: A backup of a newer schema or form is refused with its version")
    func newer() throws {
        let bench = try BackupBench()
        defer { bench.remove() }
        var manifest = try bench.make("one")
        let path = bench.backups + "/one/manifest.json"
        func refusal() throws -> String {
            try Data(try manifest.encoded()).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: CollectorError.self) { try bench.restore("one", to: "restored") }
            return error?.description ?? ""
        }
        manifest.schema.append("9999-future")
        manifest.productVersion = "9.9.9"
        #expect(try refusal().contains("9.9.9"))
        manifest.schema.removeLast()
        manifest.files[0].path = "../outside"
        #expect(try refusal().contains("no backup holds"))
        manifest.format = 2
        #expect(try refusal().contains("form 2"))
        #expect(!FileManager.default.fileExists(atPath: bench.root + "/restored"))
    }

    @Test("C11: Cut off after any file got its place, the same restore goes on, and until then nothing starts there")
    func resumed() async throws {
        let bench = try BackupBench()
        defer { bench.remove() }
        let manifest = try bench.make("one")
        let order = ["samples", "muster.db", "server.pem", "server.key", "ca.pem", "ca.key"]
        for count in 0...order.count {
            let target = bench.root + "/restored-\(count)"
            // The same steps by hand: everything staged and checked, the first `count` moved.
            _ = try bench.restore("one", to: "restored-\(count)")
            let place = target + "/" + BackupRestore.staging
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            try PrivateFile.write(try manifest.encoded(), to: place + "/checked")
            for name in order.dropFirst(count) {
                try FileManager.default.moveItem(atPath: "\(target)/\(name)", toPath: "\(place)/\(name)")
            }
            let error = #expect(throws: CollectorError.self) { try StateDirectory.check(target) }
            #expect(error?.description.contains("restore again") == true)
            #expect(try bench.restore("one", to: "restored-\(count)") == manifest)
            try StateDirectory.check(target)
            #expect(Set(try FileManager.default.contentsOfDirectory(atPath: target)) == Set(order + ["restored.json"]))
        }
    }

    @Test("Scheduled backups are named by their time; the oldest go, and nothing else in the directory does")
    func schedule() async throws {
        let bench = try BackupBench()
        defer { bench.remove() }
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let other = bench.backups + "/other"
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false)
        let start = try #require(Timestamp(rfc3339: "2026-11-26T19:30:00Z"))
        for hour in 0..<4 {
            let schedule = BackupSchedule(
                settings: BackupSettings(
                    isEnabled: true, directory: bench.backups, interval: .seconds(3600), keep: 2),
                backups: BackupService(writer: bench.writer, store: bench.store, logger: quiet),
                clock: .steady(from: start), wallTime: { start.adding(seconds: Int64(hour) * 3600) }, logger: quiet)
            #expect(await schedule.make(in: bench.backups))
        }
        #expect(BackupSchedule.names(in: bench.backups) == ["muster-20261126T213000Z", "muster-20261126T223000Z"])
        #expect(FileManager.default.fileExists(atPath: other))
    }
}
