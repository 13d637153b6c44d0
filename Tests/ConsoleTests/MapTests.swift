import CMDB
import Foundation
import LinuxSystem
import Model
import Testing

@testable import Console

@Suite("Maps")
struct MapTests {
    /// What must stay text in labels and attributes.
    static let hostile = [
        "plain", "a \"b\" c", "back\\slash \\N \\G \\", "<b>html</b>", "<<TABLE><TR><TD>x</TD></TR></TABLE>>",
        "&lt;x&gt;&amp;",
        "two\nlines\r\n\u{0}\u{7}end", "];n0->n0;[label=\"x", "中文 é", "e\u{301}\"\u{301}", "\u{202e}rtl\u{200b}",
        "'><script>alert(1)</script>", "javascript:alert(1)", "x" + String(repeating: "\u{301}", count: 32_000),
    ]

    @Test(
        "Quoted for Graphviz: quotation marks, backslashes, entities and control bytes",
        arguments: [
            ("a\"b", #""a\"b""#), ("a\\", #""a\\""#), ("\\N\\\"", #""\\N\\\"""#), ("&amp;<", #""&amp;amp;<""#),
            ("a\nb\u{0}\u{1b}", #""a\nb  ""#), ("", "\"\""), ("\"\u{301}", "\"\\\"\u{301}\""),
        ])
    func quoted(text: String, expected: String) {
        #expect(DotText.quoted(text).elementsEqual(expected.utf8))
    }

    private static func node(_ id: Int64, _ name: String, _ className: CIClass = .service) -> ImpactedCI {
        ImpactedCI(
            ci: CIID(id), className: className, name: name, state: .active, distance: 1, path: [], via: CIID(1))
    }

    private static let root = GraphNode(ci: CIID(1), className: .host, name: "web", state: .active, parent: nil)
    private static func texts() throws -> PageTexts { try CatalogueTests.languages()["en"] }
    static var hasDot: Bool { access("/usr/bin/dot", X_OK) == 0 }

    @Test("Graphviz draws every hostile name as text, with links to CIs only", .enabled(if: hasDot, "needs graphviz"))
    func drawn() async throws {
        let reached = Self.hostile.enumerated().map { index, name in
            Self.node(Int64(index + 10), name, .businessService)
        }
        let plan = MapPlan(roots: [Self.root], dependents: reached, dependencies: [], severities: [:])
        #expect(plan.nodes.count == reached.count + 1)
        let source = plan.source(severities: [CIID(10): .critical], asOf: nil, try Self.texts())
        let markup = try await MapDrawer(program: "/usr/bin/dot").drawing(of: source, label: "a \"map\"")
        #expect(markup.contains("aria-label=\"a &quot;map&quot;\""))
        #expect(!markup.contains("<script") && !markup.contains("style=") && !markup.contains(" id="))
        #expect(!markup.contains("<TABLE") && !markup.contains("<b>"))
        for text in [
            "a &quot;b&quot; c", "back\\slash \\N \\G \\", "&lt;b&gt;html&lt;/b&gt;", "&amp;lt;x&amp;gt;&amp;amp;",
        ] {
            #expect(markup.contains(text), "\(text)")
        }
        #expect(markup.contains("critical") && markup.contains("▲"))
        for match in markup.matches(of: /href="([^"]*)"/) {
            let link = String(match.1)
            #expect(link.wholeMatch(of: /\/ci\/[0-9]+/) != nil, "\(link)")
        }
        #expect(markup.matches(of: /<a\s/).count == reached.count + 1)
    }

    @Test("Without Graphviz a page says so and has no drawing")
    func absent() async throws {
        let maker = MapMaker(program: "/no/such/dot", patience: .zero, logger: .init(label: "test"))
        let plan = MapPlan(roots: [Self.root], dependents: [Self.node(2, "a")], dependencies: [], severities: [:])
        let map = await maker.drawing(of: plan, severities: [:], asOf: nil, try Self.texts())
        #expect(map.svg == nil)
        #expect(map.note?.contains("not installed") == true)
    }

