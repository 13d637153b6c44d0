import Model
import Testing
import Wire

@testable import AgentRuntime

@Suite("SectionChange")
struct SectionChangeTests {
    private func sent(_ items: [SectionItem]) -> SentSection {
        SentSection(subject: .host, address: nil, section: "packages", items: items)
    }

    private func items(_ count: Int, version: Int64 = 1) -> [SectionItem] {
        InventorySection(
            name: "x",
            items: (0..<count).map { SectionItem(key: "dpkg:p\($0):amd64", attributes: ["version": .integer(version)]) }
        ).items
    }

    /// What a collector has after a report.
    private func apply(_ report: InventoryReport, to base: [SectionItem]) throws -> [SectionItem] {
        var byKey: [String: SectionItem] = [:]
        for item in base { byKey[item.key] = item }
        guard case .delta(let digest, let upserts, let removals) = report.body else {
            Issue.record("no difference")
            return base
        }
        #expect(digest == SectionDigest.digest(of: base))
        for item in upserts { byKey[item.key] = item }
        for key in removals { #expect(byKey.removeValue(forKey: key) != nil) }
        return Array(byKey.values)
    }

    @Test("A difference applied to its base gives the new section, by its digest")
    func difference() throws {
        let base = items(500)
        for change in 0..<20 {
            var next = base
            next.removeSubrange(change..<change * 2)
            next.append(SectionItem(key: "new\(change)", attributes: [:]))
            next[0].attributes["version"] = .text("changed")
            let new = InventorySection(name: "x", items: next).items
            let reports = SectionChange.difference(from: sent(base), to: sent(new))
            #expect(reports.count == 1)
            #expect(SectionDigest.digest(of: try apply(reports[0], to: base)) == reports[0].digest)
        }
    }

    @Test("A difference nearly as large as the section is sent as the section")
    func largeDifference() {
        let reports = SectionChange.difference(from: sent(items(100)), to: sent(items(100, version: 2)))
        #expect(reports.count == 1)
        if case .full(let all, 1, 1) = reports[0].body { #expect(all.count == 100) } else { Issue.record("not whole") }
        if case .full(let none, 1, 1) = SectionChange.difference(from: sent(items(1)), to: sent([]))[0].body {
            #expect(none.isEmpty)
        } else {
            Issue.record("not whole")
        }
    }

    @Test("A large section comes in parts that together are all of it, each under its size")
    func parts() throws {
        let filler = String(repeating: "\u{1}", count: 4000)
        let all = items(3000) + (0..<100).map { SectionItem(key: "z\($0)", attributes: ["text": .text(filler)]) }
        let reports = SectionChange.full(sent(all), isComplete: true)
        #expect(reports.count > 2)
        var together: [SectionItem] = []
        for (index, report) in reports.enumerated() {
            guard case .full(let items, let part, let parts) = report.body else {
                Issue.record("not whole")
                return
            }
            #expect(part == index + 1 && parts == reports.count)
            #expect(try ReportCodec.encode(.inventory(report)).payload.count <= SectionChange.partBytes + 30_000)
            together += items
        }
        #expect(together == all)
        #expect(Set(reports.map(\.digest)) == [SectionDigest.digest(of: all)])
    }

    @Test("What a host says is brought within the wire's limits, and then decodes")
    func fit() throws {
        let wicked = InventorySection(
            name: "x",
            items: [
                SectionItem(key: String(repeating: "k", count: 5000), attributes: [:]),
                SectionItem(key: "nul\0", attributes: [:]),
                SectionItem(
                    key: "a",
                    attributes: [
                        "long": .text(String(repeating: "é", count: 3000)), "nul": "a\0b", "nan": .real(.nan),
                        String(repeating: "n", count: 300): 1, "list": .list([String(repeating: "x", count: 9000)]),
                        "marks": .text("e" + String(repeating: "\u{301}", count: 32_000)),
                    ]),
                SectionItem(
                    key: "b", attributes: Dictionary(uniqueKeysWithValues: (0..<400).map { ("n\($0)", .integer(1)) })),
            ])
        let (section, changed) = WireFit.fit(wicked)
        #expect(changed == 4 && section.items.map(\.key) == ["a", "b"])
        #expect(section.items[0].attributes["nul"] == "ab" && section.items[0].attributes["nan"] == nil)
        let sent = SentSection(subject: .host, address: nil, section: "x", items: section.items)
        for report in SectionChange.full(sent, isComplete: true) {
            let (kind, payload) = try ReportCodec.encode(.inventory(report))
            let frame = Frame(
                sequence: 1, claimedTime: Timestamp(milliseconds: 0), kind: kind.rawValue, payload: payload)
            guard case .inventory(let read) = try ReportCodec.decode(frame).report,
                case .full(let items, _, _) = read.body
            else {
                Issue.record("another report")
                return
            }
            #expect(SectionDigest.digest(of: items) == read.digest)
        }
        let good = InventorySection(name: "x", items: items(3))
        #expect(WireFit.fit(good).changed == 0 && WireFit.fit(good).section == good)
    }
}
