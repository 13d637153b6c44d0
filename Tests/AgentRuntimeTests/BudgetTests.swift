import FoundationEssentials
import Glibc
import Logging
import Model
import Testing

@testable import AgentRuntime
@testable import LinuxSystem

/// Threats A9–A11 and G5: a source that hangs or eats costs itself alone.
@Suite("Budget")
struct BudgetTests {
    private let directory: TemporaryDirectory
    private let start = Timestamp(seconds: 1_800_000_000)

    init() throws {
        directory = try TemporaryDirectory()
        mkdir(directory.path + "/root", 0o755)
    }

    /// A worker over the stand-ins, held to the budget of `text`.
    private func worker(_ text: String) throws -> InventoryWorker {
        let file = directory.path + "/agent.toml"
        try directory.write(Array("[budget]\n\(text)\n".utf8), to: "agent.toml")
        let here = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return InventoryWorker(
            program: here + "/.build/debug/muster-worker-stand-in", arguments: [directory.path + "/root", file],
            budget: try AgentConfiguration.load(file).budget)
    }

    private func names(_ document: InventoryDocument) -> [String] { document.sections.map(\.name.rawValue) }

    private func outcome(_ source: String, _ document: InventoryDocument) -> ReceiptOutcome? {
        let receipts = document.receipts.filter { $0.source == "inventory/\(source)" }
        return receipts.count == 1 ? receipts.first?.outcome : nil
    }

    private func message(_ source: String, _ document: InventoryDocument) -> String {
        document.receipts.first { $0.source == "inventory/\(source)" }?.message ?? ""
    }

    @Test("A9: a source that hangs is named and ended, the others are read, and after its pause it is tried again")
    func hanging() async throws {
        try directory.write([], to: "root/hangs")
        let worker = try worker("source_time = \"1s\"")
        let (wanted, start) = (["first", "hanging", "last"], start)
        var cooling = SourceCooling()
        var document = await worker.read(wanted, cooling: &cooling) { start }
        #expect(names(document) == ["first", "last"])
        #expect(outcome("hanging", document) == .truncated && outcome("last", document) == .success)
        #expect(message("hanging", document).hasPrefix("it took longer than 1 s; not read before 2027-01-15T09:00:00"))

        // The next inventory goes without it, and says so.
        document = await worker.read(wanted, cooling: &cooling) { start.adding(seconds: 3599) }
        #expect(cooling.entries["hanging"]?.overruns == 1)
        #expect(names(document) == ["first", "last"] && outcome("hanging", document) == .truncated)

        // An hour later it is tried, hangs again, and rests for four.
        document = await worker.read(wanted, cooling: &cooling) { start.adding(seconds: 3600) }
        #expect(message("hanging", document).contains("2 times in a row"))
        document = await worker.read(wanted, cooling: &cooling) { start.adding(seconds: 3600 + 4 * 3600 - 1) }
        #expect(names(document) == ["first", "last"])

        // What hung is gone: it is read, and nothing is left of the matter.
        unlink(directory.path + "/root/hangs")
        document = await worker.read(wanted, cooling: &cooling) { start.adding(seconds: 3600 + 4 * 3600) }
        #expect(names(document) == ["first", "hanging", "last"] && outcome("hanging", document) == .success)
        #expect(cooling == SourceCooling())
    }

    @Test("A10: a source that eats memory ends its own worker, not the others' readings")
    func memory() async throws {
        let (worker, start) = (try worker("memory_bytes = 268435456"), start)
        var cooling = SourceCooling()
        let document = await worker.read(["first", "memory", "last"], cooling: &cooling) { start }
        #expect(names(document) == ["first", "last"])
        #expect(message("memory", document).contains("192 MiB of memory at most"))
        #expect(cooling.entries.keys.elementsEqual(["memory"]))
    }

