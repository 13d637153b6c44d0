import Alarms
import Glibc
import Testing

@Suite("shipped rules")
struct ShippedRulesTests {
    /// The rules as they are shipped, three directories above this file; links are resolved.
    static let directory: String = {
        guard let path = realpath(#filePath, nil) else { return "collector-config/rules" }
        defer { free(path) }
        return String(cString: path).split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
            .joined(separator: "/") + "/collector-config/rules"
    }()

    @Test("every case of every shipped rule passes")
    func casesPass() throws {
        let results = try RuleTest.run(directory: Self.directory)
        #expect(results.count >= 15)
        for result in results { #expect(result.problem == nil, "\(result.rule): \(result.name)") }
    }

    @Test("each rule a new user needs is there")
    func names() throws {
        let names = try Set(RuleFile.loadAll(in: Self.directory).map(\.rule.name))
        let wanted: Set = [
            "host-silent", "check-failed", "device-down", "filesystem-full", "filesystem-filling", "memory-low",
            "load-high",
            "package-changed", "listener-changed",
        ]
        #expect(wanted.subtracting(names).isEmpty)
    }
}
