import Glibc
import LinuxSystem
import Model

/// How right the host's clock is: `system.linux.clock.synchronized` (1 or 0) and, while something keeps it right,
/// `.offset` and `.max_error` (s).
public struct ClockMetric: HelpedMetric {
    /// `clock`
    public static let name = "clock"
    private let helper: HelperClient?

    /// A metric that asks the kernel itself.
    public init() { helper = nil }

    /// A metric that asks the helper where a sandbox forbids to ask the kernel (`ProtectClock=` of systemd.exec(5)).
    public init(helper: HelperClient?) { self.helper = helper }

    /// Asks the kernel of the running machine.
    public mutating func read(_ root: SystemRoot) throws -> MetricReading {
        guard root.isLive else { return .noData("a recorded machine does not tell how its clock stands") }
        return MetricReading(ClockMetric.samples(try state()))
    }

    private func state() throws -> ClockState {
        do throws(SystemReadError) {
            return try ClockState.now()
        } catch {
            guard case .unreadable(_, EPERM) = error, let helper else { throw error }
            guard let state = ClockState(record: try helper.ask(.clock)) else {
                throw HelperError.broken("what it says of the clock cannot be read")
            }
            return state
        }
    }

    /// The values of a state. Of a clock that nothing keeps right the kernel tells no error: it grows without end.
    static func samples(_ state: ClockState) -> [Sample] {
        let kept = Sample(SeriesName("system.linux.clock.synchronized"), state.isSynchronized ? 1 : 0)
        guard state.isSynchronized else { return [kept] }
        return [
            kept, Sample(SeriesName("system.linux.clock.offset"), state.offset),
            Sample(SeriesName("system.linux.clock.max_error"), state.maximumError),
        ]
    }
}
