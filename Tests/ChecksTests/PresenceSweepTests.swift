import Glibc
import Model
import Synchronization
import Testing

@testable import Checks

@Suite("Who is there")
struct PresenceSweepTests {
    private final class List: Sendable {
        private let rest: Mutex<[IPAddress]>

        init(_ texts: [String]) { rest = Mutex(texts.compactMap { IPAddress($0) }.reversed()) }

        func next() -> IPAddress? { rest.withLock { $0.popLast() } }
    }

    /// A port of 127.0.0.1 that accepts connections.
    private func listener() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> Bool in
                bind(descriptor, address, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        try #require(port)
        return (descriptor, UInt16(bigEndian: place.sin_port))
    }

    @Test("is seen by an open port, by a refused one, and by an echo")
    func ways() async throws {
        let (descriptor, port) = try listener()
        defer { close(descriptor) }
        var options = PresenceOptions()
        options.ports = [port, 9]
        options.rate = 1000
        options.timeout = .milliseconds(300)
        let list = List(["127.0.0.1", "127.0.0.2", "::1"])
        let (found, receipt) = await PresenceSweep.run(options, next: list.next)
        let (first, second) = (try #require(IPAddress("127.0.0.1")), try #require(IPAddress("127.0.0.2")))
        #expect(found[first]?.open == [port] && found[first]?.refuses == true)
        #expect(found[second]?.open == [] && found[second]?.refuses == true)
        #expect(receipt.packets == 9)
        if receipt.problems.isEmpty { #expect(found[first]?.echoes == true && found[second]?.echoes == true) }
        #expect(found.values.allSatisfy { $0.mac == nil })
    }

    @Test("is asked no faster than the rate, and a sweep that is cancelled ends")
    func pace() async throws {
        var options = PresenceOptions()
        (options.echoes, options.ports, options.rate, options.timeout) = (false, [9], 100, .milliseconds(100))
        let started = ContinuousClock.now
        let list = List((1...30).map { "127.0.0.\($0)" })
        let (found, _) = await PresenceSweep.run(options, next: list.next)
        #expect(found.count == 30 && ContinuousClock.now - started >= .milliseconds(250))
        let (asked, feed) = AsyncStream<Void>.makeStream()
        let begun = ContinuousClock.now
        let endless = Task {
            await PresenceSweep.run(
                options,
                next: {
                    feed.yield()
                    return IPAddress("127.0.0.1")
                })
        }
        var calls = asked.makeAsyncIterator()
        for _ in 0..<20 { await calls.next() }
        endless.cancel()
        let (seen, receipt) = await endless.value
        let seconds = (ContinuousClock.now - begun) / .seconds(1)
        #expect(seen.count == 1 && Double(receipt.packets) <= 100 * seconds + 20)
    }
}
