import Alarms
import Foundation
import Model
import Testing

@testable import Console

@Suite("What is stored in one language, for a reader of another")
struct PhrasebookTests {
    private static let rules = CatalogueTests.root + "/collector-config/rules"

    private static func chinese() throws -> PageTexts {
        try CatalogueTests.languages().knowing(try RuleSet.load(directory: rules))["zh-Hans"]
    }

    @Test(
        "sentences of alarms, checks and timelines are said in the reader's language, and names stay",
        arguments: [
            (
                "check shop failed: HTTP shop.example: answered 503, expected 200",
                "检查 shop 失败：HTTP shop.example：响应 503，期望 200"
            ),
            ("check db failed: TCP db:5432: connection refused", "检查 db 失败：TCP db:5432：连接被拒绝"),
            ("file system / on web-01 is 95 % full", "web-01 上的文件系统 / 已用 95%"),
            (
                "Alarm 7 (check-failed) on web-01 joined: check shop failed: TCP a:1: no answer in 5 s",
                "web-01 上的告警 7（check-failed）并入：检查 shop 失败：TCP a:1：5 s 内无响应"
            ),
            ("clears if it stays so: check is ok: HTTP a: answered 200", "若保持不变即恢复：检查结果为正常：HTTP a：响应 200"),
            (
                "Impact high, urgency low, priority P2. Business services affected: 1 (shop); other items: 3",
                "影响度 高，紧急度 低，优先级 P2。受影响的业务服务：1（shop）；其他配置项：3"
            ),
            (
                "sw-1 does not answer: 192.0.2.7 port 161: no answer to 2 requests; check address, community and access "
                    + "lists (2 looks in a row)",
                "sw-1 无响应：192.0.2.7 端口 161：2 次请求均无响应；请检查地址、团体字和访问列表（连续 2 次探测）"
            ),
            ("no sound (/sys/class/sound does not exist)", "没有声音设备（/sys/class/sound 不存在）"),
            ("lldpd does not run (no /run/lldpd.socket)", "lldpd 未运行（没有 /run/lldpd.socket）"),
            ("no swap", "没有交换空间"),
            (
                "it took longer than 60 s, 2 times in a row; not read before 2027-01-15T09:00:00.000Z",
                "用时超过 60 秒，连续 2 次；2027-01-15T09:00:00.000Z 之前不再读取"
            ),
            (
                "tables of iptables, the kernel's tables: root alone can read them",
                "tables of iptables, the kernel's tables：只有 root 能够读取"
            ),
            ("Resolved by the collector: all alarms are cleared", "系统自动解决：全部告警已恢复"),
            ("state: new → in progress", "状态：新建 → 处理中"),
            (
                "file /a: older than 2 min, changed content (12 kB, 3 min old)",
                "文件 /a：早于 2 min 前修改，内容已改变（12 kB，3 min 前修改）"
            ),
        ])
    func said(written: String, read: String) throws {
        #expect(try Self.chinese().said(written) == read)
    }

    @Test(
        "what no template gave stays as it is",
        arguments: ["LOAD CRITICAL - 12.4", "a person's note: done", "", "检查"])
    func foreign(text: String) throws {
        #expect(try Self.chinese().said(text) == text)
    }

    @Test("a title keeps the item's name, even one that looks like a sentence")
    func titles() throws {
        let texts = try Self.chinese()
        #expect(texts.said(title: "no answer: web-01 uses 97 % of its memory") == "no answer：web-01 已用内存 97%")
        #expect(texts.said(title: "disk swap on Friday") == "disk swap on Friday")
    }

    @Test("English readers get what was written, whoever wrote it")
    func english() throws {
        let languages = try CatalogueTests.languages()
        #expect(languages["en"].said("check shop failed: x") == "check shop failed: x")
        #expect(languages["en"].said("系统自动解决：全部告警已恢复") == "Resolved by the collector: all alarms are cleared")
    }

