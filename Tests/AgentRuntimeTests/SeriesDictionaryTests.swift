import FoundationEssentials
import Model
import Testing
import Wire

@testable import AgentRuntime

@Suite("Numbers of series")
struct SeriesDictionaryTests {
    private let directory =
        FileManager.default.temporaryDirectory.path + "/muster-series-\(UInt64.random(in: 0 ... .max))"
    private var path: String { directory + "/series.json" }

    private func sample(_ name: String) -> Sample {
        Sample(SeriesName(name), 1)
    }

    private func names(_ report: SampleReport) -> [String: UInt32] {
        Dictionary(report.introduced.map { ($0.series.metric, $0.index) }) { $1 }
    }

    @Test("A1, A3: The file cut at any octet gives no number a second meaning, and goes on")
    func torn() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var first = SeriesDictionary(path: path)
        _ = try first.report([sample("a"), sample("b")], subject: .host, epoch: 7)
        let before = try DurableFile.read(path)
        _ = try first.report([sample("c")], subject: .device(target: "sw"), epoch: 7)
        let whole = try DurableFile.read(path)
        #expect(whole.starts(with: before) && whole.count > before.count)
        for length in before.count...whole.count {
            try DurableFile.replace(path, with: Array(whole[..<length]))
            var again = SeriesDictionary(path: path)
            #expect(again.epoch == 7)
            let report = try again.report([sample("b"), sample("d"), sample("a")], subject: .host, epoch: 7)
            let numbers = names(report)
            #expect(numbers["a"] == 0 && numbers["b"] == 1)
            #expect(numbers["d"] == (length >= whole.count - 1 ? 3 : 2))
            var third = SeriesDictionary(path: path)
            #expect(names(try third.report([sample("d")], subject: .host, epoch: 7))["d"] == numbers["d"])
        }
    }

    @Test("A new epoch begins at zero, in the file too")
    func epochs() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var dictionary = SeriesDictionary(path: path)
        _ = try dictionary.report([sample("a"), sample("b")], subject: .host, epoch: 7)
        #expect(names(try dictionary.report([sample("b")], subject: .host, epoch: 8)) == ["b": 0])
        #expect(SeriesDictionary(path: path).epoch == 8)
        // Known already: nothing is introduced, nothing written.
        let kept = try DurableFile.read(path)
        #expect(try dictionary.report([sample("b")], subject: .host, epoch: 8).introduced.isEmpty)
        #expect(try DurableFile.read(path) == kept)
    }
}
