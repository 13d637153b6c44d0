import FoundationEssentials
import Model

/// The same question to a database that walks the relations itself.
enum ImpactPeers {
    /// SQLite's recursive query over the very table the graph is loaded from.
    static func sqlite(_ database: String, busiest: CIID, _ programs: Programs) throws {
        let (name, figure) = ("sqlite3", "impact_busy_p50")
        guard let program = programs.peer(name, called: name, package: name, figure: figure) else { return }
        let (output, script) = (database + ".peer", database + ".sql")
        defer { for file in [output, script] { try? FileManager.default.removeItem(atPath: file) } }
        let query = """
            WITH RECURSIVE reached(id) AS (
                VALUES (\(busiest.rawValue))
                UNION SELECT relation.source FROM relation JOIN reached ON relation.target = reached.id
                WHERE relation.to_commit = 0)
            SELECT count(*) FROM reached;
            """
        // The timer is silent about queries that stand among the arguments.
        guard FileManager.default.createFile(atPath: script, contents: Data(".timer on\n\(query)\n".utf8)) else {
            throw BenchError("\(script): cannot be written")
        }
        var milliseconds: [Double] = []
        var reached = ""
        for _ in 0..<3 {
            try? FileManager.default.removeItem(atPath: output)
            let run = try RunningProgram(
                program, ["-readonly", database, ".read \(script)"], output: output, errors: output)
            guard try run.wait(atMost: 600).status == 0, let text = readFile(output) else {
                throw BenchError("sqlite3: \((readFile(output) ?? "no output").prefix(200))")
            }
            // `Run Time: real 0.123 user 0.100000 sys 0.020000`
            let words = text.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)
            reached = words.first ?? ""
            if let place = words.firstIndex(of: "real"), place + 1 < words.count, let seconds = Double(words[place + 1])
            {
                milliseconds.append(seconds * 1000)
            }
        }
        guard !milliseconds.isEmpty else { throw BenchError("sqlite3: its timer said nothing") }
        Figure(
            figure, Statistics(milliseconds).median, "ms", program: "sqlite3 recursive query",
            note: "\(reached) nodes with the root, which it counts alone; 3 runs"
        ).print()
    }
}