    @Test("A10: a source that leaves files open is named; what is read behind it has files again")
    func files() async throws {
        let (worker, start) = (try worker("open_files = 64"), start)
        var cooling = SourceCooling()
        let document = await worker.read(["first", "files", "last"], cooling: &cooling) { start }
        #expect(names(document) == ["first", "files", "last"])
        #expect(outcome("files", document) == .truncated && outcome("last", document) == .success)
        #expect(message("files", document).contains("none of 64 is free"))
        #expect(cooling.entries.keys.elementsEqual(["files"]))
    }

    @Test("A9: a source that computes for ever is ended by its share of the processor")
    func processor() async throws {
        let (worker, start) = (try worker("source_time = \"60s\"\nprocessor_percent = 1"), start)
        var cooling = SourceCooling()
        let document = await worker.read(["first", "processor", "last"], cooling: &cooling) { start }
        #expect(names(document) == ["first", "last"])
        #expect(message("processor", document).hasPrefix("it used more than 1 s of processor time"))
    }

    @Test("a worker that cannot be started is a failure of every source and cools none down")
    func notStarted() async throws {
        var worker = try worker("")
        worker.program = directory.path + "/absent"
        var cooling = SourceCooling()
        let document = await worker.read(["first", "last"], cooling: &cooling)
        #expect(outcome("first", document) == .failure && outcome("last", document) == .failure)
        #expect(cooling == SourceCooling())
    }

    @Test("what a trap said on the error output is told with the source")
    func lastWords() throws {
        let output = "> os\n{\"receipts\":[],\"sections\":[]}\n> disks\nFatal error: Index out of range\u{1b}\n"
        let reading = try worker("").reading(
            of: ["os", "disks", "pci"], .init(ending: .signalled(5), output: Array(output.utf8)), 7)
        #expect(reading.ended == ["os"] && reading.unread == ["pci"] && reading.overrun?.source == "disks")
        #expect(reading.overrun?.reason.hasSuffix("(Fatal error: Index out of range\\u{1b})") == true)
    }

    @Test("T1: a clock that was set back does not keep a source out for longer than its pause")
    func clockSetBack() {
        var cooling = SourceCooling()
        _ = cooling.overran("disks", reason: "r", at: start)
        #expect(cooling.remaining("disks", at: start) == 3_600_000)
        #expect(cooling.remaining("disks", at: start.adding(seconds: -86_400)) == nil)
        #expect(cooling.remaining("disks", at: start.adding(seconds: 3600)) == nil)
        for _ in 0..<5 { _ = cooling.overran("disks", reason: "r", at: start) }
        #expect(cooling.remaining("disks", at: start) == 86_400_000)
    }

    @Test("the list outlives a restart, a damaged one is an empty one")
    func file() throws {
        var log = Logger(label: "test") { LineLog(label: $0) }
        log.logLevel = .critical
        let file = CoolingFile(path: directory.path + "/cooling.json", log: log)
        #expect(file.load() == SourceCooling())
        var cooling = SourceCooling()
        _ = cooling.overran("disks", reason: "it took longer than 60 s", at: start)
        file.save(cooling)
        #expect(file.load() == cooling)
        try directory.write(Array("{\"entries\":7}".utf8), to: "cooling.json")
        #expect(file.load() == SourceCooling())
    }

    @Test("the shipped unit holds the agent to the budget's defaults")
    func unit() throws {
        let here = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = try DurableFile.read(here + "/systemd/muster-agent.service")
        let lines = Set(String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init))
        let budget = BudgetSettings()
        #expect(lines.contains("CPUQuota=\(budget.processorPercent)%"))
        #expect(lines.contains("MemoryMax=\(budget.memoryBytes >> 20)M"))
        #expect(lines.contains("TasksMax=\(budget.tasks)") && lines.contains("LimitNPROC=\(budget.tasks)"))
        #expect(lines.contains("LimitNOFILE=\(budget.openFiles)"))
    }

    @Test("a spool as large as the disk's budget is refused")
    func spoolOverBudget() throws {
        let text = "[budget]\ndisk_bytes = 67108864\n"
        try directory.write(Array(text.utf8), to: "over.toml")
        #expect(throws: ConfigurationError.self) { try AgentConfiguration.load(directory.path + "/over.toml") }
    }
}
