import Model
import Synchronization

/// Sections and devices that are to be read soon because the collector lacks them and nothing was kept.
final class SectionWants: Sendable {
    private struct State {
        var sections: Set<SectionName> = []
        var deviceSignals: [String: WakeSignal] = [:]
    }

    private let state = Mutex(State())
    /// Raised when a section of the host is wanted.
    let hostSignal = WakeSignal()

    /// A section of the host is wanted.
    func add(_ section: SectionName) {
        state.withLock { state in
            if state.sections.count < 100 { state.sections.insert(section) }
        }
        hostSignal.raise()
    }

    /// A device is wanted.
    func add(device target: String) {
        state.withLock { $0.deviceSignals[target] }?.raise()
    }

    /// The signal that wakes the probe of a device.
    func signal(device target: String) -> WakeSignal {
        state.withLock { state in
            let signal = state.deviceSignals[target] ?? WakeSignal()
            state.deviceSignals[target] = signal
            return signal
        }
    }

    /// A device is not probed any more.
    func forget(device target: String) { state.withLock { $0.deviceSignals[target] = nil } }

    /// The wanted sections of the host; asked once, they are used up.
    func takeSections() -> Set<SectionName> {
        state.withLock { state in
            defer { state.sections = [] }
            return state.sections
        }
    }
}
