/// Tells the service manager that the program lives, only while all of its main loops make progress (sd_notify(3),
/// `WATCHDOG=1`): a loop that is stuck for good is restarted with its program.
public struct Watchdog: Sendable {
    private let board: ProgressBoard
    private let interval: Duration?
    private let notify: @Sendable (String) -> Void
    private let complain: @Sendable (String) -> Void

    /// A watchdog over `board`; `complain` gets one line when a loop is found stuck and when it goes on.
    public init(
        board: ProgressBoard, interval: Duration? = ServiceManager.watchdogInterval,
        notify: @escaping @Sendable (String) -> Void = { ServiceManager.notify($0) },
        complain: @escaping @Sendable (String) -> Void
    ) {
        self.board = board
        self.interval = interval
        self.notify = notify
        self.complain = complain
    }

    /// Looks three times in each interval until the task is cancelled; sleeps where the service manager waits for
    /// nothing.
    public func run() async {
        var told: [String] = []
        while !Task.isCancelled {
            if interval != nil { look(&told) }
            try? await Task.sleep(for: interval.map { max($0 / 3, .milliseconds(10)) } ?? .seconds(366 * 86_400))
        }
    }

    /// Looks once; `told` is what was stuck at the last look.
    func look(_ told: inout [String]) {
        let stuck = board.stuck
        if stuck.isEmpty { notify("WATCHDOG=1") }
        guard stuck != told else { return }
        told = stuck
        complain(
            stuck.isEmpty
                ? "all loops make progress again"
                : "no progress in \(stuck.joined(separator: ", ")); the service manager is not told that we live")
    }
}
