import Devices
import Synchronization

/// How the sensors of each device are read between whole readings.
final class SensorPlans: Sendable {
    private let plans = Mutex<[String: SensorPlan]>([:])

    /// What the last whole reading found; nil for a device without sensors.
    func keep(_ plan: SensorPlan?, of device: String) { plans.withLock { $0[device] = plan } }

    /// How to read the sensors of a device; nil where there is none, or none is known yet.
    func plan(of device: String) -> SensorPlan? { plans.withLock { $0[device] } }
}
