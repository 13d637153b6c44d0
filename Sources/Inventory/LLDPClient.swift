import Glibc
import LinuxSystem

/// lldpd's own client, lldpcli(8): the protocol behind its control socket changes from version to version.
public struct LLDPClient {
    /// The program.
    static let program = "/usr/sbin/lldpcli"
    private let socket: String?

    /// The client of the lldpd at a control socket; nil for the usual one.
    public init(socket: String? = nil) { self.socket = socket }

    /// The control socket.
    var path: String { socket ?? "/run/lldpd.socket" }

    /// Whether this process may start the program and use the socket: lldpd opens them to its own group.
    var isOpen: Bool { access(LLDPClient.program, X_OK) == 0 && access(path, W_OK) == 0 }

    /// What the daemon heard, in the format json0.
    public func neighbours() throws(InventoryError) -> [UInt8] {
        let options = socket.map { ["-u", $0] } ?? []
        let run = ProgramRun(
            program: LLDPClient.program, arguments: options + ["-f", "json0", "show", "neighbors"],
            timeout: .seconds(10), outputBytes: HelperVerb.neighbours.answerBytes)
        let result = run.run()
        guard case .exited(0) = result.ending else {
            throw InventoryError("\(LLDPClient.program): \(result.ending)")
        }
        return result.output
    }
}
