import Model
import Stores
import Testing

@testable import Console

@Suite("What items and checks are called")
struct ItemTitleTests {
    @Test(
        "A key is read as words",
        arguments: [
            ("exe:/usr/sbin/nginx|tcp|0.0.0.0|80", "nginx · tcp · 0.0.0.0:80"),
            ("exe:/usr/bin/x|udp|::1|53", "x · udp · [::1]:53"),
            ("unit:ssh.service>tcp|192.0.2.7|22", "ssh.service → tcp · 192.0.2.7:22"),
            ("exe:?>tcp|192.0.2.7|443", "unknown program → tcp · 192.0.2.7:443"),
            ("eth0|02:00:00:00:00:01|Gi1/0/7", "eth0 · 02:00:00:00:00:01 · Gi1/0/7"),
            ("bash", "bash"), ("", ""), ("|", ""), (">", " → "), ("a|b|99999", "a · b · 99999"),
        ])
    func titles(_ key: String, _ expected: String) throws {
        let texts = try CatalogueTests.languages()["en"]
        #expect(ItemTitle.words(key, [:], texts) == expected)
        #expect(ItemTitle.words(key, ["name": "own"], texts) == "own")
    }

    @Test("A series is old when nothing came for four times what values are apart, and five minutes at least")
    func old() {
        func isOld(_ seconds: [Int64], at moment: Int64) -> Bool {
            MetricSeries.isOld(seconds.map { (Timestamp(seconds: $0), 1.0) }, at: Timestamp(seconds: moment))
        }
        #expect(!isOld([0, 60, 120], at: 400))
        #expect(isOld([0, 60, 120], at: 421))
        #expect(!isOld([0, 600, 1200], at: 3600))
        #expect(isOld([0, 600, 1200], at: 3601))
        #expect(isOld([], at: 0))
    }

    @Test("A CI's page lists the checks that speak for it and for what lies inside it, what is wrong first")
    func checks() async throws {
        let bench = try await ConsoleBench.inTrouble()
        defer { bench.remove() }
        func result(_ name: String, _ state: CheckState, _ failures: Int) -> CheckResult {
            CheckResult(
                check: name, kind: "http", subject: .host, state: state, message: "<b>\(name)</b>",
                failuresInRow: failures, milliseconds: 12)
        }
        var set = ChangeSet()
        set.checks = [
            .setResult(agent: "a", ci: CIID(3), result: result("first", .ok, 0)),
            .setResult(agent: "a", ci: CIID(3), result: result("second", .critical, 7)),
        ]
        _ = try await bench.store.commit(set)
        let text = await bench.get("/ci/3", try await bench.person("v", .viewer)).text
        let (good, bad) = (
            try #require(text.range(of: "&lt;b&gt;first")), try #require(text.range(of: "&lt;b&gt;second"))
        )
        #expect(bad.lowerBound < good.lowerBound)
        #expect(text.contains("7 times not well in a row") && text.contains("Last checked") && !text.contains("<b>"))
        #expect(try await bench.store.checks(of: [CIID(3)], limit: 1).map(\.result.check) == ["first"])
        #expect(try await bench.store.checks(of: [CIID(4)], limit: 10).isEmpty)
    }
}
