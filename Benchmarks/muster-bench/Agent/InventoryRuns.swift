import FoundationEssentials

/// One full inventory of this machine, several times, by each program that makes one.
struct InventoryRuns {
    let runs: Int
    let scratch: String

    /// How a program is started and what its report shows.
    private struct Program {
        var name: String
        var path: String
        var arguments: [String]
        /// What stands once in the report for each package.
        var packageMark: String
    }

    func measure(_ programs: Programs) throws {
        let own = try programs.path("muster-agent")
        try measure(
            Program(name: Figure.own, path: own, arguments: ["inventory", "--format", "json"], packageMark: "\"deb:"),
            countSections: true)
        let (fusion, ocs, figure) = ("fusioninventory-agent", "ocsinventory-agent", "agent_inventory_cpu")
        let inventory = "fusioninventory-inventory"
        if let path = programs.peer(inventory, called: inventory, package: fusion, figure: figure) {
            let name = inventory + " " + Peer.version(of: fusion)
            try measure(Program(name: name, path: path, arguments: [], packageMark: "<SOFTWARES>"))
        }
        if let path = programs.peer(ocs, called: ocs, package: ocs, figure: figure) {
            let arguments = ["--force", "--stdout", "--basevardir=\(scratch)/ocs"]
            try FileManager.default.createDirectory(atPath: scratch + "/ocs", withIntermediateDirectories: true)
            let name = ocs + " " + Peer.version(of: ocs)
            try measure(Program(name: name, path: path, arguments: arguments, packageMark: "<SOFTWARES>"))
        }
    }

    private func measure(_ program: Program, countSections: Bool = false) throws {
        let output = scratch + "/inventory"
        var costs: [RunningProgram.Cost] = []
        var text = ""
        for _ in 0..<runs {
            try? FileManager.default.removeItem(atPath: output)
            let cost = try RunningProgram(program.path, program.arguments, output: output).wait(atMost: 120)
            guard cost.status == 0 else { throw BenchError("\(program.path) ended with status \(cost.status)") }
            costs.append(cost)
            text = readFile(output) ?? ""
        }
        let packages = text.split(separator: program.packageMark).count - 1
        let note = "\(runs) runs; \(packages) packages in \(text.utf8.count) bytes"
        func figure(_ name: String, _ value: Double?, _ unit: String, _ note: String?) {
            Figure("agent_inventory_\(name)", value, unit, program: program.name, note: note).print()
        }
        figure("cpu", Statistics(costs.map(\.cpuSeconds)).median, "s", note)
        figure("seconds", Statistics(costs.map(\.seconds)).median, "s", note)
        figure("peak", Statistics(costs.map(\.peakMiB)).median, "MiB", "largest process")
        figure("bytes", Double(text.utf8.count), "bytes", nil)
        figure("packages", Double(packages), "packages", nil)
        if countSections, let document = try? JSONDecoder().decode(Document.self, from: Data(text.utf8)) {
            figure(
                "sections", Double(document.sections.count), "sections",
                document.sections.map(\.name).joined(separator: " "))
        }
        try programsStarted(program, figure)
    }

    private struct Document: Decodable {
        struct Section: Decodable { var name: String }
        var sections: [Section]
    }

    /// Counts what is executed beside the program itself, in one more run that is not timed.
    private func programsStarted(
        _ program: Program, _ figure: (String, Double?, String, String?) -> Void
    ) throws {
        guard let strace = Programs.installed("strace") else {
            return figure("programs_started", nil, "programs", "needs strace")
        }
        let trace = scratch + "/trace"
        try? FileManager.default.removeItem(atPath: trace)
        let options = ["-f", "-qq", "-e", "trace=execve", "-e", "status=successful", "-o", trace, program.path]
        let cost = try RunningProgram(strace, options + program.arguments).wait(atMost: 300)
        guard cost.status == 0, let text = readFile(trace) else {
            return figure("programs_started", nil, "programs", "strace ended with status \(cost.status)")
        }
        let started = text.split(separator: "\n").count { $0.contains("execve(") } - 1
        figure("programs_started", Double(started), "programs", "beside itself, counted by strace")
    }
}