    @Test("hostile text is said on one line and cannot fill a place twice")
    func hostile() throws {
        let texts = try Self.chinese()
        let said = texts.said("check {message}\u{202e}\n failed: <b>{check}</b>")
        #expect(said.contains("<b>{check}</b>"))
        #expect(!said.contains("\u{202e}") && !said.contains("\n"))
    }

    @Test("every rule that is shipped speaks both languages")
    func rulesSpeak() throws {
        let rules = try RuleSet.load(directory: Self.rules).rules
        #expect(rules.count > 10)
        for rule in rules {
            let texts = try #require(rule.translations["zh-Hans"], "\(rule.name)")
            #expect(Set(texts.summary.names) == Set(rule.summary.names), "\(rule.name)")
        }
    }

    /// Literals that are no sentence of their own but a part of one (``sentences``), and units.
    private static let fragments: Set = [
        "X matching X in X", "X in X", "clock is X X", "X ms", " (X lines not looked at, the log grows too fast)",
    ]

    @Test(
        "sentences that a check puts together have a template as a whole",
        arguments: [
            "no matching line in 10 min", "3 matching lines in 10 min: ERROR", "1 matching line in 1 h: ERROR",
            "mac 52:54:00:00:00:01 points at CI 12 (web-1): it has serial |A1, the report says |B2; not merged",
            "machine-id 0f0f points at CI 12 (web-1): the key belongs to that CI; not merged",
            "web-1, enrolled from 192.0.2.7", "no answer in 5 s", "clock is 3 s ahead, more than 1 s",
            "clock is 12 ms behind",
        ])
    func sentences(text: String) throws {
        #expect(try Self.chinese().said(text) != text)
    }

    @Test("every sentence that a check writes has a template in the catalogues")
    func checksSpeak() throws {
        let directory = CatalogueTests.root + "/Sources/Checks/"
        let texts = try Self.chinese()
        var seen = 0
        for file in try FileManager.default.contentsOfDirectory(atPath: directory).sorted() {
            guard file.hasSuffix("Check.swift") || ["Words.swift", "NumericSocket.swift"].contains(file) else {
                continue
            }
            let source = try String(contentsOfFile: directory + file, encoding: .utf8)
            // Before it stand the settings, whose refusals go to the administrator's terminal.
            let part = source.range(of: "func run(").map { String(source[$0.lowerBound...]) } ?? source
            for literal in Self.literals(of: part) where literal.contains(" ") && !Self.fragments.contains(literal) {
                guard literal.wholeMatch(of: /[A-Za-z0-9\/].*[a-z]{2}.*/) != nil else { continue }
                seen += 1
                let said = texts.said(literal)
                #expect(said != literal, "\(file): \"\(literal)\" has no template under [said]")
            }
        }
        #expect(seen > 50)
    }

    /// The literals of a source, an interpolation as `X`.
    private static func literals(of source: String) -> [String] {
        var found: [String] = []
        for line in source.split(separator: "\n") where !line.contains("///") && !line.contains("// ") {
            var rest = line[...]
            while let start = rest.firstIndex(of: "\"") {
                var text = ""
                var depth = 0
                var index = rest.index(after: start)
                while index < rest.endIndex, depth > 0 || rest[index] != "\"" {
                    let next = rest.index(after: index)
                    if depth > 0 {
                        if rest[index] == "(" { depth += 1 }
                        if rest[index] == ")" { depth -= 1 }
                    } else if rest[index] == "\\", next < rest.endIndex {
                        if rest[next] == "(" {
                            depth = 1
                            text += "X"
                        } else {
                            text.append(rest[next])
                        }
                        index = next
                    } else {
                        text.append(rest[index])
                    }
                    index = rest.index(after: index)
                }
                found.append(text)
                rest = index < rest.endIndex ? rest[rest.index(after: index)...] : ""
            }
        }
        return found
    }
}