    @Test(
        "A program that prints something else gives no drawing", arguments: ["/bin/cat", "/bin/false", "/usr/bin/env"])
    func otherProgram(program: String) async throws {
        await #expect(throws: MapDrawer.Failure.self) {
            try await MapDrawer(program: program).drawing(of: Array("<svg><script/></svg>".utf8), label: "")
        }
    }

    @Test("Many maps at once are drawn one after the other, all of them", .enabled(if: hasDot, "needs graphviz"))
    func manyAtOnce() async throws {
        let drawer = MapDrawer(program: "/usr/bin/dot")
        let drawn = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<10 {
                group.addTask {
                    (try? await drawer.drawing(of: Array("digraph { a\(number) }".utf8), label: "")) != nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(drawn == 10)
    }
}

@Suite("Plans of maps")
struct MapPlanTests {
    private static let root = GraphNode(ci: CIID(1), className: .host, name: "web", state: .active, parent: nil)

    private static func reached(
        _ id: Int64, _ className: CIClass, via: Int64, distance: Int = 1
    ) -> ImpactedCI {
        ImpactedCI(
            ci: CIID(id), className: className, name: "n\(id)", state: .active, distance: distance, path: [],
            via: CIID(via))
    }

    @Test("Leaves of one class beyond the limit are gathered with their number; those with alarms stay")
    func gathered() {
        let leaves = (10..<30).map { Self.reached($0, .interface, via: 1) }
        let plan = MapPlan(
            roots: [Self.root], dependents: leaves + [Self.reached(40, .service, via: 1)], dependencies: [],
            severities: [CIID(12): .major])
        #expect(plan.nodes.map(\.gathered) == [0, 0, 19, 0])
        #expect(plan.nodes.map(\.ci) == [CIID(1), CIID(12), CIID(1), CIID(40)])
        #expect(plan.ways.map(\.from) == [0, 0, 0])
        #expect(plan.left == 0)
    }

    @Test("What is needed stands to the left, what hangs on it to the right; business services are never gathered")
    func directions() {
        let services = (10..<20).map { Self.reached($0, .businessService, via: 2, distance: 2) }
        let plan = MapPlan(
            roots: [Self.root], dependents: services + [Self.reached(2, .service, via: 1)],
            dependencies: [Self.reached(3, .device, via: 1)], severities: [:])
        #expect(plan.nodes.count == 13)
        #expect(plan.ways.contains(.init(from: 1, to: 0)))
        #expect(plan.ways.filter { $0.from == 2 }.count == 10)
    }

    @Test("A wide answer stays below the limit of nodes and says what it leaves out")
    func wide() {
        var reached = (10..<610).map { Self.reached($0, .service, via: 1) }
        reached += (1000..<1600).map { Self.reached($0, .businessService, via: $0 - 990, distance: 2) }
        let plan = MapPlan(roots: [Self.root], dependents: reached, dependencies: [], severities: [:])
        #expect(plan.nodes.count <= MapPlan.nodeLimit + 1)
        let shown = plan.nodes.dropFirst().map { max($0.gathered, 1) }.reduce(0, +)
        #expect(shown + plan.left == reached.count)
        #expect(plan.left > 0)
    }

    @Test("A CI that is reached both ways, a CI without a way and a ring make no twin and no loop")
    func odd() {
        let both = Self.reached(2, .interface, via: 1)
        var lost = Self.reached(9, .service, via: 1)
        lost.via = nil
        let plan = MapPlan(
            roots: [Self.root, Self.root], dependents: [both, Self.reached(1, .host, via: 2), lost],
            dependencies: [both], severities: [:])
        #expect(Set(plan.nodes.map(\.ci)).count == 2)
        #expect(plan.left == 1)
    }
}
