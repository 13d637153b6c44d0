import Glibc
import Inventory
import LinuxSystem
import Model

/// The inventory's worker from inside: what `muster-agent worker` does, which the running agent starts.
///
/// It holds itself to the budget before it reads anything, and says what it is about to read, so that whoever ends it, the kernel or
/// the agent, knows which source was at fault; what earlier sources found is printed already and out of memory.
public enum WorkerProcess {
    /// Reads the sources called `names` of the machine below `root` and prints ``WorkerLine``s. `sources` is the catalogue.
    public static func run(
        _ names: [String], root path: String, configuration: AgentConfiguration,
        sources: [any InventorySource.Type] = InventoryCatalogue.sources
    ) throws {
        let root = SystemRoot(path: path)
        let budget = configuration.budget
        let unheld = budget.holdWorker()
        if !unheld.isEmpty {
            let receipt = Receipt(
                source: "budget/worker", outcome: .failure, found: 0, milliseconds: 0,
                message: unheld.joined(separator: "; "))
            try write(.found(InventoryDocument(sections: [], receipts: [receipt])))
        }
        let context = InventoryContext(
            root: root, lldpdSocket: configuration.inventory.lldpdSocket,
            helper: root.isLive ? configuration.helper : nil)
        for source in sources where names.contains(source.name) {
            try write(.begins(source.name))
            budget.holdSource()
            try write(.found(InventoryDocument.read(context, sources: [source])))
            guard hasSpareFile() else {
                return try write(.overran("it left so many files open that none of \(budget.openFiles) is free"))
            }
        }
    }

    private static func write(_ line: WorkerLine) throws(FileError) {
        try DurableFile.writeAll(1, line.bytes, path: "standard output")
    }

    /// Whether the next source can open anything.
    private static func hasSpareFile() -> Bool {
        let descriptor = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno != EMFILE }
        close(descriptor)
        return true
    }
}
