import Logging
import Testing

@testable import AgentRuntime

@Suite("CheckMemories") struct CheckMemoriesTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path + "/checks" }

    init() throws { directory = try TemporaryDirectory() }

    private var memories: CheckMemories { CheckMemories(directory: path, log: Logger(label: "t")) }

    @Test("what a check keeps is there after a restart, and gone with the check")
    func kept() throws {
        #expect(memories.memory(of: "a").load() == nil)
        #expect(memories.memory(of: "a").save([1, 2]) == nil)
        #expect(memories.memory(of: "../b").save([3]) == nil)
        #expect(memories.memory(of: "a").load() == [1, 2])
        memories.keepOnly(["../b"])
        #expect(memories.memory(of: "a").load() == nil)
        #expect(memories.memory(of: "../b").load() == [3])
        #expect(try DurableFile.names(in: path).count == 1)
    }

    @Test("what cannot be kept is told")
    func refused() throws {
        try directory.write([], to: "checks")
        #expect(memories.memory(of: "a").save([1])?.contains("is not a directory") == true)
    }
}
