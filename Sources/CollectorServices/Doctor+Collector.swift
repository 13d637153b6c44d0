import LinuxSystem
import Model
import Stores

/// What the doctor finds out about the collector itself.
extension Doctor {
    /// Room for state; blocks while the file system does.
    func diskFindings() -> [Finding] {
        let database = DirectoryBytes.sum(in: stateDirectory, prefix: "muster.db")
        let samples = DirectoryBytes.sum(in: stateDirectory + "/samples", prefix: "")
        let sizes = Finding(
            .disk, .ok, "database \(Doctor.size(database)), samples \(Doctor.size(samples)) in \(stateDirectory)")
        do throws(SystemReadError) {
            let space = try FilesystemSpace(at: stateDirectory)
            return [sizes, Doctor.room(space, at: stateDirectory)]
        } catch {
            return [
                sizes,
                Finding(
                    .disk, .error, "\(stateDirectory): \(error)", next: "is the disk of the state directory mounted?"),
            ]
        }
    }

    static func room(_ space: FilesystemSpace, at path: String) -> Finding {
        let used = percent(of: space.sizeBytes, left: space.availableBytes)
        let files = percent(of: space.inodes, left: space.freeInodes)
        let most = max(used, files)
        let text =
            "\(path): \(used) % used, \(size(space.availableBytes)) free"
            + (files >= 90 ? "; \(files) % of the files it can hold" : "")
        let next = "make the file system larger, or move state_directory to a larger one; at 100 % reports are refused"
        switch most {
        case ..<90: return Finding(.disk, .ok, text)
        case ..<97: return Finding(.disk, .warning, text, next: next)
        default: return Finding(.disk, .error, text, next: next)
        }
    }

    func pipelineFindings() async throws -> [Finding] {
        let newest = try await store.newestCursor()
        var findings: [Finding] = []
        for reader in [AlarmPipeline.reader, IncidentPipeline.reader, GraphRelationService.reader] {
            let behind = newest.rawValue - (try await store.cursor(of: reader)).rawValue
            let text = "\(reader.rawValue) are \(behind) changes behind"
            // A reader saves its place only every thousand changes when nothing comes of them.
            if behind <= 2 * AlarmPipeline.unsavedEntries {
                findings.append(Finding(.pipeline, .ok, "\(reader.rawValue) follow the changes"))
            } else {
                findings.append(
                    Finding(
                        .pipeline, behind > 50_000 ? .error : .warning, text,
                        next: "ask again in a minute: if the number does not fall, see journalctl -u muster-collector"))
            }
        }
        return findings
    }

    func policyFindings() -> [Finding] {
        guard let problem = policies?.problem else {
            return [Finding(.policies, .ok, "\(policies?.set.policies.count ?? 0) policies in force")]
        }
        return [
            Finding(
                .policies, .error, "the policies' files are not in force: \(problem)",
                next: "correct the file; it is read again by itself")
        ]
    }

    func channelFindings() async throws -> [Finding] {
        let standings = try await store.channelStandings(since: now().adding(seconds: -86_400))
        guard !channels.isEmpty || !standings.isEmpty else {
            return [
                Finding(
                    .channels, .warning, "no channel is configured: nobody is told of incidents",
                    next: "add a [[channel]] to collector.toml and restart the collector")
            ]
        }
        let quiet = channels.filter { name in !standings.contains { $0.channel == name } }
        return quiet.map { Finding(.channels, .ok, "channel \($0): nothing waits, nothing failed within a day") }
            + standings.map(Doctor.channel)
    }

    private static func channel(_ standing: ChannelStanding) -> Finding {
        let answer = standing.lastAnswer.isEmpty ? "" : ": \(standing.lastAnswer)"
        let next = "check address, way and credentials of this channel in collector.toml"
        if standing.failed > 0 {
            return Finding(
                .channels, .error,
                "channel \(standing.channel): \(standing.failed) notifications given up within a day, "
                    + "\(standing.waiting) wait\(answer)", next: next)
        }
        if standing.tried > 0 {
            return Finding(
                .channels, .warning,
                "channel \(standing.channel): \(standing.tried) of \(standing.waiting) waiting notifications were tried in "
                    + "vain\(answer)", next: next)
        }
        return Finding(.channels, .ok, "channel \(standing.channel): \(standing.waiting) notifications wait")
    }

    private static func percent(of all: UInt64, left: UInt64) -> Int {
        guard all > 0 else { return 0 }
        return 100 - Int((Double(min(left, all)) / Double(all) * 100).rounded(.up))
    }

    /// `12 KiB`, `3 MiB`, `1 GiB`.
    static func size(_ bytes: UInt64) -> String {
        var (value, unit) = (bytes, "bytes")
        for name in ["KiB", "MiB", "GiB", "TiB"] where value >= 10_240 { (value, unit) = (value / 1024, name) }
        return "\(value) \(unit)"
    }
}
