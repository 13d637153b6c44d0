import ArgumentParser
import CMDB
import FoundationEssentials
import Model
import SQLiteStores
import Stores

/// `muster-bench store`: a large CMDB with a year of history in the real schema, written through the store's own commits.
struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Loads CIs, relations and a year of history, then measures find, as-of and impact.")

    @Option(help: "CIs to load.")
    var cis = 1_000_000

    @Option(help: "Relations for each CI.")
    var relations = 5

    @Option(help: "Changes of the year that follows: attributes and relations that end and begin anew.")
    var changes = 1_000_000

    @Option(help: "Directory for the database; removed at the end unless --keep.")
    var directory = "/tmp/muster-bench-store"

    @Flag(help: "Leave the database where it is.")
    var keep = false

    mutating func run() async throws {
        guard cis >= 1000, relations >= 1, changes >= 0 else {
            throw ValidationError("--cis is at least 1000, --relations at least 1, --changes at least 0")
        }
        try? FileManager.default.removeItem(atPath: directory)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let clock = YearClock()
        let store = try SQLiteStore(path: directory + "/muster.db", now: { clock.now })
        let plan = StorePlan(cis: cis, relationsPerCI: relations, changes: changes)
        try await StoreLoad(store: store, plan: plan, clock: clock).run()
        let bytes = try FileManager.default.attributesOfItem(atPath: directory + "/muster.db")[.size] as? UInt64 ?? 0
        Figure("store_file_size", Double(bytes) / 1_048_576, "MiB").print()
        try await StoreQuestions(store: store, plan: plan, clock: clock).run()
        if !keep { try FileManager.default.removeItem(atPath: directory) }
    }
}
