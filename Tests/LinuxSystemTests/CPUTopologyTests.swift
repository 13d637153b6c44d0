import Testing

@testable import LinuxSystem

@Suite("CPUTopology")
struct CPUTopologyTests {
    @Test(
        "lists of processors are counted",
        arguments: [("0", 1), ("0-3", 4), ("1-5,8-19", 17), ("0,2,4", 3), ("0-65535", 65_536)])
    func count(list: String, expected: Int) {
        #expect(CPUTopology.count(list) == expected)
    }

    @Test(
        "what is no list is refused", arguments: ["", "-", "a", "3-1", "0-", "-1", "0-1-2", "0-65536", "1 2", "\u{0}"])
    func refused(list: String) {
        #expect(CPUTopology.count(list) == nil)
    }
}
