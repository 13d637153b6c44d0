import Inventory
import LinuxSystem
import Model
import Testing

@Suite("MemorySource")
struct MemorySourceTests {
    private func read(_ content: String) throws -> InventoryOutcome {
        let machine = RecordedMachine(text: ["/proc/meminfo": content])
        return try machine.read(MemorySource())
    }

    @Test("size and swap in bytes")
    func facts() throws {
        guard case .success(let sections) = try read("MemTotal:   2048 kB\nSwapTotal: 1 kB\n") else {
            Issue.record("no data")
            return
        }
        #expect(sections.first?.items.first?.attributes == ["size_bytes": 2_097_152, "swap_bytes": 1024])
    }

    @Test(
        "numbers that cannot be are a failure, not a trap",
        arguments: [
            "", "MemTotal: 99999999999999999999999 kB\n", "MemTotal: 18446744073709551615 kB\n", "MemTotal: -1 kB\n",
            "MemTotal\u{0}: x",
        ])
    func hostile(content: String) {
        #expect(throws: InventoryError.self) { try read(content) }
    }
}
