import Model
import SQLiteStores
import Stores
import Testing

@testable import Console

@Suite("What stands first, and what looks ill")
struct TroubleTests {
    @Test("The worst alarm stands first, of one severity the newest")
    func worstFirst() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        var set = ChangeSet()
        set.alarms = [(201, .info), (202, .critical), (203, .warning)].map { (id: Int64, severity: Severity) in
            .put(ConsoleBench.alarm(id, 3, "check-failed", severity, .firing, ""), reason: "condition holds")
        }
        _ = try await bench.store.commit(set)
        let text = await bench.get("/alarms", try await bench.person("v", .viewer)).text
        let places = [202, 101, 203, 102, 201].map { text.range(of: "data-key=\"alarm-\($0)\"")?.lowerBound }
        #expect(!places.contains(nil))
        #expect(places.compactMap { $0 }.sorted() == places.compactMap { $0 })
    }

    @Test(
        "A business service over a critical alarm looks ill wherever it is listed",
        arguments: [
            "/ci?class=business-service", "/impact?ci=5", "/incidents/41",
        ])
    func illService(path: String) async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let viewer = try await bench.person("v", .viewer)
        let text = await bench.get(path, viewer).text
        let place = try #require(text.range(of: "Shop web-01"))
        #expect(text[place.lowerBound...].prefix(400).contains("down"), "\(path)")
    }

    @Test("An incident that happened again says when, and what changed is that of its return")
    func cameBack() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let viewer = try await bench.person("v", .viewer)
        #expect(!(await bench.get("/incidents/41", viewer).text.contains("happened again")))
        let now = SQLiteStore.wallTime()
        var set = ChangeSet()
        set.incidents = [(TimelineKind.resolved, 7200), (.alarm, 3600), (.note, 60)].map { kind, before in
            .note(
                number: 41, TimelineEntry(time: now.adding(seconds: -before), kind: kind, who: "collector", text: "x"))
        }
        _ = try await bench.store.commit(set)
        let text = await bench.get("/incidents/41", viewer).text
        #expect(text.contains("happened again"))
        #expect(text.contains(now.adding(seconds: -3600).rfc3339.prefix(19)))
    }

    @Test("What changed in the first minute after an incident began stands apart from what changed before")
    func lateChanges() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let viewer = try await bench.person("v", .viewer)
        func comesBack(secondsFromNow: Int64) async throws -> String {
            let now = SQLiteStore.wallTime()
            var set = ChangeSet()
            set.incidents = [(TimelineKind.resolved, secondsFromNow - 10), (.alarm, secondsFromNow)].map { kind, at in
                .note(
                    number: 41, TimelineEntry(time: now.adding(seconds: at), kind: kind, who: "collector", text: "x"))
            }
            _ = try await bench.store.commit(set)
            return await bench.get("/incidents/41", viewer).text
        }
        let early = try await comesBack(secondsFromNow: -40)
        let apart = try #require(early.range(of: "In the first minute after it happened again"))
        #expect(early[apart.upperBound...].contains("openssl"))
        let late = try await comesBack(secondsFromNow: 5)
        #expect(late.contains("openssl") && !late.contains("In the first minute after it happened again"))
    }

    @Test("A parameter that does not exist is told in the reader's language")
    func unknownParameter() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        let viewer = try await bench.person("v", .viewer)
        let text = await bench.get("/incidents?x=1", viewer, language: "zh-CN").text
        #expect(text.contains("此处不认识该参数；可用参数：") && !text.contains("not known here"))
    }
}
