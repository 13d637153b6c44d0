import Devices
import Model
import Testing

@testable import AgentRuntime

@Suite("What is believed of links")
struct LinkBoardTests {
    private static func interface(
        _ index: UInt32, _ oper: String, admin: String = "up", tells: Bool? = nil
    ) -> DeviceInterface {
        var interface = DeviceInterface(index: index)
        interface.name = "eth\(index)"
        (interface.admin, interface.oper, interface.tellsLink) = (admin, oper, tells)
        return interface
    }

    private static func trap(_ kind: DeviceEventKind, _ index: UInt32 = 1) -> DeviceEvent {
        DeviceEvent(kind: kind, subject: .device(target: "sw-1"), interface: index, origin: .trap, trap: "t")
    }

    private static func kinds(_ events: [DeviceEvent]) -> [DeviceEventKind] { events.map(\.kind) }

    @Test("the first look at a device is no news; what changes afterwards is, with the interface's name")
    func looks() {
        var links = DeviceLinks()
        #expect(links.polled([Self.interface(1, "up"), Self.interface(2, "down")], device: "sw-1").isEmpty)
        let events = links.polled([Self.interface(1, "lowerLayerDown"), Self.interface(2, "up")], device: "sw-1")
        #expect(Self.kinds(events) == [.linkDown, .linkUp])
        #expect(events.first?.object == "eth1" && events.first?.origin == .poll && events.first?.interface == 1)
        #expect(links.polled([Self.interface(1, "down"), Self.interface(2, "up")], device: "sw-1").isEmpty)
    }

    @Test("a look that confirms a trap says nothing, one that contradicts it does")
    func confirmed() {
        var links = DeviceLinks()
        _ = links.polled([Self.interface(1, "up")], device: "sw-1")
        #expect(links.heard(Self.trap(.linkDown)).object == "eth1")
        #expect(links.polled([Self.interface(1, "down")], device: "sw-1").isEmpty)
        _ = links.heard(Self.trap(.linkUp))
        #expect(Self.kinds(links.polled([Self.interface(1, "down")], device: "sw-1")) == [.linkDown])
        _ = links.heard(Self.trap(.linkDown))
        #expect(Self.kinds(links.polled([Self.interface(1, "up")], device: "sw-1")) == [.linkUp])
    }

    @Test("an interface that its administrator switched off did not lose its link")
    func disabled() {
        var links = DeviceLinks()
        _ = links.polled([Self.interface(1, "up")], device: "sw-1")
        #expect(Self.kinds(links.polled([Self.interface(1, "down", admin: "down")], device: "sw-1")) == [.linkDisabled])
        #expect(Self.kinds(links.polled([Self.interface(1, "up")], device: "sw-1")) == [.linkUp])
        _ = links.heard(Self.trap(.linkDown))
        #expect(Self.kinds(links.polled([Self.interface(1, "down", admin: "down")], device: "sw-1")) == [.linkDisabled])
    }

    @Test("what says nothing of its link keeps what was known; an interface whose traps are switched off makes no news")
    func silent() {
        var links = DeviceLinks()
        _ = links.polled([Self.interface(1, "up"), Self.interface(2, "up", tells: false)], device: "sw-1")
        #expect(
            links.polled([Self.interface(1, "testing"), Self.interface(2, "down", tells: false)], device: "sw-1")
                .isEmpty)
        // What hangs on it is read all the same.
        let isRead = links.takeReading(at: .now)
        #expect(isRead)
        #expect(
            Self.kinds(links.polled([Self.interface(1, "down"), Self.interface(2, "up")], device: "sw-1")) == [
                .linkDown, .linkUp,
            ])
        // An interface that is gone and comes back is seen for the first time.
        #expect(links.polled([Self.interface(2, "up")], device: "sw-1").isEmpty)
        #expect(links.polled([Self.interface(1, "up"), Self.interface(2, "up")], device: "sw-1").isEmpty)
    }

    @Test("what hangs on a link is read at each look for a minute after it moved, at two looks where they are rare")
    func readings() {
        let start = ContinuousClock.now
        var links = DeviceLinks()
        _ = links.polled([Self.interface(1, "up")], device: "sw-1")
        func reads(at seconds: [Int]) -> [Bool] { seconds.map { links.takeReading(at: start + .seconds($0)) } }
        #expect(reads(at: [0, 10]) == [false, false])
        _ = links.polled([Self.interface(1, "down")], device: "sw-1")
        #expect(reads(at: [20, 30, 60, 84, 90, 100]) == [true, true, true, true, false, false])
        _ = links.heard(Self.trap(.linkUp))
        #expect(reads(at: [300, 600, 900]) == [true, true, false])
        _ = links.heard(Self.trap(.linkDown))
        #expect(reads(at: [1000, 1060]) == [true, true])
        _ = links.heard(Self.trap(.linkUp))
        #expect(reads(at: [1070, 1130, 1136]) == [true, true, false])
    }

    @Test("an event of an interface names who is at its other end")
    func neighbours() async {
        let board = LinkBoard()
        _ = await board.polled([Self.interface(1, "up")], device: "sw-1")
        #expect(await board.heard(Self.trap(.linkDown)).neighbour == nil)
        let neighbour = DeviceNeighbour(
            localPort: "eth1", localInterface: 1, chassisID: "02:00:5e:00:00:01", chassisIDType: "mac",
            chassisName: "core-1", chassisDescription: nil, portID: "7", portIDType: "local", portDescription: nil)
        await board.connected([neighbour], device: "sw-1")
        #expect(await board.heard(Self.trap(.linkDown)).neighbour == "core-1")
        #expect(await board.heard(Self.trap(.linkDown, 2)).neighbour == nil)
        #expect(await board.polled([Self.interface(1, "up")], device: "sw-1").first?.neighbour == "core-1")
    }

    @Test("a device cannot make the agent keep links without end")
    func bounded() {
        var links = DeviceLinks()
        for index in 1...20_000 { _ = links.heard(Self.trap(.linkDown, UInt32(index))) }
        let now = (1...20_000).map { Self.interface(UInt32($0), "up") }
        #expect(links.polled(now, device: "sw-1").count <= 10_000)
    }
}
