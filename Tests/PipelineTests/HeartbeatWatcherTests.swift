import Model
import Stores
import Testing

@testable import CollectorServices

@Suite("heartbeats")
struct HeartbeatWatcherTests {
    static let start = Timestamp(seconds: 1000)

    static func agent(
        heard: Int64?, silent: Bool = false, revoked: String? = nil, heartbeat: Int = 60
    ) -> AgentRecord {
        AgentRecord(
            id: "a1", hostname: "h", version: "1", ci: CIID(1), heardAt: heard.map { Timestamp(seconds: $0) },
            clockSkew: 0, heartbeatSeconds: heartbeat, isSilent: silent, revokedReason: revoked, bootID: "b",
            generation: 1)
    }

    @Test("A7: an agent is silent after three heartbeats, once, and heard again once")
    func silentAndBack() {
        var watch = HeartbeatWatch()
        #expect(watch.event(for: Self.agent(heard: 1), at: Self.start) == nil)
        #expect(watch.event(for: Self.agent(heard: 1), at: Self.start.adding(seconds: 179)) == nil)
        #expect(
            watch.event(for: Self.agent(heard: 1), at: Self.start.adding(seconds: 180))
                == .agentSilent(ci: CIID(1), agent: "a1", seconds: 180))
        #expect(watch.event(for: Self.agent(heard: 1, silent: true), at: Self.start.adding(seconds: 500)) == nil)
        #expect(
            watch.event(for: Self.agent(heard: 2, silent: true), at: Self.start.adding(seconds: 501))
                == .agentHeard(ci: CIID(1), agent: "a1"))
        #expect(watch.event(for: Self.agent(heard: 2), at: Self.start.adding(seconds: 502)) == nil)
    }

    @Test("C3: after a start of the collector everybody has three heartbeats, however long ago they were heard")
    func grace() {
        var watch = HeartbeatWatch()
        #expect(watch.event(for: Self.agent(heard: -900_000), at: Self.start) == nil)
        #expect(watch.event(for: Self.agent(heard: -900_000), at: Self.start.adding(seconds: 100)) == nil)
    }

    @Test("an agent that never reported, or is revoked, is not silent")
    func never() {
        var watch = HeartbeatWatch()
        for agent in [Self.agent(heard: nil), Self.agent(heard: 1, revoked: "lost")] {
            _ = watch.event(for: agent, at: Self.start)
            #expect(watch.event(for: agent, at: Self.start.adding(seconds: 9999)) == nil)
        }
    }

    @Test("a pause of the collector itself makes nobody silent")
    func paused() {
        var watch = HeartbeatWatch()
        watch.begin(at: Self.start, interval: .seconds(1))
        _ = watch.event(for: Self.agent(heard: 1), at: Self.start)
        let later = Self.start.adding(seconds: 600)
        watch.begin(at: later, interval: .seconds(1))
        #expect(watch.event(for: Self.agent(heard: 1), at: later) == nil)
        #expect(watch.event(for: Self.agent(heard: 1), at: later.adding(seconds: 180)) != nil)
    }

    @Test("absurd heartbeats do not trap", arguments: [Int.min, -1, 0, Int.max])
    func absurd(heartbeat: Int) {
        var watch = HeartbeatWatch()
        let agent = Self.agent(heard: 1, heartbeat: heartbeat)
        _ = watch.event(for: agent, at: Self.start)
        let silent = watch.event(for: agent, at: Self.start.adding(seconds: 10)) != nil
        #expect(silent == (heartbeat < 1))
    }
}
