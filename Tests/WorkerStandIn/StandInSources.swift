import Glibc
import Inventory
import Model

/// Finds one item.
struct FirstSource: InventorySource {
    static let name = "first"

    func read(_ context: InventoryContext) throws -> InventoryOutcome { found(Self.name) }
}

/// Finds one item, read behind all the others.
struct LastSource: InventorySource {
    static let name = "last"

    func read(_ context: InventoryContext) throws -> InventoryOutcome { found(Self.name) }
}

/// Waits for ever while there is a file `/hangs`, as for a file system whose server is gone.
struct HangingSource: InventorySource {
    static let name = "hanging"

    func read(_ context: InventoryContext) throws -> InventoryOutcome {
        while context.root.exists("/hangs") { pause() }
        return found(Self.name)
    }
}

/// Takes memory up to a gigabyte and writes to it.
struct MemorySource: InventorySource {
    static let name = "memory"

    func read(_ context: InventoryContext) throws -> InventoryOutcome {
        var blocks: [[UInt8]] = []
        for _ in 0..<64 { blocks.append([UInt8](repeating: 1, count: 16 << 20)) }
        return .noData("\(blocks.count) blocks")
    }
}

/// Opens files and leaves them open.
struct FilesSource: InventorySource {
    static let name = "files"

    func read(_ context: InventoryContext) throws -> InventoryOutcome {
        var count = 0
        while count < 100_000, open("/dev/null", O_RDONLY) >= 0 { count += 1 }
        return found(Self.name)
    }
}

/// Computes for ever.
struct ProcessorSource: InventorySource {
    static let name = "processor"

    func read(_ context: InventoryContext) throws -> InventoryOutcome {
        var number: UInt64 = 1
        while number != 0 { number = number &* 6_364_136_223_846_793_005 | 1 }
        return .noData("\(number)")
    }
}

private func found(_ name: String) -> InventoryOutcome {
    .success([
        InventorySection(name: SectionName(rawValue: name), items: [SectionItem(key: "", attributes: ["is": "there"])])
    ])
}
