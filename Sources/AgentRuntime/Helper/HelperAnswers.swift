import Inventory
import LinuxSystem

/// What the helper reads for each verb. Nothing here depends on the peer.
enum HelperAnswers {
    private static let time = Duration.seconds(8)

    /// The octets of the answer; throws an error whose description is told to the peer.
    static func read(_ verb: HelperVerb) throws -> [UInt8] {
        let root = SystemRoot()
        switch verb {
        case .sockets:
            return try processes(root) { pid in
                let inodes = ProcessInfo.socketInodes(pid, root) ?? []
                guard !inodes.isEmpty else { return nil }
                return HelperProcess(pid: pid, executable: ProcessInfo.executable(pid, root), inodes: inodes)
            }
        case .executables:
            return try processes(root) { pid in
                ProcessInfo.executable(pid, root).map { HelperProcess(pid: pid, executable: $0) }
            }
        case .smbios:
            return try root.bytes("/sys/firmware/dmi/tables/DMI", limit: verb.answerBytes)
        case .neighbours:
            return try LLDPClient().neighbours()
        case .clock:
            return try ClockState.now().record
        case .bmc:
            return try IPMITranscript.read(within: time).record
        case .smart:
            return try SMARTClient.reports(root, until: .now + time)
        }
    }

    private static func processes(
        _ root: SystemRoot, _ read: (Int) -> HelperProcess?
    ) throws -> [UInt8] {
        let deadline = ContinuousClock.now + time
        var bytes: [UInt8] = []
        for pid in try ProcessInfo.pids(root) {
            guard ContinuousClock.now < deadline else { throw CommandError.failed("not all processes in time") }
            if let process = read(pid) { bytes += process.record }
        }
        return bytes
    }
}
