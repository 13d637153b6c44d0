import Testing

@testable import LinuxSystem

@Suite("LoadAverage")
struct LoadAverageTests {
    @Test("three numbers at the start")
    func numbers() throws {
        let load = try #require(LoadAverage(ByteText("0.00 12.5 103.99 4/264 2379\n".utf8)))
        #expect(load.one == 0)
        #expect(load.five == 12.5)
        #expect(load.fifteen == 103.99)
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "1 2", "nan 1 1", "1 inf 1", "-1 1 1", "0x1p3 1 1", "1,0 1 1", "1.1.1 1 1", "1e9 1 1", "\u{0} 1 1",
            "1111111111111111111111111 1 1",
        ])
    func hostile(text: String) {
        #expect(LoadAverage(ByteText(text.utf8)) == nil)
    }

    @Test("a line of a megabyte is refused at once")
    func long() {
        #expect(LoadAverage(ByteText([UInt8](repeating: 0x39, count: 1 << 20))) == nil)
    }
}
