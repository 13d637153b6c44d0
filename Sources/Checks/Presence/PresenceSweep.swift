import Glibc
import LinuxSystem
import Model
import Synchronization

/// Looks who is there at many addresses, by ICMP, TCP and the kernel's table of neighbours, no faster than a rate.
///
/// One thread and few descriptors however many addresses there are: the agent's budget allows neither a thread nor a descriptor for each.
/// Only who answers is kept, so memory does not grow with the networks.
public enum PresenceSweep {
    /// How many addresses with an answer are kept.
    public static let listed = 100_000

    /// Asks every address that `next` gives, until it gives nil. Ends early, with what was found, when the task is cancelled.
    public static func run(
        _ options: PresenceOptions, next: @escaping @Sendable () -> IPAddress?
    ) async -> (found: [IPAddress: Presence], receipt: PresenceReceipt) {
        guard !options.isEmpty else { return ([:], PresenceReceipt()) }
        let flag = StopFlag()
        return await withTaskCancellationHandler {
            await BlockingThread.run {
                var loop = PresenceLoop(options, next: next, isStopped: { flag.isSet })
                loop.run()
                return (loop.found, loop.receipt)
            }
        } onCancel: {
            flag.set()
        }
    }
}

/// Says once that a thread is to end.
private final class StopFlag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() { value.store(true, ordering: .relaxed) }
}
